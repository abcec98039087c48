use serde_json::Value as Json;

use super::{Parser, resources::empty};
use crate::{Node, NodeKind, settings as project};

impl Parser<'_> {
    /// The hooks that a package runs before and after all nodes.
    pub(super) fn operations(&mut self) {
        let settings = std::sync::Arc::clone(&self.settings);
        let text = self.files.files.get(project::FILE).map(|text| text.trim());
        let checksum = crate::artifacts::sha256_hex(text.unwrap_or_default());
        for (when, hooks) in [
            ("on-run-start", &settings.on_run_start),
            ("on-run-end", &settings.on_run_end),
        ] {
            for (index, sql) in hooks.iter().enumerate() {
                let package = self.package();
                let name = format!("{package}-{when}-{index}");
                let mut node = Node {
                    unique_id: format!("operation.{package}.{name}"),
                    fqn: vec![package.clone(), "hooks".to_owned(), name.clone()],
                    path: format!("hooks/{name}.sql"),
                    original_file_path: format!("./{}", project::FILE),
                    package_folder: self.files.folder.clone(),
                    raw_code: sql.trim().to_owned(),
                    checksum: Some(checksum.clone()),
                    name,
                    package,
                    ..empty(NodeKind::Operation)
                };
                node.config = self.tree_config("models", &node.fqn);
                node.config
                    .entry("materialized")
                    .or_insert_with(|| Json::from("view"));
                self.render(&mut node);
                let mut tags = crate::yaml::texts(node.config.get("tags"));
                tags.push(when.to_owned());
                node.config.insert("tags".to_owned(), Json::from(tags));
                self.finish(node);
            }
        }
    }
}
