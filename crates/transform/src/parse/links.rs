use std::collections::BTreeMap;

use super::Parser;
use crate::{Diagnostic, NodeId, NodeKind, context::Resolver, diagnostic::nearest};

impl Parser<'_> {
    /// Turns every `ref` and `source` into the id of a node.
    pub(super) fn link(&mut self) {
        let ids: Vec<NodeId> = self.nodes.by_id.keys().cloned().collect();
        let mut orphans = Vec::new();
        for id in ids {
            let Some(depends_on) = self.dependencies(&id) else {
                orphans.push(id);
                continue;
            };
            if let Some(node) = self.nodes.by_id.get_mut(&id) {
                node.depends_on = depends_on;
            }
        }
        for orphan in orphans {
            self.nodes.by_id.remove(&orphan);
        }
    }

    /// Two nodes must not make one relation.
    pub(super) fn check_relations(&mut self) {
        let mut made = BTreeMap::new();
        let mut problems = Vec::new();
        for node in self.nodes.by_id.values() {
            let is_relational = matches!(
                node.kind,
                NodeKind::Model | NodeKind::Seed | NodeKind::Snapshot
            );
            if !is_relational || node.is_ephemeral() {
                continue;
            }
            let relation = node.relation();
            let Some(first) = made.insert(relation.to_string(), node) else {
                continue;
            };
            let message = format!(
                "`{}` and `{}` (in `{}`) both make `{}.{}`",
                node.name,
                first.name,
                first.file(),
                relation.schema,
                relation.identifier
            );
            let hint = "give one of them another `alias` or `schema`".to_owned();
            let problem = Diagnostic::new(node.file(), message).with_hint(Some(hint));
            problems.push(self.locate(node, &node.alias, problem));
        }
        self.problems.extend(problems);
    }

    /// `None` for a test of something that is disabled.
    fn dependencies(&mut self, id: &str) -> Option<Vec<NodeId>> {
        let node = self.nodes.by_id.get(id)?;
        let mut depends_on: Vec<NodeId> = Vec::new();
        let mut problems = Vec::new();
        let mut is_orphan = false;
        let is_test = node.kind == NodeKind::Test;
        let place = |message: String, hint| {
            let line = if node.kind == NodeKind::Model {
                0
            } else {
                node.line
            };
            Diagnostic::new(node.file(), message)
                .at_line(line, u32::from(line > 0))
                .with_hint(hint)
        };
        for reference in &node.refs {
            match self.nodes.reference(reference, &node.package) {
                Some(found) => {
                    if let Some(problem) = self.private_reference(node, found) {
                        problems.push(self.locate(node, &reference.name, problem));
                    }
                    depends_on.push(found.unique_id.clone());
                }
                None if self.nodes.disabled.contains(&reference.name) && is_test => {
                    is_orphan = true
                }
                None if self.nodes.disabled.contains(&reference.name) => {
                    problems.push(place(
                        format!("ref `{}` names a disabled model", reference.name),
                        None,
                    ));
                }
                None => {
                    let hint = nearest(&reference.name, self.nodes.ref_names());
                    let message = format!("ref `{}` names no model or seed", reference.name);
                    problems.push(self.locate(node, &reference.name, place(message, hint)));
                }
            }
        }
        for (source, table) in &node.sources {
            match self.nodes.source(source, table, &node.package) {
                Some(found) => depends_on.push(found.unique_id.clone()),
                None => {
                    let name = format!("{source}.{table}");
                    let known: Vec<String> = self.nodes.source_names().collect();
                    let hint = nearest(&name, known.iter().map(String::as_str));
                    let message = format!("source `{name}` is not declared");
                    problems.push(self.locate(node, table, place(message, hint)));
                }
            }
        }
        self.problems.extend(problems);
        let mut seen = std::collections::BTreeSet::new();
        depends_on.retain(|dependency| seen.insert(dependency.clone()));
        (!is_orphan).then_some(depends_on)
    }

    /// Points a problem at the first line of the file that names the thing in quotes.
    fn locate(&self, node: &crate::Node, name: &str, problem: Diagnostic) -> Diagnostic {
        let Some(text) = self.files.text_of(node) else {
            return problem;
        };
        if problem.line > 1 {
            return problem;
        }
        for (index, line) in text.lines().enumerate() {
            let quoted = [format!("'{name}'"), format!("\"{name}\"")];
            if let Some(column) = quoted.iter().find_map(|quoted| line.find(quoted.as_str())) {
                return problem.at_line(index as u32 + 1, column as u32 + 1);
            }
        }
        problem
    }
}
