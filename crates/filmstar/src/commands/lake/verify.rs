use anyhow::Context as _;
use lake::{Finding, Verified};
use serde_json::json;

use crate::{
    cli::Global,
    exit::Exit,
    printer::{Printer, Summary, bytes, count},
    project::{Project, shown_lake},
};

/// Checks every file, and ends with the exit code of a failed check when one is not as it was written.
pub(crate) fn run(global: &Global, printer: Printer) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let lake = super::super::load::open_lake(&project)?;
    let progress = printer.progress("files");
    let on_progress = |n_done, n_files| {
        progress.expect(n_files);
        progress.reach(n_done);
    };
    let verified = super::super::runtime()?.block_on(lake.verify(&on_progress));
    progress.finish();
    let verified = verified.context("failed to look at the lake")?;
    for (mark, findings) in [("✗", &verified.problems), ("!", &verified.notes)] {
        for Finding { place, what } in findings {
            printer.line(format!("{mark} {place}: {what}"));
        }
    }
    let is_whole = verified.problems.is_empty();
    printer.summary(&Summary {
        headline: headline(&verified),
        facts: facts(&verified, &project),
        next: next(&verified),
        json: json!({
            "status": if is_whole { "ok" } else { "error" },
            "lake": project.lake().to_string(),
            "parts": verified.n_files,
            "observations": verified.n_rows,
            "bytes": verified.n_bytes,
            "parts_without_sum": verified.n_without_sum,
            "problems": listed(&verified.problems),
            "notes": listed(&verified.notes),
        }),
    });
    Ok(if is_whole { Exit::Ok } else { Exit::Failed })
}

fn headline(verified: &Verified) -> String {
    let read = format!(
        "{} parts with {} observations",
        count(verified.n_files),
        count(verified.n_rows)
    );
    match verified.problems.len() as u64 {
        0 => format!("✓ {read} are as they were written"),
        n_problems => format!("✗ {} problems; {read} could be read", count(n_problems)),
    }
}

fn facts(verified: &Verified, project: &Project) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("lake", shown_lake(project.lake())),
        ("read", bytes(verified.n_bytes)),
    ];
    if verified.n_without_sum > 0 {
        let n_parts = count(verified.n_without_sum);
        let text =
            format!("{n_parts} parts are of an earlier release, which wrote no sum over the rows");
        facts.push(("unsummed", text));
    }
    facts
}

fn next(verified: &Verified) -> Vec<String> {
    if verified.problems.is_empty() {
        return vec!["filmstar build".to_owned()];
    }
    vec![
        "restore the files above from a backup; or move a part out of the lake, and `filmstar ingest` fetches what it held again".to_owned(),
    ]
}

fn listed(findings: &[Finding]) -> Vec<serde_json::Value> {
    let entry = |finding: &Finding| json!({ "file": finding.place, "finding": finding.what });
    findings.iter().map(entry).collect()
}
