use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use serde_json::json;

use super::*;
use crate::Error;

/// A database that was loaded, its builds, and a user who may read what is published.
fn prepared(server: &Server) -> (Postgres, Releases, ReleaseReader) {
    let settings = server.database();
    let postgres = Postgres::new(settings.clone()).unwrap();
    load_all(&postgres, &[]).unwrap();
    let mut reading = settings;
    reading.session.search_path = vec!["main".to_owned()];
    reading.session.is_read_only = true;
    let reader = ReleaseReader::new(Postgres::new(reading).unwrap());
    (postgres.clone(), Releases::new(postgres), reader)
}

fn schemas() -> Vec<String> {
    vec!["main".to_owned(), "staging".to_owned()]
}

/// A build whose table says its number in every row, and a view on it in another schema.
fn fill(postgres: &Postgres, build_id: &str, number: i64) {
    let suffix = suffix(build_id);
    postgres
        .connect()
        .unwrap()
        .execute(&format!(
            "create table \"main{suffix}\".numbers as select {number}::bigint as n from generate_series(1, 50);
             create view \"staging{suffix}\".doubled as select 2 * n as n from \"main{suffix}\".numbers"
        ))
        .unwrap();
}

fn build(postgres: &Postgres, releases: &Releases, number: i64) -> Release {
    let build_id = format!("b{number}");
    let pending = releases.begin(&build_id, &schemas()).unwrap();
    fill(postgres, &build_id, number);
    let published = releases.publish(pending, minute(number)).unwrap();
    assert_eq!(published.published_at, minute(number));
    published
}

#[test]
fn a_reader_who_came_before_the_first_load_sees_the_first_build() {
    let server = server!();
    let settings = server.database();
    let postgres = Postgres::new(settings.clone()).unwrap();
    let reader = ReleaseReader::new(Postgres::new(settings).unwrap());
    for _ in 0..2 {
        assert!(matches!(reader.current(), Err(Error::NotPrepared { .. })));
    }
    load_all(&postgres, &[]).unwrap();
    assert!(matches!(reader.current(), Err(Error::NoBuild { .. })));
    let published = build(&postgres, &Releases::new(postgres.clone()), 1);
    assert_eq!(reader.current().unwrap().0, published);
}

#[test]
fn readers_see_the_old_build_until_the_new_one_is_published() {
    let server = server!();
    let (postgres, releases, reader) = prepared(server);
    assert!(matches!(reader.current(), Err(Error::NoBuild { .. })));
    assert_eq!(releases.current().unwrap(), None);
    build(&postgres, &releases, 1);

    let pending = releases.begin("b2", &schemas()).unwrap();
    fill(&postgres, "b2", 2);
    let max = |reader: &ReleaseReader| {
        let (release, warehouse) = reader.current().unwrap();
        let mut connection = warehouse.connect().unwrap();
        let rows = connection.query("select max(n) from numbers", &[]).unwrap();
        (release.build_id, rows.json_rows().remove(0).remove(0))
    };
    assert_eq!(max(&reader), ("b1".to_owned(), json!(1)));
    let (_, old) = reader.current().unwrap();
    let mut held = old.connect().unwrap();
    releases.publish(pending, minute(2)).unwrap();
    assert_eq!(max(&reader), ("b2".to_owned(), json!(2)));
    // Who holds the old build is told so rather than shown the new one.
    let late = held.query("select max(n) from numbers", &[]);
    assert!(matches!(late, Err(Error::Superseded)), "{late:?}");
    // Views moved with their tables.
    let doubled = "select min(n) from staging.doubled";
    assert_eq!(value(&postgres, doubled), json!(4));
}

#[test]
fn going_back_and_pruning_keep_what_they_say() {
    let server = server!();
    let (postgres, releases, reader) = prepared(server);
    for number in 1..=4 {
        build(&postgres, &releases, number);
    }
    let n = "select max(n) from main.numbers";
    // Nothing is dropped under somebody who builds or goes back.
    let pending = releases.begin("b9", &schemas()).unwrap();
    assert_eq!(releases.prune(2, None).unwrap(), (vec![], vec![]));
    drop(pending);
    assert_eq!(
        releases.prune(2, None).unwrap(),
        (vec!["b1".to_owned()], vec![])
    );
    let back = releases.rollback().unwrap().unwrap();
    assert_eq!(
        (back.build_id.as_str(), value(&postgres, n)),
        ("b3", json!(3))
    );
    assert_eq!(back.published_at, minute(3), "when it was first seen");
    let back = releases.rollback().unwrap().unwrap();
    assert_eq!(
        (back.build_id.as_str(), value(&postgres, n)),
        ("b2", json!(2))
    );
    assert_eq!(releases.rollback().unwrap(), None);
    assert_eq!(reader.current().unwrap().0.build_id, "b2");
    build(&postgres, &releases, 5);
    assert_eq!(value(&postgres, n), json!(5));
    // The withdrawn ones go, the one before stays.
    let (mut dropped, _) = releases.prune(2, None).unwrap();
    dropped.sort();
    assert_eq!(dropped, ["b3", "b4"]);
    assert_eq!(releases.rollback().unwrap().unwrap().build_id, "b2");
}

#[test]
fn a_build_that_was_not_finished_is_cleared_away_and_never_seen() {
    let server = server!();
    let (postgres, releases, _) = prepared(server);
    build(&postgres, &releases, 1);
    let pending = releases.begin("dead", &schemas()).unwrap();
    fill(&postgres, "dead", 13);
    let busy = releases.begin("other", &schemas()).unwrap_err();
    assert!(
        matches!(&busy, Error::Busy { what: "build", holders } if holders.len() == 1),
        "{busy}"
    );
    drop(pending);
    build(&postgres, &releases, 2);
    let left = "select count(*) from pg_namespace where nspname like '%dead%'";
    assert_eq!(value(&postgres, left), json!(0));
    assert_eq!(
        value(&postgres, "select max(n) from main.numbers"),
        json!(2)
    );
}

#[test]
fn what_dbt_core_built_before_is_kept() {
    let server = server!();
    let (postgres, releases, _) = prepared(server);
    postgres
        .connect()
        .unwrap()
        .execute(
            "create schema main; create table main.mine as select 42 as x; create schema staging",
        )
        .unwrap();
    build(&postgres, &releases, 1);
    assert_eq!(
        value(&postgres, "select x from main__unmanaged.mine"),
        json!(42)
    );
    let empty = "select count(*) from pg_namespace where nspname = 'staging__unmanaged'";
    assert_eq!(value(&postgres, empty), json!(0));
}

#[test]
fn a_view_of_somebody_elses_keeps_its_build() {
    let server = server!();
    let (postgres, releases, _) = prepared(server);
    build(&postgres, &releases, 1);
    postgres
        .connect()
        .unwrap()
        .execute("create schema mine; create view mine.report as select n from main.numbers")
        .unwrap();
    build(&postgres, &releases, 2);
    build(&postgres, &releases, 3);
    let (dropped, kept) = releases.prune(1, None).unwrap();
    assert_eq!(dropped, [] as [&str; 0]);
    assert!(kept[0].contains("mine.report"), "{kept:?}");
    assert_eq!(value(&postgres, "select max(n) from mine.report"), json!(1));
}

#[test]
fn nobody_who_reads_meets_a_lock_or_half_a_build() {
    let server = server!();
    let (postgres, releases, reader) = prepared(server);
    build(&postgres, &releases, 1);
    let n_answers: [AtomicUsize; 4] = Default::default();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        for n_answers in &n_answers {
            scope.spawn(|| read_until(&is_done, &reader, n_answers));
        }
        let mut number = 1;
        let have_all_read = || n_answers.iter().all(|n| n.load(Ordering::SeqCst) > 20);
        while number < 12 || !have_all_read() {
            number += 1;
            build(&postgres, &releases, number);
            releases.prune(1, None).unwrap();
        }
        is_done.store(true, Ordering::SeqCst);
    });
}

/// Asks again and again; each answer must be of one build, and never of an older one than before.
fn read_until(is_done: &AtomicBool, reader: &ReleaseReader, n_answers: &AtomicUsize) {
    let mut newest = 0;
    while !is_done.load(Ordering::SeqCst) {
        let (release, warehouse) = reader.current().unwrap();
        let mut connection = warehouse.connect().unwrap();
        for _ in 0..10 {
            let rows = connection.query(
                "select min(a.n), max(a.n), count(*) from numbers as a inner join numbers as b on a.n = b.n
                 where a.n > $1::bigint limit 1",
                &[Value::Int(0)],
            );
            let rows = match rows {
                Ok(rows) => rows.json_rows(),
                Err(Error::Superseded) => break,
                Err(error) => panic!("{error}"),
            };
            let number: i64 = release.build_id[1..].parse().unwrap();
            assert_eq!(rows, [[json!(number), json!(number), json!(2500)]]);
            assert!(number >= newest);
            newest = number;
            n_answers.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[test]
fn a_build_carries_tables_over_from_the_published_one() {
    let server = server!();
    let (postgres, releases, _) = prepared(server);
    let named = |identifier: &str| crate::Relation {
        database: Some("any".to_owned()),
        schema: "main".into(),
        identifier: identifier.into(),
    };
    let tables = [named("numbers"), named("missing")];
    let mut first = releases.begin("b1", &schemas()).unwrap();
    assert_eq!(releases.carry_over(&mut first, &tables).unwrap(), []);
    fill(&postgres, "b1", 1);
    let suffix = suffix("b1");
    postgres
        .connect()
        .unwrap()
        .execute(&format!(
            "alter table \"main{suffix}\".numbers alter n set not null;
             create index by_n on \"main{suffix}\".numbers (n)"
        ))
        .unwrap();
    releases.publish(first, minute(1)).unwrap();

    let mut second = releases.begin("b2", &schemas()).unwrap();
    let carried = releases.carry_over(&mut second, &tables).unwrap();
    assert_eq!(carried, tables[..1]);
    let mut connection = postgres.connect().unwrap();
    let facts = |connection: &mut dyn Connection, schema: &str| {
        let sql = format!(
            "select (select sum(n)::bigint from \"{schema}\".numbers),
                (select attnotnull from pg_attribute
                 where attrelid = '\"{schema}\".numbers'::regclass and attname = 'n'),
                (select count(*) from pg_indexes where schemaname = '{schema}')"
        );
        connection.query(&sql, &[]).unwrap().json_rows()
    };
    assert_eq!(
        facts(&mut *connection, &format!("main{}", super::suffix("b2"))),
        [[json!(50), json!(true), json!(1)]]
    );
    // Whatever the new build does to its copy, readers keep theirs.
    let emptied = format!("truncate \"main{}\".numbers", super::suffix("b2"));
    connection.execute(&emptied).unwrap();
    assert_eq!(
        facts(&mut *connection, "main"),
        [[json!(50), json!(true), json!(1)]]
    );
}
