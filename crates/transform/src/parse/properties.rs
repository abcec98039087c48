use dbt_yaml::Value as Yaml;
use serde_json::{Map, Value as Json};

use crate::{
    Diagnostic,
    files::ProjectFiles,
    settings::{Settings, merge},
    yaml,
};

/// What a properties file says about one model, seed, test or source table.
#[derive(Debug, Clone)]
pub(super) struct Patch {
    /// The list it stands in: `models`, `seeds` …
    pub(super) list: &'static str,
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) config: Map<String, Json>,
    pub(super) columns: Vec<ColumnPatch>,
    pub(super) constraints: Vec<Json>,
    pub(super) tests: Vec<Yaml>,
    /// What a snapshot is of: `ref('x')` or `source('x', 'y')`.
    pub(super) relation: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct ColumnPatch {
    pub(super) line: u32,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) data_type: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) meta: Map<String, Json>,
    pub(super) quote: Option<bool>,
    pub(super) constraints: Vec<Json>,
    pub(super) tests: Vec<Yaml>,
}

/// A source with its tables.
#[derive(Debug, Clone)]
pub(super) struct SourcePatch {
    pub(super) file: String,
    pub(super) name: String,
    pub(super) yaml: Yaml,
    pub(super) tables: Vec<Patch>,
}

#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) patches: Vec<Patch>,
    pub(super) sources: Vec<SourcePatch>,
    /// Groups with their file.
    pub(super) groups: Vec<(String, Yaml)>,
    /// Exposures with their file.
    pub(super) exposures: Vec<(String, Yaml)>,
    /// Unit tests with their file.
    pub(super) unit_tests: Vec<(String, Yaml)>,
    pub(super) warnings: Vec<Diagnostic>,
}

impl Patch {
    pub(super) fn problem(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&self.file, message).at_line(self.line, 1)
    }
}

/// Lists that a properties file may have and that are not nodes of this engine.
const OTHER_LISTS: [&str; 5] = ["version", "macros", "analyses", "data_tests", "anchors"];
const UNSUPPORTED_LISTS: [&str; 4] = ["metrics", "semantic_models", "saved_queries", "functions"];

/// Reads every properties file of the project.
pub(super) fn read(
    files: &ProjectFiles,
    settings: &Settings,
    problems: &mut Vec<Diagnostic>,
) -> Properties {
    let folders: Vec<String> = [
        &settings.model_paths,
        &settings.seed_paths,
        &settings.snapshot_paths,
        &settings.test_paths,
        &settings.analysis_paths,
        &settings.macro_paths,
    ]
    .into_iter()
    .flatten()
    .cloned()
    .collect();
    let mut properties = Properties::default();
    for (path, _, text) in files.below(&folders, &["yml", "yaml"]) {
        match yaml::parse(path, text) {
            Ok(Yaml::Mapping(lists, _)) => {
                for (list, entries) in &lists {
                    read_list(
                        path,
                        &yaml::key_text(list),
                        list,
                        entries,
                        &mut properties,
                        problems,
                    );
                }
            }
            Ok(Yaml::Null(_)) => {}
            Ok(other) => {
                let (line, column) = yaml::place(&other);
                problems.push(Diagnostic::new(path, "file is not a mapping").at_line(line, column));
            }
            Err(problem) => problems.push(problem),
        }
    }
    properties
}

fn read_list(
    path: &str,
    list: &str,
    key: &Yaml,
    entries: &Yaml,
    properties: &mut Properties,
    problems: &mut Vec<Diagnostic>,
) {
    let kind = match list {
        "models" => "models",
        "seeds" => "seeds",
        "snapshots" => "snapshots",
        "sources" => "sources",
        "exposures" => "exposures",
        "groups" => "groups",
        "unit_tests" => "unit_tests",
        "data_tests" => "data_tests",
        _ if OTHER_LISTS.contains(&list) => return,
        _ => {
            let (line, column) = yaml::place(key);
            let message = if UNSUPPORTED_LISTS.contains(&list) {
                format!("`{list}` are not supported and left out")
            } else {
                format!("unknown key `{list}`")
            };
            properties
                .warnings
                .push(Diagnostic::new(path, message).at_line(line, column));
            return;
        }
    };
    for entry in entries.as_sequence().map_or(&[][..], Vec::as_slice) {
        let Some(name) = yaml::text(entry, "name") else {
            let (line, column) = yaml::place(entry);
            problems.push(
                Diagnostic::new(path, format!("an entry of `{list}` has no `name`"))
                    .at_line(line, column),
            );
            continue;
        };
        match kind {
            "sources" => {
                let tables = yaml::list(entry, "tables");
                let tables = tables.iter().filter_map(|table| {
                    Some(patch("sources", path, yaml::text(table, "name")?, table))
                });
                let tables = tables.collect();
                properties.sources.push(SourcePatch {
                    file: path.to_owned(),
                    name,
                    yaml: entry.clone(),
                    tables,
                });
            }
            "unit_tests" => properties.unit_tests.push((path.to_owned(), entry.clone())),
            "groups" => properties.groups.push((path.to_owned(), entry.clone())),
            "exposures" => properties.exposures.push((path.to_owned(), entry.clone())),
            kind => properties.patches.push(patch(kind, path, name, entry)),
        }
    }
}

fn patch(list: &'static str, file: &str, name: String, entry: &Yaml) -> Patch {
    let columns = yaml::list(entry, "columns")
        .iter()
        .filter_map(column)
        .collect();
    Patch {
        list,
        file: file.to_owned(),
        line: yaml::place(entry).0,
        name,
        description: yaml::text(entry, "description").unwrap_or_default(),
        config: config(entry),
        columns,
        constraints: constraints(entry),
        tests: tests(entry),
        relation: yaml::text(entry, "relation"),
    }
}

fn column(entry: &Yaml) -> Option<ColumnPatch> {
    let config = entry.get("config");
    let mut tags = yaml::texts(entry.get("tags").map(yaml::to_json).as_ref());
    tags.extend(yaml::texts(
        config
            .and_then(|config| config.get("tags"))
            .map(yaml::to_json)
            .as_ref(),
    ));
    Some(ColumnPatch {
        line: yaml::place(entry).0,
        name: yaml::text(entry, "name")?,
        description: yaml::text(entry, "description").unwrap_or_default(),
        data_type: yaml::text(entry, "data_type"),
        tags,
        meta: yaml::to_map(entry.get("meta").or_else(|| config?.get("meta"))),
        quote: entry.get("quote").and_then(Yaml::as_bool),
        constraints: constraints(entry),
        tests: tests(entry),
    })
}

fn constraints(entry: &Yaml) -> Vec<Json> {
    yaml::list(entry, "constraints")
        .iter()
        .map(yaml::to_json)
        .collect()
}

/// Both spellings, in the order they are written.
fn tests(entry: &Yaml) -> Vec<Yaml> {
    yaml::list(entry, "data_tests")
        .iter()
        .chain(yaml::list(entry, "tests"))
        .cloned()
        .collect()
}

/// `config:` and the configs that old projects write beside it.
pub(super) fn config(entry: &Yaml) -> Map<String, Json> {
    let mut config = Map::new();
    for key in ["meta", "tags", "docs", "group", "access", "contract"] {
        if let Some(value) = entry.get(key) {
            config.insert(key.to_owned(), yaml::to_json(value));
        }
    }
    merge(&mut config, &yaml::to_map(entry.get("config")));
    config
}
