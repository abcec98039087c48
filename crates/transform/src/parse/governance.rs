//! Groups, access and what contracts ask of properties.

use std::collections::BTreeSet;

use super::Parser;
use crate::{
    Access, ConstraintKind, Diagnostic, Node, NodeKind,
    constraint::{Constraint, Target},
    diagnostic::nearest,
    governance::Group,
    settings, yaml,
};

impl Parser<'_> {
    /// The groups that the project declares.
    pub(super) fn groups(&mut self, groups: &[(String, dbt_yaml::Value)]) {
        let package = self.package();
        for (file, entry) in groups {
            let name = yaml::text(entry, "name").unwrap_or_default();
            let group = Group::read(&package, file, name, entry);
            let (line, column) = yaml::place(entry);
            let problem = |message: String| Diagnostic::new(file, message).at_line(line, column);
            if !group.owner.contains_key("name") && !group.owner.contains_key("email") {
                let hint = "write `owner: {name: …}`, or an `email`".to_owned();
                let message = format!("group `{}` has no owner", group.name);
                self.problems.push(problem(message).with_hint(Some(hint)));
            }
            if self
                .nodes
                .groups
                .iter()
                .any(|known| known.name == group.name)
            {
                let message = format!("group `{}` is declared twice", group.name);
                self.problems.push(problem(message));
                continue;
            }
            self.nodes.groups.push(group);
        }
    }

    /// Checks every node's group, access and contract.
    pub(super) fn check_governance(&mut self) {
        let (mut problems, mut warnings) = (Vec::new(), Vec::new());
        for node in self.nodes.by_id.values() {
            problems.extend(self.unknown_group(node));
            if node.kind == NodeKind::Model {
                problems.extend(invalid_access(node));
                problems.extend(self.invalid_contract(node));
                warnings.extend(ignored_constraints(node));
            }
        }
        self.problems.extend(problems);
        self.warnings.extend(warnings);
    }

    fn unknown_group(&self, node: &Node) -> Option<Diagnostic> {
        let group = node.group()?;
        let names = || self.nodes.groups.iter().map(|group| group.name.as_str());
        if matches!(node.kind, NodeKind::Source | NodeKind::Exposure)
            || names().any(|name| name == group)
        {
            return None;
        }
        let message = format!(
            "`{}` is in group `{group}`, which no file declares",
            node.name
        );
        let hint = nearest(group, names()).unwrap_or_else(|| match names().count() {
            0 => "declare it under `groups:` in a properties file".to_owned(),
            _ => format!(
                "the groups are `{}`",
                names().collect::<Vec<_>>().join("`, `")
            ),
        });
        let files = [described_in(node), &node.original_file_path, settings::FILE];
        let written = files
            .iter()
            .find_map(|file| Some((*file, self.line_of_group(node, file, group)?)));
        let (file, line) = written.unwrap_or((described_in(node), 0));
        let problem = Diagnostic::new(node.named(file), message).at_line(line, u32::from(line > 0));
        Some(problem.with_hint(Some(hint)))
    }

    /// The first line of a file that has a config `group` of a name.
    fn line_of_group(&self, node: &Node, file: &str, group: &str) -> Option<u32> {
        let lines = self.files.text_beside(node, file)?.lines();
        let mut numbered = lines.zip(1..);
        let is_it = |line: &str| {
            let after = line.split_once("group").map(|(_, after)| after);
            after.is_some_and(|after| after.contains(group))
        };
        numbered.find_map(|(line, number)| is_it(line).then_some(number))
    }

    fn invalid_contract(&self, node: &Node) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let place = |message: String| Diagnostic::new(node.named(described_in(node)), message);
        if node.has_contract() && node.patch_path.is_some() && node.columns.is_empty() {
            let message = format!("`{}` has a contract and no columns", node.name);
            let hint = "list its columns with their `data_type`".to_owned();
            problems.push(place(message).with_hint(Some(hint)));
        }
        let is_key = |constraint: &&Constraint| constraint.kind == ConstraintKind::PrimaryKey;
        let of_columns = node.columns.iter().flat_map(|column| &column.constraints);
        let n_of_columns = of_columns.filter(is_key).count();
        if n_of_columns > 1 || n_of_columns > 0 && node.constraints.iter().any(|own| is_key(&own)) {
            let message = format!("`{}` has more than one primary key", node.name);
            let hint = "a key of several columns is one constraint of the model".to_owned();
            problems.push(place(message).with_hint(Some(hint)));
        }
        for constraint in node.all_constraints() {
            if let Err(message) = constraint.target() {
                problems.push(place(format!(
                    "a foreign key of `{}`: {message}",
                    node.name
                )));
            }
        }
        problems
    }

    /// Reads the constraints of a patch's entry; those that cannot be read are problems.
    pub(super) fn constraints(
        &mut self,
        file: &str,
        line: u32,
        written: &[serde_json::Value],
    ) -> Vec<Constraint> {
        let mut constraints = Vec::new();
        for entry in written {
            match Constraint::read(entry) {
                Ok(constraint) => constraints.push(constraint),
                Err(message) => {
                    let kind = entry.get("type").map(yaml::plain).unwrap_or_default();
                    let names: Vec<_> = ConstraintKind::names().collect();
                    let hint = nearest(&kind, names.iter().copied())
                        .unwrap_or_else(|| format!("the types are `{}`", names.join("`, `")));
                    let problem = Diagnostic::new(file, message).at_line(line, 1);
                    self.problems.push(problem.with_hint(Some(hint)));
                }
            }
        }
        constraints
    }

    /// A reference to a model that only its own group may read.
    pub(super) fn private_reference(&self, node: &Node, found: &Node) -> Option<Diagnostic> {
        let is_forbidden = found.kind == NodeKind::Model
            && found.access() == Access::Private
            && node.kind != NodeKind::Seed
            && (node.kind == NodeKind::Exposure
                || self.nodes.group_of(node).is_none()
                || self.nodes.group_of(node) != found.group());
        if !is_forbidden {
            return None;
        }
        let group = found.group().unwrap_or_default();
        let message = match group {
            "" => format!(
                "`{}` reads `{}`, which is private and in no group",
                node.name, found.name
            ),
            _ => format!(
                "`{}` reads `{}`, which is private to the group `{group}`",
                node.name, found.name
            ),
        };
        let hint = match (group, node.kind) {
            ("", _) | (_, NodeKind::Exposure) => {
                format!(
                    "read a public model, or give `{}` `access: protected`",
                    found.name
                )
            }
            _ => format!(
                "put `{}` into the group `{group}`, or give `{}` `access: protected`",
                node.name, found.name
            ),
        };
        Some(Diagnostic::new(node.file(), message).with_hint(Some(hint)))
    }
}

/// Adds what foreign keys point at to what a node refers to.
pub(super) fn refer_to_targets(node: &mut Node) {
    let targets = node
        .all_constraints()
        .filter_map(|constraint| constraint.target().ok()?);
    let (mut refs, mut sources) = (Vec::new(), BTreeSet::new());
    for target in targets {
        match target {
            Target::Reference(reference) => refs.push(reference),
            Target::Source(source, table) => {
                sources.insert((source, table));
            }
        }
    }
    node.refs.extend(refs);
    node.sources.extend(sources);
}

/// The properties file of a node, else its own.
fn described_in(node: &Node) -> &str {
    let patch = node.patch_path.as_deref();
    let file = patch.and_then(|path| Some(path.split_once("://")?.1));
    file.unwrap_or(&node.original_file_path)
}

fn invalid_access(node: &Node) -> Option<Diagnostic> {
    let written = node.config.get("access").map(yaml::plain)?;
    let place = |message: String| Diagnostic::new(node.named(described_in(node)), message);
    if Access::parse(&written).is_none() {
        let message = format!("`{}` has access `{written}`", node.name);
        let hint = "access is `private`, `protected` or `public`".to_owned();
        return Some(place(message).with_hint(Some(hint)));
    }
    (node.access() == Access::Public && node.is_ephemeral()).then(|| {
        let message = format!("`{}` is public and ephemeral", node.name);
        let hint = "what others read must be a view or a table".to_owned();
        place(message).with_hint(Some(hint))
    })
}

fn ignored_constraints(node: &Node) -> Option<Diagnostic> {
    let is_told = node
        .all_constraints()
        .any(|constraint| constraint.warn_unsupported);
    if !node.has_contract() || node.declares_constraints() || !is_told {
        return None;
    }
    let kind = node.config_text("materialized").unwrap_or("view");
    let message = format!("`{}` is a {kind}, which takes no constraints", node.name);
    let hint = "with `warn_unsupported: false` the constraint says nothing".to_owned();
    Some(Diagnostic::new(node.named(described_in(node)), message).with_hint(Some(hint)))
}
