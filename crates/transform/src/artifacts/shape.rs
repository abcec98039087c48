//! The shape that schemas of `manifest.json` give each kind of entry: its fields, and the configs that dbt always writes.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use crate::NodeKind;

/// The fields of anything with a file.
const BASE: [&str; 6] = [
    "name",
    "resource_type",
    "package_name",
    "path",
    "original_file_path",
    "unique_id",
];
/// The fields of what has SQL or rows.
const NODE: [&str; 22] = [
    "alias",
    "build_path",
    "checksum",
    "columns",
    "config",
    "created_at",
    "database",
    "depends_on",
    "description",
    "doc_blocks",
    "docs",
    "fqn",
    "group",
    "meta",
    "patch_path",
    "raw_code",
    "relation_name",
    "root_path",
    "schema",
    "tags",
    "unrendered_config",
    "compiled_path",
];
const SQL: [&str; 10] = [
    "compiled",
    "compiled_code",
    "contract",
    "extra_ctes",
    "extra_ctes_injected",
    "language",
    "metrics",
    "refs",
    "sources",
    "functions",
];
const MODEL: [&str; 8] = [
    "access",
    "constraints",
    "deprecation_date",
    "latest_version",
    "primary_key",
    "time_spine",
    "version",
    "column_name",
];
const TEST: [&str; 4] = [
    "attached_node",
    "column_name",
    "file_key_name",
    "test_metadata",
];
const SOURCE: [&str; 23] = [
    "columns",
    "config",
    "created_at",
    "database",
    "description",
    "doc_blocks",
    "external",
    "fqn",
    "freshness",
    "identifier",
    "loaded_at_field",
    "loaded_at_query",
    "loader",
    "meta",
    "patch_path",
    "quoting",
    "relation_name",
    "schema",
    "source_description",
    "source_meta",
    "source_name",
    "tags",
    "unrendered_config",
];
const EXPOSURE: [&str; 16] = [
    "config",
    "created_at",
    "depends_on",
    "description",
    "fqn",
    "label",
    "maturity",
    "meta",
    "metrics",
    "owner",
    "refs",
    "sources",
    "tags",
    "type",
    "unrendered_config",
    "url",
];
const UNIT_TEST: [&str; 13] = [
    "config",
    "created_at",
    "depends_on",
    "description",
    "expect",
    "fqn",
    "given",
    "model",
    "overrides",
    "schema",
    "version",
    "versions",
    "tested_node_unique_id",
];

/// Leaves the fields that an entry of a kind has, and fills in the configs that are not set.
pub(crate) fn apply(entry: &mut Json, kind: NodeKind) {
    let lists: &[&[&str]] = match kind {
        NodeKind::Model => &[&NODE, &SQL, &MODEL],
        NodeKind::Test => &[&NODE, &SQL, &TEST],
        NodeKind::Seed => &[&NODE],
        NodeKind::Snapshot | NodeKind::Analysis | NodeKind::Operation => &[&NODE, &SQL],
        NodeKind::Source => &[&SOURCE],
        NodeKind::Exposure => &[&EXPOSURE],
        NodeKind::UnitTest => &[&UNIT_TEST],
    };
    let Some(entry) = entry.as_object_mut() else {
        return;
    };
    entry.retain(|key, _| {
        BASE.contains(&key.as_str()) || lists.iter().any(|list| list.contains(&key.as_str()))
    });
    let is_seed = kind == NodeKind::Seed;
    if is_seed && let Some(depends_on) = entry.get_mut("depends_on").and_then(Json::as_object_mut) {
        depends_on.remove("nodes");
    }
    let Some(config) = entry.get_mut("config").and_then(Json::as_object_mut) else {
        return;
    };
    for key in ["pre-hook", "post-hook"] {
        let hooks = config.get_mut(key).and_then(Json::as_array_mut);
        for hook in hooks.into_iter().flatten().filter(|hook| hook.is_string()) {
            *hook = json!({"sql": hook.take(), "transaction": true, "index": null});
        }
    }
    for (key, default) in usual(kind) {
        match (config.get_mut(key), default) {
            // What is set of a mapping is laid over what is usual.
            (Some(Json::Object(set)), Json::Object(usual)) => {
                for (name, value) in usual {
                    set.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
            (Some(Json::Null) | None, _) => {
                config.insert(key.clone(), default.clone());
            }
            _ => {}
        }
    }
}

const KINDS: [NodeKind; 9] = [
    NodeKind::Model,
    NodeKind::Seed,
    NodeKind::Snapshot,
    NodeKind::Source,
    NodeKind::Test,
    NodeKind::UnitTest,
    NodeKind::Analysis,
    NodeKind::Exposure,
    NodeKind::Operation,
];
/// The defaults of each kind, made once: there are thousands of nodes.
static USUAL: LazyLock<[Map<String, Json>; 9]> = LazyLock::new(|| KINDS.map(defaults));

fn usual(kind: NodeKind) -> &'static Map<String, Json> {
    let index = KINDS.iter().position(|known| *known == kind);
    &USUAL[index.expect("every kind is in the list")]
}

/// What dbt writes of a config that nobody has set.
pub(crate) fn defaults(kind: NodeKind) -> Map<String, Json> {
    let json = match kind {
        NodeKind::Exposure | NodeKind::UnitTest => json!({"enabled": true, "tags": [], "meta": {}}),
        NodeKind::Source => json!({"enabled": true}),
        NodeKind::Test => json!({
            "enabled": true, "alias": null, "schema": "dbt_test__audit", "database": null, "tags": [], "meta": {},
            "group": null, "materialized": "test", "severity": "ERROR", "store_failures": null,
            "store_failures_as": null, "where": null, "limit": null, "fail_calc": "count(*)", "warn_if": "!= 0",
            "error_if": "!= 0",
        }),
        _ => json!({
            "enabled": true, "alias": null, "schema": null, "database": null, "tags": [], "meta": {}, "group": null,
            "materialized": "view", "incremental_strategy": null, "batch_size": null, "lookback": 1, "begin": null,
            "persist_docs": {}, "post-hook": [], "pre-hook": [], "quoting": {}, "column_types": {},
            "full_refresh": null, "unique_key": null, "on_schema_change": "ignore",
            "on_configuration_change": "apply", "grants": {}, "packages": [],
            "docs": {"show": true, "node_color": null}, "contract": {"enforced": false, "alias_types": true},
            "event_time": null, "concurrent_batches": null,
        }),
    };
    let Json::Object(mut defaults) = json else {
        return Map::new();
    };
    match kind {
        NodeKind::Model => {
            defaults.insert("access".to_owned(), "protected".into());
            defaults.insert("freshness".to_owned(), Json::Null);
        }
        NodeKind::Seed => {
            defaults.insert("materialized".to_owned(), "seed".into());
            defaults.insert("delimiter".to_owned(), ",".into());
            defaults.insert("quote_columns".to_owned(), Json::Null);
        }
        NodeKind::Snapshot => {
            defaults.insert("materialized".to_owned(), "snapshot".into());
        }
        _ => {}
    }
    defaults
}
