use anyhow::Context as _;
use clap::Args;
use fs_err as fs;
use serde_json::json;
use warehouse::history::{History, Run, Step};

use super::runs::{essence, mark};
use crate::{
    cli::Global,
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary, duration},
    project::Project,
};

/// Arguments of `filmstar logs`.
#[derive(Debug, Args)]
pub(crate) struct LogsArguments {
    /// A run of `filmstar runs`, or how its name begins; the last one without
    run: Option<String>,
}

/// Tells what a run did and said.
pub(crate) fn run(
    arguments: &LogsArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let history = History::open(&project.warehouse())?;
    let run = find(&history, arguments.run.as_deref())?;
    let steps = history.steps(&run.run_id)?;
    let amiss = history.amiss(&run.run_id)?;
    let log = match fs::read_to_string(history.log(&run.run_id)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        log => log.context("failed to read the run's log")?,
    };
    let said: Vec<serde_json::Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    if printer.is_json() {
        printer.summary(&Summary {
            json: json!({ "status": "ok", "run": run, "steps": steps, "amiss": amiss, "log": said }),
            ..Summary::default()
        });
        return Ok(Exit::Ok);
    }
    printer.line(format!(
        "{} run {} (`filmstar {}`) {}: {}",
        mark(run.status),
        run.run_id,
        run.command,
        run.status.name(),
        essence(&run)
    ));
    for step in &steps {
        printer.line(step_line(step));
    }
    for entry in &said {
        printer.line(said_line(entry));
    }
    if let Some(hint) = &run.hint {
        printer.line(format!("next: {hint}"));
    }
    Ok(Exit::Ok)
}

/// The run that a name or its beginning means.
fn find(history: &History, name: Option<&str>) -> anyhow::Result<Run> {
    let mut runs = history.runs()?;
    let Some(name) = name else {
        return runs.into_iter().next().ok_or_else(|| {
            Failure::usage("no run yet")
                .hint("`filmstar run` makes one")
                .into()
        });
    };
    runs.retain(|run| run.run_id.starts_with(name));
    if let [run] = runs.as_slice() {
        return Ok(run.clone());
    }
    let found = match runs.len() {
        0 => format!("there is no run `{name}`"),
        n => format!("{n} runs begin with `{name}`"),
    };
    Err(Failure::usage(found)
        .hint("`filmstar runs` lists them")
        .into())
}

fn step_line(step: &Step) -> String {
    let took = step.seconds.map_or_else(String::new, |seconds| {
        format!(
            " in {}",
            duration(std::time::Duration::from_secs_f64(seconds.max(0.0)))
        )
    });
    format!(
        "  {} {:8} {} {}{took}",
        mark(step.status),
        step.step,
        step.started_at.format("%Y-%m-%d %H:%M:%S UTC"),
        step.status.name(),
    )
}

/// `08:31:02 warning: 3 could not be fetched`, with what belongs to the message behind it.
fn said_line(entry: &serde_json::Value) -> String {
    let text = |name: &str| entry[name].as_str().unwrap_or_default();
    let at = text("at").get(11..19).unwrap_or_default();
    let mut line = format!("    {at} {}", text("message"));
    for (name, value) in entry.as_object().into_iter().flatten() {
        if !["at", "level", "target", "run_id", "message"].contains(&name.as_str()) {
            line.push_str(&format!("  {name}={value}"));
        }
    }
    line
}
