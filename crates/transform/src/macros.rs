use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{
    Diagnostic,
    files::ProjectFiles,
    jinja::{self, Block, BlockKind},
    settings::Settings,
};

/// dbt's own macros, by the package that dbt has them in. What is not here is done in Rust.
const BUILT_IN: [(&str, &str, &str); 10] = [
    (
        "dbt",
        "macros/relations.sql",
        include_str!("macros/dbt_relations.sql"),
    ),
    (
        "dbt",
        "macros/names.sql",
        include_str!("macros/dbt_names.sql"),
    ),
    (
        "dbt",
        "macros/generic_tests.sql",
        include_str!("macros/dbt_generic_tests.sql"),
    ),
    (
        "dbt",
        "macros/cross_database.sql",
        include_str!("macros/dbt_cross_database.sql"),
    ),
    (
        "dbt",
        "macros/types.sql",
        include_str!("macros/dbt_types.sql"),
    ),
    (
        "dbt",
        "macros/indexes.sql",
        include_str!("macros/dbt_indexes.sql"),
    ),
    (
        "dbt",
        "macros/incremental.sql",
        include_str!("macros/dbt_incremental.sql"),
    ),
    (
        "dbt",
        "macros/snapshots.sql",
        include_str!("macros/dbt_snapshots.sql"),
    ),
    (
        "dbt_duckdb",
        "macros/duckdb.sql",
        include_str!("macros/dbt_duckdb.sql"),
    ),
    (
        "dbt_postgres",
        "macros/postgres.sql",
        include_str!("macros/dbt_postgres.sql"),
    ),
];

/// A macro of the project or of dbt.
#[derive(Debug, Clone)]
pub(crate) struct MacroDefinition {
    pub(crate) unique_id: String,
    pub(crate) package: String,
    pub(crate) file: Arc<str>,
    pub(crate) block: Arc<Block>,
}

/// Every macro there is, by package and name.
#[derive(Debug, Default)]
pub(crate) struct Macros {
    packages: BTreeMap<String, HashMap<String, Arc<MacroDefinition>>>,
    /// Where an unqualified name is looked up after a node's own package.
    search_order: Vec<String>,
    /// `dbt_duckdb` or `dbt_postgres`.
    adapter_package: String,
}

impl Macros {
    /// dbt's own macros for an adapter.
    pub(crate) fn built_in(
        settings: &Settings,
        adapter: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let adapter_package = format!("dbt_{adapter}");
        let mut macros = Self {
            packages: BTreeMap::new(),
            search_order: vec![settings.name.clone(), "dbt".to_owned()],
            adapter_package: adapter_package.clone(),
        };
        for (package, file, source) in BUILT_IN {
            if package == "dbt" || package == adapter_package {
                macros.add_file(package, &format!("{package}/{file}"), source, problems);
            }
        }
        macros
    }

    /// Adds the macros of the project or of a package.
    pub(crate) fn add_package(
        &mut self,
        files: &ProjectFiles,
        settings: &Settings,
        problems: &mut Vec<Diagnostic>,
    ) {
        let generic = settings.test_paths.iter();
        let mut folders: Vec<String> = generic.map(|folder| format!("{folder}/generic")).collect();
        folders.extend(settings.macro_paths.iter().cloned());
        for (path, _, source) in files.below(&folders, &["sql"]) {
            self.add_file(&settings.name, &files.named(path), source, problems);
        }
    }

    fn add_file(
        &mut self,
        package: &str,
        path: &str,
        source: &str,
        problems: &mut Vec<Diagnostic>,
    ) {
        let file: Arc<str> = Arc::from(path);
        let template = match jinja::parse(&file, source) {
            Ok(template) => template,
            Err(error) => return problems.push(Diagnostic::from_jinja(*error, path)),
        };
        for block in template.blocks() {
            if !matches!(block.kind, BlockKind::Macro | BlockKind::Test) {
                let message = match block.kind {
                    BlockKind::Snapshot => {
                        "a snapshot is written below `snapshot-paths`, not among macros".to_owned()
                    }
                    _ => format!("custom materialization `{}` is not supported", block.name),
                };
                problems
                    .push(Diagnostic::new(path, message).at_line(block.at.line, block.at.column));
                continue;
            }
            let definition = Arc::new(MacroDefinition {
                unique_id: format!("macro.{package}.{}", block.name),
                package: package.to_owned(),
                file: Arc::clone(&file),
                block: Arc::clone(block),
            });
            let names = self.packages.entry(package.to_owned()).or_default();
            if let Some(first) = names.insert(block.name.as_ref().to_owned(), definition) {
                let message = format!(
                    "macro `{}` is defined twice: also in `{}`",
                    block.name, first.file
                );
                problems
                    .push(Diagnostic::new(path, message).at_line(block.at.line, block.at.column));
            }
        }
    }

    /// What a node of a package means by an unqualified name: its package's macro, the project's, dbt's.
    pub(crate) fn find(&self, package: &str, name: &str) -> Option<&Arc<MacroDefinition>> {
        let order = self.search_order.iter().map(String::as_str);
        std::iter::once(package)
            .chain(order)
            .find_map(|package| self.find_in(package, name))
    }

    pub(crate) fn find_in(&self, package: &str, name: &str) -> Option<&Arc<MacroDefinition>> {
        let find = |package: &str| self.packages.get(package)?.get(name);
        match package {
            // `dbt.concat` finds the adapter's own macros first, as in dbt.
            "dbt" => find(&self.adapter_package).or_else(|| find("dbt")),
            _ => find(package),
        }
    }

    /// Whether nobody overrides one of dbt's macros, nor what it dispatches to.
    pub(crate) fn is_dbts_own(&self, name: &str) -> bool {
        let names = [
            name.to_owned(),
            format!("default__{name}"),
            format!(
                "{}__{name}",
                self.adapter_package.trim_start_matches("dbt_")
            ),
        ];
        let others = self
            .packages
            .iter()
            .filter(|(package, _)| *package != "dbt" && **package != self.adapter_package);
        let mut macros = others.map(|(_, macros)| macros);
        !macros.any(|macros| names.iter().any(|name| macros.contains_key(name)))
    }

    /// Whether a macro for names may look at its second argument, which is costly to make.
    pub(crate) fn reads_node(&self, package: &str, name: &str) -> bool {
        let found = self.find_in(package, name);
        let Some(found) = found.or_else(|| self.find(package, name)) else {
            return false;
        };
        let block = &found.block;
        let Some((node, _)) = block.parameters.get(1) else {
            return true;
        };
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let words = || block.source.split(|c| !is_part(c));
        let n_named = words().filter(|word| *word == &**node).count();
        n_named != 1 || words().any(|word| word == "context")
    }

    pub(crate) fn has_package(&self, package: &str) -> bool {
        self.packages.contains_key(package)
    }

    pub(crate) fn package_of(&self, package: &str) -> Vec<String> {
        self.packages
            .get(package)
            .map(|macros| macros.keys().cloned().collect())
            .unwrap_or_default()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<MacroDefinition>> {
        self.packages.values().flat_map(HashMap::values)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.iter()
            .map(|definition| definition.block.name.as_ref().to_owned())
            .collect()
    }

    /// `adapter.dispatch`: the first of `<adapter>__name`, `default__name` along the search order.
    pub(crate) fn dispatch(
        &self,
        name: &str,
        namespace: Option<&str>,
        package: &str,
        settings: &Settings,
        adapter: &str,
    ) -> Result<&Arc<MacroDefinition>, String> {
        let configured = namespace
            .and_then(|namespace| settings.dispatch.iter().find(|(name, _)| name == namespace));
        let own = [settings.name.as_str(), namespace.unwrap_or_default()];
        let packages: Vec<&str> = match (configured, namespace) {
            (Some((_, order)), _) => order.iter().map(String::as_str).collect(),
            (None, Some(namespace)) if self.has_package(namespace) => own.to_vec(),
            _ => Vec::new(),
        };
        let mut tried = Vec::new();
        if packages.is_empty() {
            for prefix in [adapter, "default"] {
                let full_name = format!("{prefix}__{name}");
                if let Some(found) = self.find(package, &full_name) {
                    return Ok(found);
                }
                tried.push(format!("`{full_name}`"));
            }
        }
        for package in packages {
            for prefix in [adapter, "default"] {
                let full_name = format!("{prefix}__{name}");
                if let Some(found) = self.find_in(package, &full_name) {
                    return Ok(found);
                }
                tried.push(format!("`{package}.{full_name}`"));
            }
        }
        Err(format!(
            "in dispatch: no macro named `{name}` found; searched {}",
            tried.join(", ")
        ))
    }
}
