use std::collections::{BTreeMap, BTreeSet, HashMap};

use petgraph::{
    Direction,
    algo::{tarjan_scc, toposort},
    graph::{DiGraph, NodeIndex},
};

use crate::{Diagnostic, Node, NodeId};

/// Who depends on whom. Edges run from what is read to what reads it.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    graph: DiGraph<NodeId, ()>,
    index: HashMap<NodeId, NodeIndex>,
    /// Every node after all it depends on.
    order: Vec<NodeId>,
}

impl Graph {
    /// Builds the graph; every cycle is a problem of its own.
    pub(crate) fn build(nodes: &BTreeMap<NodeId, Node>) -> Result<Self, Vec<Diagnostic>> {
        let mut graph = DiGraph::new();
        let mut index = HashMap::new();
        for id in nodes.keys() {
            index.insert(id.clone(), graph.add_node(id.clone()));
        }
        for node in nodes.values() {
            for dependency in &node.depends_on {
                if let (Some(from), Some(to)) = (index.get(dependency), index.get(&node.unique_id))
                {
                    graph.update_edge(*from, *to, ());
                }
            }
        }
        match toposort(&graph, None) {
            Ok(order) => {
                let order = order
                    .into_iter()
                    .map(|index| graph[index].clone())
                    .collect();
                Ok(Self {
                    graph,
                    index,
                    order,
                })
            }
            Err(_) => Err(cycles(&graph, nodes)),
        }
    }

    /// All nodes, dependencies first.
    pub(crate) fn order(&self) -> &[NodeId] {
        &self.order
    }

    pub(crate) fn parents(&self, id: &str) -> impl Iterator<Item = &NodeId> {
        self.neighbours(id, Direction::Incoming)
    }

    pub(crate) fn children(&self, id: &str) -> impl Iterator<Item = &NodeId> {
        self.neighbours(id, Direction::Outgoing)
    }

    fn neighbours(&self, id: &str, direction: Direction) -> impl Iterator<Item = &NodeId> {
        let start = self.index.get(id).copied();
        start
            .into_iter()
            .flat_map(move |start| self.graph.neighbors_directed(start, direction))
            .map(|index| &self.graph[index])
    }

    /// Everything up to `depth` steps above the starts, without them unless they meet each other.
    pub(crate) fn ancestors(
        &self,
        starts: &BTreeSet<NodeId>,
        depth: Option<usize>,
    ) -> BTreeSet<NodeId> {
        self.reach(starts, Direction::Incoming, depth)
    }

    /// Everything up to `depth` steps below the starts.
    pub(crate) fn descendants(
        &self,
        starts: &BTreeSet<NodeId>,
        depth: Option<usize>,
    ) -> BTreeSet<NodeId> {
        self.reach(starts, Direction::Outgoing, depth)
    }

    fn reach(
        &self,
        starts: &BTreeSet<NodeId>,
        direction: Direction,
        depth: Option<usize>,
    ) -> BTreeSet<NodeId> {
        let mut reached = BTreeSet::new();
        let mut frontier: Vec<NodeId> = starts.iter().cloned().collect();
        let mut steps = 0;
        while !frontier.is_empty() && depth.is_none_or(|depth| steps < depth) {
            let mut next = Vec::new();
            for id in &frontier {
                for neighbour in self.neighbours(id, direction) {
                    if reached.insert(neighbour.clone()) {
                        next.push(neighbour.clone());
                    }
                }
            }
            frontier = next;
            steps += 1;
        }
        reached
    }
}

fn cycles(graph: &DiGraph<NodeId, ()>, nodes: &BTreeMap<NodeId, Node>) -> Vec<Diagnostic> {
    let loops = tarjan_scc(graph)
        .into_iter()
        .filter(|component| component.len() > 1 || graph.contains_edge(component[0], component[0]));
    loops
        .map(|mut component| {
            component.reverse();
            let mut names: Vec<&str> = component
                .iter()
                .map(|index| graph[*index].as_str())
                .collect();
            names.push(names[0]);
            let file = nodes.get(names[0]).map(Node::file).unwrap_or_default();
            let problem =
                Diagnostic::new(file, format!("cycle of refs: `{}`", names.join("` -> `")));
            // The line that closes the first step of it.
            let next = nodes.get(names[names.len() - 2]);
            let text = nodes.get(names[0]).zip(next).and_then(|(node, next)| {
                let quoted = [format!("'{}'", next.name), format!("\"{}\"", next.name)];
                let found =
                    |line: &str| quoted.iter().find_map(|quoted| line.find(quoted.as_str()));
                let mut lines = node.raw_code.lines().zip(1..);
                lines.find_map(|(line, number)| Some((number, found(line)? as u32 + 1)))
            });
            let (line, column) = text.unwrap_or((1, 1));
            problem.at_line(line, column)
        })
        .collect()
}
