use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
    sync::Arc,
};

use warehouse::Relation;

use crate::{
    Constraint, Diagnostic, Diagnostics, Node, NodeId, NodeKind, Options, ProjectFiles,
    constraint::Target,
    context::{Resolver, Shared},
    governance::Group,
    graph::Graph,
    jinja::Value,
    node::Reference,
    parse,
};

/// A parsed project: every node, with its place in the graph.
#[derive(Debug)]
pub struct Project {
    pub(crate) files: ProjectFiles,
    pub(crate) shared: Arc<Shared>,
    pub(crate) nodes: Arc<Nodes>,
    pub(crate) graph: Graph,
    /// What is odd but does not stop anything.
    pub warnings: Vec<Diagnostic>,
}

impl Project {
    /// Reads and parses a project folder.
    ///
    /// # Errors
    /// Every problem that can be known without the warehouse.
    pub fn load(folder: &Path, options: Options) -> Result<Self, Diagnostics> {
        Self::parse(ProjectFiles::read(folder)?, options)
    }

    /// Parses a project that is in memory. Does no I/O.
    ///
    /// # Errors
    /// Every problem that can be known without the warehouse.
    pub fn parse(files: ProjectFiles, options: Options) -> Result<Self, Diagnostics> {
        parse::project(files, options)
    }

    /// Every node, by its id.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.by_id.values()
    }

    /// A node by its id.
    pub fn node(&self, unique_id: &str) -> Option<&Node> {
        self.nodes.by_id.get(unique_id)
    }

    /// The project's name.
    pub fn name(&self) -> &str {
        &self.shared.settings.name
    }

    /// The schemas of what a run makes, by their plain names, sorted.
    pub fn schemas(&self) -> Vec<String> {
        let made = self.nodes().filter(|node| node.is_made(self.options()));
        let schemas: BTreeSet<String> = made.map(|node| node.schema.clone()).collect();
        schemas.into_iter().collect()
    }

    /// The tables that a run adds to instead of building them anew, by their plain names. Those of the build before
    /// must be there when it starts. Incremental models are not among them when they are built anew; snapshots always
    /// are.
    pub fn stateful_relations(&self) -> Vec<Relation> {
        self.nodes()
            .filter(|node| node.is_stateful(self.options()))
            .map(Node::relation)
            .collect()
    }

    /// The nodes where a run makes them: in the schemas with the suffix.
    pub(crate) fn nodes_to_make(&self) -> Arc<Nodes> {
        let suffix = &self.options().schema_suffix;
        if suffix.is_empty() {
            return Arc::clone(&self.nodes);
        }
        let mut nodes = Nodes::clone(&self.nodes);
        for node in nodes.by_id.values_mut() {
            if node.kind != NodeKind::Source {
                node.schema.push_str(suffix);
            }
        }
        Arc::new(nodes)
    }

    /// A text of a run with the plain names of the schemas.
    pub(crate) fn with_plain_schemas(&self, mut text: String) -> String {
        let suffix = &self.options().schema_suffix;
        if !suffix.is_empty() && text.contains(suffix) {
            for schema in self.schemas() {
                text = text.replace(&format!("{schema}{suffix}"), &schema);
            }
        }
        text
    }

    /// The options it was parsed with.
    pub fn options(&self) -> &Options {
        &self.shared.options
    }
}

/// All nodes and the names by which templates find them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Nodes {
    pub(crate) by_id: BTreeMap<NodeId, Node>,
    pub(crate) package: String,
    pub(crate) groups: Vec<Group>,
    by_name: HashMap<String, NodeId>,
    by_source: HashMap<(String, String), NodeId>,
    /// Disabled models and seeds, by name.
    pub(crate) disabled: Vec<String>,
}

impl Nodes {
    pub(crate) fn new(package: &str) -> Self {
        Self {
            package: package.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a node; gives back the one that has the name already.
    pub(crate) fn add(&mut self, node: Node) -> Option<&Node> {
        let duplicate = match (&node.source, node.kind) {
            (Some(source), _) => {
                let key = (source.source_name.clone(), node.name.clone());
                self.by_source.insert(key, node.unique_id.clone())
            }
            (None, NodeKind::Model | NodeKind::Seed | NodeKind::Snapshot) => self
                .by_name
                .insert(node.name.clone(), node.unique_id.clone()),
            _ => self
                .by_id
                .contains_key(&node.unique_id)
                .then(|| node.unique_id.clone()),
        };
        if let Some(first) = duplicate {
            return self.by_id.get(&first);
        }
        self.by_id.insert(node.unique_id.clone(), node);
        None
    }

    /// The group a node is in; a generic test's is that of what it tests.
    pub(crate) fn group_of<'a>(&'a self, node: &'a Node) -> Option<&'a str> {
        let tested = node
            .test
            .as_ref()
            .and_then(|test| test.attached_node.as_ref());
        match tested {
            Some(tested) => self.by_id.get(tested)?.group(),
            None => node.group(),
        }
    }

    /// The relation that a constraint's foreign key points at.
    pub(crate) fn target_of(&self, constraint: &Constraint) -> Option<Relation> {
        let node = match constraint.target().ok()?? {
            Target::Reference(reference) => self.reference(&reference)?,
            Target::Source(source, table) => self.source(&source, &table)?,
        };
        Some(node.relation())
    }

    pub(crate) fn ref_names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub(crate) fn source_names(&self) -> impl Iterator<Item = String> {
        self.by_source
            .keys()
            .map(|(source, table)| format!("{source}.{table}"))
    }
}

impl Resolver for Nodes {
    fn reference(&self, reference: &Reference) -> Option<&Node> {
        if reference
            .package
            .as_ref()
            .is_some_and(|package| *package != self.package)
        {
            return None;
        }
        self.by_id.get(self.by_name.get(&reference.name)?)
    }

    fn source(&self, source_name: &str, table: &str) -> Option<&Node> {
        self.by_id.get(
            self.by_source
                .get(&(source_name.to_owned(), table.to_owned()))?,
        )
    }

    fn graph(&self) -> Value {
        let entries = |wanted: &dyn Fn(NodeKind) -> bool| {
            let nodes = self.by_id.values().filter(|node| wanted(node.kind));
            Value::dict(nodes.map(|node| {
                (
                    &node.unique_id,
                    Value::from(&crate::artifacts::plain_node_json(node)),
                )
            }))
        };
        Value::dict([
            (
                "nodes",
                entries(&|kind| {
                    !matches!(
                        kind,
                        NodeKind::Source | NodeKind::Exposure | NodeKind::UnitTest
                    )
                }),
            ),
            ("sources", entries(&|kind| kind == NodeKind::Source)),
            ("exposures", entries(&|kind| kind == NodeKind::Exposure)),
        ])
    }
}
