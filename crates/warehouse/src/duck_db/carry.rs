use std::path::Path;

use super::DuckDb;
use crate::{Connection, Relation, Result, Value, Warehouse as _, rows::texts};

/// The name that the other file has while it is read.
const PREVIOUS: &str = "previous";

impl DuckDb {
    /// Copies tables out of another database file, with their constraints and rows, under the same names.
    /// A table that the other file lacks is left out. Returns the tables that were copied.
    ///
    /// # Errors
    /// When the other file cannot be read, or a table of that name is here already.
    pub fn carry_over(&self, from: &Path, tables: &[Relation]) -> Result<Vec<Relation>> {
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let mut connection = self.connect()?;
        connection.execute(&format!(
            "attach '{}' as {PREVIOUS} (read_only)",
            from.display().to_string().replace('\'', "''")
        ))?;
        let carried = carry_all(tables, &mut *connection);
        // A build whose copy failed is not used, so the copy's error is the one to tell.
        let detached = connection.execute(&format!("detach {PREVIOUS}"));
        let carried = carried?;
        detached?;
        Ok(carried)
    }
}

fn carry_all(tables: &[Relation], connection: &mut dyn Connection) -> Result<Vec<Relation>> {
    let mut carried = Vec::new();
    for table in tables {
        let found = connection.query(
            "select sql from duckdb_tables()
             where database_name = $1 and schema_name = $2 and table_name = $3",
            &[PREVIOUS, &table.schema, &table.identifier].map(|text| Value::Text(text.to_owned())),
        )?;
        // The statement names the schema and not the file, so it makes the table here.
        let Some([create]) = texts(&found).into_iter().next() else {
            continue;
        };
        let here = Relation {
            database: None,
            ..table.clone()
        };
        let there = Relation {
            database: Some(PREVIOUS.to_owned()),
            ..table.clone()
        };
        connection.execute(&create_schema(&here))?;
        connection.execute(&create)?;
        connection.execute(&format!("insert into {here} select * from {there}"))?;
        carried.push(table.clone());
    }
    Ok(carried)
}

fn create_schema(table: &Relation) -> String {
    format!(
        "create schema if not exists \"{}\"",
        table.schema.replace('"', "\"\"")
    )
}
