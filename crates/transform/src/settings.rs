use serde_json::{Map, Value as Json};

use crate::{Diagnostic, parse, yaml};

/// What `dbt_project.yml` says.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) name: String,
    pub(crate) profile: String,
    pub(crate) model_paths: Vec<String>,
    pub(crate) seed_paths: Vec<String>,
    pub(crate) test_paths: Vec<String>,
    pub(crate) analysis_paths: Vec<String>,
    pub(crate) snapshot_paths: Vec<String>,
    pub(crate) macro_paths: Vec<String>,
    pub(crate) vars: Map<String, Json>,
    /// `(macro_namespace, search_order)`.
    pub(crate) dispatch: Vec<(String, Vec<String>)>,
    /// Which of database, schema and identifier `quoting:` leaves without quotes.
    pub(crate) unquoted: [bool; 3],
    pub(crate) clean_targets: Vec<String>,
    pub(crate) target_path: String,
    pub(crate) on_run_start: Vec<String>,
    pub(crate) on_run_end: Vec<String>,
    /// The config trees, before rendering, by resource: `models`, `seeds`, `snapshots`, `data_tests`, `unit_tests`, `sources`.
    trees: Map<String, Json>,
    /// What is written as older dbt had it.
    pub(crate) warnings: Vec<Diagnostic>,
}

pub(crate) const FILE: &str = "dbt_project.yml";

impl Settings {
    pub(crate) fn parse(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Option<Self> {
        let yaml = match yaml::parse(file, text) {
            Ok(yaml) => yaml,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        };
        let Json::Object(map) = yaml::to_json(&yaml) else {
            problems.push(Diagnostic::new(file, "file is not a mapping"));
            return None;
        };
        let Some(name) = map.get("name").and_then(Json::as_str) else {
            problems.push(Diagnostic::new(file, "`name` is missing"));
            return None;
        };
        let paths = |keys: &[&str], defaults: &[&str]| {
            keys.iter().find_map(|key| map.get(*key)).map_or_else(
                || defaults.iter().map(|path| (*path).to_owned()).collect(),
                |paths| yaml::texts(Some(paths)),
            )
        };
        let mut trees = Map::new();
        for (key, names) in [
            ("models", &["models"][..]),
            ("seeds", &["seeds"]),
            ("snapshots", &["snapshots"]),
            ("data_tests", &["data_tests", "tests"]),
            ("sources", &["sources"]),
            ("unit_tests", &["unit_tests"]),
        ] {
            if let Some(tree) = names.iter().find_map(|name| map.get(*name)) {
                trees.insert(key.to_owned(), tree.clone());
            }
        }
        let warnings = parse::old_spellings(file, &yaml, problems);
        Some(Self {
            warnings,
            name: name.to_owned(),
            profile: map
                .get("profile")
                .and_then(Json::as_str)
                .unwrap_or(name)
                .to_owned(),
            model_paths: paths(&["model-paths", "source-paths"], &["models"]),
            seed_paths: paths(&["seed-paths", "data-paths"], &["seeds"]),
            test_paths: paths(&["test-paths"], &["tests"]),
            snapshot_paths: paths(&["snapshot-paths"], &["snapshots"]),
            analysis_paths: paths(&["analysis-paths"], &["analyses"]),
            macro_paths: paths(&["macro-paths"], &["macros"]),
            vars: map
                .get("vars")
                .and_then(Json::as_object)
                .cloned()
                .unwrap_or_default(),
            dispatch: dispatch(map.get("dispatch")),
            unquoted: unquoted([false; 3], map.get("quoting")),
            target_path: map
                .get("target-path")
                .and_then(Json::as_str)
                .unwrap_or("target")
                .to_owned(),
            clean_targets: paths(&["clean-targets"], &["target"]),
            on_run_start: yaml::texts(map.get("on-run-start")),
            on_run_end: yaml::texts(map.get("on-run-end")),
            trees,
        })
    }

    /// The configs of one resource tree that apply to an fqn, outermost first.
    pub(crate) fn configs(&self, resource: &str, fqn: &[String]) -> Vec<Map<String, Json>> {
        let mut levels = Vec::new();
        let mut current = self.trees.get(resource).and_then(Json::as_object);
        let mut path = fqn.iter();
        while let Some(tree) = current {
            levels.push(level(tree));
            current = path
                .next()
                .and_then(|folder| tree.get(folder.as_str()))
                .and_then(Json::as_object);
        }
        levels
    }

    /// A variable for a node of a package: the section of the package first.
    pub(crate) fn var(&self, package: &str, name: &str) -> Option<&Json> {
        let own = self
            .vars
            .get(package)
            .and_then(Json::as_object)
            .and_then(|vars| vars.get(name));
        own.or_else(|| self.vars.get(name))
    }
}

/// Keys that are configs even without `+`; any other mapping is a folder.
const MAPPING_CONFIGS: [&str; 12] = [
    "meta",
    "column_types",
    "docs",
    "persist_docs",
    "grants",
    "contract",
    "snapshot_meta_column_names",
    "vars",
    "pre-hook",
    "pre_hook",
    "post-hook",
    "post_hook",
];

/// Whether a config is SQL to run before or after a node; it renders when it runs.
pub(crate) fn is_hook(key: &str) -> bool {
    matches!(key, "pre-hook" | "pre_hook" | "post-hook" | "post_hook")
}

/// The configs that one level of a tree sets. Without `+`, a mapping is a folder unless dbt knows the key.
fn level(tree: &Map<String, Json>) -> Map<String, Json> {
    let mut configs = Map::new();
    for (key, value) in tree {
        if let Some(name) = key.strip_prefix('+') {
            configs.insert(name.to_owned(), value.clone());
        } else if !value.is_object() || MAPPING_CONFIGS.contains(&key.as_str()) {
            configs.insert(key.clone(), value.clone());
        }
    }
    configs
}

/// Lays what `quoting:` says over what holds outside.
pub(crate) fn unquoted(outer: [bool; 3], quoting: Option<&Json>) -> [bool; 3] {
    let mut result = outer;
    for (index, key) in ["database", "schema", "identifier"].iter().enumerate() {
        if let Some(flag) = quoting
            .and_then(|quoting| quoting.get(*key))
            .and_then(Json::as_bool)
        {
            result[index] = !flag;
        }
    }
    result
}

fn dispatch(json: Option<&Json>) -> Vec<(String, Vec<String>)> {
    let Some(Json::Array(entries)) = json else {
        return Vec::new();
    };
    entries
        .iter()
        .filter_map(|entry| {
            let namespace = entry.get("macro_namespace")?.as_str()?;
            Some((namespace.to_owned(), yaml::texts(entry.get("search_order"))))
        })
        .collect()
}

/// Lays one config over another with dbt's rules: tags append, meta and other known maps merge, the rest replaces.
pub(crate) fn merge(base: &mut Map<String, Json>, over: &Map<String, Json>) {
    for (key, value) in over {
        match key.as_str() {
            "tags" => {
                let mut tags = yaml::texts(base.get("tags"));
                tags.extend(yaml::texts(Some(value)));
                base.insert(key.clone(), Json::from(tags));
            }
            key if is_hook(key) => {
                let name = key.replace('_', "-");
                let mut hooks = items(base.get(&name));
                hooks.extend(items(Some(value)));
                base.insert(name, Json::from(hooks));
            }
            "grants" => {
                let mut grants = mapping(base.get(key));
                for (privilege, grantees) in &mapping(Some(value)) {
                    let (name, adds) = match privilege.strip_prefix('+') {
                        Some(name) => (name, true),
                        None => (privilege.as_str(), false),
                    };
                    let mut all = if adds {
                        items(grants.get(name))
                    } else {
                        Vec::new()
                    };
                    all.extend(items(Some(grantees)));
                    grants.insert(name.to_owned(), Json::from(all));
                }
                base.insert(key.clone(), Json::Object(grants));
            }
            "meta" | "docs" | "column_types" | "persist_docs" | "contract" => {
                match (base.get_mut(key), value) {
                    (Some(Json::Object(old)), Json::Object(new)) => {
                        old.extend(
                            new.iter()
                                .map(|(name, value)| (name.clone(), value.clone())),
                        );
                    }
                    _ => {
                        base.insert(key.clone(), value.clone());
                    }
                }
            }
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The elements of a list, or a single value as a list of its own.
fn items(json: Option<&Json>) -> Vec<Json> {
    match json {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(values)) => values.clone(),
        Some(value) => vec![value.clone()],
    }
}

fn mapping(json: Option<&Json>) -> Map<String, Json> {
    json.and_then(Json::as_object).cloned().unwrap_or_default()
}
