use chrono::{DateTime, TimeDelta, Utc};

use super::{History, Measure, NodeResult, Run, RunStatus, Step, create_views, rows::Row};
use crate::{
    Connection, DuckDb, Postgres, Settings, Warehouse as _, history,
    testing::Server as PostgresServer,
};

fn moment(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second) + TimeDelta::microseconds(7)
}

fn run(run_id: &str, status: RunStatus) -> Run {
    let is_over = status != RunStatus::Running;
    Run {
        run_id: run_id.to_owned(),
        command: "run".to_owned(),
        started_at: moment(1),
        finished_at: is_over.then(|| moment(9)),
        status,
        error: is_over.then(|| "it's \u{0} broken".to_owned()),
        n_requests: Some(12),
        ..Run::default()
    }
}

fn step(run_id: &str, status: RunStatus) -> Step {
    Step {
        run_id: run_id.to_owned(),
        step: "ingest".to_owned(),
        started_at: moment(2),
        finished_at: (status != RunStatus::Running).then(|| moment(5)),
        status,
        ..Step::default()
    }
}

fn result(run_id: &str, name: &str, kind: &str) -> NodeResult {
    NodeResult {
        run_id: run_id.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        status: "pass".to_owned(),
        started_at: moment(3),
        ..NodeResult::default()
    }
}

/// A run that ended, and one whose process was killed in its first step.
fn two_runs(history: &History) {
    let account = history.begin(&run("1", RunStatus::Running)).unwrap();
    account.step(&step("1", RunStatus::Running)).unwrap();
    account.step(&step("1", RunStatus::Succeeded)).unwrap();
    account
        .node_results(&[
            result("1", "dim_movies", "model"),
            result("1", "is_unique", "test"),
        ])
        .unwrap();
    account
        .measures(&[Measure {
            run_id: "1".to_owned(),
            subject: "dim_movies".to_owned(),
            measure: "rows".to_owned(),
            value: 3.0,
            ..Measure::default()
        }])
        .unwrap();
    account.run(&run("1", RunStatus::Failed)).unwrap();
    drop(account);

    let account = history.begin(&run("2", RunStatus::Running)).unwrap();
    account.step(&step("2", RunStatus::Running)).unwrap();
    assert_eq!(history.runs().unwrap()[0].status, RunStatus::Running);
    drop(account);
    // The last thing that it wrote broke off.
    let file = history.folder.join("2/steps.jsonl");
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{whole}{{\"run_id\": \"2\", \"step\": \"bu")).unwrap();
}

const ASKED: &str = "
    select runs.run_id, runs.status, runs.n_requests, steps.step, steps.status, cast(runs.started_at as text),
        (select count(*) from history.node_results as nodes where nodes.run_id = runs.run_id),
        (select count(*) from history.test_results as tests where tests.run_id = runs.run_id),
        (select sum(value) from history.measures as measures where measures.run_id = runs.run_id)
    from history.runs as runs
    left join history.steps as steps on runs.run_id = steps.run_id
    order by runs.run_id, steps.step";

fn asked(connection: &mut dyn Connection) -> Vec<String> {
    let rows = connection.query(ASKED, &[]).unwrap().json_rows();
    let line = |row: &Vec<serde_json::Value>| {
        let cells = row.iter().map(|cell| match cell.as_f64() {
            Some(number) => number.to_string(),
            None => cell.as_str().unwrap_or("null").to_owned(),
        });
        cells.collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(line).collect()
}

const TOLD: [&str; 2] = [
    "1 failed 12 ingest succeeded 1970-01-01 00:00:01.000007 2 1 3",
    "2 killed 12 ingest running 1970-01-01 00:00:01.000007 0 0 null",
];

#[test]
fn a_run_that_was_killed_is_seen_as_such_and_settled_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path()).unwrap();
    assert_eq!(history.runs().unwrap(), []);
    two_runs(&history);
    let runs = history.runs().unwrap();
    assert_eq!(runs[1], run("1", RunStatus::Failed));
    assert_eq!(
        (runs[0].status, runs[0].finished_at),
        (RunStatus::Killed, Some(moment(2)))
    );
    assert_eq!(
        history.steps("1").unwrap(),
        [step("1", RunStatus::Succeeded)]
    );

    let third = history.begin(&run("3", RunStatus::Running)).unwrap();
    let settled = history.read::<Run>("2").unwrap();
    assert_eq!(settled.last().unwrap(), &runs[0]);
    drop(third);
    drop(history.begin(&run("4", RunStatus::Running)).unwrap());
    assert_eq!(history.read::<Run>("2").unwrap(), settled, "said once");
}

#[test]
fn a_duckdb_file_tells_of_every_run() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path()).unwrap();
    let first = history.begin(&run("0", RunStatus::Running)).unwrap();
    let database = DuckDb::in_memory(&Settings::default()).unwrap();
    let mut connection = database.connect().unwrap();
    create_views(&mut *connection, &history).unwrap();
    first.run(&run("0", RunStatus::Succeeded)).unwrap();
    drop(first);
    two_runs(&history);
    drop(history.begin(&run("3", RunStatus::Running)).unwrap());
    let told = asked(&mut *connection);
    assert_eq!(told[1..3], TOLD, "{told:#?}");
    assert_eq!(told.len(), 4, "{told:#?}");
}

#[test]
fn a_server_gets_what_it_lacks_and_keeps_the_rest() {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let postgres = Postgres::new(server.database()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path()).unwrap();
    assert_eq!(history::runs_on_server(&postgres, 9).unwrap(), []);
    two_runs(&history);
    let mirror = || history::mirror(&history, &postgres, "pg_monitor").unwrap();
    assert_eq!(mirror(), 2);
    assert_eq!(mirror(), 0, "nothing has changed since");
    let mut connection = postgres.connect().unwrap();
    assert_eq!(asked(&mut *connection), TOLD);

    // A server that a release with a column less has filled.
    connection
        .execute("drop view history.test_results; alter table history.runs drop column n_requests")
        .unwrap();
    drop(history.begin(&run("3", RunStatus::Running)).unwrap());
    assert_eq!(mirror(), 1);
    let told = history::runs_on_server(&postgres, 2).unwrap();
    let named: Vec<_> = told
        .iter()
        .map(|run| (run.run_id.as_str(), run.status, run.n_requests))
        .collect();
    assert_eq!(
        named,
        [
            ("3", RunStatus::Killed, Some(12)),
            ("2", RunStatus::Killed, None)
        ]
    );

    connection
        .execute("comment on schema history is 'layout 99'")
        .unwrap();
    let refused = history::mirror(&history, &postgres, "pg_monitor").unwrap_err();
    assert!(refused.to_string().contains("layout 99"), "{refused}");
}

#[test]
fn an_account_of_a_newer_release_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path()).unwrap();
    drop(history.begin(&run("1", RunStatus::Running)).unwrap());
    let layout = history.folder.join("layout.json");
    assert_eq!(std::fs::read_to_string(&layout).unwrap(), r#"{"layout":1}"#);
    std::fs::write(&layout, r#"{"layout":2,"more":true}"#).unwrap();
    let refused = History::open(folder.path()).unwrap_err().to_string();
    assert!(refused.contains("has layout 2"), "{refused}");
}

#[test]
fn rows_have_the_columns_of_their_tables() {
    fn check<R: Row + Default>() {
        let row = serde_json::to_value(R::default()).unwrap();
        let names: Vec<_> = row.as_object().unwrap().keys().cloned().collect();
        let columns: Vec<_> = R::TABLE.columns.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, columns);
    }
    check::<Run>();
    check::<Step>();
    check::<NodeResult>();
    check::<Measure>();
}
