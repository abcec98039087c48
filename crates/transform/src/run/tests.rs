//! Every folder of `fixtures/dbt` is a case: dbt Core wrote `expected/dbt.json`, we must do the same.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value as Json, json};
use warehouse::{Access, DuckDb, Settings, Warehouse};

use super::{Cancellation, Command, run};
use crate::{NodeKind, Options, Project, Report, Selection, profiles};

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

fn load(case_folder: &Path, case: &Json, database: &Path) -> Project {
    let folder = case_folder.join("project");
    let env = BTreeMap::from([("DBT_CASE_PATH".to_owned(), database.display().to_string())]);
    let target = profiles::read(
        &folder.join("profiles.yml"),
        &folder,
        Path::new("/"),
        &env,
        &profiles::Choice::default(),
    );
    let mut options = Options::new(target.unwrap(), "case", chrono::DateTime::UNIX_EPOCH);
    options.env = env;
    options.vars = case["vars"].as_object().cloned().unwrap_or_default();
    Project::load(&folder, options).unwrap()
}

#[test]
fn cases_agree_with_dbt_core() {
    let cases = cases();
    assert!(cases.len() >= 8, "the case projects are missing");
    let mut differences = Vec::new();
    for case_folder in cases {
        let case = read(&case_folder.join("case.json"));
        let expected = read(&case_folder.join("expected/dbt.json"));
        let temporary = tempfile::tempdir().unwrap();
        let database = temporary.path().join("case.duckdb");
        let project = load(&case_folder, &case, &database);
        let actual = observe(&project, &case, &database);
        let name = case_folder
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        compare(&name, &expected, &actual, &mut differences);
    }
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
}

fn observe(project: &Project, case: &Json, database: &Path) -> Json {
    let mut actual = json!({"graph": graph(project)});
    if !case["command"].is_null() {
        let selected = project
            .select(&Selection::default(), Command::Build)
            .unwrap();
        let warehouse = DuckDb::open(database, Access::ReadWrite, &Settings::default()).unwrap();
        let report = run(
            project,
            &selected,
            Command::Build,
            &warehouse,
            &mut |_| {},
            &Cancellation::default(),
        );
        actual["exit_code"] = report.exit_code().into();
        actual["results"] = results(&report);
        actual["compiled"] = compiled(&report);
        actual["tables"] = tables(&warehouse);
    }
    for selection in case["selections"].as_array().into_iter().flatten() {
        let words: Vec<&str> = selection
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect();
        actual["selections"][words.join(" ")] = select(project, &words);
    }
    actual
}

fn select(project: &Project, words: &[&str]) -> Json {
    let mut selection = Selection::default();
    let mut into = &mut selection.select;
    for word in words {
        match *word {
            "--exclude" => into = &mut selection.exclude,
            "--resource-type" => into = &mut selection.resource_types,
            word => into.push(word.to_owned()),
        }
    }
    let mut selected = project.select(&selection, Command::List).unwrap();
    selected.sort();
    selected.into()
}

fn graph(project: &Project) -> Json {
    let entries = project.nodes().map(|node| {
        let manifest = crate::artifacts::node_json(node, project.options());
        let mut depends_on = node.depends_on.clone();
        depends_on.sort();
        let entry = json!({
            "depends_on": depends_on,
            "fqn": node.fqn,
            "name": node.name,
            "relation_name": manifest["relation_name"],
            "materialized": node.config.get("materialized"),
            "tags": node.tags,
            "meta": node.config.get("meta").cloned().unwrap_or_else(|| json!({})),
            "description": node.description,
        });
        (node.unique_id.clone(), entry)
    });
    Json::Object(entries.collect())
}

fn results(report: &Report) -> Json {
    let entries = report.results.iter().map(|result| {
        (
            result.unique_id.clone(),
            json!({"status": result.status.name(), "failures": result.failures}),
        )
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

fn tables(warehouse: &dyn Warehouse) -> Json {
    let mut connection = warehouse.connect().unwrap();
    let texts = |connection: &mut dyn warehouse::Connection, sql: &str| -> Vec<Vec<Json>> {
        let rows = connection.query(sql, &[]).unwrap();
        let mut all = Vec::new();
        for batch in &rows.batches {
            for index in 0..batch.num_rows() {
                let cells = batch.columns().iter();
                all.push(
                    cells
                        .map(|column| Json::from(&crate::context::cell(column.as_ref(), index)))
                        .collect(),
                );
            }
        }
        all
    };
    let listed =
        "select table_schema, table_name, table_type from information_schema.tables order by all";
    let mut found = Map::new();
    for row in texts(&mut *connection, listed) {
        let [schema, name, kind] = &row[..] else {
            panic!("three columns")
        };
        let (schema, name) = (schema.as_str().unwrap(), name.as_str().unwrap());
        let relation = format!("\"{schema}\".\"{name}\"");
        let described = texts(
            &mut *connection,
            &format!("describe select * from {relation}"),
        );
        let columns: Vec<Json> = described
            .into_iter()
            .map(|column| json!([column[0], column[1]]))
            .collect();
        let mut rows = texts(
            &mut *connection,
            &format!("select columns(*)::varchar from {relation}"),
        );
        rows.sort_by_key(|row| Json::from(row.clone()).to_string());
        found.insert(
            format!("{schema}.{name}"),
            json!({"kind": kind, "columns": columns, "rows": rows}),
        );
    }
    Json::Object(found)
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
