//! Compaction is killed again and again: whatever it leaves is the same lake.

use std::{
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use chrono::DateTime;
use lake::{Kind, Lake, Observation, WriterOptions};
use serde_json::Value;

use crate::sandbox::{Sandbox, raw};

const PARTS: i64 = 240;
const FILMS_PER_PART: i64 = 4;

/// Small parts of films, each a little larger than a page of Parquet, every fourth film seen twice.
async fn fill(sandbox: &Sandbox) {
    let lake = Lake::open(&sandbox.path().join("data/lake")).unwrap();
    let options = WriterOptions {
        segment_observations: FILMS_PER_PART as u64,
        ..WriterOptions::default()
    };
    let mut writer = lake.writer("run", options).unwrap();
    for number in 0..PARTS * FILMS_PER_PART {
        let id = number * 3 / 4;
        let overview = format!("{number:08} ").repeat(500);
        let observation = Observation {
            kind: Kind::Movies,
            id,
            fetched_at: DateTime::from_timestamp(1_780_000_000 + number, 0).unwrap(),
            http_status: 200,
            payload: format!("{{\"id\":{id},\"title\":\"{number}\",\"overview\":\"{overview}\"}}"),
            rejected: None,
        };
        writer.append(observation).await.unwrap();
    }
    writer.finish().await.unwrap();
}

/// What of the lake a reader sees: rows, ids, and a sum over everything.
fn seen(sandbox: &Sandbox) -> Vec<Vec<Value>> {
    let sql = "select count(*), count(distinct id), sum(hash(id, fetched_at, title, overview, payload))::varchar
        from raw.movies";
    raw(sandbox, sql)
}

#[test]
fn a_compaction_that_is_killed_loses_and_doubles_nothing() {
    let sandbox = Sandbox::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(fill(&sandbox));
    let before = seen(&sandbox);
    assert_eq!(before[0][0], PARTS * FILMS_PER_PART);

    // Parts of a megabyte: there are several merges to be killed in, and readers before, between and after.
    let compact = [
        "lake",
        "compact",
        "--grace",
        "0",
        "--target-size",
        "1",
        "--json",
    ];
    let mut patience = Duration::from_millis(40);
    let mut n_kills = 0;
    while was_killed(&sandbox, &compact, patience) {
        n_kills += 1;
        assert_eq!(seen(&sandbox), before, "after {n_kills} kills");
        patience = patience * 3 / 2;
    }
    assert!(n_kills >= 3, "{n_kills} kills");
    sandbox.succeed(&compact);
    assert_eq!(seen(&sandbox), before);
    let verified: Value =
        serde_json::from_str(&sandbox.succeed(&["lake", "verify", "--json"])).unwrap();
    assert_eq!(verified["status"], "ok", "{verified}");
    let lake = Lake::open(&sandbox.path().join("data/lake")).unwrap();
    let files = runtime.block_on(lake.files(Kind::Movies)).unwrap();
    assert!(files.len() < 20, "{} parts are left", files.len());
    assert_eq!(
        files.iter().map(|file| file.parts.len()).sum::<usize>(),
        PARTS as usize
    );
}

/// Whether a command had not ended by then; it is killed in that case.
fn was_killed(sandbox: &Sandbox, arguments: &[&str], patience: Duration) -> bool {
    let mut child = sandbox
        .filmstar(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while started.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    true
}
