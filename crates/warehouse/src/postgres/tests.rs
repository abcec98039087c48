use std::path::Path;

use chrono::{DateTime, Utc};

use super::*;
use crate::{RawFile, RawTable, Value, testing::Server};

mod faults;
mod loading;
mod publishing;
mod rights;
mod tls;

/// The server of this process, or nothing to test here; a line says so.
macro_rules! server {
    () => {
        match Server::shared() {
            Some(server) => server,
            None => return,
        }
    };
}
use server;

#[test]
fn a_password_is_never_printed() {
    let mut settings = PostgresSettings::new("db.example", 5432, "filmstar", "reader");
    settings.password = Password::new("hunter2");
    let postgres = Postgres::new(settings.clone()).unwrap();
    assert!(!format!("{settings:?} {postgres:?}").contains("hunter2"));
    assert_eq!(
        postgres.location(),
        "postgres://reader@db.example:5432/filmstar"
    );
    assert_eq!(Password::new(""), None);
}

/// Writes films to a lake, in parts of the given size, and gives the raw tables as a load is told of them.
fn lake_with_films(folder: &Path, run: &str, films: &[(i64, String)], part: u64) -> Vec<RawTable> {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let lake = lake::Lake::open(folder).unwrap();
        let options = lake::WriterOptions {
            segment_observations: part,
            ..Default::default()
        };
        let mut writer = lake.writer(run, options).unwrap();
        for (second, (id, body)) in (1..).zip(films) {
            let observation = lake::Observation {
                kind: lake::Kind::Movies,
                id: *id,
                fetched_at: DateTime::from_timestamp(second, 250_000_000).unwrap(),
                http_status: 200,
                payload: body.clone(),
                rejected: None,
            };
            writer.append(observation).await.unwrap();
        }
        writer.finish().await.unwrap();
        raw_tables(&lake).await
    })
}

async fn raw_tables(lake: &lake::Lake) -> Vec<RawTable> {
    let mut tables = Vec::new();
    for kind in lake::Kind::ALL {
        let files = lake.files(kind).await.unwrap();
        tables.push(RawTable {
            name: kind.name().to_owned(),
            schema: kind.schema(),
            files: files.into_iter().map(RawFile::from).collect(),
        });
    }
    tables
}

/// Films of some size with credits.
fn films(n: i64) -> Vec<(i64, String)> {
    let film = |id| {
        let body = format!(
            r#"{{"id":{id},"title":"Film {id}","budget":{},"release_date":"2001-02-03","overview":"{}",
                "credits":{{"cast":[{{"id":{id},"order":0,"character":"A \"B\""}}],"crew":[]}}}}"#,
            id * 1000,
            "words ".repeat(200)
        );
        (id, body)
    };
    (1..=n).map(film).collect()
}

fn load_all(postgres: &Postgres, tables: &[RawTable]) -> Result<Loaded> {
    let options = LoadOptions { n_connections: 3 };
    load(postgres, tables, options, &|| false, &|_| {})
}

/// A time of our own, long before the server's.
fn minute(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(60 * number, 0).unwrap()
}

/// The only value of a query.
fn value(postgres: &Postgres, sql: &str) -> serde_json::Value {
    let mut connection = postgres.connect().unwrap();
    let rows = connection.query(sql, &[] as &[Value]).unwrap();
    rows.json_rows().remove(0).remove(0)
}
