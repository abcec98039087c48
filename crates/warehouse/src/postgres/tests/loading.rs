use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;

use super::*;
use crate::{Error, Relation};

#[test]
fn every_column_of_every_kind_arrives_as_it_is_in_the_lake() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let body = r#"{"title":"tab\t, \"quote\" \\ and \u0000","overview":"a\nb","release_date":"1899-12-31",
        "revenue":2923706026,"popularity":0.1,"adult":false,"origin_country":["US",""],
        "genres":[{"id":18,"name":"Drama \u0000 \\u0000"}],"belongs_to_collection":null,
        "credits":{"cast":[{"id":1,"order":0,"character":"x","popularity":1e-7}],"crew":[]},
        "release_dates":{"results":[{"iso_3166_1":"US","release_dates":[{"release_date":"2016-02-11T00:00:00.000Z","type":3}]}]}}"#;
    let tables = lake_with_films(folder.path(), "one", &[(7, body.to_owned())], 10);
    let loaded = load_all(&postgres, &tables).unwrap();
    assert_eq!(
        (loaded.n_parts, loaded.n_rows, loaded.n_replaced),
        (1, 1, 2)
    );

    let mut connection = postgres.connect().unwrap();
    for table in &tables {
        let relation = Relation {
            database: None,
            schema: raw_schema(),
            identifier: table.name.clone(),
        };
        let wanted: Vec<_> = table
            .schema
            .fields()
            .iter()
            .map(|field| (field.name().clone(), sql_type(field).to_owned()))
            .collect();
        assert_eq!(
            connection.columns(&relation).unwrap(),
            wanted,
            "{}",
            table.name
        );
    }
    let rows = connection
        .query(
            "select id, fetched_at, title, overview, release_date, revenue, popularity, adult, runtime,
                origin_country, genres #>> '{0,name}', belongs_to_collection is null, credits_crew,
                (credits_cast #>> '{0,popularity}')::double precision, payload = $1
             from raw.movies",
            &[Value::Text(body.to_owned())],
        )
        .unwrap();
    assert_eq!(
        rows.json_rows(),
        [[
            json!(7),
            json!("1970-01-01T00:00:01.250"),
            json!("tab\t, \"quote\" \\ and \u{fffd}"),
            json!("a\nb"),
            json!("1899-12-31"),
            json!(2_923_706_026_i64),
            json!(0.1),
            json!(false),
            json!(null),
            json!("[\"US\", \"\"]"),
            json!("Drama \u{fffd} \\u0000"),
            json!(true),
            json!("[]"),
            json!(1e-7),
            json!(true),
        ]]
    );
}

fn raw_schema() -> String {
    crate::raw::SCHEMA.to_owned()
}

#[test]
fn a_load_brings_what_is_new_and_nothing_twice() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tables = lake_with_films(folder.path(), "one", &films(100), 9);
    let seen = Mutex::new(Vec::new());
    let options = LoadOptions { n_connections: 4 };
    let loaded = load(&postgres, &tables, options, &|| false, &|progress| {
        seen.lock().unwrap().push(progress);
    })
    .unwrap();
    assert_eq!((loaded.n_parts, loaded.n_rows), (12, 100));
    assert!(loaded.n_bytes > 100_000, "{loaded:?}");
    assert_eq!(loaded.migrations.len(), 5);
    let last = *seen.lock().unwrap().last().unwrap();
    assert_eq!(
        (last.n_parts, last.n_parts_done, last.n_rows),
        (12, 12, 100)
    );

    let again = load_all(&postgres, &tables).unwrap();
    assert_eq!(
        (again.n_parts, again.n_known_parts, again.n_rows),
        (0, 12, 0)
    );
    let tables = lake_with_films(folder.path(), "two", &films(5), 9);
    let more = load_all(&postgres, &tables).unwrap();
    assert_eq!(
        (more.n_parts, more.n_rows, more.migrations.len()),
        (1, 5, 0)
    );
    assert_eq!(
        value(&postgres, "select count(*) from raw.movies"),
        json!(105)
    );
    assert_eq!(
        value(&postgres, "select sum(n_rows) from filmstar.loaded_parts"),
        json!(105)
    );
}

#[test]
fn a_days_export_arrives_by_the_day() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tables = Runtime::new().unwrap().block_on(async {
        let lake = lake::Lake::open(folder.path()).unwrap();
        let options = lake::WriterOptions::default();
        let writer = lake.writer("run", options).unwrap();
        for (day, popularity) in [("2026-07-01", "1.5"), ("2026-07-02", "null")] {
            let kind = lake::Kind::PersonExports;
            let mut exports = writer.day(kind, day.parse().unwrap());
            exports
                .append(lake::Observation {
                    kind,
                    id: 7,
                    fetched_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
                    http_status: 200,
                    payload: format!(r#"{{"id":7,"name":"A","popularity":{popularity}}}"#),
                    rejected: None,
                })
                .unwrap();
            exports.finish().await.unwrap();
        }
        raw_tables(&lake).await
    });
    let loaded = load_all(&postgres, &tables).unwrap();
    assert_eq!((loaded.n_parts, loaded.n_rows), (2, 2));
    let sql = "select string_agg(concat_ws(' ', id, name, export_date, popularity, adult), ', ' order by export_date)
        from raw.person_exports";
    assert_eq!(
        value(&postgres, sql),
        json!("7 A 2026-07-01 1.5, 7 A 2026-07-02")
    );
}

#[test]
fn a_merged_part_brings_only_what_is_not_there_yet() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let n_rows = "select count(distinct (id, fetched_at)) || ' ' || count(*) from raw.movies";
    let n_known = "select sum(n_rows) || ' ' || count(*) from filmstar.loaded_parts";
    let runtime = Runtime::new().unwrap();
    let compact = |id: &str| {
        let lake = lake::Lake::open(folder.path()).unwrap();
        let options = lake::CompactOptions {
            id: id.to_owned(),
            now: DateTime::from_timestamp(1_900_000_000, 0).unwrap(),
            grace: chrono::TimeDelta::zero(),
            target_bytes: 64 << 20,
        };
        runtime.block_on(async {
            let pinned: lake::IsPinned = Arc::new(|_| false);
            lake.compact(&options, pinned, &|_, _| {}).await.unwrap();
            raw_tables(&lake).await
        })
    };
    let tables = lake_with_films(folder.path(), "one", &films(20), 5);
    load_all(&postgres, &tables).unwrap();
    // Some of it is there already, some of it is not, and the files that it came in are gone.
    lake_with_films(folder.path(), "two", &films(13), 5);
    let tables = compact("c1");
    assert_eq!(tables[0].files.len(), 1);
    let loaded = load_all(&postgres, &tables).unwrap();
    assert_eq!((loaded.n_parts, loaded.n_rows), (1, 13));
    assert_eq!(value(&postgres, n_rows), json!("20 33"));
    assert_eq!(value(&postgres, n_known), json!("33 7"));
    let again = load_all(&postgres, &tables).unwrap();
    assert_eq!((again.n_known_parts, again.n_rows), (1, 0));

    // Merged again with what is new, and loaded by a database that has nothing.
    lake_with_films(folder.path(), "three", &films(4), 2);
    let tables = compact("c2");
    assert_eq!(load_all(&postgres, &tables).unwrap().n_rows, 4);
    assert_eq!(value(&postgres, n_rows), json!("20 37"));
    let fresh = Postgres::new(server.database()).unwrap();
    assert_eq!(load_all(&fresh, &tables).unwrap().n_rows, 37);
    assert_eq!(value(&fresh, n_known), json!("37 9"));
}

#[test]
fn a_load_that_is_stopped_goes_on_where_it_was() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tables = lake_with_films(folder.path(), "one", &films(60), 10);
    let n_asked = AtomicUsize::new(0);
    // Stops in the middle of the third file.
    let is_cancelled = || n_asked.fetch_add(1, Ordering::SeqCst) >= 5;
    let options = LoadOptions { n_connections: 1 };
    let stopped = load(&postgres, &tables, options, &is_cancelled, &|_| {});
    assert!(matches!(stopped, Err(Error::Cancelled)), "{stopped:?}");
    let n_rows = "select count(*) from raw.movies";
    let n_known = "select coalesce(sum(n_rows), 0) from filmstar.loaded_parts";
    assert_eq!(value(&postgres, n_rows), value(&postgres, n_known));
    let rest = load_all(&postgres, &tables).unwrap();
    assert!(rest.n_known_parts > 0 && rest.n_parts > 0, "{rest:?}");
    assert_eq!(
        value(
            &postgres,
            "select count(distinct id) || ' ' || count(*) from raw.movies"
        ),
        json!("60 60")
    );
}

#[test]
fn a_damaged_file_is_named_and_nothing_of_it_stays() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tables = lake_with_films(folder.path(), "one", &films(20), 20);
    let file = &tables[0].files[0].path;
    let whole = std::fs::read(file).unwrap();
    let mut damaged = whole.clone();
    damaged[100..400].fill(0xff);
    std::fs::write(file, &damaged).unwrap();
    let error = load_all(&postgres, &tables).unwrap_err();
    let name = file.file_name().unwrap().to_string_lossy();
    assert!(error.to_string().contains(&*name), "{error}");
    assert_eq!(
        value(&postgres, "select count(*) from raw.movies"),
        json!(0)
    );
    std::fs::write(file, &whole).unwrap();
    assert_eq!(load_all(&postgres, &tables).unwrap().n_rows, 20);
}

#[test]
fn a_schema_of_a_newer_release_is_refused() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    load_all(&postgres, &[]).unwrap();
    let mut connection = postgres.connect().unwrap();
    connection
        .execute("insert into filmstar.migrations values (99, 'from_the_future', '2030-01-01T00:00:00Z', '1')")
        .unwrap();
    let error = load_all(&postgres, &[]).unwrap_err().to_string();
    assert!(error.contains("from_the_future"), "{error}");
}

#[test]
fn a_part_of_a_later_release_is_refused_before_anything_comes() {
    let server = server!();
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut tables = lake_with_films(folder.path(), "one", &films(3), 1);
    let part = folder.path().join("later.parquet");
    crate::DuckDb::in_memory(&crate::Settings::default())
        .unwrap()
        .connect()
        .unwrap()
        .execute(&format!(
            "copy (select 1 as id) to '{}' (format parquet, kv_metadata {{'filmstar.version': '99'}})",
            part.display()
        ))
        .unwrap();
    let movies = tables.iter_mut().find(|table| table.name == "movies");
    movies.unwrap().files.push(part.into());
    let error = load_all(&postgres, &tables).unwrap_err();
    assert!(matches!(error, Error::TooNew { found: 99, .. }), "{error}");
    assert_eq!(
        value(&postgres, "select count(*) from raw.movies"),
        json!(0)
    );
}
