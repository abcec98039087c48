use std::{path::PathBuf, time::Instant};

use anyhow::Context as _;
use clap::Args;
use fs_err as fs;
use lake::{Kind, Lake, LakeFile, Location};
use serde_json::json;
use warehouse::{
    Access, Connection, DuckDb, Warehouse as _,
    postgres::{self, LoadOptions, Loaded},
    raw::{self, RawTable},
};

use crate::{
    cli::Global,
    exit::Exit,
    failure::Failure,
    history::Recorder,
    interrupt::Interrupt,
    printer::{Printer, Summary, bytes, count, duration},
    project::{Project, shown, shown_lake},
    targets::{Place, Server, TargetArgument},
};

/// Arguments of `filmstar load`.
#[derive(Debug, Args)]
pub(crate) struct LoadArguments {
    #[command(flatten)]
    target: TargetArgument,
    /// DuckDB: the file to write
    #[arg(long, short, value_name = "FILE", default_value = "filmstar.duckdb")]
    output: PathBuf,
}

/// The schemas of a warehouse.
const SCHEMAS: [&str; 3] = ["raw", "staging", "main"];

/// Brings the lake's observations to the warehouse: as views in a DuckDB file, or as tables on a server.
pub(crate) fn run(
    arguments: &LoadArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.target.flags())?;
    let lake = open_lake(&project)?;
    let place = Place::of(&project, printer)?;
    crate::project::writable(&project.warehouse())?;
    let recorder = Recorder::begin_at(&place, &project.warehouse(), "load", printer)?;
    let loaded = match &place {
        Place::DuckDb => write_file(&arguments.output, &project, &lake, &recorder, printer),
        Place::Server(server) => fill_server(server, &lake, &recorder, printer),
    };
    recorder.finish(&loaded);
    loaded
}

fn write_file(
    output: &PathBuf,
    project: &Project,
    lake: &Lake,
    recorder: &Recorder,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let tables = super::runtime()?.block_on(raw_tables(lake))?;
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
    let database = DuckDb::open(output, Access::ReadWrite, &super::query::settings(project))?;
    let step = recorder.step("load");
    let laid = lay_views(&mut *database.connect()?, &tables);
    step.end(&laid);
    laid?;
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

fn fill_server(
    server: &Server,
    lake: &Lake,
    recorder: &Recorder,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let runtime = super::runtime()?;
    let _reading = lake.reading()?;
    let tables = runtime.block_on(raw_tables(lake))?;
    let interrupt = {
        let _entered = runtime.enter();
        Interrupt::listen()
    };
    let loaded = load(server, &tables, recorder, &interrupt, printer)?;
    let name = &server.target.name;
    let seconds = started.elapsed().as_secs_f64();
    let mut facts = vec![
        ("database", server.loader()?.location()),
        (
            "files",
            format!(
                "{} new, {} there already",
                count(loaded.n_parts as u64),
                count(loaded.n_known_parts as u64)
            ),
        ),
    ];
    if loaded.n_rows > 0 {
        let rate = (loaded.n_rows as f64 / seconds) as u64;
        facts.push((
            "rate",
            format!("{} rows/s, {} sent", count(rate), bytes(loaded.n_bytes)),
        ));
    }
    if loaded.n_replaced > 0 {
        facts.push((
            "replaced",
            format!(
                "U+0000 in {} values, which Postgres cannot store; the payload has them as they came",
                count(loaded.n_replaced)
            ),
        ));
    }
    printer.summary(&Summary {
        headline: format!(
            "✓ loaded {} observations in {}",
            count(loaded.n_rows),
            duration(started.elapsed())
        ),
        facts,
        next: vec![
            format!("filmstar build --target {name}"),
            format!("dbt build --project-dir dbt --profiles-dir dbt --target {name}   (with dbt Core)"),
        ],
        json: json!({
            "status": "ok", "rows": loaded.n_rows, "files": loaded.n_parts,
            "files_known": loaded.n_known_parts, "bytes": loaded.n_bytes, "replaced": loaded.n_replaced,
            "migrations": loaded.migrations, "seconds": seconds,
        }),
    });
    Ok(Exit::Ok)
}

/// Loads what a server does not have yet, with a bar.
pub(crate) fn load(
    server: &Server,
    tables: &[RawTable],
    recorder: &Recorder,
    interrupt: &Interrupt,
    printer: Printer,
) -> anyhow::Result<Loaded> {
    let step = recorder.step("load");
    let loaded = bring(server, tables, interrupt, printer);
    step.end(&loaded);
    let loaded = loaded?;
    recorder.note(|run| run.n_rows_loaded = Some(loaded.n_rows as i64));
    Ok(loaded)
}

fn bring(
    server: &Server,
    tables: &[RawTable],
    interrupt: &Interrupt,
    printer: Printer,
) -> anyhow::Result<Loaded> {
    let progress = printer.progress("loading files");
    let options = LoadOptions {
        n_connections: server.load_connections(),
    };
    let loaded = postgres::load(
        &server.loader()?,
        tables,
        options,
        &|| interrupt.is_raised(),
        &|now| {
            progress.expect(now.n_parts as u64);
            progress.reach(now.n_parts_done as u64);
        },
    );
    progress.finish();
    loaded.map_err(|error| match error {
        warehouse::Error::Cancelled => {
            Failure::interrupted("the load was interrupted; the files that were done stay")
                .hint(format!(
                    "`filmstar load --target {}` goes on where it stopped",
                    server.target.name
                ))
                .into()
        }
        other => anyhow::Error::from(other).context("failed to load the lake"),
    })
}

/// The lake, which must have been filled before.
pub(crate) fn open_lake(project: &Project) -> anyhow::Result<Lake> {
    project.existing_lake()?.ok_or_else(|| {
        let place = shown_lake(project.lake());
        no_lake(format!("there is no lake at `{place}`")).into()
    })
}

/// What a build of a lake without a part is told.
pub(crate) fn nothing_in(location: &Location) -> Failure {
    no_lake(format!(
        "there is nothing in the lake at `{}`",
        shown_lake(location)
    ))
}

fn no_lake(message: String) -> Failure {
    Failure::usage(message)
        .hint("run `filmstar ingest` first, or `filmstar demo` to see everything without a key")
}

/// Lays the raw tables over the lake's files.
pub(crate) fn lay_views(
    connection: &mut dyn Connection,
    tables: &[RawTable],
) -> anyhow::Result<()> {
    raw::create_views(connection, tables).context("failed to lay the raw tables over the lake")
}

/// Every raw table with its files.
pub(crate) async fn raw_tables(lake: &Lake) -> anyhow::Result<Vec<RawTable>> {
    let snapshot = lake.snapshot().await.context("failed to list the lake")?;
    let mut tables = Vec::new();
    for (kind, files) in snapshot {
        tables.push(fetched(lake, kind, files).await?);
    }
    Ok(tables)
}

/// One raw table with its files, which are on this machine then.
pub(crate) async fn raw_table(lake: &Lake, kind: Kind) -> anyhow::Result<RawTable> {
    let files = lake
        .files(kind)
        .await
        .with_context(|| format!("failed to list the files of `{}`", kind.name()))?;
    fetched(lake, kind, files).await
}

async fn fetched(lake: &Lake, kind: Kind, files: Vec<LakeFile>) -> anyhow::Result<RawTable> {
    lake.fetch(&files)
        .await
        .with_context(|| format!("failed to fetch the files of `{}`", kind.name()))?;
    Ok(RawTable {
        name: kind.name().to_owned(),
        schema: kind.schema(),
        files: files.into_iter().map(Into::into).collect(),
    })
}
