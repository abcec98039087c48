use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use fs_err as fs;
use serde_json::json;
use warehouse::{Connection, export};

mod marts;

use super::query::{connect, export_format};
use crate::{
    cli::{Format, Global},
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary, count},
    project::{Project, shown, writable},
    targets::{Place, TargetArgument},
};

/// Arguments of `filmstar export`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ExportArguments {
    #[command(subcommand)]
    set: Option<ExportSet>,
    #[command(flatten)]
    target: TargetArgument,
    /// Models to write [default: every dim_, fact_, bridge_, mart_ and snap_]
    models: Vec<String>,
    /// File format
    #[arg(long, short, value_enum, default_value_t = Format::Parquet)]
    format: Format,
    /// Folder for the files
    #[arg(long, short, value_name = "FOLDER", default_value = "export")]
    output: PathBuf,
}

#[derive(Debug, Subcommand)]
enum ExportSet {
    /// Every public model as Parquet and CSV, with a manifest of columns, rows and hashes to cite
    Marts(marts::MartsArguments),
}

/// The schema that users read.
const SCHEMA: &str = "main";
const PUBLIC: [&str; 5] = ["dim_", "fact_", "bridge_", "mart_", "snap_"];

/// Writes models as files, one each.
pub(crate) fn run(
    arguments: &ExportArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    if let Some(ExportSet::Marts(arguments)) = &arguments.set {
        return marts::run(arguments, global, printer);
    }
    let project = Project::open(global, printer, &arguments.target.flags())?;
    let extension = match arguments.format {
        Format::Table => {
            return Err(Failure::usage(
                "`--format table` is for people; files are csv, json or parquet",
            )
            .into());
        }
        Format::Csv => "csv",
        Format::Json => "jsonl",
        Format::Parquet => "parquet",
    };
    let place = Place::of(&project, printer)?;
    let mut connection = connect(&project, &place)?;
    let models = models(&arguments.models, &mut *connection)?;
    writable(&arguments.output)?;
    let mut facts = vec![("folder", shown(&arguments.output))];
    let mut n_rows_total = 0;
    let mut files = Vec::new();
    for model in &models {
        let file = arguments.output.join(format!("{model}.{extension}"));
        let n_rows = write(&mut *connection, model, arguments.format, &file)?;
        printer.note(format!("{model}: {} rows", count(n_rows)));
        n_rows_total += n_rows;
        files.push(json!({ "model": model, "file": file, "rows": n_rows }));
    }
    facts.push(("rows", count(n_rows_total)));
    printer.summary(&Summary {
        headline: format!("✓ wrote {} files", models.len()),
        facts,
        next: Vec::new(),
        json: json!({ "status": "ok", "folder": arguments.output, "files": files }),
    });
    Ok(Exit::Ok)
}

/// The models asked for, each known to exist.
fn models(asked: &[String], connection: &mut dyn Connection) -> anyhow::Result<Vec<String>> {
    let known: Vec<String> = connection
        .relations(SCHEMA)?
        .into_iter()
        .map(|found| found.relation.identifier)
        .collect();
    if asked.is_empty() {
        let mut public: Vec<String> = known
            .into_iter()
            .filter(|name| PUBLIC.iter().any(|prefix| name.starts_with(prefix)))
            .collect();
        public.sort();
        return Ok(public);
    }
    for name in asked {
        if !known.contains(name) {
            let nearest = known
                .iter()
                .min_by_key(|candidate| strsim::damerau_levenshtein(name, candidate));
            return Err(Failure::usage(format!("there is no model `{name}`"))
                .hint(
                    nearest
                        .map_or_else(String::new, |nearest| format!("did you mean `{nearest}`?")),
                )
                .into());
        }
    }
    Ok(asked.to_vec())
}

/// Writes one file whole: under another name first, then renamed.
fn write(
    connection: &mut dyn Connection,
    model: &str,
    format: Format,
    file: &Path,
) -> anyhow::Result<u64> {
    let partial = file.with_extension("partial");
    let relation = warehouse::Relation {
        database: None,
        schema: SCHEMA.to_owned(),
        identifier: model.to_owned(),
    };
    let mut output = std::io::BufWriter::new(fs::File::create(&partial)?);
    let n_rows = export::write(
        connection,
        &format!("select * from {relation}"),
        &[],
        export_format(format),
        &mut output,
    )
    .with_context(|| format!("failed to export `{model}`"))?;
    drop(output);
    fs::rename(&partial, file)?;
    Ok(n_rows)
}
