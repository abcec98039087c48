use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Args;
use lake::{CompactOptions, Compacted, IsPinned};
use serde_json::json;
use warehouse::{BuildState, Builds, raw};

use crate::{
    cli::Global,
    clock,
    exit::Exit,
    printer::{Printer, Summary, bytes, count, duration},
    project::{Project, shown_lake},
};

/// Arguments of `filmstar lake compact`.
#[derive(Debug, Args)]
pub(crate) struct CompactArguments {
    /// How long a part that was replaced stays for those who read it: `30m`, `24h`, `7d`, or 0
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = span)]
    grace: TimeDelta,
    /// The size of a merged part, in MiB; parts of half of it are left alone
    #[arg(long, value_name = "MIB", default_value_t = 128, value_parser = clap::value_parser!(u64).range(1..=4096))]
    target_size: u64,
}

/// Merges small parts, and deletes those that earlier ones have replaced.
pub(crate) fn run(
    arguments: &CompactArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let lake = super::super::load::open_lake(&project)?;
    let started = Instant::now();
    let progress = printer.progress("merging parts");
    let options = CompactOptions {
        id: super::super::new_id(),
        now: clock::now(),
        grace: arguments.grace,
        target_bytes: arguments.target_size << 20,
    };
    let pinned = pinned(&project.warehouse());
    let on_progress = |n_done, n_parts| {
        progress.expect(n_parts);
        progress.reach(n_done);
    };
    let compacted = super::super::runtime()?.block_on(async {
        let compacted = lake
            .compact(&options, Arc::clone(&pinned), &on_progress)
            .await?;
        lake.prune_copies(&pinned).await?;
        anyhow::Ok(compacted)
    });
    progress.finish();
    let compacted = compacted.context("failed to compact the lake; no observation is lost")?;
    let merged = total(&compacted);
    let headline = if merged.n_before == 0 {
        "✓ no small parts to merge".to_owned()
    } else {
        format!(
            "✓ merged {} parts into {}, with {} observations, in {}",
            count(merged.n_before),
            count(merged.n_after),
            count(merged.n_rows),
            duration(started.elapsed())
        )
    };
    printer.summary(&Summary {
        headline,
        facts: facts(&compacted, &project, arguments.grace),
        next: vec!["filmstar lake".to_owned()],
        json: json!({
            "status": "ok",
            "lake": project.lake().to_string(),
            "merged": compacted.merged.iter().map(|(kind, parts)| (kind.name().to_owned(), json!({
                "parts_before": parts.n_before, "parts_after": parts.n_after, "observations": parts.n_rows,
                "bytes_before": parts.bytes_before, "bytes_after": parts.bytes_after,
            }))).collect::<serde_json::Map<_, _>>(),
            "deleted": { "parts": compacted.removed.n_files, "bytes": compacted.removed.n_bytes },
            "waiting": { "parts": compacted.n_waiting, "read_by_builds": compacted.n_pinned, "lake_is_read": compacted.is_read },
            "seconds": started.elapsed().as_secs_f64(),
        }),
    });
    Ok(Exit::Ok)
}

fn total(compacted: &Compacted) -> lake::MergedParts {
    let mut total = lake::MergedParts::default();
    for parts in compacted.merged.values() {
        total.n_before += parts.n_before;
        total.bytes_before += parts.bytes_before;
        total.n_after += parts.n_after;
        total.bytes_after += parts.bytes_after;
        total.n_rows += parts.n_rows;
    }
    total
}

fn facts(
    compacted: &Compacted,
    project: &Project,
    grace: TimeDelta,
) -> Vec<(&'static str, String)> {
    let mut facts = vec![("lake", shown_lake(project.lake()))];
    for (kind, parts) in &compacted.merged {
        facts.push((
            kind.name(),
            format!(
                "{} parts ({}) → {} ({})",
                count(parts.n_before),
                bytes(parts.bytes_before),
                count(parts.n_after),
                bytes(parts.bytes_after)
            ),
        ));
    }
    let removed = compacted.removed;
    if removed.n_files > 0 {
        let text = format!(
            "{} parts that merged ones replaced ({})",
            count(removed.n_files),
            bytes(removed.n_bytes)
        );
        facts.push(("deleted", text));
    }
    if compacted.n_waiting > 0 {
        let why = match compacted {
            Compacted { is_read: true, .. } => "a build or a load is reading".to_owned(),
            Compacted { n_pinned: 1.., .. } => format!(
                "{} are named by builds that are kept; `filmstar build` makes one that reads the merged parts",
                count(compacted.n_pinned)
            ),
            _ => format!("for {} at least", spelt(grace)),
        };
        let n_waiting = count(compacted.n_waiting);
        facts.push(("kept", format!("{n_waiting} replaced parts: {why}")));
    }
    facts
}

/// Whether a build that readers may see names a file; in doubt it does.
pub(crate) fn pinned(warehouse: &Path) -> IsPinned {
    if !warehouse.is_dir() {
        return Arc::new(|_| false);
    }
    let texts = || -> warehouse::Result<Vec<String>> {
        let builds = Builds::open(warehouse)?;
        let kept = builds.kept()?.into_iter();
        let published = kept.filter(|build| build.state == BuildState::Published);
        let files: Vec<PathBuf> = published
            .map(|build| builds.database(&build.build_id))
            .collect();
        files.iter().map(|file| raw::view_text(file)).collect()
    };
    match texts() {
        Ok(texts) => Arc::new(move |file| texts.iter().any(|text| raw::is_named(text, file))),
        Err(error) => {
            tracing::warn!(%error, "a build cannot be asked which parts it reads; all are kept");
            Arc::new(|_| true)
        }
    }
}

/// `30m`, `24h`, `7d` or 0.
pub(crate) fn span(text: &str) -> Result<TimeDelta, String> {
    let (number, unit) = text.split_at(
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len()),
    );
    let make = match unit {
        "" if number == "0" => TimeDelta::try_days,
        "m" => TimeDelta::try_minutes,
        "h" => TimeDelta::try_hours,
        "d" => TimeDelta::try_days,
        _ => return Err("write a number with `m`, `h` or `d`: `24h`".to_owned()),
    };
    let number = number
        .parse()
        .map_err(|_| "write a number first: `24h`".to_owned())?;
    make(number).ok_or_else(|| "that is too long".to_owned())
}

fn spelt(span: TimeDelta) -> String {
    match (span.num_minutes(), span.num_hours()) {
        (minutes, _) if minutes % 60 != 0 => format!("{minutes} minutes"),
        (_, hours) if hours % 24 != 0 || hours == 24 => format!("{hours} hours"),
        (_, hours) => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::{span, spelt};

    #[test]
    fn spans_are_read_and_spelt() {
        for (text, expect) in [
            ("90m", "90 minutes"),
            ("24h", "24 hours"),
            ("36h", "36 hours"),
            ("170d", "170 days"),
        ] {
            assert_eq!(spelt(span(text).unwrap()), expect);
        }
        for text in [
            "",
            "24",
            "h",
            "1w",
            "-1d",
            "99999999999999999999d",
            "9223372036854775807d",
        ] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
