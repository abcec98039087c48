//! The `raw` schema: one view per raw table, over the lake's Parquet files.

use std::path::{Path, PathBuf};

use arrow::datatypes::{DataType, Field, SchemaRef};

use crate::{Connection, DuckDb, Relation, Result, Settings, Value, Warehouse as _};

#[cfg(test)]
mod tests;

/// The schema that holds the raw views.
pub const SCHEMA: &str = "raw";

/// A raw table as the views are told of it.
#[derive(Debug, Clone)]
pub struct RawTable {
    /// The view's name.
    pub name: String,
    /// The view's columns and types, whatever older files hold.
    pub schema: SchemaRef,
    /// The Parquet files to read, by absolute path; none makes an empty view.
    pub files: Vec<PathBuf>,
}

/// Creates or replaces the view of every table. The views read exactly the files named here, so a build
/// sees one state of the lake however long it takes.
///
/// # Errors
/// What the database said.
pub fn create_views(connection: &mut dyn Connection, tables: &[RawTable]) -> Result<()> {
    connection.execute(&format!("create schema if not exists {SCHEMA}"))?;
    for table in tables {
        connection.execute(&view_sql(table))?;
    }
    Ok(())
}

/// Everybody whom the newest observation of a film credits as director or bills before `first_billed`
/// (counted from 0), by TMDB's id; with `i32::MAX`, everybody credited at all.
///
/// # Errors
/// What the database said.
pub fn people_credited(movies: RawTable, first_billed: i32) -> Result<Vec<i64>> {
    const SQL: &str = "
        with newest as (
            select credits_cast, credits_crew from raw.movies
            qualify row_number() over (partition by id order by fetched_at desc) = 1
        ),
        cast_members as (select unnest(credits_cast) as member from newest),
        crew_members as (select unnest(credits_crew) as member from newest)
        select distinct member.id as id from cast_members where $1 or member.\"order\" < $2
        union
        select distinct member.id from crew_members where $1 or member.job = 'Director'
        order by id";
    let database = DuckDb::in_memory(&Settings::default())?;
    let mut connection = database.connect()?;
    create_views(
        &mut *connection,
        &[RawTable {
            name: "movies".to_owned(),
            ..movies
        }],
    )?;
    let is_everybody = Value::Bool(first_billed == i32::MAX);
    let rows = connection.query(SQL, &[is_everybody, Value::Int(first_billed.into())])?;
    Ok(rows
        .json_rows()
        .iter()
        .filter_map(|row| row[0].as_i64())
        .collect())
}

fn view_sql(table: &RawTable) -> String {
    let relation = Relation {
        database: None,
        schema: SCHEMA.to_owned(),
        identifier: table.name.clone(),
    };
    let fields = table.schema.fields().iter();
    let typed = |value: &str, field: &Field| {
        format!(
            "cast({value} as {}) as {}",
            sql_type(field),
            quoted(field.name())
        )
    };
    let empty: Vec<_> = fields.clone().map(|field| typed("null", field)).collect();
    let columns: Vec<_> = fields
        .map(|field| typed(&quoted(field.name()), field))
        .collect();
    let mut source = format!("select {} where false", empty.join(", "));
    if !table.files.is_empty() {
        let files: Vec<_> = table.files.iter().map(|file| path_literal(file)).collect();
        // The empty side brings the columns that no file has yet.
        source = format!(
            "{source} union all by name select * from read_parquet([{}], union_by_name = true)",
            files.join(", ")
        );
    }
    format!(
        "create or replace view {relation} as select {} from ({source})",
        columns.join(", ")
    )
}

fn sql_type(field: &Field) -> String {
    match field.data_type() {
        DataType::Boolean => "boolean".to_owned(),
        DataType::Int32 => "integer".to_owned(),
        DataType::Int64 => "bigint".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Date32 => "date".to_owned(),
        DataType::Timestamp(..) => "timestamp".to_owned(),
        DataType::List(element) => format!("{}[]", sql_type(element)),
        DataType::Struct(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|field| format!("{} {}", quoted(field.name()), sql_type(field)))
                .collect();
            format!("struct({})", fields.join(", "))
        }
        _ => "varchar".to_owned(),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A path as SQL text that DuckDB takes literally, not as a pattern.
fn path_literal(path: &Path) -> String {
    let mut literal = String::from("'");
    for character in path.display().to_string().chars() {
        match character {
            '\'' => literal.push_str("''"),
            '*' | '?' | '[' => literal.extend(['[', character, ']']),
            other => literal.push(other),
        }
    }
    literal.push('\'');
    literal
}
