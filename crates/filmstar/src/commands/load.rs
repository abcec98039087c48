use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use fs_err as fs;
use lake::{Kind, Lake};
use serde_json::json;
use warehouse::{
    Access, Connection, DuckDb, Warehouse as _,
    raw::{self, RawTable},
};

use crate::{
    cli::Global,
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary},
    project::{Project, shown},
};

/// Arguments of `filmstar load`.
#[derive(Debug, Args)]
pub(crate) struct LoadArguments {
    /// The DuckDB file to write
    #[arg(long, short, value_name = "FILE", default_value = "filmstar.duckdb")]
    output: PathBuf,
}

/// The schemas of a warehouse.
const SCHEMAS: [&str; 3] = ["raw", "staging", "main"];

/// Writes a DuckDB file with the raw tables as views over the lake.
pub(crate) fn run(
    arguments: &LoadArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let lake = open_lake(&project)?;
    let tables = super::runtime()?.block_on(raw_tables(&lake))?;
    let output = &arguments.output;
    let catalog = output.file_stem().unwrap_or_default().to_string_lossy();
    if SCHEMAS.contains(&catalog.as_ref()) {
        return Err(Failure::usage(format!("the file cannot be called `{catalog}`: DuckDB names the catalog after it, and a schema has that name"))
            .hint("`--output filmstar.duckdb`")
            .into());
    }
    if output.exists() {
        fs::remove_file(output).map_err(|error| {
            Failure::world(format!("failed to replace `{}`", output.display())).because(error)
        })?;
    }
    let database = DuckDb::open(output, Access::ReadWrite, &super::query::settings(&project))?;
    load(&mut *database.connect()?, &tables)?;
    printer.summary(&Summary {
        headline: format!("✓ {} raw tables", tables.len()),
        facts: vec![
            ("file", shown(output)),
            ("schema", "raw: views over the lake's Parquet".to_owned()),
        ],
        next: vec![format!(
            "FILMSTAR_WAREHOUSE_PATH={} filmstar dbt build --project-dir dbt --profiles-dir dbt   (or dbt Core's `dbt build …`)",
            fs::canonicalize(output)?.display()
        )],
        json: json!({ "status": "ok", "file": output, "tables": tables.len() }),
    });
    Ok(Exit::Ok)
}

/// The lake, which must have been filled before.
pub(crate) fn open_lake(project: &Project) -> anyhow::Result<Lake> {
    let folder = project.lake();
    if !folder.is_dir() {
        return Err(Failure::usage(format!("there is no lake at `{}`", shown(&folder)))
            .hint("run `filmstar ingest` first, or `filmstar demo` to see everything without a key")
            .into());
    }
    Ok(Lake::open(&folder)?)
}

/// Lays the raw tables over the lake's files.
pub(crate) fn load(connection: &mut dyn Connection, tables: &[RawTable]) -> anyhow::Result<()> {
    raw::create_views(connection, tables).context("failed to lay the raw tables over the lake")
}

/// Every raw table with its files.
pub(crate) async fn raw_tables(lake: &Lake) -> anyhow::Result<Vec<RawTable>> {
    let mut tables = Vec::new();
    for kind in Kind::ALL {
        tables.push(raw_table(lake, kind).await?);
    }
    Ok(tables)
}

/// One raw table with its files.
pub(crate) async fn raw_table(lake: &Lake, kind: Kind) -> anyhow::Result<RawTable> {
    let files = lake
        .files(kind)
        .await
        .with_context(|| format!("failed to list the files of `{}`", kind.name()))?;
    Ok(RawTable {
        name: kind.name().to_owned(),
        schema: kind.schema(),
        files: files.into_iter().map(|file| file.path).collect(),
    })
}
