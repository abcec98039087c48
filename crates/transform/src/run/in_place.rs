//! Changes to a table that stays: its rows, and columns that come and go.

use warehouse::{Connection, Dialect, Relation, RelationKind};

use super::{
    Shop, comments, grants,
    node::{Failure, Outcome, held, success},
    statements,
};
use crate::{
    Node,
    compile::{Compiled, fixture::quoted},
    names::Names,
};

/// Columns with their SQL types.
pub(super) type Columns = Vec<(String, String)>;

type Slot = Option<Box<dyn Connection>>;

impl Shop<'_> {
    /// Changes a node's table in one transaction with its hooks, grants and comments: if anything fails, the table is
    /// as it was. `change` says what it did.
    pub(super) fn change_in_place(
        &self,
        node: &Node,
        compiled: &Compiled,
        slot: &mut Slot,
        change: impl FnOnce(&mut Slot) -> Result<String, Failure>,
    ) -> Result<Outcome, Failure> {
        self.run_hooks(node, &compiled.hooks.before, false, slot)?;
        held(slot)?.execute("begin")?;
        let changed = self.change_in_transaction(node, compiled, slot, change);
        let (message, messages) = changed.inspect_err(|_| {
            // The statement's own error is the one to tell.
            let _ = held(slot).map(|connection| connection.execute("rollback"));
        })?;
        self.run_hooks(node, &compiled.hooks.after, false, slot)?;
        Ok(Outcome {
            messages,
            ..success(&message)
        })
    }

    fn change_in_transaction(
        &self,
        node: &Node,
        compiled: &Compiled,
        slot: &mut Slot,
        change: impl FnOnce(&mut Slot) -> Result<String, Failure>,
    ) -> Result<(String, Vec<String>), Failure> {
        self.run_hooks(node, &compiled.hooks.before, true, slot)?;
        let message = change(slot)?;
        let connection = held(slot)?;
        let granted = grants::apply(node, true, connection, self.dialect())?;
        let commented = comments::persist(node, RelationKind::Table, connection)?;
        self.run_hooks(node, &compiled.hooks.after, true, slot)?;
        held(slot)?.execute("commit")?;
        Ok((message, granted.into_iter().chain(commented).collect()))
    }
}

/// A table for the time of a change, which only its connection sees.
pub(super) struct Staging {
    /// Where the catalog lists it.
    pub(super) relation: Relation,
    /// Its name in SQL.
    pub(super) name: String,
}

impl Staging {
    pub(super) fn create(
        node: &Node,
        sql: &str,
        dialect: Dialect,
        connection: &mut dyn Connection,
    ) -> Result<Self, Failure> {
        let identifier = Names::of(node, dialect)?.temporary.identifier;
        let (database, schema) = match dialect {
            Dialect::DuckDb => (Some("temp".to_owned()), "main"),
            Dialect::Postgres => (None, "pg_temp"),
        };
        let staging = Self {
            name: quoted(&identifier),
            relation: Relation {
                database,
                schema: schema.to_owned(),
                identifier,
            },
        };
        staging.drop(connection)?;
        let name = &staging.name;
        connection.execute(&format!("create temporary table {name} as (\n{sql}\n)"))?;
        Ok(staging)
    }

    pub(super) fn drop(&self, connection: &mut dyn Connection) -> warehouse::Result<()> {
        connection.execute(&statements::drop(&self.relation, RelationKind::Table))?;
        Ok(())
    }
}

/// Makes room for longer text, where types have a length.
pub(super) fn widen(
    table: &Relation,
    from: &Columns,
    dialect: Dialect,
    connection: &mut dyn Connection,
) -> warehouse::Result<()> {
    if dialect == Dialect::DuckDb {
        return Ok(());
    }
    for (name, old) in connection.columns(table)? {
        let new = from.iter().find(|(known, _)| *known == name);
        let Some((old, new)) = text_length(&old).zip(new.and_then(|(_, new)| text_length(new)))
        else {
            continue;
        };
        if new > old {
            retype(
                table,
                &name,
                &format!("character varying({new})"),
                connection,
            )?;
        }
    }
    Ok(())
}

pub(super) fn add<'a>(
    table: &Relation,
    columns: impl IntoIterator<Item = &'a (String, String)>,
    connection: &mut dyn Connection,
) -> warehouse::Result<()> {
    for (name, data_type) in columns {
        let name = quoted(name);
        connection.execute(&format!(
            "alter table {table} add column {name} {data_type}"
        ))?;
    }
    Ok(())
}

pub(super) fn remove<'a>(
    table: &Relation,
    columns: impl IntoIterator<Item = &'a (String, String)>,
    connection: &mut dyn Connection,
) -> warehouse::Result<()> {
    for (name, _) in columns {
        let name = quoted(name);
        connection.execute(&format!("alter table {table} drop column {name}"))?;
    }
    Ok(())
}

/// Gives a column another type, as dbt does: a new column takes the values and the name, and stands last.
pub(super) fn retype(
    table: &Relation,
    name: &str,
    data_type: &str,
    connection: &mut dyn Connection,
) -> warehouse::Result<()> {
    let (old, new) = (quoted(name), quoted(&format!("{name}__dbt_alter")));
    for statement in [
        format!("alter table {table} add column {new} {data_type}"),
        format!("update {table} set {new} = {old}"),
        format!("alter table {table} drop column {old} cascade"),
        format!("alter table {table} rename column {new} to {old}"),
    ] {
        connection.execute(&statement)?;
    }
    Ok(())
}

/// How long dbt takes a text of a type to be; `None` for other types.
pub(super) fn text_length(data_type: &str) -> Option<u32> {
    let (bare, length) = match data_type.split_once('(') {
        Some((bare, rest)) => (bare, rest.trim_end_matches(')').parse().ok()),
        None => (data_type, None),
    };
    let is_text = matches!(bare, "text" | "character varying" | "character" | "varchar");
    is_text.then(|| length.unwrap_or(256))
}
