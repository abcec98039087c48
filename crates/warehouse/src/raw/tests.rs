use arrow::datatypes::{Schema, TimeUnit};
use serde_json::json;

use super::*;
use crate::Value;

fn table(files: &[PathBuf]) -> RawTable {
    let part = vec![
        Field::new("id", DataType::Int64, true),
        Field::new("order", DataType::Int32, true),
    ];
    let element = Field::new("item", DataType::Struct(part.into()), true);
    let columns = Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new(
            "fetched_at",
            DataType::Timestamp(TimeUnit::Microsecond, None),
            false,
        ),
        Field::new("day", DataType::Date32, true),
        Field::new("cast", DataType::List(element.into()), true),
        Field::new("payload", DataType::Utf8, false),
    ]);
    RawTable {
        name: "movies".into(),
        schema: columns.into(),
        files: files.iter().cloned().map(RawFile::from).collect(),
    }
}

fn memory() -> Box<dyn Connection> {
    DuckDb::in_memory(&Settings::default())
        .unwrap()
        .connect()
        .unwrap()
}

const TYPES: [(&str, &str); 5] = [
    ("id", "BIGINT"),
    ("fetched_at", "TIMESTAMP"),
    ("day", "DATE"),
    ("cast", "STRUCT(id BIGINT, \"order\" INTEGER)[]"),
    ("payload", "VARCHAR"),
];

fn types(connection: &mut dyn Connection) -> Vec<(String, String)> {
    let relation = Relation {
        database: None,
        schema: SCHEMA.into(),
        identifier: "movies".into(),
    };
    connection.columns(&relation).unwrap()
}

#[test]
fn an_empty_lake_has_typed_empty_views() {
    let mut connection = memory();
    create_views(&mut *connection, &[table(&[])]).unwrap();
    assert_eq!(
        connection
            .query("select * from raw.movies", &[])
            .unwrap()
            .n_rows(),
        0
    );
    assert_eq!(
        types(&mut *connection),
        TYPES.map(|(name, sql_type)| (name.to_owned(), sql_type.to_owned()))
    );
}

#[test]
fn parts_of_every_layout_are_read_as_one_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/lake");
    let folder = fs_err::canonicalize(folder).unwrap();
    let mut layouts: Vec<_> = fs_err::read_dir(folder)
        .unwrap()
        .map(|layout| layout.unwrap().path())
        .collect();
    layouts.sort();
    let files = layouts
        .iter()
        .map(|layout| RawFile::from(layout.join("movies/run-0000.parquet")));
    let movies = RawTable {
        name: lake::Kind::Movies.name().to_owned(),
        schema: lake::Kind::Movies.schema(),
        files: files.collect(),
    };
    let mut connection = memory();
    create_views(&mut *connection, &[movies]).unwrap();
    let rows = connection
        .query(
            "select id, http_status, title, revenue, credits_cast[1].name, count(*) from raw.movies
             group by all order by id, http_status",
            &[],
        )
        .unwrap();
    let n = layouts.len();
    assert!(n > 1);
    assert_eq!(
        rows.json_rows(),
        [
            json!([7, 200, "The Tab\t", 2_923_706_026_i64, "Ada Bell", n]),
            json!([8, 200, "Bare", null, null, n]),
            json!([8, 404, null, null, null, n]),
        ]
        .map(|row| row.as_array().unwrap().clone())
    );
}

#[test]
fn a_part_of_a_later_release_is_refused_with_its_layout() {
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("new.parquet");
    let mut connection = memory();
    connection
        .execute(&format!(
            "copy (select 1 as id) to '{}' (format parquet, kv_metadata {{'filmstar.version': '99'}})",
            part.display()
        ))
        .unwrap();
    let error = create_views(&mut *connection, &[table(std::slice::from_ref(&part))]).unwrap_err();
    let location = part.display().to_string();
    assert!(
        matches!(&error, Error::TooNew { what: "part", location: told, found: 99, .. } if *told == location),
        "{error}"
    );
    // And one that is no part at all is named.
    fs_err::write(&part, "gone wrong").unwrap();
    let error = create_views(&mut *connection, &[table(&[part])]).unwrap_err();
    assert!(
        matches!(&error, Error::Part { file, .. } if *file == location),
        "{error}"
    );
}

#[test]
fn files_of_every_age_are_read_as_the_contract_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("it's [a] *lake*?");
    fs_err::create_dir(&folder).unwrap();
    let (old, new) = (folder.join("old.parquet"), folder.join("new.parquet"));
    let mut connection = memory();
    // The older file lacks `day` and the cast's `order`, and holds a column nobody knows any more.
    let written = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', "''"));
    connection
        .execute(&format!(
            "copy (select 1::bigint as id, timestamp '2024-01-01' as fetched_at, [{{'id': 7::bigint}}] as \"cast\", 3 as gone,
                'a' as payload) to {};
             copy (select 'b' as payload, 2::bigint as id, timestamp '2024-01-02' as fetched_at, date '2024-01-01' as day,
                [{{'id': 8::bigint, 'order': 0::integer}}] as \"cast\") to {}",
            written(&old),
            written(&new)
        ))
        .unwrap();
    for files in [vec![old.clone()], vec![new.clone()], vec![new, old]] {
        create_views(&mut *connection, &[table(&files)]).unwrap();
        assert_eq!(
            types(&mut *connection),
            TYPES.map(|(name, sql_type)| (name.to_owned(), sql_type.to_owned()))
        );
        assert_eq!(
            connection
                .query("select * from raw.movies", &[])
                .unwrap()
                .n_rows(),
            files.len()
        );
    }
    let rows = connection
        .query(
            "select id, day, \"cast\", payload from raw.movies order by id",
            &[],
        )
        .unwrap();
    assert_eq!(
        rows.json_rows(),
        [
            [
                json!(1),
                json!(null),
                json!([{"id": 7, "order": null}]),
                json!("a")
            ],
            [
                json!(2),
                json!("2024-01-01"),
                json!([{"id": 8, "order": 0}]),
                json!("b")
            ],
        ],
    );
}

#[tokio::test]
async fn the_lakes_own_files_are_read_with_every_column_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake::Lake::open(folder.path()).unwrap();
    let mut writer = lake.writer("run", lake::WriterOptions::default()).unwrap();
    let bodies = [
        r#"{"title":"old","credits":{"cast":[{"id":1,"order":0}],"crew":[]}}"#,
        r#"{"title":"new","release_date":"2024-02-29","revenue":2923706026,"credits":{
            "cast":[{"id":10,"order":0},{"id":11,"order":5}],"crew":[{"id":12,"job":"Director"},{"id":13,"job":"Gaffer"}]}}"#,
    ];
    for (second, body) in (1..).zip(bodies) {
        let fetched_at = chrono::DateTime::from_timestamp(second, 0).unwrap();
        let kind = lake::Kind::Movies;
        let observation = lake::Observation {
            kind,
            id: 7,
            fetched_at,
            http_status: 200,
            payload: body.into(),
            rejected: None,
        };
        writer.append(observation).await.unwrap();
    }
    writer.finish().await.unwrap();
    let mut tables = Vec::new();
    for kind in lake::Kind::ALL {
        let files = lake
            .files(kind)
            .await
            .unwrap()
            .into_iter()
            .map(RawFile::from)
            .collect();
        tables.push(RawTable {
            name: kind.name().to_owned(),
            schema: kind.schema(),
            files,
        });
    }
    let mut connection = memory();
    create_views(&mut *connection, &tables).unwrap();
    let rows = connection
        .query(
            "select title, release_date, revenue, len(credits_cast), credits_crew[1].job, release_dates, payload = $1
             from raw.movies order by fetched_at desc limit 1",
            &[Value::Text(bodies[1].into())],
        )
        .unwrap();
    assert_eq!(
        rows.json_rows(),
        [[
            json!("new"),
            json!("2024-02-29"),
            json!(2_923_706_026_i64),
            json!(2),
            json!("Director"),
            json!(null),
            json!(true)
        ]],
    );
    for table in &tables {
        let relation = Relation {
            database: None,
            schema: SCHEMA.into(),
            identifier: table.name.clone(),
        };
        assert_eq!(
            connection.columns(&relation).unwrap().len(),
            table.schema.fields().len(),
            "{}",
            table.name
        );
    }
}
