//! What DuckDB's foreign keys ask of who replaces tables.
//!
//! DuckDB neither renames nor drops a table that a foreign key points at, and a foreign key remembers the name that
//! its own table had when it was made. So a table with foreign keys is made under its final name, and before a table
//! goes that others point at, those become plain copies: they are built after it, in the same run.

use std::{collections::BTreeSet, sync::MutexGuard};

use warehouse::{Connection, Dialect, Relation, RelationKind, Value};

use super::{Shop, lock, node::Failure, statements};
use crate::{ConstraintKind, Node, node::Materialization};

/// What is added to a table's name while it becomes a plain copy.
const COPY: &str = "__dbt_fk_backup";

impl Shop<'_> {
    /// Whether a node's table must be made under its final name.
    pub(super) fn is_made_in_place(
        &self,
        node: &Node,
        connection: &mut dyn Connection,
    ) -> warehouse::Result<bool> {
        if self.dialect() != Dialect::DuckDb {
            return Ok(false);
        }
        if declares_keys(node) {
            return Ok(true);
        }
        if self.existing(&node.relation()) != Some(RelationKind::Table) {
            return Ok(false);
        }
        let sql = format!(
            "{} where lower(from_table) = lower($3) limit 1",
            foreign_keys()
        );
        Ok(connection.query(&sql, &place(&node.relation()))?.n_rows() > 0)
    }

    /// Lets one table with foreign keys be made at a time: DuckDB alters the tables that keys point at, and two such
    /// changes to one table conflict.
    pub(super) fn turn(&self, node: &Node) -> Option<MutexGuard<'_, ()>> {
        let must_wait = self.dialect() == Dialect::DuckDb && declares_keys(node);
        must_wait.then(|| lock(&self.keys))
    }

    /// Makes plain copies of the tables whose foreign keys lead to a table, so that it may go.
    pub(super) fn free(&self, node: &Node, connection: &mut dyn Connection) -> Result<(), Failure> {
        let target = node.relation();
        if self.dialect() != Dialect::DuckDb || self.existing(&target) != Some(RelationKind::Table)
        {
            return Ok(());
        }
        let sql = format!(
            "with recursive keys as ({}),
             dependents(name, depth) as (
                 select from_table, 1 from keys where lower(to_table) = lower($3)
                 union
                 select keys.from_table, depth + 1
                 from keys inner join dependents on lower(keys.to_table) = lower(dependents.name)
             )
             select name from dependents group by name order by max(depth) desc, name",
            foreign_keys()
        );
        let found = connection.query(&sql, &place(&target))?;
        let rows = found.json_rows();
        let names = rows.iter().filter_map(|row| row.first()?.as_str());
        let dependents = names.map(|name| Relation {
            identifier: name.to_owned(),
            ..target.clone()
        });
        let dependents: Vec<Relation> = dependents.collect();
        self.check_that_they_are_built(node, &dependents)?;
        for dependent in &dependents {
            let copy = copy_of(dependent);
            connection.execute(&statements::drop(&copy, RelationKind::Table))?;
            connection.execute(&format!("create table {copy} as select * from {dependent}"))?;
            connection.execute(&statements::drop(dependent, RelationKind::Table))?;
        }
        for dependent in &dependents {
            let (copy, kind) = (copy_of(dependent), RelationKind::Table);
            connection.execute(&statements::rename(&copy, kind, dependent))?;
        }
        Ok(())
    }

    /// Nothing may lose its foreign keys but what gets them back later in the run.
    fn check_that_they_are_built(&self, node: &Node, tables: &[Relation]) -> Result<(), Failure> {
        let start = BTreeSet::from([node.unique_id.clone()]);
        let below = self.project.graph.descendants(&start, None);
        let nodes = &self.compiler.nodes.by_id;
        let is_built = |table: &&Relation| {
            let mut built = below.iter().filter(|id| self.selected.contains(*id));
            built.any(|id| {
                let relation = nodes[id].relation();
                let is_made_anew = match nodes[id].materialization() {
                    Ok(Materialization::Table) => true,
                    Ok(Materialization::Incremental) => nodes[id].is_full_refresh(self.options()),
                    _ => false,
                };
                is_made_anew
                    && relation.schema.eq_ignore_ascii_case(&table.schema)
                    && relation.identifier.eq_ignore_ascii_case(&table.identifier)
            })
        };
        let left: Vec<String> = tables
            .iter()
            .filter(|table| !is_built(table))
            .map(ToString::to_string)
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        Err(Failure::from(format!(
            "{} cannot be replaced: foreign keys point at it from {}, which this run does not build after it \
             (hint: select them too, and name the table with `to: ref(…)`)",
            node.relation(),
            left.join(", ")
        )))
    }
}

fn copy_of(table: &Relation) -> Relation {
    Relation {
        identifier: format!("{}{COPY}", table.identifier),
        ..table.clone()
    }
}

fn declares_keys(node: &Node) -> bool {
    let mut declared = node.all_constraints();
    node.has_contract()
        && node.declares_constraints()
        && declared.any(|constraint| constraint.kind == ConstraintKind::ForeignKey)
}

/// The foreign keys of a schema between different tables; `$1` is the database, `$2` the schema.
fn foreign_keys() -> &'static str {
    "select from_table, to_table from (
         select table_name as from_table, referenced_table as to_table from duckdb_constraints()
         where constraint_type = 'FOREIGN KEY'
             and lower(database_name) = lower(coalesce($1::varchar, current_database()))
             and lower(schema_name) = lower($2) and lower(table_name) <> lower(referenced_table)
     )"
}

fn place(table: &Relation) -> [Value; 3] {
    [
        table.database.clone().map_or(Value::Null, Value::Text),
        Value::Text(table.schema.clone()),
        Value::Text(table.identifier.clone()),
    ]
}
