//! Models with a table that each run adds to.

use serde_json::Value as Json;
use warehouse::{Connection, Dialect, Relation, RelationKind};

use super::{
    Shop,
    in_place::{self, Columns, Staging},
    node::{Failure, Outcome, held},
    replace::Content,
};
use crate::{
    Node,
    compile::Compiled,
    context::{RelationValue, column},
    jinja::{Arguments, Value},
    parse::strategy_macro,
};

/// What to do when a query has other columns than its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnSchemaChange {
    Ignore,
    Fail,
    Append,
    Sync,
}

impl OnSchemaChange {
    fn of(node: &Node) -> Self {
        match node.config_text("on_schema_change") {
            Some("fail") => Self::Fail,
            Some("append_new_columns") => Self::Append,
            Some("sync_all_columns") => Self::Sync,
            _ => Self::Ignore,
        }
    }
}

impl Shop<'_> {
    /// Adds a query's rows to a model's table. Without a table, or anew, the rows are the table.
    pub(super) fn increment(
        &self,
        node: &Node,
        compiled: &Compiled,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<Outcome, Failure> {
        let target = node.relation();
        if self.existing(&target) != Some(RelationKind::Table)
            || node.is_full_refresh(self.options())
        {
            let table = Content::Table(&compiled.sql);
            return self.replace(node, &table, compiled, slot);
        }
        self.change_in_place(node, compiled, slot, |slot| {
            let dialect = self.dialect();
            let connection = held(slot)?;
            if node.has_contract() {
                self.check_contract(node, &compiled.sql, connection)?;
            }
            let staging = Staging::create(node, &compiled.sql, dialect, connection)?;
            let new = connection.columns(&staging.relation)?;
            in_place::widen(&target, &new, dialect, connection)?;
            let columns = follow(node, &target, new, connection)?;
            let sql = self.increment_sql(node, &staging, &columns, slot)?;
            let connection = held(slot)?;
            let n_rows = connection.execute(&sql)?;
            staging.drop(connection)?;
            let word = match node.config_text("incremental_strategy") {
                Some("merge") => "MERGE",
                _ => "INSERT",
            };
            Ok(format!("{word} {n_rows}"))
        })
    }

    /// What the strategy's macro makes of the staged rows.
    fn increment_sql(
        &self,
        node: &Node,
        staging: &Staging,
        columns: &Columns,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<String, Failure> {
        let config = |key: &str| node.config.get(key).map_or(Value::None, Value::from);
        let mut target = RelationValue::new(&node.relation());
        target.kind = Some(RelationKind::Table);
        let temporary = RelationValue {
            database: None,
            schema: None,
            ..RelationValue::new(&staging.relation)
        };
        let is_postgres = self.dialect() == Dialect::Postgres;
        let columns = columns
            .iter()
            .map(|(name, data_type)| column(name, data_type, is_postgres));
        let predicates = match config("predicates") {
            Value::None => config("incremental_predicates"),
            predicates => predicates,
        };
        let arguments = Value::dict([
            ("target_relation", target.into_value()),
            ("temp_relation", temporary.into_value()),
            ("unique_key", config("unique_key")),
            ("dest_columns", Value::list(columns.collect::<Vec<_>>())),
            ("incremental_predicates", predicates),
        ]);
        let strategy = node.config.get("incremental_strategy");
        let strategy = strategy.and_then(Json::as_str).unwrap_or("default");
        let sql = self.compiler.call_macro(
            node,
            &strategy_macro(strategy),
            Arguments::positional([arguments]),
            slot,
        )?;
        Ok(sql.to_string())
    }
}

/// Brings a table's columns in line with those of the query, as far as the config wants it. Gives back the columns
/// that get values.
fn follow(
    node: &Node,
    target: &Relation,
    new: Columns,
    connection: &mut dyn Connection,
) -> Result<Columns, Failure> {
    let old = connection.columns(target)?;
    let wanted = OnSchemaChange::of(node);
    if wanted == OnSchemaChange::Ignore {
        return Ok(old);
    }
    let added = missing(&new, &old);
    let removed = missing(&old, &new);
    let retyped = retyped(&new, &old);
    if wanted == OnSchemaChange::Fail
        && !(added.is_empty() && removed.is_empty() && retyped.is_empty())
    {
        return Err(Failure::from(out_of_sync(
            target, &added, &removed, &retyped,
        )));
    }
    if matches!(wanted, OnSchemaChange::Append | OnSchemaChange::Sync) {
        in_place::add(target, added, connection)?;
    }
    if wanted == OnSchemaChange::Sync {
        in_place::remove(target, removed, connection)?;
        for (name, data_type) in retyped {
            in_place::retype(target, name, data_type, connection)?;
        }
    }
    Ok(new)
}

/// The columns that others lack, by their exact names.
fn missing<'a>(columns: &'a Columns, others: &Columns) -> Vec<&'a (String, String)> {
    let is_missing = |(name, _): &&(String, String)| !others.iter().any(|(other, _)| other == name);
    columns.iter().filter(is_missing).collect()
}

/// The columns whose type is another, unless it is only a shorter text.
fn retyped<'a>(new: &'a Columns, old: &Columns) -> Vec<&'a (String, String)> {
    let is_retyped = |(name, data_type): &&(String, String)| {
        let Some((_, old_type)) = old.iter().find(|(known, _)| known == name) else {
            return false;
        };
        let lengths = in_place::text_length(data_type).zip(in_place::text_length(old_type));
        old_type != data_type && lengths.is_none_or(|(new, old)| old <= new)
    };
    new.iter().filter(is_retyped).collect()
}

fn out_of_sync(
    target: &Relation,
    added: &[&(String, String)],
    removed: &[&(String, String)],
    retyped: &[&(String, String)],
) -> String {
    let mut changes = Vec::new();
    for (what, columns) in [
        ("new", added),
        ("gone", removed),
        ("of another type", retyped),
    ] {
        if !columns.is_empty() {
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            changes.push(format!("{what}: `{}`", names.join("`, `")));
        }
    }
    format!(
        "the columns of the query are not those of {target} ({}) (hint: build it with --full-refresh, or set \
         `on_schema_change` to `append_new_columns` or `sync_all_columns`)",
        changes.join("; ")
    )
}
