//! What every warehouse must do alike, run on each.

use std::{
    ops::ControlFlow,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use serde_json::json;

use crate::{
    Connection, Dialect, DuckDb, Error, Postgres, Relation, RelationKind, Settings, Value,
    Warehouse, testing::Server,
};

/// Runs a check on DuckDB, and on a database of its own on Postgres where there is one.
fn check(on_each: fn(&mut dyn Connection)) {
    let duckdb = DuckDb::in_memory(&Settings::default()).unwrap();
    on_each(&mut *duckdb.connect().unwrap());
    if let Some(server) = Server::shared() {
        let postgres = Postgres::new(server.database()).unwrap();
        on_each(&mut *postgres.connect().unwrap());
    }
}

#[test]
fn every_kind_of_parameter_is_bound() {
    check(|connection| {
        let parameters = [
            Value::Null,
            Value::Bool(true),
            Value::Int(1 << 60),
            Value::Float(0.5),
            Value::Text("it's; --".into()),
            Value::Text("2024-02-28".into()),
        ];
        let rows = connection
            .query(
                "select $1::integer, $2::boolean, $3::bigint, $4::double precision, $5::text, $5 || $5,
                    cast($6 as date) + 1",
                &parameters,
            )
            .unwrap();
        assert_eq!(
            rows.json_rows(),
            [[
                json!(null),
                json!(true),
                json!(1_i64 << 60),
                json!(0.5),
                json!("it's; --"),
                json!("it's; --it's; --"),
                json!("2024-02-29"),
            ]]
        );
        let limited = connection.query(
            "select 3 where 2 = $1 limit $2",
            &[Value::Int(2), Value::Int(1)],
        );
        assert_eq!(limited.unwrap().json_rows(), [[json!(3)]]);
    });
}

#[test]
fn sums_are_exact_and_have_the_same_json() {
    check(|connection| {
        let rows = connection
            .query(
                "select sum(x) as total, avg(x) as mean, count(*) as n, cast(1.50 as numeric(9, 2)) as price,
                    timestamp '2024-01-02 03:04:05.5' as moment, timestamp '1899-01-02 00:00:00' as old,
                    date '1899-12-31' as day, cast('nan' as double precision) as none
                 from (values (cast(9007199254740993 as bigint)), (1)) as t (x)",
                &[],
            )
            .unwrap();
        assert_eq!(
            rows.json_rows(),
            [[
                json!(9_007_199_254_740_994_i64),
                json!(4_503_599_627_370_497.0),
                json!(2),
                json!(1.5),
                json!("2024-01-02T03:04:05.500"),
                json!("1899-01-02T00:00:00"),
                json!("1899-12-31"),
                json!(null),
            ]]
        );
    });
}

#[test]
fn columns_have_names_and_simple_types() {
    check(|connection| {
        let rows = connection
            .query(
                "select 1 as a, sum(1) as b, cast(0.5 as numeric(3, 1)) as c, 'x' as d, true as e,
                    date '2000-01-01' as f, timestamp '2000-01-01 00:00:00' as g",
                &[],
            )
            .unwrap();
        let types: Vec<_> = rows
            .columns()
            .into_iter()
            .map(|column| json!([column.name, column.column_type]))
            .collect();
        assert_eq!(
            json!(types),
            json!([
                ["a", "integer"],
                ["b", "integer"],
                ["c", "number"],
                ["d", "text"],
                ["e", "boolean"],
                ["f", "date"],
                ["g", "timestamp"]
            ]),
        );
        let none = connection.query("select 1 as a, 'x' as b where false", &[]);
        let none = none.unwrap();
        assert_eq!((none.n_rows(), none.columns().len()), (0, 2));
    });
}

#[test]
fn several_statements_run_and_the_last_one_counts() {
    check(|connection| {
        let sql = "create table t (x integer); insert into t values (1), (2); update t set x = 3 where x = 2;";
        assert_eq!(connection.execute(sql).unwrap(), 1);
        let created = connection.execute("create table u as select * from t");
        assert_eq!(created.unwrap(), 2);
    });
}

#[test]
fn errors_carry_the_databases_words_and_the_statement() {
    check(|connection| {
        let error = connection.execute("select * from nowhere").unwrap_err();
        let Error::Sql { message, sql } = error else {
            panic!("{error}")
        };
        assert!(message.contains("nowhere"), "{message}");
        assert_eq!(sql, "select * from nowhere");
        let error = connection.query("select *\nfrom nowhere\nwhere true", &[]);
        assert!(error.unwrap_err().to_string().contains("nowhere"));
    });
}

#[test]
fn the_catalog_lists_relations_and_columns() {
    check(|connection| {
        connection
            .execute("create schema s; create table s.t (a bigint, \"B c\" integer); create view s.v as select a from s.t")
            .unwrap();
        let names: Vec<_> = connection
            .relations("s")
            .unwrap()
            .into_iter()
            .map(|info| (info.relation.schema, info.relation.identifier, info.kind))
            .collect();
        let named = |name: &str, kind| ("s".to_owned(), name.to_owned(), kind);
        assert_eq!(
            names,
            [
                named("t", RelationKind::Table),
                named("v", RelationKind::View)
            ]
        );
        assert_eq!(connection.relations("nowhere").unwrap(), []);
        let relation = |identifier: &str| Relation {
            database: None,
            schema: "s".into(),
            identifier: identifier.to_owned(),
        };
        let columns: Vec<_> = connection.columns(&relation("t")).unwrap();
        let columns: Vec<_> = columns
            .into_iter()
            .map(|(name, data_type)| (name, data_type.to_lowercase()))
            .collect();
        assert_eq!(
            columns,
            [("a", "bigint"), ("B c", "integer")]
                .map(|(name, data_type)| (name.to_owned(), data_type.to_owned()))
        );
        assert_eq!(connection.columns(&relation("nowhere")).unwrap(), []);
    });
}

#[test]
fn what_an_index_keeps_unique_is_known_where_the_catalog_tells() {
    check(|connection| {
        connection
            .execute(
                "create schema s; create table s.t (a integer, b integer, c integer, d integer);
                 create unique index i1 on s.t (a); create unique index i2 on s.t (b, c);
                 create index i3 on s.t (c)",
            )
            .unwrap();
        let relation = Relation {
            database: None,
            schema: "s".into(),
            identifier: "t".into(),
        };
        let unique = connection.unique_columns(&relation).unwrap();
        assert!(unique.is_empty() || unique == ["a"], "{unique:?}");
    });
}

/// Rows enough that a query takes a while, in words that both understand.
const LONG: &str = "with recursive t (i) as (select 1 union all select i + 1 from t where i < 3000)
    select count(*) from t as a cross join t as b cross join t as c where (a.i * b.i + c.i) % 7 = 3";

#[test]
fn cancelling_stops_a_query_that_has_no_rows_yet() {
    check(|connection| {
        let canceller = connection.canceller();
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            // As who has no patience does it: again and again until it stops.
            scope.spawn(|| {
                while !is_done.load(Ordering::SeqCst) {
                    canceller.cancel();
                    thread::sleep(std::time::Duration::from_millis(5));
                }
            });
            let result = connection.query(LONG, &[]);
            is_done.store(true, Ordering::SeqCst);
            assert!(matches!(result, Err(Error::Cancelled)), "{result:?}");
        });
    });
}

#[test]
fn who_has_seen_enough_stops_early_and_goes_on() {
    check(|connection| {
        let numbers =
            "with recursive t (i) as (select 1 union all select i + 1 from t where i < 3000)
            select a.i from t as a cross join t as b";
        let mut n_batches = 0;
        connection
            .stream(numbers, &[], &mut |_| {
                n_batches += 1;
                ControlFlow::Break(())
            })
            .unwrap();
        assert_eq!(n_batches, 1);
        for number in 0..20 {
            let rows = connection.query("select $1::bigint", &[Value::Int(number)]);
            assert_eq!(rows.unwrap().json_rows(), [[json!(number)]]);
        }
    });
}

#[test]
fn only_one_query_is_taken_from_a_stranger() {
    check(|connection| {
        connection
            .execute("create table kept (id integer)")
            .unwrap();
        for query in [
            "select 1",
            "select ';' -- ; drop table kept",
            "with a as (select 1 as b) select * from a;",
            "values (1), (2)",
            "table kept",
            "explain select 1",
            "/* why */ explain analyze select 1",
            "(select 1) union all (select 2)",
        ] {
            connection.expect_query(query).unwrap();
        }
        for (text, expected) in [
            ("", 0),
            (" -- nothing", 0),
            ("select 1; select 2", 2),
            ("drop table kept", 1),
            ("insert into kept values (1)", 1),
            ("explain analyze insert into kept values (1)", 1),
            ("explain (analyze) delete from kept", 1),
            ("set timezone = 'UTC'", 1),
            ("copy kept to '/tmp/kept'", 1),
            ("copy (select 1) to '/tmp/kept'", 1),
            ("begin", 1),
        ] {
            let found = connection.expect_query(text);
            assert!(
                matches!(found, Err(Error::NotAQuery { n_statements }) if n_statements == expected),
                "{text}: {found:?}"
            );
        }
        let hidden = connection.expect_query("select 1; drop table kept");
        assert!(matches!(hidden, Err(Error::NotAQuery { .. })), "{hidden:?}");
        let misspelled = connection.expect_query("selec 1").unwrap_err();
        assert!(
            misspelled
                .to_string()
                .contains("syntax error at or near \"selec\""),
            "{misspelled}"
        );
        let rows = connection.query("select count(*) from kept", &[]).unwrap();
        assert_eq!(rows.json_rows(), [[json!(0)]], "nothing of it ran");
    });
}

#[test]
fn relations_tell_what_is_written_about_them() {
    check(|connection| {
        connection
            .execute(
                "create table films (id integer, title text); create view newest as select title from films;
                 comment on table films is 'Every film.'; comment on column films.title is 'Its title.'",
            )
            .unwrap();
        let dialect = dialect(connection);
        let found = crate::describe(connection, dialect).unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|relation| {
                let columns = relation.columns.iter();
                let columns =
                    columns.map(|column| (column.name.as_str(), column.description.as_str()));
                (
                    relation.name.as_str(),
                    relation.description.as_str(),
                    columns.collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    "films",
                    "Every film.",
                    vec![("id", ""), ("title", "Its title.")]
                ),
                ("newest", "", vec![("title", "")]),
            ]
        );
        assert_eq!(found[0].columns[0].sql_type.to_lowercase(), "integer");
    });
}

#[test]
fn rows_are_found_again_where_they_lie() {
    check(|connection| {
        let dialect = dialect(connection);
        connection
            .execute("create table names as select n, 'name ' || n as name from generate_series(1, 3000) as s (n)")
            .unwrap();
        let address = dialect.address();
        let rows = connection
            .query(
                &format!("select n, {address} from names where n in (1, 1500, 3000) order by n"),
                &[],
            )
            .unwrap();
        let addresses: Vec<i64> = rows
            .json_rows()
            .iter()
            .map(|row| row[1].as_i64().unwrap())
            .collect();
        let found = dialect.rows_at("names", &addresses);
        let rows = connection
            .query(&format!("select n, name from {found}"), &[])
            .unwrap();
        let mut rows = rows.json_rows();
        rows.sort_by_key(|row| row[0].as_i64());
        assert_eq!(
            rows,
            [
                [json!(1), json!("name 1")],
                [json!(1500), json!("name 1500")],
                [json!(3000), json!("name 3000")],
            ]
        );
    });
}

fn dialect(connection: &mut dyn Connection) -> Dialect {
    if connection.query("select pg_backend_pid()", &[]).is_ok() {
        Dialect::Postgres
    } else {
        Dialect::DuckDb
    }
}
