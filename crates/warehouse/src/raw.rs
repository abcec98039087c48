//! The `raw` schema: one view per raw table, over the lake's Parquet files.

use std::path::{Path, PathBuf};

use arrow::datatypes::{DataType, Field, SchemaRef};

use crate::{Access, Connection, DuckDb, Error, Relation, Result, Settings, Value, Warehouse as _};

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
    /// The Parquet files to read; none makes an empty view.
    pub files: Vec<RawFile>,
}

/// A Parquet file of a raw table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFile {
    /// Absolute.
    pub path: PathBuf,
    /// The parts of the lake whose rows it holds: what the account of a load is kept by. Several when compaction
    /// merged them, and then a row's is in the column [`lake::PART_COLUMN`].
    pub parts: Vec<String>,
}

impl RawFile {
    /// Refuses a part that a later release wrote: what it means by its columns is not known here.
    pub(crate) fn check(&self) -> Result<()> {
        lake::check_layout(&self.path).map_err(|error| match error {
            lake::Error::NewerPart {
                path,
                version,
                newest,
            } => Error::TooNew {
                what: "part",
                location: path.display().to_string(),
                found: version,
                known: newest,
            },
            other => Error::Part {
                file: self.path.display().to_string(),
                message: other.to_string(),
            },
        })
    }
}

impl From<PathBuf> for RawFile {
    fn from(path: PathBuf) -> Self {
        let name = path.file_name().unwrap_or_default();
        let parts = vec![name.to_string_lossy().into_owned()];
        Self { path, parts }
    }
}

impl From<lake::LakeFile> for RawFile {
    fn from(file: lake::LakeFile) -> Self {
        Self {
            path: file.path,
            parts: file.parts,
        }
    }
}

/// Creates or replaces the view of every table. The views read exactly the files named here, so a build
/// sees one state of the lake however long it takes.
///
/// # Errors
/// When a file cannot be read or a later release wrote it, and what the database said.
pub fn create_views(connection: &mut dyn Connection, tables: &[RawTable]) -> Result<()> {
    for file in tables.iter().flat_map(|table| &table.files) {
        file.check()?;
    }
    connection.execute(&format!("create schema if not exists {SCHEMA}"))?;
    for table in tables {
        connection.execute(&view_sql(table))?;
    }
    Ok(())
}

/// What bodies held and nothing expects, over all runs: change, path, how often, first and last day.
pub fn drift(tables: &[RawTable]) -> Result<Vec<Vec<serde_json::Value>>> {
    // A reason without its numbers, so that one fault of many bodies is one row.
    const SQL: &str = r"
        with counted as (
            select change, path, n, fetched_at from raw.drift
            union all
            select
                'not decoded',
                kind || ': ' || regexp_replace(reason, '[0-9]+', '#', 'g'),
                1,
                fetched_at
            from raw.quarantine
        )
        select
            change, path, cast(sum(n) as bigint) as n,
            strftime(min(fetched_at), '%Y-%m-%d'),
            strftime(max(fetched_at), '%Y-%m-%d')
        from counted
        group by change, path
        order by n desc, change, path";
    let database = DuckDb::in_memory(&Settings::default())?;
    let mut connection = database.connect()?;
    create_views(&mut *connection, tables)?;
    Ok(connection.query(SQL, &[])?.json_rows())
}

/// The text of the raw views in a DuckDB file, for [`is_named`].
///
/// # Errors
/// When the file cannot be opened, which it cannot while it is being built.
pub fn view_text(database: &Path) -> Result<String> {
    const SQL: &str = "select sql from duckdb_views() where schema_name = $1";
    let database = DuckDb::open(database, Access::ReadOnly, &Settings::default())?;
    let rows = database
        .connect()?
        .query(SQL, &[Value::Text(SCHEMA.into())])?;
    let texts = rows.json_rows().into_iter().flatten();
    Ok(texts
        .filter_map(|text| Some(text.as_str()?.to_owned()))
        .collect())
}

/// Whether views read a file.
pub fn is_named(view_text: &str, file: &Path) -> bool {
    view_text.contains(&path_literal(file))
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
        let files: Vec<_> = table
            .files
            .iter()
            .map(|file| path_literal(&file.path))
            .collect();
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
