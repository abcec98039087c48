use anyhow::Context as _;
use chrono::{DateTime, Utc};
use lake::KindSummary;
use serde_json::json;

use crate::{
    cli::Global,
    exit::Exit,
    printer::{Printer, Summary, bytes, count},
    project::{Project, shown_lake},
};

/// A kind with so many parts is worth a compaction.
const MANY_PARTS: u64 = 50;

/// Says what the lake holds.
pub(crate) fn run(global: &Global, printer: Printer) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let lake = super::super::load::open_lake(&project)?;
    let (summary, journal) = super::super::runtime()?
        .block_on(async { anyhow::Ok((lake.summary().await?, lake.in_journal()?)) })
        .context("failed to read what the lake holds")?;
    let held = summary.iter().filter(|(_, held)| held.n_files > 0);
    let day = |moment: Option<DateTime<Utc>>| {
        moment.map_or_else(
            || "–".to_owned(),
            |at| at.format("%Y-%m-%d %H:%M").to_string(),
        )
    };
    let mut rows = Vec::new();
    for (kind, held) in held {
        rows.push([
            kind.name().to_owned(),
            count(held.n_files),
            count(held.n_rows),
            bytes(held.size_bytes),
            day(held.oldest),
            day(held.newest),
        ]);
    }
    table(&rows, printer);
    let total = summary
        .values()
        .fold(KindSummary::default(), |mut total, held| {
            total.n_files += held.n_files;
            total.n_rows += held.n_rows;
            total.size_bytes += held.size_bytes;
            total
        });
    let mut facts = vec![("lake", shown_lake(project.lake()))];
    if journal.n_segments > 0 {
        facts.push((
            "journal",
            format!(
                "{} in {} segments, which the next ingest turns into parts",
                bytes(journal.n_bytes),
                count(journal.n_segments)
            ),
        ));
    }
    let has_many = summary.values().any(|held| held.n_files >= MANY_PARTS);
    let next = match (total.n_files, has_many) {
        (0, _) => "filmstar ingest",
        (_, true) => "filmstar lake compact",
        _ => "filmstar lake verify",
    };
    printer.summary(&Summary {
        headline: format!(
            "{} observations in {} parts, {}",
            count(total.n_rows),
            count(total.n_files),
            bytes(total.size_bytes)
        ),
        facts,
        next: vec![next.to_owned()],
        json: json!({
            "status": "ok",
            "lake": project.lake().to_string(),
            "kinds": summary.iter().map(|(kind, held)| (kind.name().to_owned(), json!({
                "parts": held.n_files, "observations": held.n_rows, "bytes": held.size_bytes,
                "oldest": held.oldest, "newest": held.newest,
            }))).collect::<serde_json::Map<_, _>>(),
            "journal": { "segments": journal.n_segments, "bytes": journal.n_bytes },
        }),
    });
    Ok(Exit::Ok)
}

fn table(rows: &[[String; 6]], printer: Printer) {
    const HEADER: [&str; 6] = ["kind", "parts", "observations", "size", "oldest", "newest"];
    if rows.is_empty() {
        return;
    }
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0).max(HEADER[column].len())
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |cells: [&str; 6]| {
        let mut line = format!("{:1$}", cells[0], widths[0]);
        for (cell, width) in cells.iter().zip(widths).skip(1) {
            line.push_str(&format!("  {cell:>width$}"));
        }
        printer.line(line);
    };
    line(HEADER);
    for row in rows {
        line(std::array::from_fn(|column| row[column].as_str()));
    }
}
