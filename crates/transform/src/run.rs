//! Selected nodes to tables and verdicts: worker threads, each with its own connection, in the order of the graph.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use chrono::{DateTime, TimeDelta, Utc};
use warehouse::{Connection, Dialect, Relation, RelationKind, Value, Warehouse};

use crate::{
    Node, NodeId, NodeKind, NodeResult, Options, Project, Report, Status,
    compile::{Compiled, Compiler},
    names,
};

mod cancellation;
mod caught;
mod command;
mod comments;
mod contract;
mod foreign_keys;
mod freshness;
mod grants;
mod hooks;
mod in_place;
mod incremental;
mod indexes;
mod node;
mod operations;
mod queue;
mod replace;
mod screen;
mod seed;
mod snapshot;
mod statements;
mod test;
mod unit_test;

pub use cancellation::Cancellation;
use caught::caught;
pub use command::Command;
use operations::Moment;
use queue::Queue;

/// What a run tells while it runs.
#[derive(Debug, Clone)]
pub enum Event {
    /// A node was started.
    NodeStarted {
        /// Its place in the run, from 1.
        index: usize,
        /// How many there are.
        total: usize,
        /// The node.
        unique_id: NodeId,
        /// What it is.
        kind: NodeKind,
        /// The relation it makes, or its name.
        relation: String,
    },
    /// A node ended.
    NodeFinished {
        /// Its place in the run, from 1.
        index: usize,
        /// How many there are.
        total: usize,
        /// How it ended.
        result: Box<NodeResult>,
    },
    /// A template said something with `log(…, info=true)` or `print`.
    Message(String),
}

/// A poisoned lock still guards what it guards: the results so far.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What every worker reads.
struct Shop<'a> {
    project: &'a Project,
    compiler: Compiler,
    command: Command,
    warehouse: &'a dyn Warehouse,
    cancellation: &'a Cancellation,
    /// What the schemas held when the run began, by schema and lowercase name.
    existing: HashMap<(String, String), RelationKind>,
    selected: BTreeSet<NodeId>,
    /// Tests that need not run, because one look at their relation has shown that they find nothing.
    passed: Mutex<HashSet<NodeId>>,
    /// Tests that were compiled for such a look, until they are run.
    looked_at: Mutex<HashMap<NodeId, Compiled>>,
    /// Held while a table with foreign keys is made on DuckDB.
    keys: Mutex<()>,
    /// The first failure of the warehouse itself; nothing is started after it.
    outage: Mutex<Option<Arc<warehouse::Error>>>,
    total: usize,
    started: Instant,
}

/// Runs a command on the selected nodes (as [`Project::select`] gives them).
pub fn run(
    project: &Project,
    selected: &[NodeId],
    command: Command,
    warehouse: &dyn Warehouse,
    on_event: &mut (dyn FnMut(Event) + Send),
    cancellation: &Cancellation,
) -> Report {
    let started = Instant::now();
    let compiler = Compiler::new(Arc::clone(&project.shared), project.nodes_to_make());
    let selected: Vec<NodeId> = selected
        .iter()
        .filter(|id| {
            project
                .node(id)
                .is_some_and(|node| is_runnable(node, command, selected))
        })
        .cloned()
        .collect();
    project.shared.selected.get_or_init(|| selected.clone());
    let mut shop = Shop {
        project,
        compiler,
        command,
        warehouse,
        cancellation,
        existing: HashMap::new(),
        selected: selected.iter().cloned().collect(),
        passed: Mutex::default(),
        looked_at: Mutex::default(),
        keys: Mutex::default(),
        outage: Mutex::default(),
        total: selected.len(),
        started,
    };
    let results = match shop.prepare(&selected) {
        Ok(()) => {
            let on_event = Mutex::new(on_event);
            let mut results = shop.operations(Moment::Start, &[], &on_event);
            let nodes = shop.work(&selected, &on_event);
            let end = shop.operations(Moment::End, &nodes, &on_event);
            results.extend(nodes);
            results.extend(end);
            results
        }
        Err(error) => {
            let results = selected
                .iter()
                .map(|id| shop.unstarted(id, Status::Error, &error.to_string()))
                .collect();
            if error.is_outage() {
                *lock(&shop.outage) = Some(Arc::new(error));
            }
            results
        }
    };
    let was_cancelled = cancellation.is_cancelled();
    Report {
        command,
        results,
        seconds: started.elapsed().as_secs_f64(),
        was_cancelled,
        outage: shop
            .outage
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner),
    }
}

/// A build runs a unit test with its model, so not without it.
fn is_runnable(node: &Node, command: Command, selected: &[NodeId]) -> bool {
    if node.kind == NodeKind::UnitTest && command == Command::Build {
        return node.depends_on.iter().all(|id| selected.contains(id));
    }
    !node.is_ephemeral() || command == Command::Compile
}

impl Shop<'_> {
    fn options(&self) -> &Options {
        self.project.options()
    }

    fn dialect(&self) -> Dialect {
        self.warehouse.dialect()
    }

    /// What had a relation's name when the run began.
    fn existing(&self, relation: &Relation) -> Option<RelationKind> {
        let key = (relation.schema.clone(), relation.identifier.to_lowercase());
        self.existing.get(&key).copied()
    }

    /// Creates the schemas that are missing and learns what the others hold.
    fn prepare(&mut self, selected: &[NodeId]) -> warehouse::Result<()> {
        if matches!(
            self.command,
            Command::Compile | Command::List | Command::Freshness
        ) {
            return Ok(());
        }
        let mut connection = self.warehouse.connect()?;
        let nodes = &self.compiler.nodes.by_id;
        let schemas: BTreeSet<(&str, &str)> = selected
            .iter()
            .filter_map(|id| nodes.get(id))
            .filter(|node| node.is_made(self.options()))
            .map(|node| (node.database.as_str(), node.schema.as_str()))
            .collect();
        for (database, schema) in schemas {
            self.create_schema(database, schema, &mut *connection)?;
            for info in connection.relations(schema)? {
                let key = (schema.to_owned(), info.relation.identifier.to_lowercase());
                self.existing.insert(key, info.kind);
            }
        }
        Ok(())
    }

    fn create_schema(
        &self,
        database: &str,
        schema: &str,
        connection: &mut dyn Connection,
    ) -> warehouse::Result<()> {
        // Postgres wants the right to create schemas even if there is nothing to do.
        if self.dialect() == Dialect::Postgres {
            names::check_length("schema", schema).map_err(|message| warehouse::Error::Sql {
                message,
                sql: String::new(),
            })?;
            let name = Value::Text(schema.to_owned());
            let found =
                connection.query("select 1 from pg_namespace where nspname = $1", &[name])?;
            if found.n_rows() > 0 {
                return Ok(());
            }
        }
        connection.execute(&statements::create_schema(database, schema, self.dialect()))?;
        Ok(())
    }

    fn work(
        &self,
        selected: &[NodeId],
        on_event: &Mutex<&mut (dyn FnMut(Event) + Send)>,
    ) -> Vec<NodeResult> {
        let queue = Mutex::new(Queue::new(self.project, selected, self.command));
        let ready = Condvar::new();
        let n_threads = self
            .options()
            .target
            .threads
            .clamp(1, selected.len().max(1));
        std::thread::scope(|scope| {
            for thread in 1..=n_threads {
                let (queue, ready) = (&queue, &ready);
                scope.spawn(move || self.worker(thread, queue, ready, on_event));
            }
        });
        queue
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .results
    }

    fn worker(
        &self,
        thread: usize,
        queue: &Mutex<Queue>,
        ready: &Condvar,
        on_event: &Mutex<&mut (dyn FnMut(Event) + Send)>,
    ) {
        let mut connection: Option<Box<dyn Connection>> = None;
        let mut guard = lock(queue);
        loop {
            if self.cancellation.is_cancelled()
                || (self.options().fail_fast && guard.has_failed())
                || lock(&self.outage).is_some()
            {
                for id in guard.drain() {
                    let result = self.unstarted(&id, Status::Skipped, "the run was stopped");
                    self.finish(&mut guard, result, on_event);
                }
            }
            let Some(id) = guard.next() else {
                if guard.is_stuck() {
                    for id in guard.drain() {
                        let result = self.unstarted(&id, Status::Error, "it waits for itself");
                        self.finish(&mut guard, result, on_event);
                    }
                }
                if guard.is_done() {
                    ready.notify_all();
                    return;
                }
                guard = ready.wait(guard).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if let Some(culprit) = guard.culprit(&id) {
                let result = self.unstarted(&id, Status::Skipped, &format!("`{culprit}` failed"));
                self.finish(&mut guard, result, on_event);
                ready.notify_all();
                continue;
            }
            let index = guard.start();
            drop(guard);
            let result = caught(&mut connection, |slot| {
                self.run_one(&id, index, thread, slot, on_event)
            });
            let result = result.unwrap_or_else(|bug| self.unstarted(&id, Status::Error, &bug));
            let is_built = self.command == Command::Build
                && matches!(
                    result.kind,
                    NodeKind::Model | NodeKind::Seed | NodeKind::Snapshot
                )
                && result.status == Status::Success;
            guard = lock(queue);
            self.finish_started(&mut guard, index, result, on_event);
            if is_built {
                guard.start_screen();
                ready.notify_all();
                drop(guard);
                // The tests themselves tell what went wrong, if it does again.
                let _ = caught(&mut connection, |slot| self.screen(&id, slot));
                guard = lock(queue);
                guard.finish_screen(&id);
            }
            ready.notify_all();
        }
    }

    fn run_one(
        &self,
        id: &NodeId,
        index: usize,
        thread: usize,
        connection: &mut Option<Box<dyn Connection>>,
        on_event: &Mutex<&mut (dyn FnMut(Event) + Send)>,
    ) -> NodeResult {
        let node = &self.project.nodes.by_id[id];
        lock(on_event)(Event::NodeStarted {
            index,
            total: self.total,
            unique_id: id.clone(),
            kind: node.kind,
            relation: relation_name(node),
        });
        let started = Instant::now();
        let mut result = self.unstarted(id, Status::Success, "");
        result.thread = thread;
        result.started_at = self.now();
        let outcome = self
            .connected(connection)
            .and_then(|()| self.execute(&self.compiler.nodes.by_id[id], connection));
        let plain = |text: String| self.project.with_plain_schemas(text);
        match outcome {
            Ok(outcome) => {
                for message in outcome.messages {
                    lock(on_event)(Event::Message(plain(message)));
                }
                result.status = outcome.status;
                result.message = plain(outcome.message);
                result.failures = outcome.failures;
                result.age = outcome.age;
                result.compiled_code = outcome.compiled_code.map(plain);
            }
            Err(failure) => {
                if let Some(outage) = failure.outage {
                    lock(&self.outage).get_or_insert(outage);
                }
                result.status = Status::Error;
                result.message = plain(failure.message);
                result.compiled_code = failure.compiled_code.map(plain);
            }
        }
        result.seconds = started.elapsed().as_secs_f64();
        result
    }

    /// The run's own clock: its start, which is given, plus what has passed.
    fn now(&self) -> DateTime<Utc> {
        self.options().started_at + TimeDelta::from_std(self.started.elapsed()).unwrap_or_default()
    }

    fn connected(&self, connection: &mut Option<Box<dyn Connection>>) -> Result<(), node::Failure> {
        if connection.is_none() && self.command != Command::List {
            let opened = self.warehouse.connect()?;
            self.cancellation.watch(&*opened);
            *connection = Some(opened);
        }
        Ok(())
    }

    fn finish(
        &self,
        queue: &mut Queue,
        result: NodeResult,
        on_event: &Mutex<&mut (dyn FnMut(Event) + Send)>,
    ) {
        let index = queue.start();
        self.finish_started(queue, index, result, on_event);
    }

    fn finish_started(
        &self,
        queue: &mut Queue,
        index: usize,
        result: NodeResult,
        on_event: &Mutex<&mut (dyn FnMut(Event) + Send)>,
    ) {
        lock(on_event)(Event::NodeFinished {
            index,
            total: self.total,
            result: Box::new(result.clone()),
        });
        queue.finish(result);
    }

    fn unstarted(&self, id: &NodeId, status: Status, message: &str) -> NodeResult {
        let node = &self.project.nodes.by_id[id];
        NodeResult {
            unique_id: id.clone(),
            kind: node.kind,
            relation: relation_name(node),
            materialized: materialized(node),
            status,
            message: message.to_owned(),
            failures: None,
            age: None,
            seconds: 0.0,
            started_at: self.options().started_at,
            compiled_code: None,
            thread: 0,
        }
    }
}

/// `schema.name` for what makes a relation, the bare name for the rest.
fn relation_name(node: &Node) -> String {
    match &node.unit_test {
        Some(test) => format!("{}::{}", test.model, node.name),
        None if matches!(
            node.kind,
            NodeKind::Test | NodeKind::Exposure | NodeKind::Operation
        ) =>
        {
            node.name.clone()
        }
        None => match &node.source {
            Some(source) => format!("{}.{}", source.source_name, node.name),
            None => format!("{}.{}", node.schema, node.alias),
        },
    }
}

fn materialized(node: &Node) -> String {
    match node.kind {
        NodeKind::UnitTest => "unit".to_owned(),
        NodeKind::Operation => "hook".to_owned(),
        NodeKind::Exposure | NodeKind::Source => node.kind.name().to_owned(),
        _ => node
            .config_text("materialized")
            .unwrap_or("view")
            .to_owned(),
    }
}

#[cfg(test)]
mod tests;
