use warehouse::{Connection, Dialect, Relation, RelationKind};

use super::{
    Shop, comments, grants, indexes,
    node::{Failure, Outcome, held, success},
    seed::Seed,
    statements,
};
use crate::{Node, compile::Compiled, names::Names};

/// What a relation is made from.
pub(super) enum Content<'a> {
    /// The rows of a query, kept.
    Table(&'a str),
    /// A query.
    View(&'a str),
    /// The rows of a file.
    Seed(Seed),
}

type Slot = Option<Box<dyn Connection>>;

impl Content<'_> {
    fn kind(&self) -> RelationKind {
        match self {
            Self::View(_) => RelationKind::View,
            Self::Table(_) | Self::Seed(_) => RelationKind::Table,
        }
    }
}

impl Shop<'_> {
    /// Builds a node's relation beside the old one and gives it the name, in one transaction with the node's
    /// hooks, indexes, grants and comments.
    pub(super) fn replace(
        &self,
        node: &Node,
        content: &Content<'_>,
        compiled: &Compiled,
        slot: &mut Slot,
    ) -> Result<Outcome, Failure> {
        let names = Names::of(node, self.dialect())?;
        self.run_hooks(node, &compiled.hooks.before, false, slot)?;
        let _turn = self.turn(node);
        held(slot)?.execute("begin")?;
        let built = self.replace_in_transaction(node, content, compiled, &names, slot);
        let built = built.and_then(|messages| {
            held(slot)?.execute("commit")?;
            Ok(messages)
        });
        let messages = built.inspect_err(|_| {
            // The statement's own error is the one to tell.
            let _ = held(slot).map(|connection| connection.execute("rollback"));
        })?;
        self.run_hooks(node, &compiled.hooks.after, false, slot)?;
        Ok(Outcome {
            messages,
            ..success(match content.kind() {
                RelationKind::View => "CREATE VIEW",
                RelationKind::Table => "CREATE TABLE",
            })
        })
    }

    fn replace_in_transaction(
        &self,
        node: &Node,
        content: &Content<'_>,
        compiled: &Compiled,
        names: &Names,
        slot: &mut Slot,
    ) -> Result<Vec<String>, Failure> {
        for leftover in [&names.temporary, &names.backup] {
            if let Some(kind) = self.existing(leftover) {
                held(slot)?.execute(&statements::drop(leftover, kind))?;
            }
        }
        self.run_hooks(node, &compiled.hooks.before, true, slot)?;
        let connection = held(slot)?;
        let is_in_place = self.is_made_in_place(node, connection)?;
        self.free(node, connection)?;
        if let (true, Some(old)) = (is_in_place, self.existing(&names.target)) {
            connection.execute(&statements::drop(&names.target, old))?;
        }
        let mut oddity = None;
        let is_refilled = match content {
            Content::Table(sql) if node.has_contract() => {
                let made = [&names.temporary, &names.target][usize::from(is_in_place)];
                let table = self.new_table(node, made);
                oddity = self.create_by_contract(node, &table, made, sql, connection)?;
                false
            }
            Content::Table(sql) => {
                let made = [&names.temporary, &names.target][usize::from(is_in_place)];
                let table = self.new_table(node, made);
                connection.execute(&format!("create {table} as (\n{sql}\n)"))?;
                false
            }
            Content::View(sql) => {
                if node.has_contract() {
                    oddity = self.check_contract(node, sql, connection)?;
                }
                let view = &names.temporary;
                connection.execute(&format!("create view {view} as (\n{sql}\n)"))?;
                false
            }
            Content::Seed(seed) => {
                connection.execute(&seed.create(&self.new_table(node, &names.temporary)))?;
                seed.fill(&names.temporary, connection)?;
                self.refill(names, connection)?
            }
        };
        if is_in_place {
            run_all(&compiled.indexes, connection)?;
        } else if !is_refilled {
            self.swap(content.kind(), names, &compiled.indexes, connection)?;
        }
        self.run_hooks(node, &compiled.hooks.after, true, slot)?;
        let connection = held(slot)?;
        let granted = grants::apply(node, is_refilled, connection, self.dialect())?;
        let commented = comments::persist(node, content.kind(), connection)?;
        Ok(oddity.into_iter().chain(granted).chain(commented).collect())
    }

    /// The words that create a table: Postgres keeps an unlogged one out of its log.
    fn new_table(&self, node: &Node, table: &Relation) -> String {
        let is_unlogged = node.config.get("unlogged") == Some(&true.into());
        match self.dialect() {
            Dialect::Postgres if is_unlogged => format!("unlogged table {table}"),
            _ => format!("table {table}"),
        }
    }

    /// On Postgres, fills a seed's old table if the new one has the same columns, so that views over it live on.
    fn refill(&self, names: &Names, connection: &mut dyn Connection) -> Result<bool, Failure> {
        let Names {
            target, temporary, ..
        } = names;
        if self.dialect() != Dialect::Postgres
            || self.options().full_refresh
            || self.existing(target) != Some(RelationKind::Table)
            || connection.columns(target)? != connection.columns(temporary)?
        {
            return Ok(false);
        }
        connection.execute(&format!("truncate table {target}"))?;
        connection.execute(&format!("insert into {target} select * from {temporary}"))?;
        connection.execute(&statements::drop(temporary, RelationKind::Table))?;
        Ok(true)
    }

    /// The new relation takes the name, the old one goes.
    fn swap(
        &self,
        kind: RelationKind,
        names: &Names,
        indexes: &[String],
        connection: &mut dyn Connection,
    ) -> Result<(), Failure> {
        let Names {
            target,
            temporary,
            backup,
        } = names;
        let (dialect, existing) = (self.dialect(), self.existing(target));
        let (before, after) = match (kind, dialect) {
            (RelationKind::View, _) => (&[][..], &[][..]),
            (RelationKind::Table, Dialect::Postgres) => (indexes, &[][..]),
            (RelationKind::Table, Dialect::DuckDb) => (&[][..], indexes),
        };
        run_all(before, connection)?;
        if let Some(old) = existing {
            if dialect == Dialect::DuckDb && old == RelationKind::Table {
                indexes::drop_all(target, connection)?;
            }
            connection.execute(&statements::rename(target, old, backup))?;
        }
        connection.execute(&statements::rename(temporary, kind, target))?;
        if let Some(old) = existing {
            connection.execute(&statements::drop(backup, old))?;
        }
        run_all(after, connection)?;
        Ok(())
    }
}

fn run_all(statements: &[String], connection: &mut dyn Connection) -> warehouse::Result<()> {
    for statement in statements {
        connection.execute(statement)?;
    }
    Ok(())
}
