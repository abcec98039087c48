use serde_json::json;

use super::*;
use crate::Error;

/// Roles belong to the whole server, so those of a test carry its database's name.
fn initialized(server: &Server) -> (Rights, [Postgres; 4]) {
    let admin = server.database();
    let database = admin.database.clone();
    let name = |role: &str| {
        (
            format!("{database}_{role}"),
            Password::new(format!("{role} pass")),
        )
    };
    let rights = Rights {
        database: format!("{database}_made"),
        loader: name("loader"),
        transformer: name("transformer"),
        reader: name("reader"),
        public_schema: "main".to_owned(),
        private_schemas: vec!["staging".to_owned()],
    };
    let done = initialize(&admin, &rights).unwrap();
    let (migrated, created): (Vec<_>, Vec<_>) = done
        .iter()
        .partition(|line| line.starts_with("migrated to "));
    assert_eq!(created.len(), 4, "three roles and a database: {done:?}");
    assert!(!migrated.is_empty(), "{done:?}");
    let connect = |user: &(String, Option<Password>), is_reader: bool| {
        let mut settings = PostgresSettings {
            database: rights.database.clone(),
            user: user.0.clone(),
            password: user.1.clone(),
            ..admin.clone()
        };
        if is_reader {
            settings.session.search_path = vec!["main".to_owned()];
        }
        Postgres::new(settings).unwrap()
    };
    let inside = PostgresSettings {
        database: rights.database.clone(),
        ..admin.clone()
    };
    let users = [
        connect(&rights.loader, false),
        connect(&rights.transformer, false),
        connect(&rights.reader, true),
        Postgres::new(inside).unwrap(),
    ];
    (rights, users)
}

fn allowed(postgres: &Postgres, sql: &str) -> bool {
    match postgres.connect().unwrap().execute(sql) {
        Ok(_) => true,
        Err(Error::Denied { .. }) => false,
        Err(error) => panic!("{sql}: {error}"),
    }
}

#[test]
fn each_role_may_do_its_work_and_no_more() {
    let server = server!();
    let (rights, [loader, transformer, reader, admin]) = initialized(server);
    let folder = tempfile::tempdir().unwrap();
    let tables = lake_with_films(folder.path(), "one", &films(10), 9);
    assert_eq!(load_all(&loader, &tables).unwrap().n_rows, 10);
    assert!(!allowed(&loader, "create schema other"));

    let releases = Releases::new(transformer.clone());
    let publish = |number: i64| {
        let schemas = ["main".to_owned(), "staging".to_owned()];
        let build_id = format!("b{number}");
        let pending = releases.begin(&build_id, &schemas).unwrap();
        let suffix = suffix(&build_id);
        let sql = format!(
            "create table \"main{suffix}\".films as select id, title from raw.movies;
             create table \"main{suffix}\".only_{number} as select 1 as x;
             create view \"staging{suffix}\".v as select id from raw.movies"
        );
        transformer.connect().unwrap().execute(&sql).unwrap();
        releases.publish(pending, minute(number)).unwrap();
    };
    publish(1);
    assert!(!allowed(&transformer, "delete from raw.movies"));
    assert!(!allowed(&transformer, "create table raw.mine (x integer)"));

    assert_eq!(value(&reader, "select count(*) from films"), json!(10));
    assert_eq!(value(&reader, "show transaction_read_only"), json!("on"));
    for denied in [
        "select * from raw.movies",
        "select * from staging.v",
        "select * from filmstar.loaded_parts",
        "create table public.mine (x integer)",
        "set default_transaction_read_only = off; create table main.mine (x integer)",
        "set default_transaction_read_only = off; delete from main.films",
    ] {
        let outcome = reader.connect().unwrap().execute(denied);
        assert!(outcome.is_err(), "{denied}");
    }

    // What an administrator gave on a table, a column and the schema stays with the names.
    let analyst = format!("{}_analyst", rights.database);
    admin
        .connect()
        .unwrap()
        .execute(&format!(
            "create role {analyst} login; grant connect on database {} to {analyst};
             set role {}; grant usage on schema main to {analyst}; grant select (id) on main.films to {analyst};
             grant select on main.only_1 to {analyst}",
            rights.database, rights.transformer.0
        ))
        .unwrap();
    publish(2);
    let mut settings = admin.settings().clone();
    settings.user = analyst;
    let analyst = Postgres::new(settings).unwrap();
    assert_eq!(
        value(&analyst, "select count(id) from main.films"),
        json!(10)
    );
    assert!(!allowed(&analyst, "select title from main.films"));
    assert!(!allowed(&analyst, "select * from main__b1.only_1"));
    // A table that is new is given as the schema's defaults say.
    assert_eq!(value(&reader, "select x from only_2"), json!(1));
    assert!(!allowed(&reader, "select * from main__b1.only_1"));
    publish(3);
    assert_eq!(value(&reader, "select x from only_3"), json!(1));
    releases.rollback().unwrap();
    assert_eq!(value(&reader, "select x from only_2"), json!(1));
    assert_eq!(
        value(&analyst, "select count(id) from main.films"),
        json!(10)
    );

    // What somebody else made in the published schema is not dropped with it.
    let mut administrator = admin.connect().unwrap();
    administrator
        .execute("reset role; create table main.notes as select 'mine' as text")
        .unwrap();
    publish(4);
    publish(5);
    let (_, kept) = releases.prune(1, None).unwrap();
    assert!(kept[0].contains("notes"), "{kept:?}");
    let mine = "select text from main__b2.notes";
    assert_eq!(value(&admin, mine), json!("mine"));

    // Again: nothing to do, nothing lost.
    let mut again = rights.clone();
    for user in [&mut again.loader, &mut again.transformer, &mut again.reader] {
        user.1 = None;
    }
    let maintenance = server.admin("postgres");
    assert_eq!(initialize(&maintenance, &again).unwrap(), [] as [&str; 0]);
    assert_eq!(value(&reader, "select count(*) from films"), json!(10));
}
