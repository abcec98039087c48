use std::{collections::HashMap, sync::Arc};

use serde_json::{Map, Value as Json};

use super::{
    Parser, Patch,
    names::fqn,
    resources::{empty, stem},
};
use crate::{
    Diagnostic, Node, NodeKind,
    jinja::{self, BlockKind},
};

impl Parser<'_> {
    /// Snapshots of both spellings: `{% snapshot %}` blocks, and entries of a properties file with a `relation`.
    pub(super) fn snapshots(&mut self, patches: &HashMap<String, Patch>) {
        let is_snapshot = |patch: &&Patch| patch.list == "snapshots";
        let folders = self.settings.snapshot_paths.clone();
        let files = self.files;
        for (path, folder, text) in files.below(&folders, &["sql"]) {
            let template = match jinja::parse(&Arc::from(path), text) {
                Ok(template) => template,
                Err(error) => {
                    self.render_problem(*error, path);
                    continue;
                }
            };
            for block in template.blocks() {
                if block.kind != BlockKind::Snapshot {
                    continue;
                }
                let file = self.file_node(NodeKind::Snapshot, path, folder, body(&block.source));
                let below = format!("{}/{}/", parent(&file.path), stem(path));
                let node = Node {
                    raw_code: body(&block.source).to_owned(),
                    line: block.at.line,
                    ..self.snapshot(&block.name, &below, file)
                };
                self.add_snapshot(node, patches.get(&*block.name).filter(is_snapshot));
            }
        }
        let mut written: Vec<&Patch> = patches.values().filter(is_snapshot).collect();
        written.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        for patch in written {
            let Some(relation) = &patch.relation else {
                continue;
            };
            if !is_call(relation) {
                let message = format!("`relation` of snapshot `{}` is no reference", patch.name);
                let hint = "write it as ref('x') or source('x', 'y')".to_owned();
                self.problems
                    .push(patch.problem(message).with_hint(Some(hint)));
                continue;
            }
            let below = self.below_its_folder(&patch.file).to_owned();
            let file = Node {
                path: format!("{below}/{}.sql", patch.name),
                original_file_path: patch.file.clone(),
                package_folder: self.files.folder.clone(),
                raw_code: format!("select * from {{{{ {relation} }}}}"),
                line: patch.line,
                package: self.package(),
                ..empty(NodeKind::Snapshot)
            };
            let node = self.snapshot(&patch.name, &below, file);
            self.add_snapshot(node, Some(patch));
        }
    }

    /// A node of a file with the identity of a snapshot; `below` is where its fqn says that it is.
    fn snapshot(&self, name: &str, below: &str, file: Node) -> Node {
        let package = self.package();
        Node {
            unique_id: format!("snapshot.{package}.{name}"),
            fqn: fqn(&package, below, name),
            name: name.to_owned(),
            config: Map::from_iter([("materialized".to_owned(), Json::from("snapshot"))]),
            ..file
        }
    }

    fn add_snapshot(&mut self, node: Node, patch: Option<&Patch>) {
        if self.nodes.by_id.contains_key(&node.unique_id) {
            let message = format!("snapshot `{}` is defined twice", node.name);
            let problem = Diagnostic::new(node.file(), message).at_line(node.line, 1);
            self.problems.push(problem);
            return;
        }
        let tree = self.tree_config("snapshots", &node.fqn);
        self.sql_node(node, tree, patch);
    }

    /// The path of a properties file below the resource folder it is in.
    pub(super) fn below_its_folder<'a>(&self, file: &'a str) -> &'a str {
        let settings = &self.settings;
        let folders = [
            &settings.snapshot_paths,
            &settings.model_paths,
            &settings.seed_paths,
            &settings.test_paths,
            &settings.analysis_paths,
            &settings.macro_paths,
        ];
        let below = folders.into_iter().flatten().find_map(|folder| {
            let rest = file.strip_prefix(folder.as_str())?;
            rest.strip_prefix('/')
        });
        below.unwrap_or(file)
    }
}

/// What stands between the tags of a block.
fn body(source: &str) -> &str {
    let start = source.find("%}").map_or(0, |end| end + 2);
    let end = source.rfind("{%").unwrap_or(source.len());
    source.get(start..end).unwrap_or_default()
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folders, _)| folders)
}

fn is_call(relation: &str) -> bool {
    let relation = relation.trim();
    let is_of = |name: &str| {
        let rest = relation.strip_prefix(name);
        rest.is_some_and(|rest| rest.trim_start().starts_with('('))
    };
    relation.ends_with(')') && (is_of("ref") || is_of("source"))
}
