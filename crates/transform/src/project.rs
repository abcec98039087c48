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

    /// Where artifacts go if nobody says otherwise, below the project.
    pub fn target_path(&self) -> &str {
        &self.shared.settings.target_path
    }

    /// What `clean` deletes, below the project.
    pub fn clean_targets(&self) -> &[String] {
        &self.shared.settings.clean_targets
    }

    /// The folders of the project's own files.
    pub fn source_paths(&self) -> Vec<&str> {
        let settings = &self.shared.settings;
        let paths = [
            &settings.model_paths,
            &settings.seed_paths,
            &settings.test_paths,
            &settings.snapshot_paths,
            &settings.analysis_paths,
            &settings.macro_paths,
        ];
        paths.into_iter().flatten().map(String::as_str).collect()
    }

    /// Those of the ids that the project has, dependencies first.
    pub fn in_order<'a>(&self, ids: impl Iterator<Item = &'a NodeId>) -> Vec<NodeId> {
        let wanted: BTreeSet<&NodeId> = ids.collect();
        let order = self.graph.order().iter();
        order.filter(|id| wanted.contains(id)).cloned().collect()
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
    /// By name and package.
    by_name: HashMap<String, Vec<(String, NodeId)>>,
    /// By source, table and package.
    by_source: HashMap<(String, String), Vec<(String, NodeId)>>,
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
        let homes = match (&node.source, node.kind) {
            (Some(source), _) => {
                let key = (source.source_name.clone(), node.name.clone());
                Some(self.by_source.entry(key).or_default())
            }
            (None, NodeKind::Model | NodeKind::Seed | NodeKind::Snapshot) => {
                Some(self.by_name.entry(node.name.clone()).or_default())
            }
            _ => None,
        };
        let duplicate = match homes {
            Some(homes) => match homes.iter().find(|(package, _)| *package == node.package) {
                Some((_, first)) => Some(first.clone()),
                None => {
                    homes.push((node.package.clone(), node.unique_id.clone()));
                    None
                }
            },
            None => Some(node.unique_id.clone()).filter(|id| self.by_id.contains_key(id)),
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
            Target::Reference(reference) => self.reference(&reference, &self.package)?,
            Target::Source(source, table) => self.source(&source, &table, &self.package)?,
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

impl Nodes {
    /// As in dbt, the project's own comes before that of the package which asks.
    fn nearest_home<'a>(&self, homes: &'a [(String, NodeId)], package: &str) -> Option<&'a NodeId> {
        let of = |wanted: &str| homes.iter().find(|(home, _)| home == wanted);
        let found = of(&self.package).or_else(|| of(package));
        found.or(homes.first()).map(|(_, id)| id)
    }
}

impl Resolver for Nodes {
    fn reference(&self, reference: &Reference, package: &str) -> Option<&Node> {
        let homes = self.by_name.get(&reference.name)?;
        let id = match &reference.package {
            Some(package) => &homes.iter().find(|(home, _)| home == package)?.1,
            None => self.nearest_home(homes, package)?,
        };
        self.by_id.get(id)
    }

    fn source(&self, source_name: &str, table: &str, package: &str) -> Option<&Node> {
        let key = (source_name.to_owned(), table.to_owned());
        let id = self.nearest_home(self.by_source.get(&key)?, package)?;
        self.by_id.get(id)
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
