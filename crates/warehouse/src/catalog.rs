use crate::{Connection, Dialect, Result, rows::texts};

/// A table or view that users read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Described {
    /// As a query names it.
    pub name: String,
    /// What it is; empty when nobody said.
    pub description: String,
    /// In order.
    pub columns: Vec<DescribedColumn>,
}

/// One of its columns.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DescribedColumn {
    /// As a query names it.
    pub name: String,
    /// The database's name of its type.
    #[serde(rename = "type")]
    pub sql_type: String,
    /// What it holds; empty when nobody said.
    pub description: String,
}

const DUCKDB: &str = "
    select relations.name, coalesce(relations.comment, ''), columns.column_name, columns.data_type,
        coalesce(columns.comment, '')
    from (
        select table_oid as oid, table_name as name, comment, schema_name, database_name from duckdb_tables()
        union all
        select view_oid, view_name, comment, schema_name, database_name from duckdb_views() where not internal
    ) as relations
    inner join duckdb_columns() as columns on relations.oid = columns.table_oid
        and relations.database_name = columns.database_name
    where relations.database_name = current_database() and relations.schema_name = current_schema()
    order by relations.name, columns.column_index";

const POSTGRES: &str = "
    select relname::text, coalesce(pg_catalog.obj_description(pg_class.oid, 'pg_class'), ''), attname::text,
        pg_catalog.format_type(atttypid, atttypmod), coalesce(pg_catalog.col_description(pg_class.oid, attnum), '')
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on relnamespace = pg_namespace.oid
    inner join pg_catalog.pg_attribute on attrelid = pg_class.oid
    where nspname = pg_catalog.current_schema() and relkind in ('r', 'p', 'v', 'm', 'f')
        and attnum > 0 and not attisdropped and pg_catalog.has_table_privilege(pg_class.oid, 'select')
    order by relname, attnum";

/// The tables and views of the schema that queries look in first, with what is written about them.
///
/// # Errors
/// What the database said.
pub fn describe(connection: &mut dyn Connection, dialect: Dialect) -> Result<Vec<Described>> {
    let sql = match dialect {
        Dialect::DuckDb => DUCKDB,
        Dialect::Postgres => POSTGRES,
    };
    let rows = connection.query(sql, &[])?;
    let mut relations: Vec<Described> = Vec::new();
    for [name, description, column, sql_type, about] in texts(&rows) {
        let column = DescribedColumn {
            name: column,
            sql_type,
            description: about,
        };
        match relations.last_mut().filter(|last| last.name == name) {
            Some(last) => last.columns.push(column),
            None => relations.push(Described {
                name,
                description,
                columns: vec![column],
            }),
        }
    }
    Ok(relations)
}
