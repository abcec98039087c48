use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::{
    cli::Global,
    exit::Exit,
    failure::{Explained, Failure},
    ingest,
    printer::{Printer, Summary},
    project::{Project, shown},
    targets::{Place, TargetArgument},
};

mod data;
mod machine;
mod server;

/// Arguments of `filmstar doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    target: TargetArgument,
}

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Good,
    Warning,
    Bad,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    verdict: Verdict,
    found: String,
    /// What to do, unless all is well.
    fix: Option<String>,
}

impl Check {
    fn good(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Good,
            found: found.into(),
            fix: None,
        }
    }

    fn warning(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Warning,
            found: found.into(),
            fix: Some(fix.into()),
        }
    }

    fn bad(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Bad,
            found: found.into(),
            fix: Some(fix.into()),
        }
    }
}

/// Checks what Filmstar needs; a failed check ends with the exit code of the outside world.
pub(crate) fn run(
    arguments: &DoctorArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.target.flags())?;
    let mut checks = vec![configuration(&project), data::duckdb()];
    checks.extend(machine::dbt(&project));
    checks.extend([
        lake(&project)?,
        machine::folder("warehouse folder", &project.warehouse()),
        machine::room(&project),
    ]);
    let runtime = super::runtime()?;
    checks.push(runtime.block_on(api(&project)));
    checks.push(runtime.block_on(machine::clock(&project.config().tmdb.base_url)));
    match Place::of(&project, printer) {
        Ok(Place::DuckDb) => checks.push(data::published(&project)),
        Ok(Place::Server(server)) => checks.extend(server::checks(&server)),
        Err(failure) => checks.push(failed("profiles.yml", &failure)),
    }
    checks.extend([
        data::last_run(&project),
        machine::holder(&project),
        data::retention(&project),
        machine::port(&project),
    ]);
    for check in &checks {
        let mark = match check.verdict {
            Verdict::Good => "✓",
            Verdict::Warning => "!",
            Verdict::Bad => "✗",
        };
        printer.line(format!("{mark} {:17} {}", check.name, check.found));
        if let Some(fix) = &check.fix {
            printer.line(format!("  {:17} → {fix}", ""));
        }
    }
    let has = |verdict| checks.iter().any(|check| check.verdict == verdict);
    let headline = match (has(Verdict::Bad), has(Verdict::Warning)) {
        (true, _) => "✗ something stands in the way: see the arrows above",
        (false, true) => "! usable; see the arrows above",
        (false, false) => "✓ all is well",
    };
    printer.summary(&Summary {
        headline: headline.to_owned(),
        json: json!({ "status": if has(Verdict::Bad) { "error" } else { "ok" }, "checks": checks }),
        ..Default::default()
    });
    Ok(if has(Verdict::Bad) {
        Exit::World
    } else {
        Exit::Ok
    })
}

fn configuration(project: &Project) -> Check {
    let file = project.loaded.folder.join("filmstar.toml");
    if file.is_file() {
        Check::good("configuration", shown(&file))
    } else {
        Check::warning(
            "configuration",
            "no filmstar.toml: defaults and environment",
            "`filmstar init` writes one",
        )
    }
}

fn lake(project: &Project) -> anyhow::Result<Check> {
    if let Some(place) = project.lake().folder() {
        return Ok(machine::folder("lake folder", place));
    }
    let found = project.open_lake().and_then(|lake| {
        let listed = super::runtime()?.block_on(lake.files(lake::Kind::Movies));
        Ok(listed?.len())
    });
    Ok(match found {
        Ok(n_files) => Check::good(
            "lake",
            format!("{}: {n_files} files of films", project.lake()),
        ),
        Err(error) => {
            let explained = Explained::new(&error);
            Check::bad(
                "lake",
                explained.message,
                explained.hint.unwrap_or_default(),
            )
        }
    })
}

async fn api(project: &Project) -> Check {
    let base_url = &project.config().tmdb.base_url;
    if let Err(failure) = ingest::client(project.config()) {
        let fix = failure.advice().unwrap_or_default().to_owned();
        return Check::warning("API", failure.to_string(), fix);
    }
    match ingest::greet(project.config()).await {
        Ok(()) => Check::good("API", format!("{base_url} accepts the credential")),
        Err(failure) => Check::bad(
            "API",
            failure.to_string(),
            failure.advice().unwrap_or("try again later"),
        ),
    }
}

fn failed(name: &'static str, failure: &Failure) -> Check {
    Check::bad(
        name,
        failure.to_string(),
        failure.advice().unwrap_or_default(),
    )
}
