use std::{
    io::{IsTerminal as _, Read as _, Write},
    path::PathBuf,
    sync::Arc,
};

use anyhow::Context as _;
use clap::Args;
use fs_err as fs;
use warehouse::{
    Connection, DuckDb, Warehouse, export,
    postgres::{Release, ReleaseReader},
};

use crate::{
    cli::{Format, Global},
    disk,
    exit::Exit,
    failure::{self, Failure},
    memory,
    printer::Printer,
    project::Project,
    targets::{Place, Server, TargetArgument},
};

/// Arguments of `filmstar query`.
#[derive(Debug, Args)]
pub(crate) struct QueryArguments {
    #[command(flatten)]
    target: TargetArgument,
    /// One SELECT; `-` reads it from standard input
    sql: String,
    /// How to write the rows
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Asks the published warehouse; nothing can be written through it.
pub(crate) fn run(
    arguments: &QueryArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.target.flags())?;
    let place = Place::of(&project, printer)?;
    let mut connection = connect(&project, &place)?;
    let sql = match arguments.sql.as_str() {
        "-" => {
            let mut sql = String::new();
            std::io::stdin()
                .read_to_string(&mut sql)
                .context("failed to read the query from standard input")?;
            sql
        }
        sql => sql.to_owned(),
    };
    let format = if printer.is_json() && arguments.format == Format::Table {
        Format::Json
    } else {
        arguments.format
    };
    let mut output: Box<dyn Write + Send> = match &arguments.output {
        Some(path) => Box::new(std::io::BufWriter::new(fs::File::create(path).map_err(
            |error| Failure::world(format!("failed to write `{}`", path.display())).because(error),
        )?)),
        None if format == Format::Parquet && std::io::stdout().is_terminal() => {
            return Err(Failure::usage("Parquet is not for terminals")
                .hint("add `--output rows.parquet`, or pipe it")
                .into());
        }
        None => Box::new(std::io::stdout()),
    };
    match export::write(
        &mut *connection,
        &sql,
        &[],
        export_format(format),
        &mut output,
    ) {
        Ok(_) => Ok(Exit::Ok),
        Err(error) if error.is_broken_pipe() => Ok(Exit::Ok),
        Err(error @ (warehouse::Error::Sql { .. } | warehouse::Error::Denied { .. })) => {
            Err(Failure::usage("the query failed")
                .hint(catalog_hint(&place))
                .because(error)
                .into())
        }
        Err(error) => Err(error.into()),
    }
}

fn catalog_hint(place: &Place) -> &'static str {
    match place {
        Place::DuckDb => {
            "`filmstar query \"show tables\"` lists the tables, `describe mart_movies` a table's columns"
        }
        Place::Server(_) => {
            "`select table_name, column_name, data_type from information_schema.columns where table_schema = 'main'` lists what there is"
        }
    }
}

/// A connection to the published build, which it cannot change.
pub(crate) fn connect(project: &Project, place: &Place) -> anyhow::Result<Box<dyn Connection>> {
    match place {
        Place::DuckDb => {
            let file = published(project)?;
            let database = DuckDb::open(&file, warehouse::Access::ReadOnly, &settings(project))?;
            Ok(database.connect()?)
        }
        Place::Server(server) => {
            let reader = ReleaseReader::new(server.reader()?);
            let (_, warehouse) = current(&reader, server)?;
            Ok(warehouse.connect()?)
        }
    }
}

/// The build that is published on a server, or what to run to get one.
pub(crate) fn current(
    reader: &ReleaseReader,
    server: &Server,
) -> anyhow::Result<(Release, Arc<dyn Warehouse>)> {
    reader.current().map_err(|error| match error {
        warehouse::Error::NoBuild { .. } => Failure::usage(format!(
            "there is no published warehouse on {} yet",
            server.target.name
        ))
        .hint(format!(
            "run `filmstar build --target {}`",
            server.target.name
        ))
        .into(),
        other => anyhow::Error::from(other),
    })
}

/// The published file, or what to run to get one.
pub(crate) fn published(project: &Project) -> Result<PathBuf, Failure> {
    let missing = || {
        Failure::usage("there is no published warehouse yet")
            .hint("run `filmstar ingest`, then `filmstar build`; or `filmstar demo`")
    };
    if !project.warehouse().is_dir() {
        return Err(missing());
    }
    let builds = warehouse::Builds::open(&project.warehouse());
    let current = builds.and_then(|builds| builds.current());
    match current.map_err(|error| failure::outage(&error))? {
        Some(current) => Ok(current.path),
        None => Err(missing()),
    }
}

/// DuckDB's settings from the configuration.
pub(crate) fn settings(project: &Project) -> warehouse::Settings {
    let build = &project.config().build;
    let temp_directory_limit = build.temp_directory_limit.clone();
    warehouse::Settings {
        memory_limit: build.memory_limit.clone().or_else(memory::half),
        temp_directory_limit: temp_directory_limit
            .or_else(|| disk::half_of_free(&project.warehouse())),
        ..Default::default()
    }
}

/// The writer behind a format.
pub(crate) fn export_format(format: Format) -> export::Format {
    match format {
        Format::Table => export::Format::Table,
        Format::Csv => export::Format::Csv,
        Format::Json => export::Format::Json,
        Format::Parquet => export::Format::Parquet,
    }
}
