//! The account of the runs: what `status`, `runs`, `logs`, a query and the page tell of each.

use std::process::Stdio;

use serde_json::Value;

use crate::{
    postgres,
    sandbox::{Sandbox, Server, get, terminate, within},
    up::{SOON, holder, nobody, slow},
};

fn json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let output = sandbox.filmstar(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Command, status and exit code of every run, oldest first.
fn told(sandbox: &Sandbox) -> Vec<String> {
    let runs = json(sandbox, &["runs", "--json"])["runs"].clone();
    let line = |run: &Value| {
        let text = |name: &str| run[name].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {}",
            text("command"),
            text("status"),
            run["exit_code"]
        )
    };
    runs.as_array().unwrap().iter().rev().map(line).collect()
}

const COUNTS: &str =
    "select max(n_movies_fetched) || ' ' || max(n_models) || ' ' || max(n_test_failures) || ' '
    || count(*) from history.runs";

/// A good run, one whose test fails, and one that nobody answers.
fn three_days(sandbox: &mut Sandbox) {
    sandbox.succeed(&["run"]);
    let never = sandbox.path().join("dbt/tests/never.sql");
    std::fs::write(&never, "select 1 as wrong").unwrap();
    assert_eq!(
        sandbox.filmstar(&["run"]).output().unwrap().status.code(),
        Some(1)
    );
    std::fs::remove_file(never).unwrap();
    let mut command = sandbox.filmstar(&["run"]);
    command.env("FILMSTAR_TMDB__BASE_URL", nobody());
    assert_eq!(command.output().unwrap().status.code(), Some(3));
}

#[test]
fn the_account_explains_every_run() {
    let api = Server::generated(60);
    let mut sandbox = Sandbox::with_api(&api);
    sandbox.succeed(&["init", "--yes"]);
    three_days(&mut sandbox);
    let days = ["run succeeded 0", "run failed 1", "run failed 3"];
    assert_eq!(told(&sandbox), days);

    let said = sandbox.succeed(&["runs"]);
    let lines: Vec<_> = said.lines().collect();
    assert!(
        lines[0].starts_with("✗ ") && lines[0].contains("no answer from"),
        "{said}"
    );
    assert!(lines[1].contains("not published: "), "{said}");
    assert!(
        lines[2].starts_with("✓ ") && lines[2].contains("published 2"),
        "{said}"
    );

    // The file was made by the first run, and tells of those after it.
    assert!(
        sandbox.value(COUNTS).starts_with("60 "),
        "{}",
        sandbox.value(COUNTS)
    );
    assert!(
        sandbox.value(COUNTS).ends_with(" 1 3"),
        "{}",
        sandbox.value(COUNTS)
    );
    let failed = "select name from history.test_results where status = 'fail'";
    assert_eq!(sandbox.value(failed), "never");
    let share = "select value between 0 and 1 from history.measures where measure = 'coverage'
        and subject = 'fact_movies.budget_usd'";
    assert_eq!(sandbox.value(share), "true");
    let rows =
        "select value from history.measures where measure = 'rows' and subject = 'dim_movies'";
    assert_eq!(sandbox.value(rows), "60.0");
    let observed = "select count(distinct runs.run_id) from raw.movies as movies
        inner join history.runs as runs on movies.run_id = runs.run_id";
    assert_eq!(sandbox.value(observed), "1");

    let run_id = json(&sandbox, &["runs", "--failed", "--json"])["runs"][1]["run_id"].clone();
    let logs = sandbox.succeed(&["logs", run_id.as_str().unwrap()]);
    for expected in [
        "(`filmstar run`) failed",
        "✓ ingest",
        "✗ build",
        "✗ test never",
    ] {
        assert!(logs.contains(expected), "{expected}: {logs}");
    }
    let status = sandbox.filmstar(&["status"]).output().unwrap();
    assert_eq!(status.status.code(), Some(1));
    let status = String::from_utf8(status.stdout).unwrap();
    assert!(status.starts_with("✗ the last run failed\n"), "{status}");
    sandbox.succeed(&["build"]);
    assert!(sandbox.succeed(&["status"]).starts_with("✓ all is well"));

    let server = Server::serve(&sandbox);
    let (_, page) = get(&format!("{}/api/runs", server.url));
    let page: Value = serde_json::from_str(&page).unwrap();
    let shown = page["runs"].as_array().unwrap().iter().rev();
    let shown: Vec<_> = shown.map(|run| run["status"].as_str().unwrap()).collect();
    assert_eq!(shown, ["published", "failed", "failed", "published"]);
}

#[test]
fn the_account_is_in_the_server_too() {
    let api = Server::generated(60);
    let Some(mut sandbox) = postgres::ingested(&api) else {
        return;
    };
    three_days(&mut sandbox);
    assert!(
        sandbox.value(COUNTS).starts_with("60 "),
        "{}",
        sandbox.value(COUNTS)
    );
    let days =
        "select string_agg(command || ' ' || status, ', ' order by run_id) from history.runs";
    assert_eq!(
        sandbox.value(days),
        "\"ingest succeeded, run succeeded, run failed, run failed\""
    );
    let rows =
        "select value from history.measures where measure = 'rows' and subject = 'dim_movies'";
    assert_eq!(sandbox.value(rows), "60.0");
    // Another machine's pages know of them from the server alone.
    std::fs::remove_dir_all(sandbox.path().join("data/warehouse/history")).unwrap();
    let server = Server::serve(&sandbox);
    let (_, page) = get(&format!("{}/api/runs", server.url));
    let page: Value = serde_json::from_str(&page).unwrap();
    assert_eq!(page["runs"].as_array().unwrap().len(), 4, "{page}");
    assert_eq!(page["runs"][1]["failures"][0]["name"], "never", "{page}");
}

#[test]
fn a_run_that_was_killed_is_told_as_such() {
    let api = slow();
    let sandbox = Sandbox::with_api(&api);
    let mut command = sandbox.filmstar(&["run"]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    holder(&sandbox);
    within(SOON, || {
        told(&sandbox)
            .contains(&"run running null".to_owned())
            .then_some(())
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(told(&sandbox), ["run killed null"]);
    let status = sandbox.filmstar(&["status"]).output().unwrap();
    let status = String::from_utf8(status.stdout).unwrap();
    assert!(status.contains("the last run killed"), "{status}");

    let mut stopped = command.spawn().unwrap();
    within(SOON, || {
        told(&sandbox)
            .contains(&"run running null".to_owned())
            .then_some(())
    });
    assert_eq!(terminate(&mut stopped), Some(130));
    assert_eq!(told(&sandbox), ["run killed null", "run interrupted 130"]);
}

#[test]
fn logs_are_json_lines_with_the_runs_name_when_asked() {
    let api = Server::generated(40);
    let sandbox = Sandbox::with_api(&api);
    let output = sandbox
        .filmstar(&["run", "--log-format", "json", "-v"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let run_id = json(&sandbox, &["runs", "--json"])["runs"][0]["run_id"].clone();
    assert!(lines.iter().any(|line| line["run_id"] == run_id), "{said}");
    let kept = json(&sandbox, &["logs", "--json"])["log"].clone();
    assert!(
        kept.as_array()
            .unwrap()
            .iter()
            .all(|line| line["run_id"] == run_id)
    );
}
