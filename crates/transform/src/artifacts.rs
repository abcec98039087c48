//! dbt's artifacts: `manifest.json` (v12), `run_results.json` (v6) and the compiled SQL.

use std::{collections::HashMap, path::Path};

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use crate::{
    Command, Node, NodeKind, Options, Project, Report, context::DBT_VERSION, node::Column,
    unit_test::Fixture,
};
use crate::{context::relation_of, jinja::Value};

mod catalog;
pub(crate) mod governance;
mod shape;
pub(crate) mod sources;

pub(crate) use catalog::write as write_catalog;
pub(crate) use shape::{apply as shape, defaults as config_defaults};

const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

pub(crate) fn write(project: &Project, report: &Report, folder: &Path) -> std::io::Result<()> {
    fs_err::create_dir_all(folder)?;
    let compiled = compiled(report);
    write_json(&folder.join("manifest.json"), &manifest(project, &compiled))?;
    if report.command == Command::Freshness {
        return write_sources(project, report, &folder.join("sources.json"));
    }
    write_json(
        &folder.join("run_results.json"),
        &run_results(project, report),
    )
}

/// One file a node.
pub(crate) fn write_compiled(
    project: &Project,
    report: &Report,
    folder: &Path,
) -> std::io::Result<()> {
    for (id, sql) in compiled(report) {
        let Some(node) = project.node(id) else {
            continue;
        };
        let path = folder.join(compiled_path(node));
        if let Some(parent) = path.parent() {
            fs_err::create_dir_all(parent)?;
        }
        fs_err::write(path, sql)?;
    }
    Ok(())
}

/// SQL by node.
fn compiled(report: &Report) -> HashMap<&str, &str> {
    report
        .results
        .iter()
        .filter_map(|result| Some((result.unique_id.as_str(), result.compiled_code.as_deref()?)))
        .collect()
}

pub(crate) fn write_sources(
    project: &Project,
    report: &Report,
    file: &Path,
) -> std::io::Result<()> {
    let sources = sources::sources(report, metadata(project, "sources/v3"));
    write_json(file, &sources)
}

fn write_json(path: &Path, json: &Json) -> std::io::Result<()> {
    fs_err::write(path, serde_json::to_vec(json)?)
}

/// Where a node's SQL goes, below the target folder.
fn compiled_path(node: &Node) -> String {
    if node.unit_test.is_some() {
        return format!(
            "compiled/{}/{}/models/{}.sql",
            node.package, node.original_file_path, node.name
        );
    }
    if node.test.is_some() {
        return format!(
            "compiled/{}/{}/{}",
            node.package, node.original_file_path, node.path
        );
    }
    if node.kind == NodeKind::Snapshot && !node.original_file_path.ends_with(".sql") {
        return format!(
            "compiled/{}/{}/{}.sql",
            node.package, node.original_file_path, node.name
        );
    }
    format!("compiled/{}/{}", node.package, node.original_file_path)
}

fn metadata(project: &Project, schema: &str) -> Json {
    let options = project.options();
    json!({
        "dbt_schema_version": format!("https://schemas.getdbt.com/dbt/{schema}.json"),
        "dbt_version": DBT_VERSION,
        "generated_at": options.started_at.format(TIME_FORMAT).to_string(),
        "invocation_id": options.invocation_id,
        "invocation_started_at": options.started_at.format(TIME_FORMAT).to_string(),
        "env": {},
    })
}

fn manifest(project: &Project, compiled: &HashMap<&str, &str>) -> Json {
    let options = project.options();
    let mut metadata = metadata(project, "manifest/v12");
    metadata["project_name"] = project.name().into();
    metadata["project_id"] = crate::context::md5_hex(project.name()).into();
    metadata["adapter_type"] = options.target.adapter.as_str().into();
    metadata["quoting"] =
        json!({"database": true, "schema": true, "identifier": true, "column": null});
    let mut groups: [Map<String, Json>; 4] = Default::default();
    for node in project.nodes() {
        let mut entry = node_json(node, options);
        governance::add(&mut entry, node, &project.nodes);
        if let Some(sql) = compiled.get(node.unique_id.as_str()) {
            entry["compiled"] = true.into();
            entry["compiled_code"] = (*sql).into();
            entry["compiled_path"] = format!("target/{}", compiled_path(node)).into();
        }
        shape(&mut entry, node.kind);
        let group = match node.kind {
            NodeKind::Source => 1,
            NodeKind::Exposure => 2,
            NodeKind::UnitTest => 3,
            _ => 0,
        };
        groups[group].insert(node.unique_id.clone(), entry);
    }
    let [nodes, sources, exposures, unit_tests] = groups.map(Json::Object);
    // Moved, one by one: `json!` copies what it is given, and this is all there is.
    let mut manifest = Map::new();
    for (key, value) in [
        ("metadata", metadata),
        ("nodes", nodes),
        ("sources", sources),
        ("macros", macros(project)),
        ("docs", docs(project)),
        ("exposures", exposures),
        ("groups", governance::groups(project)),
        (
            "parent_map",
            family(project, |id| project.graph.parents(id).cloned().collect()),
        ),
        (
            "child_map",
            family(project, |id| project.graph.children(id).cloned().collect()),
        ),
        ("group_map", governance::members(project)),
        ("unit_tests", unit_tests),
    ] {
        manifest.insert(key.to_owned(), value);
    }
    for key in [
        "metrics",
        "selectors",
        "disabled",
        "saved_queries",
        "semantic_models",
        "functions",
    ] {
        manifest.insert(key.to_owned(), json!({}));
    }
    Json::Object(manifest)
}

fn family(project: &Project, relatives: impl Fn(&str) -> Vec<String>) -> Json {
    let sorted = |id: &str| {
        let mut relatives = relatives(id);
        relatives.sort();
        Json::from(relatives)
    };
    project
        .nodes()
        .map(|node| (node.unique_id.clone(), sorted(&node.unique_id)))
        .collect()
}

fn macros(project: &Project) -> Json {
    let mut definitions: Vec<_> = project.shared.macros.iter().collect();
    definitions.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
    definitions
        .into_iter()
        .map(|definition| {
            let entry = json!({
                "name": &*definition.block.name,
                "resource_type": "macro",
                "package_name": definition.package,
                "path": &*definition.file,
                "original_file_path": &*definition.file,
                "unique_id": definition.unique_id,
                "macro_sql": &*definition.block.source,
                "depends_on": {"macros": []},
                "description": "",
                "meta": {},
                "docs": {"show": true, "node_color": null},
                "patch_path": null,
                "arguments": [],
                "created_at": 0.0,
                "supported_languages": null,
            });
            (definition.unique_id.clone(), entry)
        })
        .collect()
}

fn docs(project: &Project) -> Json {
    let blocks = project.shared.docs.iter().map(|block| {
        let id = format!("doc.{}.{}", block.package, block.name);
        let path = block.file.split_once('/').map_or("", |(_, below)| below);
        let entry = json!({
            "name": block.name, "resource_type": "doc", "package_name": block.package, "path": path,
            "original_file_path": block.file, "unique_id": id, "block_contents": block.text,
        });
        (id, entry)
    });
    Json::Object(blocks.collect())
}

/// A node without what only options know.
pub(crate) fn plain_node_json(node: &Node) -> Json {
    let mut entry = json!({
        "unique_id": node.unique_id,
        "resource_type": node.kind.name(),
        "name": node.name,
        "package_name": node.package,
        "path": node.path,
        "original_file_path": node.original_file_path,
        "fqn": node.fqn,
        "alias": node.alias,
        "database": node.database,
        "schema": node.schema,
        "config": null,
        "unrendered_config": {},
        "tags": node.tags,
        "meta": node.config.get("meta").cloned().unwrap_or_else(|| json!({})),
        "description": node.description,
        "columns": null,
        "patch_path": node.patch_path,
        "raw_code": node.raw_code,
        "language": "sql",
        "refs": node.refs.iter().map(|reference| json!({
            "name": reference.name, "package": reference.package, "version": null,
        })).collect::<Vec<_>>(),
        "sources": node.sources.iter().map(|(source, table)| json!([source, table])).collect::<Vec<_>>(),
        "metrics": [],
        "depends_on": {"macros": node.macros, "nodes": node.depends_on},
        "docs": {"show": true, "node_color": null},
        "created_at": 0.0,
        "checksum": checksum(node),
    });
    entry["config"] = Json::Object(node.config.clone());
    entry["columns"] = columns(&node.columns);
    if let Some(test) = &node.test {
        entry["test_metadata"] =
            json!({"name": test.name, "namespace": test.namespace, "kwargs": test.arguments});
        entry["column_name"] = test.column_name.clone().into();
        entry["attached_node"] = test.attached_node.clone().into();
        entry["file_key_name"] = test.file_key_name.clone().into();
    }
    entry
}

/// The name of what a node makes or reads in the warehouse; null when it is nothing there.
fn relation_name(node: &Node, options: &Options) -> Json {
    match node.kind {
        NodeKind::UnitTest | NodeKind::Analysis | NodeKind::Exposure | NodeKind::Operation => {
            Json::Null
        }
        NodeKind::Test if !node.stores_failures(options) => Json::Null,
        _ if node.is_ephemeral() => Json::Null,
        NodeKind::Source => {
            let mut relation = relation_of(node);
            if options.target.adapter == "postgres" {
                relation.external = None;
            }
            Value::object(relation).to_string().into()
        }
        _ => node.relation().to_string().into(),
    }
}

/// A node as the manifest has it.
pub(crate) fn node_json(node: &Node, options: &Options) -> Json {
    let mut entry = plain_node_json(node);
    entry["created_at"] = (options.started_at.timestamp_micros() as f64 / 1e6).into();
    entry["relation_name"] = relation_name(node, options);
    match node.kind {
        NodeKind::Source => {
            let source = node.source.clone().unwrap_or_default();
            entry["source_name"] = source.source_name.into();
            entry["source_description"] = source.source_description.into();
            entry["loader"] = source.loader.into();
            entry["identifier"] = node.alias.clone().into();
            let quoting = |key: &str| source.quoting.get(key).cloned().unwrap_or_default();
            entry["quoting"] = json!({
                "database": quoting("database"), "schema": quoting("schema"),
                "identifier": quoting("identifier"), "column": quoting("column"),
            });
            entry["source_meta"] = json!({});
            entry["external"] = Json::Null;
            if let Some(entry) = entry.as_object_mut() {
                entry.retain(|key, _| !["alias", "checksum"].contains(&key.as_str()));
            }
            sources::add(&mut entry, &source.freshness, &node.config);
        }
        NodeKind::Exposure => exposure(&mut entry, node),
        NodeKind::UnitTest => unit_test(&mut entry, node),
        NodeKind::Model => {
            entry["access"] = node.access().name().into();
            entry["constraints"] = json!([]);
            entry["contract"] = node.contract_json();
        }
        NodeKind::Test | NodeKind::Analysis => entry["contract"] = node.contract_json(),
        _ => {}
    }
    entry
}

fn exposure(entry: &mut Json, node: &Node) {
    let written: Json = serde_json::from_str(&node.raw_code).unwrap_or_default();
    for key in ["type", "owner", "maturity", "url", "label"] {
        entry[key] = written.get(key).cloned().unwrap_or(Json::Null);
    }
}

fn unit_test(entry: &mut Json, node: &Node) {
    let Some(test) = &node.unit_test else {
        return;
    };
    let rows = |fixture: &Fixture| match fixture {
        Fixture::Rows(rows) => json!({"rows": rows, "format": "dict", "fixture": null}),
        Fixture::Sql(sql) => json!({"rows": sql, "format": "sql", "fixture": null}),
    };
    let given = test.given.iter().map(|given| {
        let mut entry = rows(&given.fixture);
        entry["input"] = given.input.as_str().into();
        entry
    });
    let overrides = &test.overrides;
    entry["model"] = test.model.as_str().into();
    entry["given"] = given.collect();
    entry["expect"] = rows(&test.expect);
    entry["overrides"] = json!({
        "macros": overrides.macros, "vars": overrides.vars, "env_vars": overrides.env_vars,
    });
    entry["versions"] = Json::Null;
    entry["version"] = Json::Null;
}

fn columns(columns: &[Column]) -> Json {
    let entries = columns.iter().map(|column| {
        let entry = json!({
            "name": column.name, "description": column.description, "meta": column.meta,
            "data_type": column.data_type, "constraints": [], "quote": column.quote, "tags": column.tags,
        });
        (column.name.clone(), entry)
    });
    Json::Object(entries.collect())
}

fn checksum(node: &Node) -> Json {
    if let Some(checksum) = &node.checksum {
        return json!({"name": "sha256", "checksum": checksum});
    }
    if node.raw_code.is_empty() || node.test.is_some() {
        return json!({"name": "none", "checksum": ""});
    }
    json!({"name": "sha256", "checksum": sha256_hex(&node.raw_code)})
}

pub(crate) fn sha256_hex(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn run_results(project: &Project, report: &Report) -> Json {
    let results = report.results.iter().map(|result| {
        let completed_at = result.started_at + chrono::TimeDelta::microseconds((result.seconds * 1e6) as i64);
        let time = |time: chrono::DateTime<chrono::Utc>| time.format(TIME_FORMAT).to_string();
        let relation = project.node(&result.unique_id).map(|node| relation_name(node, project.options()));
        json!({
            "unique_id": result.unique_id,
            "status": result.status.name(),
            "message": (!result.message.is_empty()).then_some(&result.message),
            "failures": result.failures,
            "execution_time": result.seconds,
            "thread_id": format!("Thread-{}", result.thread),
            "timing": [{"name": "execute", "started_at": time(result.started_at), "completed_at": time(completed_at)}],
            "adapter_response": {},
            "compiled": result.compiled_code.is_some(),
            "compiled_code": result.compiled_code,
            "relation_name": relation,
            "batch_results": null,
        })
    });
    json!({
        "metadata": metadata(project, "run-results/v6"),
        "results": results.collect::<Vec<_>>(),
        "elapsed_time": report.seconds,
        "args": {
            "which": project.options().which, "vars": project.options().vars,
            "threads": project.options().target.threads, "target": project.options().target.name,
            "full_refresh": project.options().full_refresh, "empty": project.options().is_empty,
            "store_failures": project.options().store_failures, "fail_fast": project.options().fail_fast,
        },
    })
}
