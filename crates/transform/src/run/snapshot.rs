//! Snapshots: a table with a row for each version that a row of a query ever had.

use serde_json::Value as Json;
use warehouse::{Connection, RelationKind};

use super::{
    Shop,
    in_place::{self, Columns, Staging},
    node::{Failure, Outcome, held},
    replace::Content,
};
use crate::{Node, compile::Compiled, compile::fixture::quoted};

mod sql;
mod strategy;

use sql::Statements;
use strategy::{HardDeletes, Strategy};

/// The names of the columns that a snapshot adds to those of its query.
#[derive(Debug, Clone)]
struct MetaColumns {
    valid_from: String,
    valid_to: String,
    scd_id: String,
    updated_at: String,
    is_deleted: String,
}

impl MetaColumns {
    fn of(node: &Node) -> Self {
        let configured = node.config.get("snapshot_meta_column_names");
        let name = |key: &str| {
            let name = configured.and_then(|names| names.get(key));
            name.and_then(Json::as_str).unwrap_or(key).to_owned()
        };
        Self {
            valid_from: name("dbt_valid_from"),
            valid_to: name("dbt_valid_to"),
            scd_id: name("dbt_scd_id"),
            updated_at: name("dbt_updated_at"),
            is_deleted: name("dbt_is_deleted"),
        }
    }
}

impl Shop<'_> {
    /// Adds what has changed since the last run to a snapshot's table. It is never built anew: what it knows is
    /// nowhere else.
    pub(super) fn snapshot(
        &self,
        node: &Node,
        compiled: &Compiled,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<Outcome, Failure> {
        let target = node.relation();
        match self.existing(&target) {
            Some(RelationKind::View) => Err(Failure::from(format!(
                "{target} is a view, and a snapshot keeps its rows in a table (hint: drop the view, or give the \
                 snapshot another `alias`)"
            ))),
            None => {
                let statements = self.statements(node, compiled, None, slot)?;
                let table = Content::Table(&statements.first());
                self.replace(node, &table, compiled, slot)
            }
            Some(RelationKind::Table) => self.change_in_place(node, compiled, slot, |slot| {
                let known = held(slot)?.columns(&target)?;
                let statements = self.statements(node, compiled, Some(&known), slot)?;
                self.add_versions(node, &statements, &known, slot)
            }),
        }
    }

    fn statements(
        &self,
        node: &Node,
        compiled: &Compiled,
        known: Option<&Columns>,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<Statements, Failure> {
        let strategy = self.strategy(node, &compiled.sql, known, slot)?;
        let columns = MetaColumns::of(node);
        if let Some(known) = known {
            check_columns(node, &columns, &strategy, known)?;
        }
        let current = node.config_text("dbt_valid_to_current");
        let current = current.map(|current| current.trim().to_owned());
        let (mut now, mut deletion_scd_id) = (String::new(), String::new());
        if known.is_some() && strategy.hard_deletes != HardDeletes::Ignore {
            now = self.snapshot_time(node, slot)?;
            let parts = [columns.scd_id.clone(), now.clone()];
            deletion_scd_id = self.snapshot_hash(node, &parts, slot)?;
        }
        let query_columns = match strategy.hard_deletes {
            HardDeletes::NewRecord if known.is_some() => query_columns(&compiled.sql, held(slot)?)?,
            _ => Vec::new(),
        };
        Ok(Statements {
            strategy,
            columns,
            current,
            now,
            deletion_scd_id,
            query: compiled.sql.clone(),
            query_columns,
            target: node.relation(),
        })
    }

    fn add_versions(
        &self,
        node: &Node,
        statements: &Statements,
        known: &Columns,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<String, Failure> {
        let (target, dialect) = (node.relation(), self.dialect());
        let connection = held(slot)?;
        let staging = Staging::create(node, &statements.staged(known), dialect, connection)?;
        let staged = connection.columns(&staging.relation)?;
        in_place::widen(&target, &staged, dialect, connection)?;
        let is_kept = |(name, _): &&(String, String)| !sql::is_helper(name);
        let kept: Vec<&(String, String)> = staged.iter().filter(is_kept).collect();
        let is_new = |(name, _): &&&(String, String)| !known.iter().any(|(old, _)| old == name);
        in_place::add(&target, kept.iter().filter(is_new).copied(), connection)?;
        let names: Vec<String> = kept.iter().map(|(name, _)| quoted(name)).collect();
        connection.execute(&statements.close(&staging.name))?;
        let n_rows = connection.execute(&statements.open(&staging.name, &names))?;
        staging.drop(connection)?;
        Ok(format!("INSERT {n_rows}"))
    }
}

/// A table that lacks a column of a snapshot is none, or one with other names.
fn check_columns(
    node: &Node,
    columns: &MetaColumns,
    strategy: &Strategy,
    known: &Columns,
) -> Result<(), Failure> {
    let mut needed = vec![&columns.scd_id, &columns.valid_from, &columns.valid_to];
    if strategy.hard_deletes == HardDeletes::NewRecord {
        needed.push(&columns.is_deleted);
    }
    needed.retain(|name| {
        !known
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    });
    if needed.is_empty() {
        return Ok(());
    }
    let missing: Vec<&str> = needed.into_iter().map(String::as_str).collect();
    Err(Failure::from(format!(
        "{} has no column `{}`, so it is not the table of this snapshot (hint: add the columns, set \
         `snapshot_meta_column_names` to the names that the table has, or give the snapshot another `alias`)",
        node.relation(),
        missing.join("`, `")
    )))
}

/// The columns that a query gives.
fn query_columns(sql: &str, connection: &mut dyn Connection) -> warehouse::Result<Vec<String>> {
    let nothing = format!("select * from (\n{sql}\n) as __dbt_sbq where false limit 0");
    let rows = connection.query(&nothing, &[])?;
    let fields = rows.schema.fields().iter();
    Ok(fields.map(|field| field.name().clone()).collect())
}
