use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use serde_json::Value as Json;

use super::{Column, Details, Lineage, Model, Test};
use crate::{
    Result,
    artifacts::{self, Manifest, Node, NodeResult},
};

impl Lineage {
    /// Reads what a build's run left. Takes a moment, so never on a thread that answers.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let manifest = artifacts::manifest(folder)?;
        let results = artifacts::run_results(folder)?;
        Ok(Self::new(
            manifest,
            results.map(|run| run.results).unwrap_or_default(),
        ))
    }

    fn new(manifest: Manifest, results: Vec<NodeResult>) -> Self {
        let mut results: HashMap<String, NodeResult> = results
            .into_iter()
            .map(|result| (result.unique_id.clone(), result))
            .collect();
        let (tests, built): (BTreeMap<_, _>, BTreeMap<_, _>) = manifest
            .nodes
            .into_iter()
            .partition(|(_, node)| node.resource_type == "test");
        let built: BTreeMap<String, Node> = built
            .into_iter()
            .filter(|(_, node)| {
                matches!(node.resource_type.as_str(), "model" | "seed" | "snapshot")
            })
            .chain(manifest.sources)
            .collect();
        let names: HashMap<String, String> = built
            .iter()
            .map(|(id, node)| (id.clone(), name(node)))
            .collect();
        let named = |ids: &[String]| -> Vec<String> {
            ids.iter().filter_map(|id| names.get(id)).cloned().collect()
        };

        let mut tests_of: HashMap<String, Vec<(Test, Option<String>)>> = HashMap::new();
        for (id, node) in tests.into_iter().chain(manifest.unit_tests) {
            let kind = node.test_metadata.as_ref().map(|test| test.name.clone());
            let looked_at = match &node.attached_node {
                Some(model) => vec![model.clone()],
                None => node.depends_on.nodes.clone(),
            };
            let test = test(node, results.remove(&id));
            for model in looked_at {
                let tests = tests_of.entry(model).or_default();
                tests.push((test.clone(), kind.clone()));
            }
        }
        let mut readers: HashMap<String, Vec<String>> = HashMap::new();
        for node in built.values() {
            for parent in named(&node.depends_on.nodes) {
                readers.entry(parent).or_default().push(name(node));
            }
        }

        let exposures = manifest.exposures.into_values();
        let exposures = exposures
            .map(|exposure| (exposure.name, named(&exposure.depends_on.nodes)))
            .collect();
        let models = built.into_iter().map(|(id, node)| {
            let name = name(&node);
            let tests = tests_of.remove(&id).unwrap_or_default();
            let model = Model {
                layer: layer(&node),
                depends_on: named(&node.depends_on.nodes),
                seconds: results.get(&id).and_then(|result| result.execution_time),
                is_public: node.access.as_deref() == Some("public"),
                materialized: node.config.materialized,
                details: Details {
                    columns: columns(&node.columns, &tests),
                    tests: tests.into_iter().map(|(test, _)| test).collect(),
                    raw_sql: node.raw_code.filter(|sql| !sql.is_empty()),
                    compiled_sql: node.compiled_code,
                    referenced_by: readers.remove(&name).unwrap_or_default(),
                },
                kind: node.resource_type,
                group: node.group,
                access: node.access,
                description: node.description,
                name: name.clone(),
            };
            (name, model)
        });
        Self {
            models: models.collect(),
            exposures,
        }
    }
}

/// Two sources may have tables of one name, and a table the name of a model.
fn name(node: &Node) -> String {
    match &node.source_name {
        Some(source) => format!("{source}.{}", node.name),
        None => node.name.clone(),
    }
}

/// The folder that a model stands in.
fn layer(node: &Node) -> String {
    match node.resource_type.as_str() {
        "model" => node.fqn.get(1).cloned().unwrap_or_default(),
        kind => format!("{kind}s"),
    }
}

fn test(node: Node, result: Option<NodeResult>) -> Test {
    let severity = node.config.severity.as_deref().unwrap_or("error");
    let (status, failures, message) = match result {
        Some(result) => (result.status, result.failures, result.message),
        None => ("not run".to_owned(), None, None),
    };
    Test {
        name: node.name,
        column: node.column_name,
        severity: severity.to_lowercase(),
        status,
        failures,
        message,
    }
}

fn columns(
    columns: &serde_json::Map<String, Json>,
    tests: &[(Test, Option<String>)],
) -> Vec<Column> {
    let text = |column: &Json, key: &str| column[key].as_str().map(ToOwned::to_owned);
    let column = |(name, column): (&String, &Json)| Column {
        name: name.clone(),
        data_type: text(column, "data_type"),
        description: text(column, "description").unwrap_or_default(),
        tests: tests
            .iter()
            .filter(|(test, _)| test.column.as_ref() == Some(name))
            .filter_map(|(_, kind)| kind.clone())
            .collect(),
    };
    columns.iter().map(column).collect()
}
