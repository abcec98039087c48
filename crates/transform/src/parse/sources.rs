use serde_json::{Map, Value as Json};

use super::{
    Parser,
    names::fqn,
    properties::{Patch, SourcePatch, config},
    resources::empty,
};
use crate::{
    Diagnostic, Freshness, Node, NodeKind, context::Context, freshness::Level, node::SourceTable,
    settings::merge, yaml,
};

impl Parser<'_> {
    pub(super) fn sources(&mut self, sources: &[SourcePatch]) {
        for source in sources {
            let source_config = config(&source.yaml);
            for table in &source.tables {
                let package = self.package();
                let mut node = Node {
                    unique_id: format!("source.{package}.{}.{}", source.name, table.name),
                    fqn: self.source_fqn(&package, source, &table.name),
                    name: table.name.clone(),
                    package,
                    path: source.file.clone(),
                    original_file_path: source.file.clone(),
                    package_folder: self.files.folder.clone(),
                    line: table.line,
                    ..empty(NodeKind::Source)
                };
                node.config = self.tree_config("sources", &node.fqn);
                let tree = node.config.clone();
                for level in [&source_config, &table.config] {
                    let mut level = level.clone();
                    // It is rendered when it runs.
                    level.remove("loaded_at_query");
                    let level = self.rendered_config(&source.file, &level);
                    merge(&mut node.config, &level);
                }
                self.overrule(&mut node);
                let freshness = self.freshness(source, table, &tree);
                self.apply(&mut node, table);
                node.patch_path = None;
                node.source = Some(SourceTable {
                    source_name: source.name.clone(),
                    source_description: self.description(
                        &source.file,
                        &yaml::text(&source.yaml, "description").unwrap_or_default(),
                    ),
                    loader: yaml::text(&source.yaml, "loader").unwrap_or_default(),
                    freshness,
                    ..SourceTable::default()
                });
                self.place(&mut node, source, &table.name);
                self.quote(&mut node, source, &table.name);
                if let Err(message) = externalize(&mut node) {
                    let problem = Diagnostic::new(&source.file, message).at_line(table.line, 1);
                    self.problems.push(problem);
                }
                if !Self::is_enabled(&node) {
                    continue;
                }
                if self.nodes.add(node).is_some() {
                    let message =
                        format!("source `{}.{}` is declared twice", source.name, table.name);
                    self.problems
                        .push(Diagnostic::new(&source.file, message).at_line(table.line, 1));
                }
            }
        }
    }

    /// What the project, the source and the table say of the age of its rows.
    fn freshness(
        &mut self,
        source: &SourcePatch,
        table: &Patch,
        project: &Map<String, Json>,
    ) -> Freshness {
        let entry = entry_of(source, &table.name);
        let levels = [Some(&source.yaml), entry].map(|entry| {
            let mut own = Map::new();
            for key in ["freshness", "loaded_at_field", "loaded_at_query"] {
                if let Some(value) = entry.and_then(|entry| entry.get(key)) {
                    own.insert(key.to_owned(), yaml::to_json(value));
                }
            }
            let config = entry.and_then(|entry| entry.get("config"));
            let mut config = yaml::to_map(config);
            let mut level = Level::default();
            // It is rendered when it runs.
            for (written, kept) in [(&mut own, &mut level.own), (&mut config, &mut level.config)] {
                let query = written.remove_entry("loaded_at_query");
                *kept = self.rendered_config(&source.file, written);
                kept.extend(query);
            }
            level
        });
        Freshness::of_source(project, &levels).unwrap_or_else(|message| {
            let message = format!("source `{}.{}` {message}", source.name, table.name);
            let problem = Diagnostic::new(&source.file, message).at_line(table.line, 1);
            self.problems.push(problem);
            Freshness::default()
        })
    }

    fn source_fqn(&self, package: &str, source: &SourcePatch, table: &str) -> Vec<String> {
        let below = self.below_its_folder(&source.file);
        let mut names = fqn(package, below, &source.name);
        names.push(table.to_owned());
        names
    }

    /// Where the table is: each value may be a template.
    fn place(&mut self, node: &mut Node, source: &SourcePatch, table: &str) {
        let entry = entry_of(source, table);
        let target = &self.shared.options.target;
        let values = [
            yaml::text(&source.yaml, "database").unwrap_or_else(|| target.database.clone()),
            yaml::text(&source.yaml, "schema").unwrap_or_else(|| source.name.clone()),
            entry
                .and_then(|entry| yaml::text(entry, "identifier"))
                .unwrap_or_else(|| table.to_owned()),
        ];
        let context = Context::of_package(&self.shared, &self.settings.name);
        let mut rendered = values.map(|value| match context.render_value(&source.file, &value) {
            Ok(value) => value.to_string(),
            Err(error) => {
                self.problems
                    .push(Diagnostic::from_jinja(*error, &source.file));
                value
            }
        });
        node.database = std::mem::take(&mut rendered[0]);
        node.schema = std::mem::take(&mut rendered[1]);
        node.alias = std::mem::take(&mut rendered[2]);
        node.tags = yaml::texts(node.config.get("tags"));
        let enabled = node
            .config
            .get("enabled")
            .cloned()
            .unwrap_or(Json::Bool(true));
        let mut config: Map<String, Json> = std::mem::take(&mut node.config);
        config.insert("enabled".to_owned(), enabled);
        node.config = config;
    }

    /// `quoting:` of the project, the source and the table.
    fn quote(&self, node: &mut Node, source: &SourcePatch, table: &str) {
        let mut unquoted = self.shared.settings.unquoted;
        let mut written = Map::new();
        for entry in [Some(&source.yaml), entry_of(source, table)] {
            let quoting = yaml::to_map(entry.and_then(|entry| entry.get("quoting")));
            unquoted = crate::settings::unquoted(unquoted, Some(&Json::Object(quoting.clone())));
            written.extend(quoting);
        }
        if let Some(source) = &mut node.source {
            (source.unquoted, source.quoting) = (unquoted, written);
        }
    }

    pub(super) fn tests_of_sources(&mut self, sources: &[SourcePatch]) {
        for source in sources {
            for table in &source.tables {
                self.tests_of_source_table(source, table);
            }
        }
    }
}

/// dbt-duckdb's `external_location`: what it reads in the place of a table, with the names filled in.
fn externalize(node: &mut Node) -> Result<(), String> {
    let meta = node.config.get("meta").and_then(Json::as_object);
    let mut known = meta.cloned().unwrap_or_default();
    known.extend(node.config.clone());
    let Some(template) = known.get("external_location").and_then(Json::as_str) else {
        return Ok(());
    };
    let template = template.to_owned();
    for (name, value) in [
        ("name", &node.name),
        ("identifier", &node.alias),
        ("schema", &node.schema),
        ("database", &node.database),
    ] {
        known
            .entry(name)
            .or_insert_with(|| Json::from(value.as_str()));
    }
    let formatter = known
        .get("formatter")
        .and_then(Json::as_str)
        .unwrap_or("newstyle");
    let (open, close) = match formatter {
        "newstyle" => ("{", "}"),
        "oldstyle" => ("%(", ")s"),
        "template" => ("${", "}"),
        other => {
            return Err(format!(
                "formatter `{other}` is not newstyle, oldstyle or template"
            ));
        }
    };
    let (mut location, mut rest) = (String::new(), template.as_str());
    while let Some((before, after)) = rest.split_once(open) {
        let Some((name, after)) = after.split_once(close) else {
            return Err(format!("external location `{template}` has no `{close}`"));
        };
        let Some(value) = known.get(name) else {
            return Err(format!(
                "external location `{template}`: no `{name}` in the source"
            ));
        };
        location.push_str(before);
        location.push_str(&yaml::plain(value));
        rest = after;
    }
    location.push_str(rest);
    if !location.contains('(') && !location.starts_with('\'') {
        location = format!("'{location}'");
    }
    if let Some(source) = &mut node.source {
        source.external = Some(location);
    }
    Ok(())
}

/// A table as the source's list has it.
fn entry_of<'a>(source: &'a SourcePatch, table: &str) -> Option<&'a dbt_yaml::Value> {
    yaml::list(&source.yaml, "tables")
        .iter()
        .find(|entry| yaml::text(entry, "name").as_deref() == Some(table))
}
