use warehouse::{Connection, RelationKind};

use super::{Command, Shop, seed, statements, test, unit_test};
use crate::{Diagnostic, Node, NodeKind, Status, compile::Compiled, node::Materialization};

/// How a node went.
pub(super) struct Outcome {
    pub(super) status: Status,
    pub(super) message: String,
    pub(super) failures: Option<i64>,
    pub(super) compiled_code: Option<String>,
    pub(super) messages: Vec<String>,
}

/// Why a node could not be run.
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) compiled_code: Option<String>,
}

impl From<warehouse::Error> for Failure {
    fn from(error: warehouse::Error) -> Self {
        Self {
            message: error.to_string(),
            compiled_code: None,
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
        Self {
            message: format!("{problem}{hint}"),
            compiled_code: None,
        }
    }
}

impl Shop<'_> {
    pub(super) fn execute(
        &self,
        node: &Node,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<Outcome, Failure> {
        let compiled = self.compiler.compile(node, slot)?;
        let result = self.connected(slot).and_then(|()| match slot {
            Some(connection) => self.materialize(node, &compiled, &mut **connection),
            None => Err(Failure {
                message: "no connection".to_owned(),
                compiled_code: None,
            }),
        });
        let code = (!compiled.sql.is_empty()).then_some(compiled.sql);
        match result {
            Ok(outcome) => Ok(Outcome {
                compiled_code: code,
                messages: compiled.messages,
                ..outcome
            }),
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
        connection: &mut dyn Connection,
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
        if let Some(test) = &node.unit_test {
            return unit_test::run(node, test, &compiled.sql, connection);
        }
        let key = (node.schema.clone(), node.alias.to_lowercase());
        let existing = self.existing.get(&key).copied();
        let unsupported = |message| Failure {
            message,
            compiled_code: None,
        };
        match node.materialization().map_err(unsupported)? {
            Materialization::Test => {
                test::run(node, &compiled.sql, existing, connection, self.options())
            }
            Materialization::Seed => {
                let load = seed::plan(node, &self.project.files)?;
                self.replace(
                    node,
                    RelationKind::Table,
                    existing,
                    compiled,
                    connection,
                    &load,
                )
            }
            Materialization::Table => {
                let create = [statements::create_table(node, &compiled.sql)];
                self.replace(
                    node,
                    RelationKind::Table,
                    existing,
                    compiled,
                    connection,
                    &create,
                )
            }
            Materialization::View => {
                let create = [statements::create_view(node, &compiled.sql)];
                self.replace(
                    node,
                    RelationKind::View,
                    existing,
                    compiled,
                    connection,
                    &create,
                )
            }
            Materialization::Ephemeral => Ok(success("")),
        }
    }

    /// Builds beside the old relation and takes its name, all in one transaction.
    fn replace(
        &self,
        node: &Node,
        kind: RelationKind,
        existing: Option<RelationKind>,
        compiled: &Compiled,
        connection: &mut dyn Connection,
        create: &[String],
    ) -> Result<Outcome, Failure> {
        let leftovers = |suffix: &str| {
            self.existing
                .get(&(
                    node.schema.clone(),
                    format!("{}{suffix}", node.alias).to_lowercase(),
                ))
                .copied()
        };
        let leftovers = [
            leftovers(statements::TEMPORARY),
            leftovers(statements::BACKUP),
        ];
        let mut all = vec!["begin".to_owned()];
        all.extend(statements::clean_up(node, leftovers));
        all.extend(compiled.hooks[0].iter().cloned());
        all.extend(create.iter().cloned());
        all.extend(statements::swap(node, kind, existing));
        all.extend(compiled.hooks[1].iter().cloned());
        all.push("commit".to_owned());
        for statement in &all {
            if let Err(error) = connection.execute(statement) {
                // The statement's own error is the one to tell.
                let _ = connection.execute("rollback");
                return Err(error.into());
            }
        }
        Ok(success(if kind == RelationKind::View {
            "CREATE VIEW"
        } else {
            "CREATE TABLE"
        }))
    }
}

pub(super) fn success(message: &str) -> Outcome {
    Outcome {
        status: Status::Success,
        message: message.to_owned(),
        failures: None,
        compiled_code: None,
        messages: Vec::new(),
    }
}
