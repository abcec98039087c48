//! Thirty days of a living catalogue: what daily runs leave in the lake is what a fresh crawl of the last day finds.

use serde_json::Value;

use crate::{
    sandbox::{Sandbox, Server},
    truth,
};

/// Day and time of each run. It is missed now and then, once for longer than a window of changes may be.
const RUNS: [(u32, &str); 12] = [
    (1, "08:10:00"),
    (2, "09:00:00"),
    (3, "08:59:59"),
    (4, "23:50:00"),
    (5, "08:00:00"),
    (7, "13:30:00"),
    (7, "13:45:00"),
    (10, "00:00:01"),
    (11, "07:59:00"),
    (28, "12:00:00"),
    (29, "09:00:00"),
    (31, "09:00:00"),
];

/// The catalogue as it is then, on a clock that hardly moves.
fn server(sandbox: &mut Sandbox, day: u32, time: &str) -> Server {
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let clock = format!("2026-07-{day:02}T{time}Z*0.0001@{now}");
    let scenario = sandbox.path().join("pace.toml");
    std::fs::write(&scenario, "pace = 8.0\n").unwrap();
    let catalogue = ["--films", "400", "--seed", "7", "--clock", &clock];
    let pace = ["--scenario", scenario.to_str().unwrap()];
    let server = Server::simulate(&[&catalogue[..], &pace].concat());
    sandbox.set_api(&server);
    sandbox.set("FILMSTAR_CLOCK", clock);
    server
}

#[test]
fn thirty_days_of_changes_end_as_a_fresh_crawl_does() {
    let mut sandbox = Sandbox::new();
    sandbox.set("FILMSTAR_INGEST__EXPORTS_DAYS", "2".to_owned());
    let mut fetched = Vec::new();
    for (day, time) in RUNS {
        let _server = server(&mut sandbox, day, time);
        let told = sandbox.succeed(&["ingest", "--json"]);
        let told: Value = serde_json::from_str(&told).unwrap();
        let count = |kind: &str| told[kind]["fetched"].as_u64().unwrap();
        fetched.push((day, count("movies"), count("people")));
    }
    let server = server(&mut sandbox, 31, "09:00:00");
    let compared = truth::compare(&server, &sandbox);
    println!("{fetched:?} {compared:?}");
    assert!(compared.films > 380, "{compared:?}");
    assert!(compared.tombstones > 5, "{compared:?}");
    assert!(compared.people > 100, "{compared:?}");
    // A day's changes are not the whole catalogue.
    let second = fetched[1];
    assert!((1..200).contains(&second.1), "{fetched:?}");
    // Within a quarter of an hour next to nothing changes.
    assert!(fetched[6].1 < 20, "{fetched:?}");
}
