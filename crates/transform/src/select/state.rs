use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use serde_json::{Map, Value as Json};

use crate::{
    Diagnostic, Node, NodeId, NodeKind, Project, artifacts, diagnostic::nearest, files::read_text,
};

/// The artifacts of an earlier run, of this engine or of dbt Core.
#[derive(Debug, Clone)]
pub struct State {
    manifest: Arc<Json>,
    results: Option<Arc<Json>>,
}

const CHECKS: [&str; 10] = [
    "new",
    "old",
    "modified",
    "unmodified",
    "modified.body",
    "modified.configs",
    "modified.persisted_descriptions",
    "modified.relation",
    "modified.macros",
    "modified.contract",
];

/// Configs that decide about names and selection alone.
const NOT_COMPARED: [&str; 5] = ["alias", "schema", "database", "tags", "group"];

impl State {
    /// Reads `manifest.json` and, if it is there, `run_results.json` of a folder.
    ///
    /// # Errors
    /// When there is no manifest, or a file is no JSON.
    pub fn read(folder: &Path) -> Result<Self, Diagnostic> {
        let read = |name: &str| {
            let path = folder.join(name);
            let text = read_text(&path).ok_or_else(|| {
                Diagnostic::without_file(format!("no `{name}` in `{}`", folder.display()))
                    .with_hint(Some(
                        "--state takes a folder of artifacts, such as a copy of target/".to_owned(),
                    ))
            })?;
            let parsed = serde_json::from_str(&text).map(Arc::new);
            parsed.map_err(|error| {
                Diagnostic::without_file(format!("`{}` is no JSON: {error}", path.display()))
            })
        };
        let results = folder.join("run_results.json").is_file();
        Ok(Self {
            manifest: read("manifest.json")?,
            results: results.then(|| read("run_results.json")).transpose()?,
        })
    }

    /// The command that made it.
    pub fn command(&self) -> Option<&str> {
        self.results.as_ref()?["args"]["which"].as_str()
    }

    /// The variables it was given.
    pub fn vars(&self) -> Map<String, Json> {
        let vars = self
            .results
            .as_ref()
            .and_then(|results| results["args"]["vars"].as_object());
        vars.cloned().unwrap_or_default()
    }

    /// Whether it was given a flag.
    pub fn flag(&self, name: &str) -> bool {
        let results = self.results.as_ref();
        results.is_some_and(|results| results["args"][name] == Json::Bool(true))
    }

    fn node(&self, id: &str) -> Option<&Json> {
        let lists = ["nodes", "sources", "exposures", "unit_tests"];
        lists.iter().find_map(|list| self.manifest[*list].get(id))
    }

    /// The nodes of the run with one of these states.
    pub fn results_with(&self, statuses: &[&str]) -> BTreeSet<NodeId> {
        let results = self
            .results
            .as_ref()
            .and_then(|results| results["results"].as_array());
        let wanted = |result: &&Json| {
            let status = result["status"].as_str().unwrap_or_default();
            statuses
                .iter()
                .any(|wanted| wanted.eq_ignore_ascii_case(status))
        };
        let found = results.into_iter().flatten().filter(wanted);
        found
            .filter_map(|result| result["unique_id"].as_str().map(ToOwned::to_owned))
            .collect()
    }
}

/// `result:error`.
pub(super) fn with_result(
    state: Option<&State>,
    status: &str,
) -> Result<BTreeSet<NodeId>, Diagnostic> {
    let state = state.filter(|state| state.results.is_some());
    let state = state.ok_or_else(|| missing("result", "run_results.json"))?;
    Ok(state.results_with(&[status]))
}

fn missing(method: &str, file: &str) -> Diagnostic {
    let message = format!("selector method `{method}` compares with an earlier run");
    let hint = format!("name a folder that has its {file} with --state");
    Diagnostic::without_file(message).with_hint(Some(hint))
}

/// `state:modified` and its like.
pub(super) fn changed(
    project: &Project,
    state: Option<&State>,
    check: &str,
) -> Result<BTreeSet<NodeId>, Diagnostic> {
    let state = state.ok_or_else(|| missing("state", "manifest.json"))?;
    if !CHECKS.contains(&check) {
        let problem = Diagnostic::without_file(format!("selector `state:{check}` is unknown"));
        return Err(problem.with_hint(nearest(check, CHECKS)));
    }
    let comparison = Comparison {
        project,
        state,
        macros: changed_macros(project, state),
    };
    let matching = project.nodes().filter(|node| comparison.is(node, check));
    Ok(matching.map(|node| node.unique_id.clone()).collect())
}

struct Comparison<'a> {
    project: &'a Project,
    state: &'a State,
    macros: BTreeSet<String>,
}

impl Comparison<'_> {
    fn is(&self, node: &Node, check: &str) -> bool {
        let Some(old) = self.state.node(&node.unique_id) else {
            // dbt has no such comparison for every kind of node.
            let is_sql = has_sql(node);
            return match check {
                "old" | "unmodified" => false,
                "new" | "modified" => true,
                "modified.macros" => self.uses_changed_macros(node),
                _ => is_sql,
            };
        };
        let mut new = artifacts::node_json(node, self.project.options());
        artifacts::governance::add(&mut new, node, &self.project.nodes);
        artifacts::shape(&mut new, node.kind);
        match check {
            "new" => false,
            "old" => true,
            "modified" => self.is_modified(node, old, &new),
            "unmodified" => !self.is_modified(node, old, &new),
            "modified.body" => has_sql(node) && !same_body(node, old, &new),
            "modified.configs" => !same_config(node, old, &new),
            "modified.persisted_descriptions" => {
                has_sql(node) && !same_descriptions(node, old, &new)
            }
            "modified.relation" if node.kind == NodeKind::Source => {
                let keys = ["database", "schema", "identifier"];
                keys.iter().any(|key| old[*key] != new[*key])
            }
            "modified.relation" => has_sql(node) && !same_relation(old, &new),
            "modified.macros" => self.uses_changed_macros(node),
            _ => node.kind == NodeKind::Model && !same_contract(old, &new),
        }
    }

    fn is_modified(&self, node: &Node, old: &Json, new: &Json) -> bool {
        let same = |keys: &[&str]| keys.iter().all(|key| value(old, key) == value(new, key));
        let is_same = match node.kind {
            NodeKind::Source => {
                same(&[
                    "database",
                    "schema",
                    "identifier",
                    "fqn",
                    "quoting",
                    "freshness",
                ]) && value(old, "loaded_at_field") == value(new, "loaded_at_field")
            }
            NodeKind::Exposure => {
                same(&[
                    "fqn",
                    "type",
                    "owner",
                    "maturity",
                    "url",
                    "description",
                    "label",
                ]) && old["depends_on"]["nodes"] == new["depends_on"]["nodes"]
            }
            NodeKind::UnitTest => same(&["model", "given", "expect", "overrides"]),
            NodeKind::Test if node.test.is_some() => same(&["fqn"]) && same_config(node, old, new),
            _ => {
                same_body(node, old, new)
                    && same(&["fqn"])
                    && same_config(node, old, new)
                    && same_descriptions(node, old, new)
                    && same_relation(old, new)
                    && (node.kind != NodeKind::Model
                        || same(&["access"]) && same_contract(old, new))
            }
        };
        !is_same || self.uses_changed_macros(node)
    }

    fn uses_changed_macros(&self, node: &Node) -> bool {
        node.macros.iter().any(|id| self.macros.contains(id))
    }
}

fn has_sql(node: &Node) -> bool {
    !matches!(
        node.kind,
        NodeKind::Source | NodeKind::Exposure | NodeKind::UnitTest
    )
}

/// A field, where an absent one is an empty one.
fn value(entry: &Json, key: &str) -> Json {
    let found = entry.get(key).cloned().unwrap_or_default();
    without_nulls(found)
}

/// dbt writes what is not set, this engine does not.
fn without_nulls(json: Json) -> Json {
    match json {
        Json::Object(entries) => {
            let kept = entries
                .into_iter()
                .map(|(key, value)| (key, without_nulls(value)));
            let kept: Map<String, Json> = kept.filter(|(_, value)| !value.is_null()).collect();
            if kept.is_empty() {
                Json::Null
            } else {
                kept.into()
            }
        }
        Json::Array(values) if values.is_empty() => Json::Null,
        Json::String(text) if text.is_empty() => Json::Null,
        other => other,
    }
}

fn same_body(node: &Node, old: &Json, new: &Json) -> bool {
    match node.kind {
        NodeKind::Seed => old["checksum"] == new["checksum"],
        _ => old["raw_code"] == new["raw_code"],
    }
}

fn same_config(node: &Node, old: &Json, new: &Json) -> bool {
    let defaults = artifacts::config_defaults(node.kind);
    let plain = |entry: &Json| {
        let mut config: BTreeMap<String, Json> = BTreeMap::new();
        for (key, value) in entry["config"].as_object().into_iter().flatten() {
            let value = without_nulls(value.clone());
            let is_default = defaults.get(key).cloned().map(without_nulls) == Some(value.clone());
            if !is_default && !value.is_null() && !NOT_COMPARED.contains(&key.as_str()) {
                config.insert(key.clone(), value);
            }
        }
        config
    };
    plain(old) == plain(new)
}

fn same_descriptions(node: &Node, old: &Json, new: &Json) -> bool {
    let persists = |part: &str| {
        let docs = node
            .config
            .get("persist_docs")
            .and_then(|docs| docs.get(part));
        docs == Some(&Json::Bool(true))
    };
    let columns = |entry: &Json| -> BTreeMap<String, Json> {
        let columns = entry["columns"].as_object().into_iter().flatten();
        columns
            .map(|(name, column)| (name.clone(), column["description"].clone()))
            .collect()
    };
    (!persists("relation") || old["description"] == new["description"])
        && (!persists("columns") || columns(old) == columns(new))
}

/// What is configured of the names, not what they became on a target.
fn same_relation(old: &Json, new: &Json) -> bool {
    let keys = ["database", "schema", "alias"];
    keys.iter()
        .all(|key| value(&old["config"], key) == value(&new["config"], key))
}

fn same_contract(old: &Json, new: &Json) -> bool {
    let is_enforced = |entry: &Json| entry["contract"]["enforced"] == Json::Bool(true);
    match (is_enforced(old), is_enforced(new)) {
        (false, false) => true,
        (true, true) => old["contract"]["checksum"] == new["contract"]["checksum"],
        _ => false,
    }
}

/// The project's and its packages' macros that are new, gone or other than they were. dbt's own are each engine's.
fn changed_macros(project: &Project, state: &State) -> BTreeSet<String> {
    let is_own = |package: &str| {
        package != "dbt"
            && !package.starts_with("dbt_postgres")
            && !package.starts_with("dbt_duckdb")
    };
    let mut now: BTreeMap<&str, &str> = BTreeMap::new();
    for definition in project.shared.macros.iter() {
        if is_own(&definition.package) {
            now.insert(&definition.unique_id, definition.block.source.trim());
        }
    }
    let empty = Map::new();
    let before = state.manifest["macros"].as_object().unwrap_or(&empty);
    let mut changed = BTreeSet::new();
    for (id, text) in &now {
        let old = before
            .get(*id)
            .and_then(|entry| entry["macro_sql"].as_str());
        if old.map(str::trim) != Some(*text) {
            changed.insert((*id).to_owned());
        }
    }
    changed
}
