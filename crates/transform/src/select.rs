//! dbt's selection syntax: `--select "tag:money+,path:models/marts" --exclude x`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Diagnostic, Diagnostics, Node, NodeId, NodeKind, Project, run::Command};

mod criterion;
mod methods;

use criterion::Criterion;

/// Which nodes a command is about.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// `--select`: each element may hold several criteria; none means everything.
    pub select: Vec<String>,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// `--resource-type`; none means what the command is about.
    pub resource_types: Vec<String>,
}

impl Project {
    /// The nodes that a command is about, dependencies first.
    ///
    /// # Errors
    /// Every criterion that is not valid.
    pub fn select(
        &self,
        selection: &Selection,
        command: Command,
    ) -> Result<Vec<NodeId>, Diagnostics> {
        let mut problems = Vec::new();
        let mut selected = if selection.select.is_empty() {
            self.nodes.by_id.keys().cloned().collect()
        } else {
            self.union(&selection.select, &mut problems)
        };
        let excluded = self.union(&selection.exclude, &mut problems);
        if !problems.is_empty() {
            return Err(Diagnostics(problems));
        }
        selected.retain(|id| !excluded.contains(id));
        let wanted = |node: &Node| {
            if selection.resource_types.is_empty() {
                command.kinds().contains(&node.kind)
            } else {
                let is_named = selection
                    .resource_types
                    .iter()
                    .any(|name| name == node.kind.name() || name == "all");
                is_named && (command == Command::List || command.kinds().contains(&node.kind))
            }
        };
        let is_checked = |node: &Node| {
            let source = node.source.as_ref();
            command != Command::Freshness
                || source.is_some_and(|source| source.freshness.is_checked())
        };
        let order = self.graph.order().iter();
        Ok(order
            .filter(|id| selected.contains(*id))
            .filter(|id| wanted(&self.nodes.by_id[*id]) && is_checked(&self.nodes.by_id[*id]))
            .cloned()
            .collect())
    }

    fn union(&self, expressions: &[String], problems: &mut Vec<Diagnostic>) -> BTreeSet<NodeId> {
        let mut selected = BTreeSet::new();
        for expression in expressions
            .iter()
            .flat_map(|expression| expression.split_whitespace())
        {
            let mut parts = expression
                .split(',')
                .filter(|part| !part.is_empty())
                .map(|part| self.criterion(part));
            let mut intersection: Option<BTreeSet<NodeId>> = None;
            for part in parts.by_ref() {
                match part {
                    Ok(part) => {
                        intersection = Some(match intersection {
                            Some(so_far) => so_far.intersection(&part).cloned().collect(),
                            None => part,
                        });
                    }
                    Err(problem) => problems.push(problem),
                }
            }
            selected.extend(intersection.unwrap_or_default());
        }
        selected
    }

    fn criterion(&self, text: &str) -> Result<BTreeSet<NodeId>, Diagnostic> {
        let criterion = Criterion::parse(text)?;
        let nodes: &BTreeMap<NodeId, Node> = &self.nodes.by_id;
        let matcher = methods::matcher(&criterion)?;
        let direct: BTreeSet<NodeId> = nodes
            .values()
            .filter(|node| matcher(node))
            .map(|node| node.unique_id.clone())
            .collect();
        let mut selected = direct.clone();
        if criterion.childrens_parents {
            selected.extend(self.graph.descendants(&direct, None));
            selected.extend(self.graph.ancestors(&selected.clone(), None));
        }
        if let Some(depth) = criterion.parents {
            selected.extend(self.graph.ancestors(&direct, depth));
        }
        if let Some(depth) = criterion.children {
            selected.extend(self.graph.descendants(&direct, depth));
        }
        let tests: Vec<NodeId> = selected
            .iter()
            .flat_map(|id| self.graph.children(id))
            .filter(|id| {
                nodes
                    .get(*id)
                    .is_some_and(|node| matches!(node.kind, NodeKind::Test | NodeKind::UnitTest))
            })
            .cloned()
            .collect();
        selected.extend(tests);
        Ok(selected)
    }
}

#[cfg(test)]
mod tests;
