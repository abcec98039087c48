//! What a warehouse holds, in the words of `fixtures/dbt/regenerate.py`.

use serde_json::{Map, Value as Json, json};
use warehouse::{Connection, Dialect, Warehouse};

/// The queries that an engine's catalog answers; `{schema}` and `{name}` are filled in.
struct Catalog {
    listed: &'static str,
    columns: &'static str,
    comments: &'static str,
    indexes: &'static str,
    constraints: &'static str,
}

const DUCK_DB: Catalog = Catalog {
    listed: "select table_schema, table_name, table_type from information_schema.tables order by all",
    columns: "select column_name, data_type from duckdb_columns()
        where schema_name = '{schema}' and table_name = '{name}' order by column_index",
    comments: "select '', comment from duckdb_tables() where schema_name = '{schema}' and table_name = '{name}'
        union all
        select '', comment from duckdb_views() where schema_name = '{schema}' and view_name = '{name}'
        union all
        select column_name, comment from duckdb_columns() where schema_name = '{schema}' and table_name = '{name}'",
    indexes: "select case when is_unique then 'unique ' else '' end || expressions from duckdb_indexes()
        where schema_name = '{schema}' and table_name = '{name}'",
    constraints: "select constraint_text from duckdb_constraints()
        where schema_name = '{schema}' and table_name = '{name}'",
};

const POSTGRES: Catalog = Catalog {
    listed: "select table_schema::text, table_name::text, table_type::text from information_schema.tables
        where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2",
    columns: r#"select attname::text, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = '"{schema}"."{name}"'::regclass and attnum > 0 and not attisdropped order by attnum"#,
    comments: r#"select '', obj_description('"{schema}"."{name}"'::regclass)
        union all
        select attname, col_description(attrelid, attnum) from pg_attribute
        where attrelid = '"{schema}"."{name}"'::regclass and attnum > 0"#,
    indexes: "select regexp_replace(indexdef, 'INDEX .* ON [^ ]+ ', '') from pg_indexes
        where schemaname = '{schema}' and tablename = '{name}'",
    constraints: r#"select regexp_replace(conname, '\d+$', '') || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where conrelid = '"{schema}"."{name}"'::regclass
        union all
        select attname || ' not null' from pg_attribute
        where attrelid = '"{schema}"."{name}"'::regclass and attnum > 0 and attnotnull"#,
};

/// Every table and view: its kind, columns, rows as text, comments and indexes.
pub(super) fn tables(warehouse: &dyn Warehouse) -> Json {
    let catalog = match warehouse.dialect() {
        Dialect::DuckDb => DUCK_DB,
        Dialect::Postgres => POSTGRES,
    };
    let mut connection = warehouse.connect().unwrap();
    let mut found = Map::new();
    for listed in rows(&mut *connection, catalog.listed) {
        let [schema, name, kind] = &listed[..] else {
            panic!("three columns")
        };
        let (schema, name) = (schema.as_str().unwrap(), name.as_str().unwrap());
        let mut ask = |query: &str| {
            let query = query.replace("{schema}", schema).replace("{name}", name);
            rows(&mut *connection, &query)
        };
        let columns = ask(catalog.columns);
        let cells = columns
            .iter()
            .map(|column| format!("cast(\"{}\" as varchar)", column[0].as_str().unwrap()));
        let cells = cells.collect::<Vec<_>>().join(", ");
        let mut values = ask(&format!("select {cells} from \"{{schema}}\".\"{{name}}\""));
        values.sort_by_key(|row| Json::from(row.clone()).to_string());
        let mut table = json!({"kind": kind, "columns": columns, "rows": values});
        let comments = ask(catalog.comments).into_iter();
        let comments = comments.filter(|row| row[1].as_str().is_some_and(|text| !text.is_empty()));
        let comments = comments.map(|row| (row[0].as_str().unwrap().to_owned(), row[1].clone()));
        let comments: Map<String, Json> = comments.collect();
        if !comments.is_empty() {
            table["comments"] = comments.into();
        }
        for (key, query) in [
            ("indexes", catalog.indexes),
            ("constraints", catalog.constraints),
        ] {
            let mut texts: Vec<String> = ask(query)
                .iter()
                .map(|row| row[0].as_str().unwrap().to_owned())
                .collect();
            if !texts.is_empty() {
                texts.sort();
                table[key] = texts.into();
            }
        }
        found.insert(format!("{schema}.{name}"), table);
    }
    Json::Object(found)
}

pub(super) fn rows(connection: &mut dyn Connection, sql: &str) -> Vec<Vec<Json>> {
    let rows = connection.query(sql, &[]).unwrap();
    let mut all = Vec::new();
    for batch in &rows.batches {
        for index in 0..batch.num_rows() {
            let cells = batch.columns().iter();
            let cells =
                cells.map(|column| Json::from(&crate::context::cell(column.as_ref(), index)));
            all.push(cells.collect());
        }
    }
    all
}
