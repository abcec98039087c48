//! Every folder of `fixtures/dbt` is a case: dbt Core wrote `expected/`, we must do the same on both engines.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::{Value as Json, json};
use warehouse::{Access, DuckDb, Postgres, PostgresSettings, Settings, Warehouse, testing::Server};

use super::{Cancellation, Command, run};
use crate::{Diagnostics, NodeKind, Options, Project, Report, Selection, State, profiles};

mod governance;
mod replacing;
mod state;
mod tables;

use tables::tables;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dbt");
    let mut cases: Vec<PathBuf> = fs_err::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.retain(|path| path.join("case.json").is_file());
    cases.sort();
    cases
}

fn read(path: &Path) -> Json {
    serde_json::from_str(&fs_err::read_to_string(path).unwrap()).unwrap()
}

/// The environment that a case's profile reads.
type Environment = BTreeMap<String, String>;

fn duckdb_environment(database: &Path) -> Environment {
    [("DBT_CASE_PATH".to_owned(), database.display().to_string())].into()
}

fn postgres_environment(settings: &PostgresSettings) -> Environment {
    [
        ("DBT_CASE_HOST", settings.host.clone()),
        ("DBT_CASE_PORT", settings.port.to_string()),
        ("DBT_CASE_USER", settings.user.clone()),
        ("DBT_CASE_PASSWORD", String::new()),
        ("DBT_CASE_DATABASE", settings.database.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn load(
    case_folder: &Path,
    case: &Json,
    target: &str,
    env: Environment,
    invocation_id: &str,
) -> Project {
    try_load(case_folder, case, target, env, invocation_id).unwrap()
}

fn try_load(
    case_folder: &Path,
    case: &Json,
    target: &str,
    env: Environment,
    invocation_id: &str,
) -> Result<Project, Diagnostics> {
    let folder = case_folder.join("project");
    load_folder(&folder, case, target, env, invocation_id)
}

/// Loads a copy of a case's project; `step` has the variables and flags of the run.
fn load_folder(
    folder: &Path,
    step: &Json,
    target: &str,
    env: Environment,
    invocation_id: &str,
) -> Result<Project, Diagnostics> {
    let choice = profiles::Choice {
        target: Some(target.to_owned()),
        ..profiles::Choice::default()
    };
    let target = profiles::read(
        &folder.join("profiles.yml"),
        folder,
        Path::new("/"),
        &env,
        &choice,
    );
    let mut options = Options::new(target.unwrap(), invocation_id, governance::clock(step));
    options.env = env;
    options.vars = step["vars"].as_object().cloned().unwrap_or_default();
    options.full_refresh = words(&step["command"]).contains(&"--full-refresh");
    Project::load(folder, options)
}

#[test]
fn cases_agree_with_dbt_core_on_duckdb() {
    agree("duckdb", "expected/dbt.json", &|case_folder, case| {
        let temporary = tempfile::tempdir().unwrap();
        let database = temporary.path().join("case.duckdb");
        let env = duckdb_environment(&database);
        let warehouse = DuckDb::open(&database, Access::ReadWrite, &Settings::default()).unwrap();
        observe_steps(case_folder, case, ("duckdb", &env), &warehouse)
    });
}

#[test]
fn cases_agree_with_dbt_core_on_postgres() {
    let Some(server) = Server::shared() else {
        return;
    };
    agree(
        "postgres",
        "expected/dbt.postgres.json",
        &|case_folder, case| {
            let settings = server.database();
            let name = settings.database.clone();
            let env = postgres_environment(&settings);
            let warehouse = Postgres::new(settings).unwrap();
            let actual = observe_steps(case_folder, case, ("postgres", &env), &warehouse);
            // dbt Core had a server to itself, where the database is called `case`.
            let text = actual.to_string().replace(&name, "case");
            serde_json::from_str(&text).unwrap()
        },
    );
}

/// Compares what `observe` finds in each case of an engine with the file that dbt Core wrote.
fn agree(engine: &str, expectation: &str, observe: &dyn Fn(&Path, &Json) -> Json) {
    let (mut differences, mut n_cases) = (Vec::new(), 0);
    for case_folder in cases() {
        let case = read(&case_folder.join("case.json"));
        let engines = case["engines"].as_array();
        if engines.is_some_and(|engines| !engines.contains(&engine.into())) {
            continue;
        }
        n_cases += 1;
        let expected = read(&case_folder.join(expectation));
        let actual = observe(&case_folder, &case);
        let name = case_folder.file_name().unwrap().to_string_lossy();
        compare(&name, &expected, &actual, &mut differences);
    }
    assert!(n_cases >= 8, "the case projects are missing");
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
}

/// Runs the steps of a case, each over the files that its overlay has changed; a case without steps is one itself.
fn observe_steps(
    case_folder: &Path,
    case: &Json,
    (target, env): (&str, &Environment),
    warehouse: &dyn Warehouse,
) -> Json {
    let Some(steps) = case["steps"].as_array() else {
        return match try_load(case_folder, case, target, env.clone(), "case") {
            Ok(project) => observe(&project, case, warehouse).0,
            Err(problems) => governance::refused(case_folder, case, &problems),
        };
    };
    let folder = tempfile::tempdir().unwrap();
    copy(&case_folder.join("project"), folder.path());
    let mut observed = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        if let Some(overlay) = step["overlay"].as_str() {
            copy(&case_folder.join(overlay), folder.path());
        }
        let id = format!("step {number}");
        let project = load_folder(folder.path(), step, target, env.clone(), &id).unwrap();
        let (seen, report) = observe(&project, step, warehouse);
        observed.push(seen);
        if case["state_after"] == number + 1 {
            let report = report.unwrap();
            report
                .write_artifacts(&project, &folder.path().join("state"))
                .unwrap();
        }
        if number + 1 == steps.len() {
            let mut actual = json!({"steps": observed});
            if case["state_after"].is_u64() {
                actual["state"] = folder.path().join("state").display().to_string().into();
            }
            select_all(&project, case, &mut actual);
            return actual;
        }
    }
    panic!("a case has steps")
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs_err::copy(&path, target).unwrap();
        }
    }
}

/// The words of a command.
fn words(command: &Json) -> Vec<&str> {
    let words = command.as_array().into_iter().flatten();
    words.map(|word| word.as_str().unwrap()).collect()
}

fn observe(project: &Project, case: &Json, warehouse: &dyn Warehouse) -> (Json, Option<Report>) {
    let mut done = None;
    let mut actual = json!({"graph": graph(project, case)});
    let command = words(&case["command"]);
    if command.first() == Some(&"source") {
        governance::observe_freshness(project, warehouse, &mut actual);
    } else if let [command, flags @ ..] = &command[..] {
        let report = run_command(project, command, flags, warehouse);
        actual["exit_code"] = report.exit_code().into();
        actual["results"] = results(&report);
        actual["compiled"] = compiled(&report);
        actual["tables"] = tables(warehouse);
        done = Some(report);
    }
    select_all(project, case, &mut actual);
    (actual, done)
}

fn select_all(project: &Project, case: &Json, actual: &mut Json) {
    let state = actual
        .as_object_mut()
        .and_then(|actual| actual.remove("state"));
    let state = state.map(|folder| State::read(Path::new(folder.as_str().unwrap())).unwrap());
    for selection in case["selections"].as_array().into_iter().flatten() {
        let words = words(selection);
        actual["selections"][words.join(" ")] = select(project, &words, state.as_ref());
    }
}

fn build(project: &Project, warehouse: &dyn Warehouse) -> Report {
    run_command(project, "build", &[], warehouse)
}

fn run_command(
    project: &Project,
    command: &str,
    flags: &[&str],
    warehouse: &dyn Warehouse,
) -> Report {
    let command = match command {
        "build" => Command::Build,
        "run" => Command::Run,
        "seed" => Command::Seed,
        "snapshot" => Command::Snapshot,
        other => panic!("the cases know no command `{other}`"),
    };
    run(
        project,
        &project.select(&selection(flags), command).unwrap(),
        command,
        warehouse,
        &mut |_| {},
        &Cancellation::default(),
    )
}

fn selection(words: &[&str]) -> Selection {
    let mut selection = Selection::default();
    let mut takes_selector = false;
    let mut into = &mut selection.select;
    for word in words {
        match *word {
            "--full-refresh" => {}
            "--selector" => takes_selector = true,
            word if takes_selector => {
                selection.selector = Some(word.to_owned());
                takes_selector = false;
            }
            "--select" => into = &mut selection.select,
            "--exclude" => into = &mut selection.exclude,
            "--resource-type" => into = &mut selection.resource_types,
            word => into.push(word.to_owned()),
        }
    }
    selection
}

fn select(project: &Project, words: &[&str], state: Option<&State>) -> Json {
    let mut selection = selection(words);
    selection.state = state.cloned();
    let mut selected = project.select(&selection, Command::List).unwrap();
    selected.sort();
    selected.into()
}

fn graph(project: &Project, case: &Json) -> Json {
    let entries = project.nodes().map(|node| {
        let manifest = crate::artifacts::node_json(node, project.options());
        let mut depends_on = node.depends_on.clone();
        depends_on.sort();
        let mut entry = json!({
            "depends_on": depends_on,
            "fqn": node.fqn,
            "name": node.name,
            "relation_name": manifest["relation_name"],
            "materialized": node.config.get("materialized"),
            "tags": node.tags,
            "meta": node.config.get("meta").cloned().unwrap_or_else(|| json!({})),
            "description": node.description,
        });
        governance::add_fields(&mut entry, node, project, case);
        (node.unique_id.clone(), entry)
    });
    Json::Object(entries.collect())
}

fn results(report: &Report) -> Json {
    let entries = report.results.iter().map(|result| {
        let mut entry = json!({"status": result.status.name(), "failures": result.failures});
        if let Some(mismatches) = governance::mismatches(result) {
            entry["mismatches"] = mismatches;
        }
        (result.unique_id.clone(), entry)
    });
    Json::Object(entries.collect())
}

fn compiled(report: &Report) -> Json {
    let with_code = report.results.iter().filter_map(|result| {
        let code = result
            .compiled_code
            .clone()
            .filter(|_| !matches!(result.kind, NodeKind::Seed | NodeKind::UnitTest))?;
        Some((result.unique_id.clone(), Json::from(code)))
    });
    Json::Object(with_code.collect())
}

/// Compares two trees; SQL without its white space.
fn compare(path: &str, expected: &Json, actual: &Json, differences: &mut Vec<String>) {
    match (expected, actual) {
        (Json::Object(expected), Json::Object(actual)) => {
            let mut keys: Vec<&String> = expected.keys().chain(actual.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let missing = Json::from("(missing)");
                let (expected, actual) = (
                    expected.get(key).unwrap_or(&missing),
                    actual.get(key).unwrap_or(&missing),
                );
                compare(&format!("{path} / {key}"), expected, actual, differences);
            }
        }
        (Json::Array(expected), Json::Array(actual)) if path.ends_with(" / steps") => {
            assert_eq!(expected.len(), actual.len(), "{path}");
            for (number, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                compare(
                    &format!("{path} {}", number + 1),
                    expected,
                    actual,
                    differences,
                );
            }
        }
        _ => {
            let is_sql = path.contains(" / compiled / ");
            let is_rows = path.ends_with(" / rows");
            let plain = |json: &Json| match json {
                Json::String(sql) if is_sql => {
                    Json::from(sql.split_whitespace().collect::<String>())
                }
                Json::Array(rows) if is_rows => {
                    let mut rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
                    rows.sort();
                    Json::from(rows)
                }
                other => other.clone(),
            };
            if plain(expected) != plain(actual) {
                differences.push(format!(
                    "{path}\n    dbt Core: {expected}\n    ours:     {actual}"
                ));
            }
        }
    }
}
