use clap::Args;
use serde_json::json;
use warehouse::postgres::Releases;

use crate::{
    cli::Global,
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary},
    project::{Project, shown},
    targets::{Place, TargetArgument},
};

/// Arguments of `filmstar rollback`.
#[derive(Debug, Args)]
pub(crate) struct RollbackArguments {
    #[command(flatten)]
    target: TargetArgument,
}

/// Publishes the build before the current one again.
pub(crate) fn run(
    arguments: &RollbackArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.target.flags())?;
    let now = match Place::of(&project, printer)? {
        Place::DuckDb => {
            let now = warehouse::Builds::open(&project.warehouse())?.rollback()?;
            now.map(|build| (build.build_id, shown(&build.path), String::new()))
        }
        Place::Server(server) => {
            let postgres = server.transformer()?;
            let now = Releases::new(postgres.clone()).rollback()?;
            let flag = format!(" --target {}", server.target.name);
            now.map(|release| (release.build_id, postgres.location(), flag))
        }
    };
    let Some((build_id, location, flag)) = now else {
        return Err(Failure::usage("there is no earlier build to go back to")
            .hint("`build.keep` in filmstar.toml says how many are kept")
            .into());
    };
    printer.summary(&Summary {
        headline: format!("✓ readers see build {build_id} again"),
        facts: vec![("warehouse", location.clone())],
        next: vec![format!(
            "filmstar build{flag}   (makes a new one from the lake)"
        )],
        json: json!({ "status": "ok", "build_id": build_id, "warehouse": location }),
    });
    Ok(Exit::Ok)
}
