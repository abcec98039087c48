use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::{Parser, Patch, governance::refer_to_targets, names::fqn};
use crate::{
    Diagnostic, Node, NodeKind, compile::Hooks, diagnostic::nearest, node::Column, settings::merge,
    yaml,
};

impl Parser<'_> {
    pub(super) fn models(&mut self, patches: &HashMap<String, Patch>) {
        let folders = self.settings.model_paths.clone();
        let files = self.files;
        for (path, folder, text) in files.below(&folders, &["sql"]) {
            let mut node = self.file_node(NodeKind::Model, path, folder, text);
            node.config = Map::from_iter([("materialized".to_owned(), Json::from("view"))]);
            let tree = self.tree_config("models", &node.fqn);
            self.sql_node(
                node,
                tree,
                patches
                    .get(stem(path))
                    .filter(|patch| patch.list == "models"),
            );
        }
    }

    pub(super) fn seeds(&mut self, patches: &HashMap<String, Patch>) {
        let folders = self.settings.seed_paths.clone();
        let files = self.files;
        for (path, folder, text) in files.below(&folders, &["csv"]) {
            let mut node = self.file_node(NodeKind::Seed, path, folder, "");
            node.checksum = Some(crate::artifacts::sha256_hex(text.trim()));
            node.config = self.tree_config("seeds", &node.fqn);
            if let Some(patch) = patches
                .get(stem(path))
                .filter(|patch| patch.list == "seeds")
            {
                self.apply(&mut node, patch);
                let config = self.rendered_config(&patch.file, &patch.config);
                merge(&mut node.config, &config);
            }
            node.config
                .insert("materialized".to_owned(), Json::from("seed"));
            self.render(&mut node);
            self.finish(node);
        }
    }

    pub(super) fn singular_tests(&mut self, patches: &HashMap<String, Patch>) {
        let folders = self.settings.test_paths.clone();
        let files = self.files;
        for (path, folder, text) in files.below(&folders, &["sql"]) {
            let below = &path[folder.len()..];
            if below.starts_with("/generic/") || below.starts_with("/fixtures/") {
                continue;
            }
            let mut node = self.file_node(NodeKind::Test, path, folder, text);
            node.config = test_defaults();
            let tree = self.tree_config("data_tests", &node.fqn);
            self.sql_node(
                node,
                tree,
                patches
                    .get(stem(path))
                    .filter(|patch| patch.list == "data_tests"),
            );
        }
    }

    pub(super) fn file_node(&self, kind: NodeKind, path: &str, folder: &str, text: &str) -> Node {
        let package = self.package();
        let name = stem(path).to_owned();
        let below = path[folder.len()..].trim_start_matches('/').to_owned();
        Node {
            unique_id: format!("{}.{package}.{name}", kind.name()),
            kind,
            fqn: fqn(&package, &below, &name),
            name,
            package,
            path: below,
            original_file_path: path.to_owned(),
            package_folder: self.files.folder.clone(),
            raw_code: text.trim().to_owned(),
            line: 1,
            ..empty(kind)
        }
    }

    /// Renders a node to learn its refs and config, and adds it.
    pub(super) fn sql_node(
        &mut self,
        mut node: Node,
        tree: Map<String, Json>,
        patch: Option<&Patch>,
    ) {
        merge(&mut node.config, &tree);
        if let Some(patch) = patch {
            self.apply(&mut node, patch);
            let config = self.rendered_config(&patch.file, &patch.config);
            merge(&mut node.config, &config);
        }
        self.render(&mut node);
        if let Err(message) = node.materialization() {
            let known = [
                "view",
                "table",
                "incremental",
                "ephemeral",
                "snapshot",
                "seed",
            ];
            let written = node.config_text("materialized").unwrap_or_default();
            let hint = nearest(written, known);
            let problem = self.config_place(&node, "materialized", message);
            self.problems.push(problem.with_hint(hint));
        }
        self.check_state(&node);
        self.finish(node);
    }

    /// Renders a node and its hooks to learn what they refer to and how they configure the node.
    pub(super) fn render(&mut self, node: &mut Node) {
        let context = self.context(node);
        let mut rendered = context.render(&node.file(), &node.raw_code);
        merge(&mut node.config, &context.captured().config);
        self.overrule(node);
        if rendered.is_ok() {
            rendered = Hooks::capture(&context, node).map(|()| String::new());
        }
        if let Err(error) = rendered
            && Self::is_enabled(node)
        {
            let problem = Diagnostic::from_jinja(*error, &node.file()).inside(node);
            self.problems.push(problem);
        }
        let captured = context.captured();
        (node.refs, node.sources, node.macros) = (captured.refs, captured.sources, captured.macros);
        refer_to_targets(node);
    }

    pub(super) fn apply(&mut self, node: &mut Node, patch: &Patch) {
        node.description = self.description(&patch.file, &patch.description);
        node.patch_path = Some(format!("{}://{}", node.package, patch.file));
        node.columns = patch
            .columns
            .iter()
            .map(|column| Column {
                name: column.name.clone(),
                description: self.description(&patch.file, &column.description),
                data_type: column.data_type.clone(),
                quote: column.quote,
                constraints: self.constraints(&patch.file, column.line, &column.constraints),
                tags: column.tags.clone(),
                meta: column.meta.clone(),
            })
            .collect();
        node.constraints = self.constraints(&patch.file, patch.line, &patch.constraints);
    }

    /// Names a node and adds it to the graph, unless it is disabled.
    pub(super) fn finish(&mut self, mut node: Node) {
        if !Self::is_enabled(&node) {
            self.nodes.disabled.push(node.name);
            return;
        }
        self.name(&mut node);
        let (name, file) = (node.name.clone(), node.file());
        if let Some(first) = self.nodes.add(node) {
            let message = format!("`{name}` is defined twice: also in `{}`", first.file());
            self.problems.push(
                Diagnostic::new(file, message)
                    .at_line(1, 1)
                    .with_hint(Some("names must be unique in a project".to_owned())),
            );
        }
    }

    pub(super) fn exposures(&mut self, exposures: &[(String, dbt_yaml::Value)]) {
        for (file, entry) in exposures {
            let Some(name) = yaml::text(entry, "name") else {
                continue;
            };
            let package = self.package();
            let mut node = Node {
                unique_id: format!("exposure.{package}.{name}"),
                fqn: fqn(
                    &package,
                    file.split_once('/').map_or("", |(_, rest)| rest),
                    &name,
                ),
                name: name.clone(),
                alias: name,
                package,
                path: file.split_once('/').map_or("", |(_, rest)| rest).to_owned(),
                original_file_path: file.clone(),
                package_folder: self.files.folder.clone(),
                line: yaml::place(entry).0,
                config: super::properties::config(entry),
                ..empty(NodeKind::Exposure)
            };
            node.description =
                self.description(file, &yaml::text(entry, "description").unwrap_or_default());
            node.tags = yaml::texts(node.config.get("tags"));
            node.raw_code = yaml::to_json(entry).to_string();
            let context = self.context(&node);
            for dependency in yaml::list(entry, "depends_on") {
                let call = dependency.as_str().unwrap_or_default();
                if let Err(error) = context.render(file, &format!("{{{{ {call} }}}}")) {
                    let (line, column) = yaml::place(dependency);
                    self.problems
                        .push(Diagnostic::from_jinja(*error, file).at_line(line, column));
                }
            }
            let captured = context.captured();
            (node.refs, node.sources) = (captured.refs, captured.sources);
            self.nodes.add(node);
        }
    }
}

/// What dbt gives every data test.
pub(super) fn test_defaults() -> Map<String, Json> {
    Map::from_iter([
        ("materialized".to_owned(), Json::from("test")),
        ("severity".to_owned(), Json::from("ERROR")),
        ("fail_calc".to_owned(), Json::from("count(*)")),
        ("warn_if".to_owned(), Json::from("!= 0")),
        ("error_if".to_owned(), Json::from("!= 0")),
    ])
}

/// A file's name without folders and extension.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A node with nothing but its kind.
pub(crate) fn empty(kind: NodeKind) -> Node {
    Node {
        unique_id: String::new(),
        kind,
        name: String::new(),
        package: String::new(),
        path: String::new(),
        package_folder: String::new(),
        original_file_path: String::new(),
        fqn: Vec::new(),
        raw_code: String::new(),
        checksum: None,
        config: Map::new(),
        tags: Vec::new(),
        description: String::new(),
        columns: Vec::new(),
        constraints: Vec::new(),
        patch_path: None,
        schema: String::new(),
        database: String::new(),
        alias: String::new(),
        refs: Vec::new(),
        sources: Vec::new(),
        macros: Default::default(),
        depends_on: Vec::new(),
        test: None,
        unit_test: None,
        source: None,
        line: 0,
    }
}
