//! Contracts, groups and freshness as the cases compare them: the fields of the manifest, what is told of a broken
//! contract, the age of sources, and what a refused project is refused for.

use std::path::Path;

use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Map, Value as Json, json};
use warehouse::Warehouse;

use super::{Cancellation, Command, run};
use crate::{Diagnostics, Node, NodeResult, Project, Selection, artifacts};

/// Ages are told by a clock of the case's own.
pub(super) fn clock(case: &Json) -> DateTime<Utc> {
    match case["command"][0] == "source" {
        true => Utc.with_ymd_and_hms(2026, 11, 1, 0, 0, 0).unwrap(),
        false => DateTime::UNIX_EPOCH,
    }
}

/// The names of models in what a project is refused for.
pub(super) fn refused(case_folder: &Path, case: &Json, problems: &Diagnostics) -> Json {
    assert_eq!(case["is_refused"], true, "{problems}");
    let text = problems.to_string();
    let quoted = text.split('`').skip(1).step_by(2);
    let is_model = |name: &&str| {
        let file = format!("project/models/{name}.sql");
        case_folder.join(file).is_file()
    };
    let mut names: Vec<&str> = quoted.filter(is_model).collect();
    names.sort_unstable();
    names.dedup();
    json!({"exit_code": 2, "names": names})
}

/// Adds the fields of the manifest that the case asks for.
pub(super) fn add_fields(entry: &mut Json, node: &Node, project: &Project, case: &Json) {
    let mut manifest = artifacts::node_json(node, project.options());
    artifacts::governance::add(&mut manifest, node, &project.nodes);
    for field in case["fields"].as_array().into_iter().flatten() {
        let field = field.as_str().unwrap();
        if let Some(value) = manifest.get(field) {
            entry[field] = match value.as_object().filter(|_| field == "columns") {
                Some(columns) => columns.iter().map(column).collect::<Map<_, _>>().into(),
                None => value.clone(),
            };
        }
    }
}

fn column((name, column): (&String, &Json)) -> (String, Json) {
    let keys = ["name", "data_type", "quote", "constraints"];
    let kept = keys.map(|key| (key.to_owned(), column[key].clone()));
    (name.clone(), Json::Object(kept.into_iter().collect()))
}

/// Column and reason of each line of the table that tells of a broken contract.
pub(super) fn mismatches(result: &NodeResult) -> Option<Json> {
    let lines = result.message.lines();
    let lines = lines.filter_map(|line| line.trim().strip_prefix('|')?.strip_suffix('|'));
    let rows = lines.skip(1).map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        json!([cells[0], cells[3]])
    });
    let rows: Vec<Json> = rows.collect();
    (!rows.is_empty()).then(|| rows.into())
}

/// Makes the seeds and looks at the sources.
pub(super) fn observe_freshness(project: &Project, warehouse: &dyn Warehouse, actual: &mut Json) {
    let report = |command: Command| {
        let selected = project.select(&Selection::default(), command).unwrap();
        let cancellation = Cancellation::default();
        run(
            project,
            &selected,
            command,
            warehouse,
            &mut |_| {},
            &cancellation,
        )
    };
    assert_eq!(report(Command::Seed).exit_code(), 0);
    let report = report(Command::Freshness);
    actual["exit_code"] = report.exit_code().into();
    let artifact = artifacts::sources::sources(&report, Json::Null);
    let results = artifact["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            let keys = ["status", "criteria", "max_loaded_at"];
            let kept = keys.map(|key| (key.to_owned(), result[key].clone()));
            let id = result["unique_id"].as_str().unwrap().to_owned();
            (id, Json::Object(kept.into_iter().collect()))
        });
    actual["sources"] = Json::Object(results.collect());
}
