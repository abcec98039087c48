use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Command;
use crate::{NodeId, NodeKind, NodeResult, Project, Status};

/// Which nodes wait, which may run, which ended.
pub(super) struct Queue {
    /// What has not been started, those first that the longest chain of others waits for.
    waiting: BTreeMap<Rank, Waiting>,
    /// Which of them wait for nothing any more.
    ready: BTreeSet<Rank>,
    /// Who waits for a node, or for the look at it.
    readers: HashMap<String, Vec<Rank>>,
    n_running: usize,
    n_started: usize,
    /// Nodes that failed or were skipped, with the first cause.
    failed: HashMap<NodeId, NodeId>,
    /// What each node must not outlive.
    needs: BTreeMap<NodeId, BTreeSet<NodeId>>,
    pub(super) results: Vec<NodeResult>,
}

/// A node's place in the order in which nodes are taken.
type Rank = usize;

struct Waiting {
    id: NodeId,
    n_needs: usize,
}

impl Queue {
    pub(super) fn new(project: &Project, selected: &[NodeId], command: Command) -> Self {
        let mut needs = selected_ancestors(project, selected);
        if command == Command::Build {
            if project.options().waits_for_tests {
                add_tests(project, &mut needs);
            }
            add_unit_tests(project, selected, &mut needs);
        }
        let mut order = selected.to_vec();
        let heights = heights(project);
        // Stable: alike ones stay in the order of the graph.
        order.sort_by_key(|id| std::cmp::Reverse(heights.get(id)));
        let (mut waiting, mut ready) = (BTreeMap::new(), BTreeSet::new());
        let mut readers: HashMap<String, Vec<Rank>> = HashMap::new();
        for (rank, id) in order.into_iter().enumerate() {
            let mut waits_for = needs.get(&id).cloned().unwrap_or_default();
            if command == Command::Build {
                waits_for.extend(screens(project, &id, selected));
            }
            let n_needs = waits_for.len();
            if n_needs == 0 {
                ready.insert(rank);
            }
            for need in waits_for {
                readers.entry(need).or_default().push(rank);
            }
            waiting.insert(rank, Waiting { id, n_needs });
        }
        Self {
            waiting,
            ready,
            readers,
            n_running: 0,
            n_started: 0,
            failed: HashMap::new(),
            needs,
            results: Vec::new(),
        }
    }

    /// The next node that waits for nothing.
    pub(super) fn next(&mut self) -> Option<NodeId> {
        let rank = self.ready.pop_first()?;
        self.waiting.remove(&rank).map(|node| node.id)
    }

    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.n_running == 0
    }

    pub(super) fn has_failed(&self) -> bool {
        !self.failed.is_empty()
    }

    /// Whether what waits would wait for ever.
    pub(super) fn is_stuck(&self) -> bool {
        self.n_running == 0 && !self.waiting.is_empty()
    }

    /// All that has not been started.
    pub(super) fn drain(&mut self) -> Vec<NodeId> {
        self.ready.clear();
        std::mem::take(&mut self.waiting)
            .into_values()
            .map(|node| node.id)
            .collect()
    }

    /// The failure because of which a node must not run.
    pub(super) fn culprit(&self, id: &NodeId) -> Option<NodeId> {
        self.needs
            .get(id)?
            .iter()
            .find_map(|need| self.failed.get(need))
            .cloned()
    }

    /// Counts a node as started and gives its number.
    pub(super) fn start(&mut self) -> usize {
        self.n_running += 1;
        self.n_started += 1;
        self.n_started
    }

    /// Counts a look at what was built as work under way.
    pub(super) fn start_screen(&mut self) {
        self.n_running += 1;
    }

    /// What was built has been looked at, or was not built: its tests may run.
    pub(super) fn finish_screen(&mut self, id: &str) {
        self.n_running -= 1;
        self.release(&screen_of(id));
    }

    fn release(&mut self, id: &str) {
        for rank in self.readers.remove(id).unwrap_or_default() {
            if let Some(node) = self.waiting.get_mut(&rank) {
                node.n_needs -= 1;
                if node.n_needs == 0 {
                    self.ready.insert(rank);
                }
            }
        }
    }

    pub(super) fn finish(&mut self, result: NodeResult) {
        self.n_running -= 1;
        if result.status.is_failure() {
            self.failed
                .insert(result.unique_id.clone(), result.unique_id.clone());
        } else if result.status == Status::Skipped {
            let culprit = self
                .culprit(&result.unique_id)
                .unwrap_or_else(|| result.unique_id.clone());
            self.failed.insert(result.unique_id.clone(), culprit);
        }
        self.release(&result.unique_id);
        if result.status != Status::Success {
            self.release(&screen_of(&result.unique_id));
        }
        self.results.push(result);
    }
}

/// The name of the look at what a node has built; no node is called so.
fn screen_of(id: &str) -> String {
    format!("screen of {id}")
}

/// A test waits until what it tests has been looked at, which may show that it need not run.
fn screens(project: &Project, id: &NodeId, selected: &[NodeId]) -> Vec<NodeId> {
    if kind(project, id) != Some(NodeKind::Test) {
        return Vec::new();
    }
    let is_built = |id: &&NodeId| {
        matches!(
            kind(project, id),
            Some(NodeKind::Model | NodeKind::Seed | NodeKind::Snapshot)
        ) && selected.contains(id)
    };
    let parents = project.graph.parents(id).filter(is_built);
    parents.map(|parent| screen_of(parent)).collect()
}

/// For each selected node the selected nodes above it, also through nodes that are not selected.
fn selected_ancestors(
    project: &Project,
    selected: &[NodeId],
) -> BTreeMap<NodeId, BTreeSet<NodeId>> {
    let wanted: BTreeSet<&NodeId> = selected.iter().collect();
    let mut nearest: HashMap<&NodeId, BTreeSet<NodeId>> = HashMap::new();
    for id in project.graph.order() {
        let mut above = BTreeSet::new();
        for parent in project.graph.parents(id) {
            if wanted.contains(parent) {
                above.insert(parent.clone());
            } else if let Some(further) = nearest.get(parent) {
                above.extend(further.iter().cloned());
            }
        }
        nearest.insert(id, above);
    }
    selected
        .iter()
        .map(|id| (id.clone(), nearest.remove(id).unwrap_or_default()))
        .collect()
}

/// In a build a node also waits for the tests of what is above it, if all that a test reads is above the node.
fn add_tests(project: &Project, needs: &mut BTreeMap<NodeId, BTreeSet<NodeId>>) {
    let is_test = |id: &NodeId| kind(project, id) == Some(NodeKind::Test);
    let tests: Vec<NodeId> = needs.keys().filter(|id| is_test(id)).cloned().collect();
    // A unit test reads nothing of the warehouse but what its model reads, and comes before its model.
    let is_built = |id: &NodeId| !is_test(id) && kind(project, id) != Some(NodeKind::UnitTest);
    let others: Vec<NodeId> = needs.keys().filter(|id| is_built(id)).cloned().collect();
    for id in others {
        let above = project.graph.ancestors(&BTreeSet::from([id.clone()]), None);
        let waits_for = tests.iter().filter(|test| {
            let mut reads = project.graph.parents(test).peekable();
            reads.peek().is_some() && reads.all(|read| above.contains(read))
        });
        let waits_for: Vec<NodeId> = waits_for.cloned().collect();
        needs.entry(id).or_default().extend(waits_for);
    }
}

/// In a build a model waits for its unit tests, which wait for what the model waits for.
fn add_unit_tests(
    project: &Project,
    selected: &[NodeId],
    needs: &mut BTreeMap<NodeId, BTreeSet<NodeId>>,
) {
    let is_unit_test = |id: &&NodeId| kind(project, id) == Some(NodeKind::UnitTest);
    for id in selected.iter().filter(is_unit_test) {
        let models: BTreeSet<NodeId> = project.graph.parents(id).cloned().collect();
        let is_above = |above: &NodeId| kind(project, above) != Some(NodeKind::UnitTest);
        let mut inherited = BTreeSet::new();
        for model in &models {
            inherited.extend(needs.get(model).cloned().unwrap_or_default());
        }
        inherited.retain(is_above);
        let ephemeral = models.iter().filter(|model| !needs.contains_key(*model));
        let below = project
            .graph
            .descendants(&ephemeral.cloned().collect(), None);
        for (reader, waits_for) in needs.iter_mut() {
            if models.contains(reader) || below.contains(reader) && is_above(reader) {
                waits_for.insert(id.clone());
            }
        }
        let waits_for = needs.entry(id.clone()).or_default();
        waits_for.retain(|need| !models.contains(need) && is_above(need));
        waits_for.extend(inherited);
    }
}

/// How long the longest chain of nodes below each one is. A run lasts at least as long as its longest chain.
fn heights(project: &Project) -> HashMap<&NodeId, usize> {
    let mut heights = HashMap::new();
    for id in project.graph.order().iter().rev() {
        let children = project.graph.children(id);
        let height = children.filter_map(|child| heights.get(child)).max();
        heights.insert(id, height.map_or(0, |below| below + 1));
    }
    heights
}

fn kind(project: &Project, id: &NodeId) -> Option<NodeKind> {
    project.node(id).map(|node| node.kind)
}
