mod drift;

use std::path::Path;

use clap::Args;
use serde_json::json;
use warehouse::history::{History, Run, RunStatus};

use super::{
    runs::{essence, mark},
    up::{minute, published},
};
use crate::{
    cli::Global,
    clock,
    exit::Exit,
    failure::Explained,
    printer::{Printer, Summary, bytes, duration},
    project::{Project, shown},
    run_lock,
    targets::{Place, TargetArgument},
};

/// Arguments of `filmstar status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    target: TargetArgument,
    /// Tell what the API's bodies held and nothing here expects: unknown keys, odd values, what was not decoded
    #[arg(long)]
    drift: bool,
}

/// Says whether all is well; ends with 1 when readers see nothing, or the last run failed.
pub(crate) fn run(
    arguments: &StatusArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.target.flags())?;
    if arguments.drift {
        return drift::show(&project, printer);
    }
    let place = Place::of(&project, printer)?;
    let now = clock::now();
    let mut troubles = Vec::new();
    let mut facts = Vec::new();

    let current = match published(&place, &project.warehouse()) {
        Ok(Some((build_id, published_at))) => {
            let age = (now - published_at).to_std().unwrap_or_default();
            facts.push(("published", format!("{build_id}, {} ago", duration(age))));
            Some((build_id, published_at))
        }
        Ok(None) => {
            troubles.push("nothing is published yet".to_owned());
            None
        }
        Err(error) => {
            troubles.push(Explained::new(&error).in_one_line());
            None
        }
    };
    let runs = History::open(&project.warehouse())?.runs()?;
    let last = runs.iter().find(|run| run.status != RunStatus::Running);
    if let Some(run) = last {
        facts.push(("last run", run_line(run)));
        if run.status.is_failure() {
            troubles.push(format!("the last run {}", run.status.name()));
        }
    }
    let holder = run_lock::holder(&project.warehouse());
    facts.push((
        "at work",
        holder.clone().unwrap_or_else(|| "nothing".to_owned()),
    ));
    let next = project.config().schedule.schedule().next(now);
    facts.push((
        "next run",
        format!("{} while `filmstar up` runs", minute(next)),
    ));
    // Of a lake on an object store, what it takes on this machine.
    let local = project.loaded.folder.join(&project.config().storage.local);
    let lake = project.lake().folder().map_or(local, ToOwned::to_owned);
    let sizes = [("lake", lake), ("warehouse", project.warehouse())]
        .map(|(name, folder)| (name, size(&folder), folder));
    for (name, size, folder) in &sizes {
        facts.push((name, format!("{} in {}", bytes(*size), shown(folder))));
    }

    let is_well = troubles.is_empty();
    printer.summary(&Summary {
        headline: if is_well {
            "✓ all is well".to_owned()
        } else {
            format!("✗ {}", troubles.join("; "))
        },
        facts,
        next: if is_well {
            Vec::new()
        } else {
            vec!["filmstar logs, filmstar doctor".to_owned()]
        },
        json: json!({
            "status": if is_well { "ok" } else { "unwell" },
            "troubles": troubles,
            "build_id": current.as_ref().map(|(build_id, _)| build_id),
            "published_at": current.as_ref().map(|(_, published_at)| published_at),
            "last_run": last,
            "at_work": holder,
            "next_run_at": next,
            "lake_bytes": sizes[0].1,
            "warehouse_bytes": sizes[1].1,
        }),
    });
    Ok(if is_well { Exit::Ok } else { Exit::Failed })
}

fn run_line(run: &Run) -> String {
    format!(
        "{} {} {} at {}: {}",
        mark(run.status),
        run.command,
        run.status.name(),
        minute(run.started_at),
        essence(run)
    )
}

/// Bytes of the files below a folder; what cannot be read counts nothing.
pub(crate) fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs_err::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => size(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}
