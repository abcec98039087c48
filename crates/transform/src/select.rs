//! dbt's selection syntax: `--select "tag:money+,path:models/marts" --exclude x`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Diagnostic, Diagnostics, Node, NodeId, NodeKind, Project, diagnostic::nearest, run::Command,
};

mod criterion;
mod methods;
mod selectors;
mod state;

use criterion::Criterion;
pub use state::State;

/// Which nodes a command is about.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// `--select`: each element may hold several criteria; none means everything.
    pub select: Vec<String>,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// `--resource-type`; none means what the command is about.
    pub resource_types: Vec<String>,
    /// `--exclude-resource-type`.
    pub excluded_resource_types: Vec<String>,
    /// `--selector`: one of `selectors.yml`. Without it and without `select` and `exclude`, that file's default holds.
    pub selector: Option<String>,
    /// The run that `state:` and `result:` compare with.
    pub state: Option<State>,
}

/// What a node set is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expression {
    Criterion(Criterion),
    Union(Vec<Expression>),
    Intersection(Vec<Expression>),
    Difference(Box<Expression>, Box<Expression>),
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
        let state = selection.state.as_ref();
        let named = self.named_selector(selection, &mut problems);
        let mut selected = match (named, selection.select.is_empty()) {
            (Some(expression), _) => self.evaluate(&expression, state, &mut problems),
            (None, true) => self.nodes.by_id.keys().cloned().collect(),
            (None, false) => self.union(&selection.select, state, &mut problems),
        };
        let excluded = self.union(&selection.exclude, state, &mut problems);
        if !problems.is_empty() {
            return Err(Diagnostics(problems));
        }
        selected.retain(|id| !excluded.contains(id));
        let wanted = |node: &Node| {
            let is_in = |types: &[String]| {
                types
                    .iter()
                    .any(|name| name == node.kind.name() || name == "all")
            };
            if is_in(&selection.excluded_resource_types) {
                return false;
            }
            if selection.resource_types.is_empty() {
                command.kinds().contains(&node.kind)
            } else {
                is_in(&selection.resource_types)
                    && (command == Command::List || command.kinds().contains(&node.kind))
                    && node.kind != NodeKind::Operation
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

    /// The selector of `selectors.yml` that holds.
    fn named_selector(
        &self,
        selection: &Selection,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Expression> {
        let is_plain = selection.select.is_empty() && selection.exclude.is_empty();
        if selection.selector.is_none() && !is_plain {
            return None;
        }
        let selectors = match selectors::read(&self.files) {
            Ok(selectors) => selectors,
            Err(found) => {
                problems.extend(found);
                return None;
            }
        };
        let Some(name) = &selection.selector else {
            let default = selectors.into_iter().find(|selector| selector.is_default);
            return default.map(|selector| selector.expression);
        };
        let names: Vec<String> = selectors
            .iter()
            .map(|selector| selector.name.clone())
            .collect();
        let found = selectors
            .into_iter()
            .find(|selector| selector.name == *name);
        if found.is_none() {
            let hint = nearest(name, names.iter().map(String::as_str));
            let hint = hint.or_else(|| match names.is_empty() {
                true => Some("there is no selectors.yml with selectors".to_owned()),
                false => Some(format!("the selectors are `{}`", names.join("`, `"))),
            });
            let message = format!("selector `{name}` is not defined");
            problems.push(Diagnostic::without_file(message).with_hint(hint));
        }
        found.map(|selector| selector.expression)
    }

    /// Criteria as a command line has them: spaces unite, commas intersect.
    fn union(
        &self,
        expressions: &[String],
        state: Option<&State>,
        problems: &mut Vec<Diagnostic>,
    ) -> BTreeSet<NodeId> {
        let mut selected = BTreeSet::new();
        for expression in expressions.iter().flat_map(|text| text.split_whitespace()) {
            match Expression::parse(expression) {
                Ok(expression) => selected.extend(self.evaluate(&expression, state, problems)),
                Err(found) => problems.extend(found),
            }
        }
        selected
    }

    fn evaluate(
        &self,
        expression: &Expression,
        state: Option<&State>,
        problems: &mut Vec<Diagnostic>,
    ) -> BTreeSet<NodeId> {
        match expression {
            Expression::Criterion(criterion) => match self.criterion(criterion, state) {
                Ok(selected) => selected,
                Err(problem) => {
                    problems.push(problem);
                    BTreeSet::new()
                }
            },
            Expression::Union(parts) => {
                let sets = parts
                    .iter()
                    .map(|part| self.evaluate(part, state, problems));
                sets.flatten().collect()
            }
            Expression::Intersection(parts) => {
                let sets = parts
                    .iter()
                    .map(|part| self.evaluate(part, state, problems));
                sets.reduce(|a, b| a.intersection(&b).cloned().collect())
                    .unwrap_or_default()
            }
            Expression::Difference(whole, excluded) => {
                let mut selected = self.evaluate(whole, state, problems);
                let excluded = self.evaluate(excluded, state, problems);
                selected.retain(|id| !excluded.contains(id));
                selected
            }
        }
    }

    fn criterion(
        &self,
        criterion: &Criterion,
        state: Option<&State>,
    ) -> Result<BTreeSet<NodeId>, Diagnostic> {
        let nodes: &BTreeMap<NodeId, Node> = &self.nodes.by_id;
        let direct = match criterion.method.as_str() {
            "state" => state::changed(self, state, &criterion.value)?,
            "result" => state::with_result(state, &criterion.value)?,
            _ => {
                let matcher = methods::matcher(criterion)?;
                let matching = nodes.values().filter(|node| matcher(node));
                matching.map(|node| node.unique_id.clone()).collect()
            }
        };
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

impl Expression {
    /// An element of `--select`: criteria with commas between them.
    fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let (mut parts, mut problems) = (Vec::new(), Vec::new());
        for part in text.split(',').filter(|part| !part.is_empty()) {
            match Criterion::parse(part) {
                Ok(criterion) => parts.push(Self::Criterion(criterion)),
                Err(problem) => problems.push(problem),
            }
        }
        match problems.is_empty() {
            true => Ok(Self::Intersection(parts)),
            false => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests;
