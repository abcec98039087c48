//! From the API to the lake: nothing lost, nothing twice, nothing fetched again without need.

use std::{collections::BTreeMap, process::Stdio, thread, time::Duration};

use crate::sandbox::{Sandbox, Server, real_films};

/// Every observation of the lake as id → payload, read from a file with the raw tables.
fn movies(sandbox: &Sandbox) -> BTreeMap<i64, String> {
    sandbox.succeed(&["load", "--output", "lake.duckdb"]);
    let path = sandbox.path().join("lake.duckdb");
    let warehouse = warehouse::DuckDb::open(
        &path,
        warehouse::Access::ReadOnly,
        &warehouse::Settings::default(),
    )
    .unwrap();
    let mut connection = warehouse::Warehouse::connect(&warehouse).unwrap();
    let rows = connection
        .query("select id, payload from raw.movies order by id", &[])
        .unwrap();
    let json = rows.json_rows();
    let by_id: BTreeMap<i64, String> = json
        .iter()
        .map(|row| {
            (
                row[0].as_i64().unwrap(),
                row[1].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    assert_eq!(by_id.len(), json.len(), "an id is there twice");
    by_id
}

#[test]
fn a_second_ingest_fetches_nothing_that_is_fresh() {
    let server = Server::generated(300);
    let sandbox = Sandbox::with_api(&server);
    sandbox.succeed(&["ingest"]);
    let before = movies(&sandbox);
    assert_eq!(before.len(), 300);
    let again: serde_json::Value =
        serde_json::from_str(&sandbox.succeed(&["ingest", "--json"])).unwrap();
    assert_eq!(again["movies"]["fetched"], 0, "{again}");
    assert_eq!(again["movies"]["fresh"], 300, "{again}");
    assert_eq!(movies(&sandbox), before);
}

#[test]
fn a_kill_loses_nothing_that_was_fetched() {
    let server = Server::simulate(&["--films", "600", "--seed", "7", "--latency-ms", "3"]);
    let undisturbed = Sandbox::with_api(&server);
    undisturbed.succeed(&["ingest"]);
    let killed = Sandbox::with_api(&server);
    for round in 0..6 {
        let mut child = killed
            .filmstar(&["ingest"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(120 + 70 * round));
        drop(child.kill());
        child.wait().unwrap();
    }
    killed.succeed(&["ingest"]);
    assert_eq!(movies(&killed), movies(&undisturbed));
}

#[test]
fn every_real_film_lands() {
    let Some(file) = real_films() else { return };
    let server = Server::simulate(&["--replay", file.to_str().unwrap()]);
    let sandbox = Sandbox::with_api(&server);
    let told: serde_json::Value =
        serde_json::from_str(&sandbox.succeed(&["ingest", "--json"])).unwrap();
    assert_eq!(told["movies"]["fetched"], 3336, "{told}");
    assert_eq!(movies(&sandbox).len(), 3336);
}

#[test]
fn a_refused_key_stops_the_run_and_leaves_the_lake() {
    let server = Server::simulate(&[
        "--films",
        "50",
        "--seed",
        "7",
        "--credential",
        "the-only-key",
    ]);
    let sandbox = Sandbox::with_api(&server);
    let refused = sandbox
        .filmstar(&["ingest"])
        .env("TMDB_API_KEY", "another")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("TMDB_API_KEY"), "{said}");
    assert!(
        !said.contains("another"),
        "a credential must not be shown: {said}"
    );
    let accepted = sandbox
        .filmstar(&["ingest"])
        .env("TMDB_API_KEY", "the-only-key")
        .output()
        .unwrap();
    assert!(
        accepted.status.success(),
        "{}",
        String::from_utf8_lossy(&accepted.stderr)
    );
}
