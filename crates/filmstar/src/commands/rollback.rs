use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;
use warehouse::postgres::Releases;

use super::up::minute;
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

/// What readers see again.
struct Back {
    build_id: String,
    published_at: DateTime<Utc>,
    withdrawn: String,
    location: String,
    flag: String,
}

/// Publishes the build before the current one again.
pub(crate) fn run(
    arguments: &RollbackArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.target.flags())?;
    let back = match Place::of(&project, printer)? {
        Place::DuckDb => {
            let builds = warehouse::Builds::open(&project.warehouse())?;
            let kept = builds.kept()?.into_iter();
            let withdrawn = kept.filter(|build| build.is_current).map(|it| it.build_id);
            let withdrawn = withdrawn.collect();
            builds.rollback()?.map(|build| Back {
                location: shown(&build.path),
                build_id: build.build_id,
                published_at: build.published_at,
                withdrawn,
                flag: String::new(),
            })
        }
        Place::Server(server) => {
            let postgres = server.transformer()?;
            let releases = Releases::new(postgres.clone());
            let withdrawn = releases.current()?.map(|release| release.build_id);
            releases.rollback()?.map(|release| Back {
                location: postgres.location(),
                build_id: release.build_id,
                published_at: release.published_at,
                withdrawn: withdrawn.unwrap_or_default(),
                flag: format!(" --target {}", server.target.name),
            })
        }
    };
    let Some(back) = back else {
        return Err(Failure::usage("there is no earlier build to go back to")
            .hint("`build.keep` in filmstar.toml says how many are kept")
            .into());
    };
    printer.summary(&Summary {
        headline: format!("✓ readers see build {} again", back.build_id),
        facts: vec![
            ("published", minute(back.published_at)),
            (
                "withdrawn",
                format!("{}, which is not gone back to", back.withdrawn),
            ),
            ("warehouse", back.location.clone()),
        ],
        next: vec![format!(
            "filmstar build{}   (makes a new one from the lake, once what was wrong is mended)",
            back.flag
        )],
        json: json!({
            "status": "ok",
            "build_id": back.build_id,
            "published_at": back.published_at,
            "withdrawn": back.withdrawn,
            "warehouse": back.location,
        }),
    });
    Ok(Exit::Ok)
}
