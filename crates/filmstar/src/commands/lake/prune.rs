use std::sync::Arc;

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Args;
use lake::{CompactOptions, Pruned};
use serde_json::json;

use super::compact::{pinned, span};
use crate::{
    cli::Global,
    clock,
    exit::Exit,
    printer::{Printer, Summary, bytes, count},
    project::{Project, shown_lake},
};

/// Arguments of `filmstar lake prune`.
#[derive(Debug, Args)]
pub(crate) struct PruneArguments {
    /// Films and people whose newest observation is older go: `170d` [config: ingest.refresh_after_days]
    #[arg(long, value_name = "TIME", value_parser = span)]
    older_than: Option<TimeDelta>,
    /// How long a part that was replaced stays for those who read it: `30m`, `24h`, `7d`, or 0
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = span)]
    grace: TimeDelta,
    /// Say what would go, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Drops what is too old and was not fetched again, and says what and how many.
pub(crate) fn run(
    arguments: &PruneArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let lake = super::super::load::open_lake(&project)?;
    let days = project.config().ingest.refresh_after_days;
    let limit = arguments.older_than.unwrap_or(TimeDelta::days(days.into()));
    let now = clock::now();
    let older_than = now.checked_sub_signed(limit).unwrap_or_default();
    let options = CompactOptions {
        id: super::super::new_id(),
        now,
        grace: arguments.grace,
        target_bytes: 0,
    };
    let pinned = pinned(&project.warehouse());
    let is_dry = arguments.dry_run;
    let pruned = super::super::runtime()?.block_on(async {
        let pruned = lake
            .prune(older_than, is_dry, &options, Arc::clone(&pinned))
            .await?;
        if !is_dry {
            lake.prune_copies(&pinned).await?;
        }
        anyhow::Ok(pruned)
    });
    let pruned = pruned.context("failed to prune the lake")?;
    let n_ids: u64 = pruned.kinds.values().map(|kind| kind.n_ids).sum();
    let before = older_than.format("%Y-%m-%d %H:%M UTC");
    let headline = match (n_ids, is_dry) {
        (0, _) => format!("✓ nothing was last seen before {before}; nothing to drop"),
        (_, true) => format!(
            "{} films and people were last seen before {before}; nothing was dropped",
            count(n_ids)
        ),
        _ => format!(
            "✓ dropped {} films and people that were last seen before {before}",
            count(n_ids)
        ),
    };
    let next = match (n_ids, is_dry) {
        (0, _) => "filmstar lake",
        (_, true) => "filmstar ingest   (fetches them again), or filmstar lake prune",
        _ => "filmstar build",
    };
    printer.summary(&Summary {
        headline,
        facts: facts(&pruned, &project),
        next: vec![next.to_owned()],
        json: json!({
            "status": "ok",
            "dry_run": is_dry,
            "lake": project.lake().to_string(),
            "older_than": older_than,
            "dropped": pruned.kinds.iter().map(|(kind, dropped)| (kind.name().to_owned(), json!({
                "ids": dropped.n_ids, "observations": dropped.n_rows, "oldest": dropped.oldest,
            }))).collect::<serde_json::Map<_, _>>(),
            "parts_rewritten": pruned.n_rewritten,
            "deleted": { "parts": pruned.removed.n_files, "bytes": pruned.removed.n_bytes },
            "waiting": pruned.n_waiting,
        }),
    });
    Ok(Exit::Ok)
}

fn facts(pruned: &Pruned, project: &Project) -> Vec<(&'static str, String)> {
    let mut facts = vec![("lake", shown_lake(project.lake()))];
    for (kind, dropped) in &pruned.kinds {
        let oldest = dropped
            .oldest
            .map(|at| format!(", the oldest of {}", at.format("%Y-%m-%d")));
        facts.push((
            kind.name(),
            format!(
                "{} with {} observations{}",
                count(dropped.n_ids),
                count(dropped.n_rows),
                oldest.unwrap_or_default()
            ),
        ));
    }
    if pruned.removed.n_files > 0 {
        let removed = pruned.removed;
        let text = format!(
            "{} old parts ({})",
            count(removed.n_files),
            bytes(removed.n_bytes)
        );
        facts.push(("deleted", text));
    }
    if pruned.n_waiting > 0 {
        let n_waiting = count(pruned.n_waiting);
        facts.push(("kept", format!("{n_waiting} replaced parts for their grace or for kept builds; the next `filmstar lake compact` deletes them")));
    }
    if !pruned.kinds.is_empty() {
        facts.push((
            "stays",
            "daily popularity, lists, snapshots of earlier builds, and what Postgres has loaded"
                .to_owned(),
        ));
    }
    facts
}
