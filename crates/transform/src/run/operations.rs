use std::{cmp::Ordering, collections::BTreeSet, sync::Mutex, time::Instant};

use serde_json::{Value as Json, json};
use warehouse::Connection;

use super::{Command, Event, Shop, lock, node::Failure};
use crate::{Node, NodeKind, NodeResult, Status, artifacts, compile::hook_sql};

/// When an operation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Start,
    End,
}

impl Shop<'_> {
    /// Runs the hooks of the packages, by name, and then those of the project. After one that fails, the others are
    /// skipped; nodes are not, as in dbt.
    pub(super) fn operations(
        &self,
        moment: Moment,
        results: &[NodeResult],
        on_event: &Mutex<&mut (dyn FnMut(Event) + Send)>,
    ) -> Vec<NodeResult> {
        let operations = self.operations_of(moment);
        if operations.is_empty() || self.cancellation.is_cancelled() || lock(&self.outage).is_some()
        {
            return Vec::new();
        }
        let names = match moment {
            Moment::Start => Vec::new(),
            Moment::End => self.names_of_results(results),
        };
        let (mut connection, mut done, total) = (None, Vec::new(), operations.len());
        let mut has_failed = false;
        for (index, node) in operations.into_iter().enumerate() {
            let mut result = self.unstarted(&node.unique_id, Status::Skipped, "a hook failed");
            if !has_failed {
                let started = Instant::now();
                result.started_at = self.now();
                match self.operate(node, &names, &mut connection) {
                    Ok((sql, messages)) => {
                        result.status = Status::Success;
                        result.message = String::new();
                        result.compiled_code = Some(self.project.with_plain_schemas(sql));
                        for message in messages {
                            let message = self.project.with_plain_schemas(message);
                            lock(on_event)(Event::Message(message));
                        }
                    }
                    Err(failure) => {
                        if let Some(outage) = failure.outage {
                            lock(&self.outage).get_or_insert(outage);
                        }
                        result.status = Status::Error;
                        result.message = self.project.with_plain_schemas(failure.message);
                        result.compiled_code = failure.compiled_code;
                    }
                }
                result.seconds = started.elapsed().as_secs_f64();
            }
            has_failed |= result.status != Status::Success;
            result.failures = Some(i64::from(result.status != Status::Success));
            lock(on_event)(Event::NodeFinished {
                index: index + 1,
                total,
                result: Box::new(result.clone()),
            });
            done.push(result);
        }
        done
    }

    fn operations_of(&self, moment: Moment) -> Vec<&Node> {
        let runs_hooks = !matches!(self.command, Command::Compile | Command::List);
        let when = match moment {
            Moment::Start => "on-run-start",
            Moment::End => "on-run-end",
        };
        let nodes = self.compiler.nodes.by_id.values();
        let mut operations: Vec<&Node> = nodes
            .filter(|node| node.kind == NodeKind::Operation && runs_hooks)
            .filter(|node| node.tags.iter().any(|tag| tag == when))
            .collect();
        // Those of the project come last.
        operations.sort_by(|a, b| {
            let is_own = |node: &Node| node.package_folder.is_empty();
            match is_own(a).cmp(&is_own(b)) {
                Ordering::Equal => (&a.package, number(a)).cmp(&(&b.package, number(b))),
                order => order,
            }
        });
        operations
    }

    fn operate(
        &self,
        node: &Node,
        names: &[(&'static str, Json)],
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<(String, Vec<String>), Failure> {
        self.connected(slot)?;
        let (text, messages) = self.compiler.render_operation(node, names, slot)?;
        let sql = hook_sql(&text);
        if !sql.trim().is_empty() {
            self.connected(slot)?;
            let executed = super::node::held(slot)?.execute(&sql);
            executed.map_err(|error| Failure {
                compiled_code: Some(text.clone()),
                ..Failure::from(error)
            })?;
        }
        Ok((text, messages))
    }

    /// `results`, `schemas` and `database_schemas` of the hooks at the end.
    fn names_of_results(&self, results: &[NodeResult]) -> Vec<(&'static str, Json)> {
        let mut schemas = BTreeSet::new();
        let mut listed = Vec::new();
        for result in results {
            let Some(node) = self.compiler.nodes.by_id.get(&result.unique_id) else {
                continue;
            };
            let is_relational = matches!(
                node.kind,
                NodeKind::Model | NodeKind::Seed | NodeKind::Snapshot
            );
            if is_relational && matches!(result.status, Status::Success | Status::NoOp) {
                schemas.insert((node.database.clone(), node.schema.clone()));
            }
            listed.push(json!({
                "node": artifacts::node_json(node, self.options()),
                "unique_id": result.unique_id,
                "status": result.status.name(),
                "message": result.message,
                "failures": result.failures,
                "execution_time": result.seconds,
                "thread_id": format!("Thread-{}", result.thread),
                "adapter_response": {},
                "timing": [],
            }));
        }
        let plain: BTreeSet<&String> = schemas.iter().map(|(_, schema)| schema).collect();
        vec![
            ("results", Json::Array(listed)),
            ("schemas", json!(plain)),
            ("database_schemas", json!(schemas)),
        ]
    }
}

/// The place of a hook in its list.
fn number(node: &Node) -> Option<usize> {
    node.name.rsplit_once('-')?.1.parse().ok()
}
