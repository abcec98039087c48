use serde_json::{Map, Value as Json};

use super::{
    Parser,
    names::fqn,
    properties::{SourcePatch, config},
    resources::empty,
};
use crate::{
    Diagnostic, Node, NodeKind, context::Context, node::SourceTable, settings::merge, yaml,
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
                    line: table.line,
                    ..empty(NodeKind::Source)
                };
                node.config = self.tree_config("sources", &node.fqn);
                for level in [&source_config, &table.config] {
                    let level = self.rendered_config(&source.file, level);
                    merge(&mut node.config, &level);
                }
                self.apply(&mut node, table);
                node.patch_path = None;
                node.source = Some(SourceTable {
                    source_name: source.name.clone(),
                    source_description: self.description(
                        &source.file,
                        &yaml::text(&source.yaml, "description").unwrap_or_default(),
                    ),
                    loader: yaml::text(&source.yaml, "loader").unwrap_or_default(),
                });
                self.place(&mut node, source, &table.name);
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

    fn source_fqn(&self, package: &str, source: &SourcePatch, table: &str) -> Vec<String> {
        let below = self.below_its_folder(&source.file);
        let mut names = fqn(package, below, &source.name);
        names.push(table.to_owned());
        names
    }

    /// Where the table is: each value may be a template.
    fn place(&mut self, node: &mut Node, source: &SourcePatch, table: &str) {
        let entry = yaml::list(&source.yaml, "tables")
            .iter()
            .find(|entry| yaml::text(entry, "name").as_deref() == Some(table));
        let target = &self.shared.options.target;
        let values = [
            yaml::text(&source.yaml, "database").unwrap_or_else(|| target.database.clone()),
            yaml::text(&source.yaml, "schema").unwrap_or_else(|| source.name.clone()),
            entry
                .and_then(|entry| yaml::text(entry, "identifier"))
                .unwrap_or_else(|| table.to_owned()),
        ];
        let context = Context::parsing(&self.shared, None);
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

    pub(super) fn tests_of_sources(&mut self, sources: &[SourcePatch]) {
        for source in sources {
            for table in &source.tables {
                self.tests_of_source_table(source, table);
            }
        }
    }
}
