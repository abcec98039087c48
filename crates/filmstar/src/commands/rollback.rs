use serde_json::json;

use crate::{
    cli::Global,
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary},
    project::{Project, shown},
};

/// Publishes the build before the current one again.
pub(crate) fn run(global: &Global, printer: Printer) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &[])?;
    let builds = warehouse::Builds::open(&project.warehouse())?;
    let Some(now) = builds.rollback()? else {
        return Err(Failure::usage("there is no earlier build to go back to")
            .hint("`build.keep` in filmstar.toml says how many are kept")
            .into());
    };
    printer.summary(&Summary {
        headline: format!("✓ readers see build {} again", now.build_id),
        facts: vec![("warehouse", shown(&now.path))],
        next: vec!["filmstar build   (makes a new one from the lake)".to_owned()],
        json: json!({ "status": "ok", "build_id": now.build_id, "warehouse": now.path }),
    });
    Ok(Exit::Ok)
}
