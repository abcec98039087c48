use warehouse::{Connection, Relation, Value};

/// DuckDB renames no table that has indexes.
pub(super) fn drop_all(table: &Relation, connection: &mut dyn Connection) -> warehouse::Result<()> {
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
