//! What the operator is told without asking: metrics, the webhook, the doctor.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    sync::mpsc,
    thread,
};

use serde_json::Value;

use crate::{
    pipeline::built,
    postgres,
    sandbox::{Sandbox, Server, get, transcript, within},
    up::{SOON, nobody},
};

/// Takes messages at an address, the first time with an error.
pub(crate) fn webhook() -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook/s3cret", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut chunk = [0; 4096];
            let body = loop {
                let n = stream.read(&mut chunk).unwrap_or(0);
                if n == 0 {
                    // Whoever began to tell was killed.
                    break String::new();
                }
                request.extend_from_slice(&chunk[..n]);
                let text = String::from_utf8_lossy(&request);
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head
                    .lines()
                    .find_map(|line| {
                        line.to_lowercase()
                            .strip_prefix("content-length: ")?
                            .parse()
                            .ok()
                    })
                    .unwrap_or(0);
                if body.len() >= length {
                    break body.to_owned();
                }
            };
            let status = if number == 0 { "503 Not yet" } else { "200 OK" };
            let answered = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            if number > 0
                && answered.is_ok()
                && let Ok(message) = serde_json::from_str(&body)
                && sender.send(message).is_err()
            {
                return;
            }
        }
    });
    (url, receiver)
}

#[test]
fn the_webhook_hears_of_failure_and_recovery_and_no_secret() {
    let api = Server::generated(40);
    let mut sandbox = Sandbox::with_api(&api);
    let none = sandbox.filmstar(&["notify", "--test"]).output().unwrap();
    assert_eq!(none.status.code(), Some(2));
    let (url, told) = webhook();
    sandbox.set("FILMSTAR_NOTIFY__WEBHOOK", url);
    sandbox.set("TMDB_API_TOKEN", "t0ken-of-mine".to_owned());
    assert!(
        sandbox
            .succeed(&["notify", "--test"])
            .starts_with("✓ the webhook took")
    );
    assert_eq!(told.recv_timeout(SOON).unwrap()["event"], "test");

    let mut failing = sandbox.filmstar(&["run"]);
    failing.env("FILMSTAR_TMDB__BASE_URL", nobody());
    let output = failing.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let failure = told.recv_timeout(SOON).unwrap();
    assert_eq!(
        (&failure["event"], &failure["run"]["exit_code"]),
        (&"failure".into(), &3.into())
    );
    let text = failure["text"].as_str().unwrap();
    assert!(text.contains("failed: no answer from"), "{text}");
    assert!(text.contains("Nothing is published yet."), "{text}");
    failing.output().unwrap();
    sandbox.succeed(&["run"]);
    // The second failure of the day was not told.
    let recovery = told.recv_timeout(SOON).unwrap();
    assert_eq!(recovery["event"], "recovery", "{recovery}");

    let said = transcript(&sandbox, &output);
    let shown = sandbox.succeed(&["config", "show"]);
    let logs = sandbox.succeed(&["logs"]);
    for text in [said, shown, logs, failure.to_string(), recovery.to_string()] {
        assert!(
            !text.contains("s3cret") && !text.contains("t0ken"),
            "{text}"
        );
    }
}

/// Names in a text that begin as our metrics do.
fn names(text: &str) -> Vec<String> {
    let is_of_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let words = text.split(|character| !is_of_name(character));
    let mut names: Vec<_> = words
        .filter(|word| word.starts_with("filmstar_"))
        .map(|word| {
            word.trim_end_matches("_bucket")
                .trim_end_matches("_count")
                .to_owned()
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn metrics_tell_what_the_dashboard_and_the_alerts_ask() {
    let api = Server::generated(40);
    let sandbox = Sandbox::with_api(&api);
    let server = Server::up(&sandbox);
    let metrics = || {
        let (status, text) = get(&format!("{}/metrics", server.url));
        assert_eq!(status, 200, "{text}");
        text
    };
    within(std::time::Duration::from_secs(120), || {
        metrics()
            .contains("filmstar_last_run_success 1")
            .then_some(())
    });
    get(&format!("{}/api/pages/genres", server.url));
    let text = metrics();
    let value = |name: &str| -> f64 {
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        let line = line.unwrap_or_else(|| panic!("no {name} in {text}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert!(value("filmstar_requests_total") >= 40.0, "{text}");
    assert!(
        value("filmstar_published_timestamp_seconds") > 1.7e9,
        "{text}"
    );
    assert!(
        value("filmstar_next_run_timestamp_seconds")
            > value("filmstar_published_timestamp_seconds")
    );
    assert!(value("filmstar_warehouse_bytes") > 1e5, "{text}");
    assert!(value("filmstar_lake_bytes") > 1e4, "{text}");
    assert!(
        text.contains("filmstar_runs_total{status=\"succeeded\"} 1"),
        "{text}"
    );
    assert!(
        text.contains("filmstar_http_request_duration_seconds_bucket{"),
        "{text}"
    );
    assert!(text.ends_with("# EOF\n"), "{text}");

    let told = names(&text);
    let monitoring = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/monitoring");
    for file in ["alerts.yml", "grafana-dashboard.json"] {
        let asked = names(&std::fs::read_to_string(monitoring.join(file)).unwrap());
        assert!(asked.len() > 5, "{asked:?}");
        for name in asked {
            assert!(
                told.contains(&name),
                "{file} asks for {name}, which is not told"
            );
        }
    }
}

/// Each check of the doctor with its verdict.
fn verdicts(sandbox: &Sandbox) -> (Option<i32>, Vec<(String, String)>) {
    let output = sandbox.filmstar(&["doctor", "--json"]).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
    let checks = told["checks"].as_array().unwrap().iter();
    let checks = checks.map(|check| (text(check, "name"), text(check, "verdict")));
    (output.status.code(), checks.collect())
}

fn verdict(sandbox: &Sandbox, name: &str) -> String {
    let (_, checks) = verdicts(sandbox);
    let found = checks.iter().find(|(check, _)| check == name);
    found
        .unwrap_or_else(|| panic!("{name} in {checks:?}"))
        .1
        .clone()
}

#[test]
fn the_doctor_looks_at_everything_and_has_a_remedy() {
    let api = Server::generated(40);
    let mut sandbox = built(&api);
    sandbox.set("FILMSTAR_SERVE__PORT", "0".to_owned());
    let (code, checks) = verdicts(&sandbox);
    assert_eq!(code, Some(0), "{checks:?}");
    for name in [
        "configuration",
        "DuckDB",
        "lake folder",
        "warehouse folder",
        "disk",
        "API",
        "clock",
        "published build",
        "last run",
        "run lock",
        "retention",
        "port",
    ] {
        let found = checks.iter().find(|(check, _)| check == name);
        let verdict = &found.unwrap_or_else(|| panic!("{name} in {checks:?}")).1;
        assert!(
            verdict == "good" || name == "configuration",
            "{name}: {checks:?}"
        );
    }
    sandbox.set("FILMSTAR_INGEST__REFRESH_AFTER_DAYS", "400".to_owned());
    assert_eq!(verdict(&sandbox, "retention"), "warning");
    let mut failing = sandbox.filmstar(&["run"]);
    failing.env("FILMSTAR_TMDB__BASE_URL", nobody());
    failing.output().unwrap();
    assert_eq!(verdict(&sandbox, "last run"), "bad");
    let file = sandbox
        .path()
        .join("data/warehouse/current/filmstar.duckdb");
    std::fs::write(file, "no database").unwrap();
    let (code, checks) = verdicts(&sandbox);
    assert_eq!(code, Some(3));
    assert!(
        checks.contains(&("published build".to_owned(), "bad".to_owned())),
        "{checks:?}"
    );
    let said = String::from_utf8(sandbox.filmstar(&["doctor"]).output().unwrap().stdout).unwrap();
    assert!(
        said.contains("→ `filmstar logs` tells what it said"),
        "{said}"
    );
}

#[test]
fn the_doctor_asks_the_server_what_each_role_may_do() {
    let api = Server::generated(40);
    let Some(sandbox) = postgres::ingested(&api) else {
        return;
    };
    for role in ["loader", "transformer", "reader"] {
        assert_eq!(verdict(&sandbox, role), "good", "{role}");
    }
}
