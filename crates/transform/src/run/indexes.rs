//! The config `indexes`: a list of `{columns, unique, type}`.

use serde_json::Value as Json;
use warehouse::{Connection, Dialect, Relation, Value};

use super::node::Failure;
use crate::{Node, Options, compile::fixture, context::md5_hex, yaml};

/// Creates the configured indexes on a table.
pub(super) fn create(
    node: &Node,
    table: &Relation,
    options: &Options,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<(), Failure> {
    let indexes = node.config.get("indexes").and_then(Json::as_array);
    for (position, index) in indexes.into_iter().flatten().enumerate() {
        let columns = index.get("columns").and_then(Json::as_array);
        let columns: Vec<String> = columns.into_iter().flatten().map(yaml::plain).collect();
        if columns.is_empty() {
            return Err(Failure::from(format!("index `{index}` has no `columns`")));
        }
        let columns = columns.join(", ");
        let unique = match index.get("unique") {
            Some(Json::Bool(true)) => "unique ",
            _ => "",
        };
        let method = index.get("type").and_then(Json::as_str);
        let method = match (dialect, method) {
            (Dialect::Postgres, Some(method)) => format!(" using {method}"),
            _ => String::new(),
        };
        // The old table still has its indexes, in the same schema: a name is good for one run.
        let of = format!("{columns} {unique}{method} {position}");
        let name = md5_hex(&format!(
            "{} {of} {}",
            node.relation(),
            options.invocation_id
        ));
        let name = fixture::quoted(&name);
        connection.execute(&format!(
            "create {unique}index {name} on {table}{method} ({columns})"
        ))?;
    }
    Ok(())
}

/// DuckDB renames no table that has indexes.
pub(super) fn drop_on_duckdb(
    table: &Relation,
    connection: &mut dyn Connection,
) -> warehouse::Result<()> {
    let database = table.database.clone().map_or(Value::Null, Value::Text);
    let found = connection.query(
        "select index_name from duckdb_indexes()
         where database_name = coalesce($1::varchar, current_database())
             and lower(schema_name) = lower($2) and lower(table_name) = lower($3)",
        &[
            database,
            Value::Text(table.schema.clone()),
            Value::Text(table.identifier.clone()),
        ],
    )?;
    for row in found.json_rows() {
        let index = Relation {
            identifier: row[0].as_str().unwrap_or_default().to_owned(),
            ..table.clone()
        };
        connection.execute(&format!("drop index {index}"))?;
    }
    Ok(())
}
