use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Command;
use crate::{NodeId, NodeKind, NodeResult, Project, Status};

/// Which nodes wait, which may run, which ended.
pub(super) struct Queue {
    /// The waiting nodes, those first that most others wait for, each with what it waits for.
    waiting: Vec<(NodeId, BTreeSet<NodeId>)>,
    n_running: usize,
    n_started: usize,
    /// Nodes that failed or were skipped, with the first cause.
    failed: HashMap<NodeId, NodeId>,
    /// What each node must not outlive.
    needs: BTreeMap<NodeId, BTreeSet<NodeId>>,
    pub(super) results: Vec<NodeResult>,
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
        let mut waiting: Vec<_> = selected
            .iter()
            .map(|id| (id.clone(), needs.get(id).cloned().unwrap_or_default()))
            .collect();
        if command == Command::Build {
            for (id, needs) in &mut waiting {
                needs.extend(screens(project, id, selected));
            }
        }
        // Stable: alike ones stay in the order of the graph.
        waiting.sort_by_cached_key(|(id, _)| {
            let start = BTreeSet::from([id.clone()]);
            std::cmp::Reverse(project.graph.descendants(&start, None).len())
        });
        Self {
            waiting,
            n_running: 0,
            n_started: 0,
            failed: HashMap::new(),
            needs,
            results: Vec::new(),
        }
    }

    /// The next node that waits for nothing.
    pub(super) fn next(&mut self) -> Option<NodeId> {
        let index = self
            .waiting
            .iter()
            .position(|(_, needs)| needs.is_empty())?;
        Some(self.waiting.remove(index).0)
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
        std::mem::take(&mut self.waiting)
            .into_iter()
            .map(|(id, _)| id)
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
        for (_, needs) in &mut self.waiting {
            needs.remove(id);
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

fn kind(project: &Project, id: &NodeId) -> Option<NodeKind> {
    project.node(id).map(|node| node.kind)
}
