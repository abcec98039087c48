use serde_json::{Value as Json, json};

use super::*;

fn memory() -> Box<dyn Connection> {
    DuckDb::in_memory(&Settings::default())
        .unwrap()
        .connect()
        .unwrap()
}

fn row(sql: &str, parameters: &[Value]) -> Vec<Json> {
    memory()
        .query(sql, parameters)
        .unwrap()
        .json_rows()
        .remove(0)
}

#[test]
fn values_become_json_that_a_browser_understands() {
    assert_eq!(
        row(
            "select sum(x) from (values (9007199254740993::bigint), (1)) as t(x)",
            &[]
        ),
        [json!(9_007_199_254_740_994_i64)],
    );
    assert_eq!(
        row(
            "select 'nan'::double, '-inf'::double, 1.50::decimal(9, 2), 7::utinyint, timestamp '2024-01-02 03:04:05.5',
                timestamp '1899-01-02', [1, null], {'a': [{'b': ''}]}, map {'k': 1}, 'x'::blob, time '01:02:03',
                'b'::enum('a', 'b'), 0.1::float, uuid '00000000-0000-0000-0000-000000000001'",
            &[]
        ),
        [
            json!(null),
            json!(null),
            json!(1.5),
            json!(7),
            json!("2024-01-02T03:04:05.500"),
            json!("1899-01-02T00:00:00"),
            json!([1, null]),
            json!({"a": [{"b": ""}]}),
            json!({"k": 1}),
            json!("78"),
            json!("01:02:03"),
            json!("b"),
            json!(f64::from(0.1_f32)),
            json!("00000000-0000-0000-0000-000000000001"),
        ],
    );
}

#[test]
fn errors_carry_the_databases_words_and_the_statement() {
    let error = memory().execute("select * from nowhere").unwrap_err();
    let Error::Sql { message, sql } = error else {
        panic!("{error}")
    };
    assert!(
        message.starts_with("Catalog Error: Table with name nowhere does not exist!"),
        "{message}"
    );
    assert_eq!(sql, "select * from nowhere");
    // Fails while the rows stream, not when the statement is prepared.
    let error = memory()
        .query(
            "select error('row ' || i) from range(100000) as t(i) where i = 99999",
            &[],
        )
        .unwrap_err();
    assert!(error.to_string().contains("row 99999"), "{error}");
}

#[test]
fn the_catalog_lists_relations_and_columns() {
    let mut connection = memory();
    connection
        .execute("create schema s; create table s.t (a bigint, b struct(c varchar)[]); create view s.v as select a from s.t")
        .unwrap();
    let names: Vec<_> = connection
        .relations("S")
        .unwrap()
        .into_iter()
        .map(|info| (info.relation.to_string(), info.kind))
        .collect();
    assert_eq!(
        names,
        [
            ("\"memory\".\"s\".\"t\"".to_owned(), RelationKind::Table),
            ("\"memory\".\"s\".\"v\"".to_owned(), RelationKind::View)
        ],
    );
    assert_eq!(connection.relations("nowhere").unwrap(), []);
    let relation = Relation {
        database: None,
        schema: "s".into(),
        identifier: "t".into(),
    };
    assert_eq!(
        connection.columns(&relation).unwrap(),
        [
            ("a".to_owned(), "BIGINT".to_owned()),
            ("b".to_owned(), "STRUCT(c VARCHAR)[]".to_owned())
        ],
    );
}

#[test]
fn cancelling_stops_a_running_query() {
    let mut connection = memory();
    let canceller = connection.canceller();
    let mut n_batches = 0;
    let error = connection
        .stream("select i from range(100000000) as t(i)", &[], &mut |_| {
            n_batches += 1;
            canceller.cancel();
            ControlFlow::Continue(())
        })
        .unwrap_err();
    assert!(matches!(error, Error::Cancelled), "{error}");
    assert_eq!(n_batches, 1);
    assert_eq!(connection.query("select 1", &[]).unwrap().n_rows(), 1);
}

#[test]
fn a_sandbox_reaches_its_own_tables_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("filmstar.duckdb");
    let writer = DuckDb::open(&path, Access::ReadWrite, &Settings::default()).unwrap();
    writer
        .connect()
        .unwrap()
        .execute("create table t as select 42 as x")
        .unwrap();
    drop(writer);
    let sandbox = DuckDb::open(&path, Access::Sandboxed, &Settings::default()).unwrap();
    assert_eq!(sandbox.database(), "filmstar");
    let mut connection = sandbox.connect().unwrap();
    assert_eq!(
        connection
            .query("select x from t", &[])
            .unwrap()
            .json_rows(),
        [[json!(42)]]
    );
    for sql in [
        "select * from read_text('/etc/hostname')",
        "copy t to '/nowhere/t.csv'",
        "attach '/nowhere/x.duckdb' as other",
        "set enable_external_access = true",
        "set memory_limit = '1TB'",
        "drop table t",
        "install httpfs",
    ] {
        assert!(connection.execute(sql).is_err(), "{sql} should fail");
    }
}

#[test]
fn times_do_not_depend_on_the_machine() {
    assert_eq!(
        row(
            "select timestamptz '2024-01-02 03:04:05+00'::timestamp::varchar",
            &[]
        ),
        [json!("2024-01-02 03:04:05")],
    );
}

#[test]
fn tables_are_carried_over_with_their_constraints() {
    let folder = tempfile::tempdir().unwrap();
    let named = |identifier: &str| Relation {
        database: None,
        schema: "history".into(),
        identifier: identifier.into(),
    };
    // Quotes in a path, and the same catalog name in both files: both are called after `filmstar.duckdb`.
    let old = folder.path().join("it's old/filmstar.duckdb");
    let new = folder.path().join("new/filmstar.duckdb");
    for file in [&old, &new] {
        fs_err::create_dir_all(file.parent().unwrap()).unwrap();
    }
    let open = |file, access| DuckDb::open(file, access, &Settings::default()).unwrap();
    open(&old, Access::ReadWrite)
        .connect()
        .unwrap()
        .execute(
            "create schema history;
             create table history.snap (id bigint not null, title varchar, tags varchar[]);
             insert into history.snap values (1, 'a', ['x']), (2, null, null);
             create view history.seen as select * from history.snap",
        )
        .unwrap();
    // Readers have it open meanwhile.
    let _reader = open(&old, Access::ReadOnly);

    let database = open(&new, Access::ReadWrite);
    let tables = [named("snap"), named("seen"), named("missing")];
    assert_eq!(database.carry_over(&old, &tables).unwrap(), [named("snap")]);
    let mut connection = database.connect().unwrap();
    let rows = connection
        .query("select * from history.snap order by id", &[])
        .unwrap();
    assert_eq!(
        rows.json_rows(),
        [
            [json!(1), json!("a"), json!(["x"])],
            [json!(2), json!(null), json!(null)]
        ]
    );
    let refused = connection
        .execute("insert into history.snap values (null, 'b', null)")
        .unwrap_err();
    assert!(refused.to_string().contains("NOT NULL"), "{refused}");
    let attached = connection
        .query(
            "select count(*) from duckdb_databases() where database_name = 'previous'",
            &[],
        )
        .unwrap();
    assert_eq!(attached.json_rows(), [[json!(0)]]);

    let again = database.carry_over(&old, &tables).unwrap_err();
    assert!(again.to_string().contains("already exists"), "{again}");
    let nowhere = folder.path().join("nowhere.duckdb");
    assert!(database.carry_over(&nowhere, &tables).is_err());
}

#[test]
fn a_query_that_spills_too_much_fails_rather_than_fills_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let spill = |limit: &str| {
        let settings = Settings {
            memory_limit: Some("64MB".to_owned()),
            threads: Some(1),
            temp_directory: Some(folder.path().join("spilled")),
            temp_directory_limit: Some(limit.to_owned()),
            ..Settings::default()
        };
        let database = DuckDb::in_memory(&settings).unwrap();
        let mut connection = database.connect().unwrap();
        connection.query(
            "select count(*) from (
                select row_number() over (order by md5(cast(i as varchar))) as place
                from range(3000000) as numbers (i)
            ) where place > 5",
            &[],
        )
    };
    let enough = spill("4GB").unwrap().json_rows();
    assert_eq!(enough, [[json!(2_999_995)]]);
    let refused = spill("8MB").unwrap_err().to_string();
    assert!(refused.contains("max_temp_directory_size"), "{refused}");
}

#[test]
fn a_file_without_a_log_is_whole_once_it_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it's new.duckdb");
    let created = DuckDb::create(&path, &Settings::default()).unwrap();
    assert_eq!(created.database(), "it's new");
    let mut connection = created.connect().unwrap();
    connection
        .execute("create table films as select range as id from range(1000)")
        .unwrap();
    connection
        .execute("create view few as select * from films where id < 10")
        .unwrap();
    created.settle().unwrap();
    drop((connection, created));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let opened = DuckDb::open(&path, Access::ReadOnly, &Settings::default()).unwrap();
    assert_eq!(opened.database(), "it's new");
    let rows = opened
        .connect()
        .unwrap()
        .query(
            "select (select count(*) from films), (select count(*) from few)",
            &[],
        )
        .unwrap();
    assert_eq!(rows.json_rows(), [[json!(1000), json!(10)]]);
}
