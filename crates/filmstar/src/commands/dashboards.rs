use std::path::PathBuf;

use clap::{Args, Subcommand};
use fs_err as fs;
use serde_json::json;
use serve::{Diagnostic, Inspection};

use crate::{
    cli::Global,
    embedded,
    exit::Exit,
    failure::{Explained, Failure},
    printer::{Printer, Summary},
    project::{Project, shown},
    targets::{Place, TargetArgument},
};

/// What can be done with pages.
#[derive(Debug, Subcommand)]
pub(crate) enum DashboardsCommand {
    /// Check every page: YAML, queries against the published warehouse, drawings, links and exposures
    Check(CheckArguments),
}

/// Arguments of `filmstar dashboards check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    target: TargetArgument,
    /// Folder of pages [default: the project's dashboards/, else those in the binary]
    folder: Option<PathBuf>,
}

/// Tells all that is wrong with the pages, and what could not be checked.
pub(crate) fn check(
    arguments: &CheckArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.target.flags())?;
    let folder = folder(arguments, &project)?;
    let mut inspection = Inspection::begin(folder.as_deref());
    inspection.expose(&exposures(&project)?);
    let unchecked = bind(&mut inspection, &project, printer)?;
    report(&inspection, unchecked.as_deref(), folder.as_ref(), printer);
    Ok(if inspection.problems.is_empty() {
        Exit::Ok
    } else {
        Exit::Failed
    })
}

fn folder(arguments: &CheckArguments, project: &Project) -> Result<Option<PathBuf>, Failure> {
    match &arguments.folder {
        Some(folder) if !folder.is_dir() => {
            let message = format!("there is no folder `{}`", folder.display());
            Err(Failure::usage(message).hint("`filmstar init` writes dashboards/"))
        }
        Some(folder) => Ok(Some(folder.clone())),
        None => Ok(Some(project.dashboards()).filter(|folder| folder.is_dir())),
    }
}

fn exposures(project: &Project) -> anyhow::Result<String> {
    match project.dbt() {
        Some(folder) => {
            let path = folder.join("models/exposures.yml");
            // A project without the file exposes nothing.
            Ok(fs::read_to_string(path).unwrap_or_default())
        }
        None => {
            let file = embedded::DBT.get_file("models/exposures.yml");
            let text = file.and_then(include_dir::File::contents_utf8);
            Ok(text.unwrap_or_default().to_owned())
        }
    }
}

/// Lets the published warehouse read the queries; what stood in the way when there is none.
fn bind(
    inspection: &mut Inspection,
    project: &Project,
    printer: Printer,
) -> anyhow::Result<Option<String>> {
    let place = Place::of(project, printer)?;
    match super::query::connect(project, &place) {
        Ok(mut connection) => {
            inspection.bind(connection.as_mut())?;
            Ok(None)
        }
        Err(error) => {
            let explained = Explained::new(&error);
            // Nothing was built yet; anything else is worth stopping for.
            if explained.exit == Exit::Usage {
                Ok(Some(explained.message))
            } else {
                Err(error)
            }
        }
    }
}

fn report(
    inspection: &Inspection,
    unchecked: Option<&str>,
    folder: Option<&PathBuf>,
    printer: Printer,
) {
    let problems = &inspection.problems;
    let place = folder.map_or_else(|| "the binary's own".to_owned(), |folder| shown(folder));
    for problem in problems {
        printer.line(line(problem, folder));
    }
    let (n_pages, n_queries) = (inspection.pages.len(), inspection.n_queries());
    let headline = match problems.len() {
        0 => format!("✓ {n_pages} pages with {n_queries} queries are in order"),
        1 => "✗ 1 problem".to_owned(),
        n => format!("✗ {n} problems"),
    };
    let mut facts = vec![("pages", place)];
    facts.extend(unchecked.map(|why| ("not checked", format!("the queries, because {why}"))));
    printer.summary(&Summary {
        headline,
        facts,
        next: Vec::new(),
        json: json!({
            "status": if problems.is_empty() { "ok" } else { "failed" },
            "n_pages": n_pages,
            "n_queries": n_queries,
            "problems": problems,
            "not_checked": unchecked,
        }),
    });
}

/// A place that editors can open, what is wrong there, and what to do.
fn line(problem: &Diagnostic, folder: Option<&PathBuf>) -> String {
    let is_of_a_page = !problem.file.starts_with("dbt/");
    let file = match folder.filter(|_| is_of_a_page) {
        Some(folder) => shown(&folder.join(&problem.file)),
        None => problem.file.clone(),
    };
    let line = problem
        .line
        .map(|line| format!(":{line}"))
        .unwrap_or_default();
    let hint = problem
        .hint
        .as_ref()
        .map(|hint| format!("\n  hint: {hint}"))
        .unwrap_or_default();
    format!("{file}{line}: {}{hint}", problem.message)
}
