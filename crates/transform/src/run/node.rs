use std::sync::Arc;

use warehouse::Connection;

use super::{Command, Shop, lock, replace::Content, seed::Seed, test, unit_test};
use crate::{Age, Diagnostic, Node, NodeKind, Status, compile::Compiled, node::Materialization};

/// How a node went.
pub(super) struct Outcome {
    pub(super) status: Status,
    pub(super) message: String,
    pub(super) failures: Option<i64>,
    pub(super) compiled_code: Option<String>,
    pub(super) messages: Vec<String>,
    /// Only of a source.
    pub(super) age: Option<Age>,
}

/// Why a node could not be run.
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) compiled_code: Option<String>,
    /// The warehouse itself failed, so no other node can run either.
    pub(super) outage: Option<Arc<warehouse::Error>>,
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self {
            message,
            compiled_code: None,
            outage: None,
        }
    }
}

impl From<warehouse::Error> for Failure {
    fn from(error: warehouse::Error) -> Self {
        Self {
            message: error.to_string(),
            compiled_code: None,
            outage: error.is_outage().then(|| Arc::new(error)),
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(problem: Diagnostic) -> Self {
        let hint = problem
            .hint
            .as_ref()
            .map(|hint| format!(" (hint: {hint})"))
            .unwrap_or_default();
        Self::from(format!("{problem}{hint}"))
    }
}

impl Shop<'_> {
    pub(super) fn execute(
        &self,
        node: &Node,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<Outcome, Failure> {
        if node.kind == NodeKind::Source {
            return self.check_freshness(node, slot);
        }
        let looked_at = lock(&self.looked_at).remove(&node.unique_id);
        let compiled = match looked_at {
            Some(compiled) => compiled,
            None => self.compiler.compile(node, slot)?,
        };
        let result = self
            .connected(slot)
            .and_then(|()| self.materialize(node, &compiled, slot));
        let code = (!compiled.sql.is_empty()).then_some(compiled.sql);
        match result {
            Ok(mut outcome) => {
                outcome.messages.splice(0..0, compiled.messages);
                outcome.compiled_code = code;
                Ok(outcome)
            }
            Err(failure) => Err(Failure {
                compiled_code: code,
                ..failure
            }),
        }
    }

    fn materialize(
        &self,
        node: &Node,
        compiled: &Compiled,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<Outcome, Failure> {
        if self.command == Command::Compile {
            return Ok(success(""));
        }
        if node.kind == NodeKind::Exposure {
            return Ok(Outcome {
                status: Status::NoOp,
                failures: Some(0),
                ..success("NO-OP")
            });
        }
        match node.materialization()? {
            Materialization::Incremental if node.unit_test.is_none() => {
                return self.increment(node, compiled, slot);
            }
            Materialization::Snapshot => return self.snapshot(node, compiled, slot),
            _ => {}
        }
        if let Some(test) = &node.unit_test {
            return unit_test::run(node, test, &compiled.sql, held(slot)?, self.dialect());
        }
        match node.materialization()? {
            Materialization::Test if lock(&self.passed).contains(&node.unique_id) => {
                Ok(test::passed())
            }
            Materialization::Test => {
                let existing = self.existing(&node.relation());
                test::run(node, &compiled.sql, existing, held(slot)?, self.options())
            }
            Materialization::Seed => {
                let seed = Seed::read(node, &self.project.files, self.dialect())?;
                self.replace(node, &Content::Seed(seed), compiled, slot)
            }
            Materialization::Table => {
                let table = Content::Table(&compiled.sql);
                self.replace(node, &table, compiled, slot)
            }
            Materialization::View => {
                let view = Content::View(&compiled.sql);
                self.replace(node, &view, compiled, slot)
            }
            Materialization::Ephemeral
            | Materialization::Incremental
            | Materialization::Snapshot => Ok(success("")),
        }
    }
}

/// The connection in a worker's slot.
pub(super) fn held(slot: &mut Option<Box<dyn Connection>>) -> Result<&mut dyn Connection, Failure> {
    match slot {
        Some(connection) => Ok(&mut **connection),
        None => Err(Failure::from("no connection".to_owned())),
    }
}

pub(super) fn success(message: &str) -> Outcome {
    Outcome {
        status: Status::Success,
        message: message.to_owned(),
        failures: None,
        compiled_code: None,
        messages: Vec::new(),
        age: None,
    }
}
