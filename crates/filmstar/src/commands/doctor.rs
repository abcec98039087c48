use std::{net::TcpListener, path::Path};

use clap::Args;
use serde::Serialize;
use serde_json::json;
use warehouse::{Warehouse as _, postgres::ReleaseReader};

use crate::{
    cli::Global,
    exit::Exit,
    failure::{Explained, Failure},
    ingest,
    printer::{Printer, Summary},
    project::{Project, shown, writable},
    targets::{Place, Server, TargetArgument},
};

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
    let mut checks = vec![
        configuration(&project),
        duckdb(),
        lake(&project)?,
        folder("warehouse folder", &project.warehouse()),
        api(&project)?,
    ];
    match Place::of(&project, printer) {
        Ok(Place::DuckDb) => checks.push(published(&project)),
        Ok(Place::Server(server)) => checks.extend(server_checks(&server)),
        Err(failure) => checks.push(failed("profiles.yml", &failure)),
    }
    checks.push(port(&project));
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

fn duckdb() -> Check {
    let version = || {
        let database = warehouse::DuckDb::in_memory(&warehouse::Settings::default())?;
        database.connect()?.query("select version()", &[])
    };
    match version() {
        Ok(rows) => Check::good(
            "DuckDB",
            rows.json_rows()
                .concat()
                .iter()
                .filter_map(|cell| cell.as_str())
                .collect::<String>(),
        ),
        Err(error) => Check::bad(
            "DuckDB",
            error.to_string(),
            "run `cargo xtask setup` and build again",
        ),
    }
}

fn lake(project: &Project) -> anyhow::Result<Check> {
    if let Some(place) = project.lake().folder() {
        return Ok(folder("lake folder", place));
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

fn folder(name: &'static str, folder: &Path) -> Check {
    // A folder that is not there yet will be made: then its nearest existing parent must be writable.
    let existing = folder
        .ancestors()
        .find(|folder| folder.is_dir())
        .unwrap_or(folder);
    match writable(existing) {
        Ok(()) => Check::good(name, shown(folder)),
        Err(_) => Check::bad(
            name,
            format!("{} cannot be written", shown(existing)),
            "check its owner and the free space",
        ),
    }
}

fn api(project: &Project) -> anyhow::Result<Check> {
    let base_url = &project.config().tmdb.base_url;
    if let Err(failure) = ingest::client(project.config()) {
        let fix = failure.advice().unwrap_or_default().to_owned();
        return Ok(Check::warning("API", failure.to_string(), fix));
    }
    Ok(
        match super::runtime()?.block_on(ingest::greet(project.config())) {
            Ok(()) => Check::good("API", format!("{base_url} accepts the credential")),
            Err(failure) => Check::bad(
                "API",
                failure.to_string(),
                failure.advice().unwrap_or("try again later"),
            ),
        },
    )
}

fn published(project: &Project) -> Check {
    match super::query::published(project) {
        Ok(path) => Check::good("published build", shown(&path)),
        Err(failure) => Check::warning(
            "published build",
            failure.to_string(),
            failure.advice().unwrap_or_default(),
        ),
    }
}

/// Every role must be let in; the reader must find a build.
fn server_checks(server: &Server) -> Vec<Check> {
    let roles = [
        ("loader", server.loader()),
        ("transformer", server.transformer()),
        ("reader", server.reader()),
    ];
    let mut checks: Vec<Check> = roles
        .into_iter()
        .map(|(role, postgres)| match postgres {
            Ok(postgres) => match postgres.connect() {
                Ok(_) => Check::good(role, postgres.location()),
                Err(error) => {
                    let explained = Explained::new(&error.into());
                    Check::bad(role, explained.message, explained.hint.unwrap_or_default())
                }
            },
            Err(failure) => failed(role, &failure),
        })
        .collect();
    if checks.iter().all(|check| check.verdict == Verdict::Good) {
        let name = &server.target.name;
        let build = server
            .reader()
            .map_err(anyhow::Error::from)
            .and_then(|reader| Ok(ReleaseReader::new(reader).current()?));
        checks.push(match build {
            Ok((release, _)) => Check::good(
                "published build",
                format!(
                    "{} of {}",
                    release.build_id,
                    release.published_at.format("%Y-%m-%d %H:%M UTC")
                ),
            ),
            Err(error) => Check::warning(
                "published build",
                error.to_string(),
                format!("`filmstar build --target {name}`"),
            ),
        });
    }
    checks
}

fn failed(name: &'static str, failure: &Failure) -> Check {
    Check::bad(
        name,
        failure.to_string(),
        failure.advice().unwrap_or_default(),
    )
}

fn port(project: &Project) -> Check {
    let serve = &project.config().serve;
    let port = serve.port;
    match TcpListener::bind((serve.host, port)) {
        Ok(_) => Check::good("port", port.to_string()),
        Err(_) => Check::warning(
            "port",
            format!("{port} is taken; perhaps `filmstar serve` runs already"),
            "`filmstar serve --port 0` takes a free one",
        ),
    }
}
