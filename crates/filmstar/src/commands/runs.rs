use clap::Args;
use serde_json::json;
use warehouse::history::{History, Run, RunStatus};

use crate::{
    cli::Global,
    exit::Exit,
    printer::{Printer, Summary, count, duration},
    project::Project,
};

/// Arguments of `filmstar runs`.
#[derive(Debug, Args)]
pub(crate) struct RunsArguments {
    /// So many at most; 0 = all
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Only those that did not succeed
    #[arg(long)]
    failed: bool,
}

/// Lists the runs.
pub(crate) fn run(
    arguments: &RunsArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let mut runs = History::open(&project.warehouse())?.runs()?;
    if arguments.failed {
        runs.retain(|run| run.status.is_failure());
    }
    if arguments.limit > 0 {
        runs.truncate(arguments.limit);
    }
    if printer.is_json() {
        printer.summary(&Summary {
            json: json!({ "status": "ok", "runs": runs }),
            ..Summary::default()
        });
        return Ok(Exit::Ok);
    }
    if runs.is_empty() {
        printer.line("no run yet");
        printer.line("next: filmstar run");
        return Ok(Exit::Ok);
    }
    for run in &runs {
        printer.line(line(run));
    }
    printer.line("next: filmstar logs <run>, or filmstar query \"select * from history.runs\"");
    Ok(Exit::Ok)
}

/// `✓ 20261124T083000000Z  up      succeeded    11 m 02 s  1,204 requests, 54 models, 210 tests, published`.
fn line(run: &Run) -> String {
    let took = run.seconds.map_or_else(String::new, |seconds| {
        duration(std::time::Duration::from_secs_f64(seconds.max(0.0)))
    });
    format!(
        "{} {}  {:6} {:11} {took:>9}  {}",
        mark(run.status),
        run.run_id,
        run.command,
        run.status.name(),
        essence(run)
    )
    .trim_end()
    .to_owned()
}

/// A sign that is seen before it is read.
pub(crate) fn mark(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Succeeded => "✓",
        RunStatus::Running => "…",
        RunStatus::Interrupted => "!",
        RunStatus::Failed | RunStatus::Killed => "✗",
    }
}

/// What a run did, or why it did not.
pub(crate) fn essence(run: &Run) -> String {
    if let Some(error) = &run.error {
        return error.lines().next().unwrap_or_default().to_owned();
    }
    let number = |number: Option<i64>, what: &str| {
        let number = number.filter(|number| *number > 0)?;
        Some(format!("{} {what}", count(number as u64)))
    };
    let mut parts: Vec<_> = [
        number(run.n_requests, "requests"),
        number(run.n_rows_loaded, "rows loaded"),
        number(run.n_models, "models"),
        number(run.n_tests, "tests"),
        number(run.n_test_warnings, "warnings"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if run.is_published == Some(true) {
        parts.push(format!(
            "published {}",
            run.build_id.as_deref().unwrap_or_default()
        ));
    }
    parts.join(", ")
}
