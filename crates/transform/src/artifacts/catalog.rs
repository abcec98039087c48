//! `catalog.json` (v1): what the warehouse holds of the project's relations.

use std::{collections::HashMap, path::Path};

use serde_json::{Map, Value as Json, json};
use warehouse::{Connection, Dialect, Warehouse};

use super::{metadata, write_json};
use crate::{NodeKind, Project, context::cell, report::CatalogError};

/// Schema, name, kind, owner, comment, column, its place, its type, its comment; in this order.
const DUCK_DB: &str = "
    select t.schema_name, t.name, t.kind, cast(null as varchar), t.comment,
        c.column_name, c.column_index, c.data_type, c.comment
    from (
        select schema_name, table_name as name, 'BASE TABLE' as kind, comment
        from duckdb_tables() where not internal and database_name = current_database()
        union all
        select schema_name, view_name, 'VIEW', comment
        from duckdb_views() where not internal and database_name = current_database()
    ) as t
    join duckdb_columns() as c
        on c.schema_name = t.schema_name and c.table_name = t.name and c.database_name = current_database()
    order by t.schema_name, t.name, c.column_index";

const POSTGRES: &str = "
    select cast(n.nspname as text), cast(c.relname as text),
        case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end,
        cast(pg_get_userbyid(c.relowner) as text), obj_description(c.oid, 'pg_class'),
        cast(a.attname as text), cast(a.attnum as integer), format_type(a.atttypid, a.atttypmod),
        col_description(c.oid, a.attnum)
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'v', 'm', 'f', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
    order by 1, 2, 7";

type Found = HashMap<(String, String), Json>;

pub(crate) fn write(
    project: &Project,
    warehouse: &dyn Warehouse,
    folder: &Path,
) -> Result<usize, CatalogError> {
    let mut connection = warehouse.connect()?;
    let found = relations(&mut *connection, warehouse.dialect())?;
    let (mut nodes, mut sources) = (Map::new(), Map::new());
    for node in project.nodes() {
        let key = (node.schema.to_lowercase(), node.alias.to_lowercase());
        let Some(entry) = found.get(&key) else {
            continue;
        };
        let list = match node.kind {
            NodeKind::Source => &mut sources,
            _ if node.is_made(project.options()) => &mut nodes,
            _ => continue,
        };
        let mut entry = entry.clone();
        entry["metadata"]["database"] = node.database.as_str().into();
        entry["unique_id"] = node.unique_id.as_str().into();
        list.insert(node.unique_id.clone(), entry);
    }
    let n_relations = nodes.len() + sources.len();
    let catalog = json!({
        "metadata": metadata(project, "catalog/v1"), "nodes": nodes, "sources": sources, "errors": null,
    });
    fs_err::create_dir_all(folder)?;
    write_json(&folder.join("catalog.json"), &catalog)?;
    Ok(n_relations)
}

fn relations(connection: &mut dyn Connection, dialect: Dialect) -> warehouse::Result<Found> {
    let query = match dialect {
        Dialect::DuckDb => DUCK_DB,
        Dialect::Postgres => POSTGRES,
    };
    let rows = connection.query(query, &[])?;
    let mut found = Found::new();
    for batch in &rows.batches {
        for index in 0..batch.num_rows() {
            let columns = batch.columns().iter();
            let row: Vec<Json> = columns
                .map(|column| Json::from(&cell(column.as_ref(), index)))
                .collect();
            let [
                schema,
                name,
                kind,
                owner,
                comment,
                column,
                place,
                data_type,
                told,
            ] = &row[..]
            else {
                continue;
            };
            let key = |json: &Json| json.as_str().unwrap_or_default().to_lowercase();
            let entry = found.entry((key(schema), key(name))).or_insert_with(|| {
                json!({
                    "metadata": {
                        "type": kind, "schema": schema, "name": name, "database": null, "comment": comment,
                        "owner": owner,
                    },
                    "columns": {},
                    "stats": {"has_stats": {
                        "id": "has_stats", "label": "Has Stats?", "value": false, "include": false,
                        "description": "Indicates whether there are statistics for this table",
                    }},
                    "unique_id": null,
                })
            });
            let described =
                json!({"type": data_type, "index": place, "name": column, "comment": told});
            entry["columns"][column.as_str().unwrap_or_default()] = described;
        }
    }
    Ok(found)
}
