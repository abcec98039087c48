use serde_json::json;

use crate::{
    exit::Exit,
    ingest::drift,
    printer::{Printer, Summary, count},
    project::Project,
};

/// Tells what bodies held and nothing here expects.
pub(super) fn show(project: &Project, printer: Printer) -> anyhow::Result<Exit> {
    let drifted = match project.existing_lake()? {
        Some(lake) => super::super::runtime()?.block_on(drift::report(&lake))?,
        None => Vec::new(),
    };
    let headline = match drifted.len() as u64 {
        0 => "✓ every body is as expected".to_owned(),
        n => format!(
            "{} things in the bodies are not as expected; all of it is in the payloads",
            count(n)
        ),
    };
    let mut facts = Vec::new();
    for (change, name) in [
        ("unknown key", "unknown key"),
        ("odd value", "odd value"),
        ("not decoded", "not decoded"),
    ] {
        for one in drifted.iter().filter(|one| one.change == change) {
            let times = match one.n {
                1 => "once".to_owned(),
                n => format!("{} times", count(n)),
            };
            let told = format!(
                "{}: {times}, {} to {}",
                one.path, one.first_seen, one.last_seen
            );
            facts.push((name, told));
        }
    }
    printer.summary(&Summary {
        headline,
        facts,
        next: Vec::new(),
        json: json!({ "status": "ok", "drift": drifted }),
    });
    Ok(Exit::Ok)
}
