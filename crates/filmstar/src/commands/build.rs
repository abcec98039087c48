use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use chrono::Utc;
use clap::Args;
use serde_json::json;
use transform::{Cancellation, Command, Event, NodeResult, Report, Selection, Status};
use warehouse::{Access, Builds, DuckDb, Published, Warehouse as _};

use crate::{
    cli::Global,
    embedded,
    exit::Exit,
    failure::Failure,
    interrupt::Interrupt,
    printer::{Printer, Progress, Summary, count, duration},
    project::{Project, shown, writable},
};

/// Arguments of `filmstar build`.
#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    /// Models and tests at work side by side [config: build.threads]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// Builds, tests and publishes.
pub(crate) fn run(
    arguments: &BuildArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let mut flags: Vec<(&str, figment::value::Value)> = Vec::new();
    flags.extend(
        arguments
            .threads
            .map(|threads| ("build.threads", threads.into())),
    );
    let project = Project::open(global, printer, &flags)?;
    super::load::open_lake(&project)?;
    writable(&project.warehouse())?;
    let job = Job {
        lake: project.lake(),
        warehouse: project.warehouse(),
        dbt: project.dbt(),
        settings: super::query::settings(&project),
        threads: project.config().build.threads,
        keep: project.config().build.keep,
    };
    let built = super::runtime()?.block_on(async {
        let interrupt = Interrupt::listen();
        build(job, &interrupt, printer).await
    })?;
    finish(&built, &project, printer)
}

/// What to build, from what, and where.
pub(crate) struct Job {
    pub(crate) lake: PathBuf,
    pub(crate) warehouse: PathBuf,
    /// A dbt project on disk; the binary's own without one.
    pub(crate) dbt: Option<PathBuf>,
    pub(crate) settings: warehouse::Settings,
    pub(crate) threads: usize,
    /// Published builds to keep, this one included.
    pub(crate) keep: usize,
}

/// How a build ended.
pub(crate) struct Built {
    pub(crate) report: Report,
    /// The build that readers now see; `None` when something failed and they see the one before.
    pub(crate) published: Option<Published>,
    /// The build's folder, with the artifacts.
    pub(crate) folder: PathBuf,
    pub(crate) elapsed: Duration,
}

impl Built {
    /// `54 models, 3 seeds and 210 tests; 2 warnings`.
    pub(crate) fn tally(&self) -> String {
        let of = |kind: &str| {
            self.report
                .results
                .iter()
                .filter(|result| result.kind.name() == kind)
                .count() as u64
        };
        let mut tally = format!(
            "{} models, {} seeds and {} tests",
            count(of("model")),
            count(of("seed")),
            count(of("test"))
        );
        for (status, word) in [
            (Status::Warn, "warnings"),
            (Status::Fail, "failed tests"),
            (Status::Error, "errors"),
            (Status::Skipped, "skipped"),
        ] {
            let n = self.report.count(status);
            if n > 0 {
                tally.push_str(&format!("; {n} {word}"));
            }
        }
        tally
    }
}

/// Writes a new warehouse beside the published one, tests it, and publishes it when nothing failed.
pub(crate) async fn build(
    job: Job,
    interrupt: &Interrupt,
    printer: Printer,
) -> anyhow::Result<Built> {
    let tables = super::load::raw_tables(&lake::Lake::open(&job.lake)?).await?;
    let cancellation = interrupt.cancellation();
    tokio::task::spawn_blocking(move || write_audit_publish(&job, &tables, &cancellation, printer))
        .await
        .context("the build ended early")?
}

fn write_audit_publish(
    job: &Job,
    tables: &[warehouse::raw::RawTable],
    cancellation: &Cancellation,
    printer: Printer,
) -> anyhow::Result<Built> {
    let started = Instant::now();
    let builds = Builds::open(&job.warehouse)?;
    let build = builds.begin(&super::new_id())?;
    let folder = build.folder().to_owned();
    let database = DuckDb::open(&build.path(), Access::ReadWrite, &job.settings)?;
    super::load::load(&mut *database.connect()?, tables)?;

    let extracted = tempfile::tempdir().context("failed to make a temporary folder")?;
    let dbt = match &job.dbt {
        Some(folder) => folder,
        None => {
            embedded::write(&embedded::DBT, extracted.path())
                .context("failed to unpack the dbt project")?;
            extracted.path()
        }
    };
    let project = load_project(dbt, &database, job.threads)?;
    let selected = project
        .select(&Selection::default(), Command::Build)
        .map_err(|problems| super::dbt::unusable(dbt, &problems))?;
    let progress = printer.progress("models and tests");
    progress.expect(selected.len() as u64);
    let report = transform::run(
        &project,
        &selected,
        Command::Build,
        &database,
        &mut |event| show(&event, &progress, printer),
        cancellation,
    );
    progress.finish();
    report
        .write_artifacts(&project, &folder.join("target"))
        .context("failed to write the build's artifacts")?;
    drop(database);

    let published = if report.exit_code() == 0 {
        let published = builds.publish(build, Utc::now())?;
        builds.prune(job.keep.saturating_sub(1))?;
        Some(published)
    } else {
        None
    };
    Ok(Built {
        report,
        published,
        folder,
        elapsed: started.elapsed(),
    })
}

fn load_project(
    folder: &Path,
    database: &DuckDb,
    threads: usize,
) -> Result<transform::Project, Failure> {
    // Without a path: what `target.path` says must not depend on where a build happens to be.
    let target = transform::Target::duckdb("filmstar", database.database(), "main", threads);
    let mut options = transform::Options::new(target, super::new_id(), Utc::now());
    options.env = env::vars().collect::<BTreeMap<_, _>>();
    transform::Project::load(folder, options)
        .map_err(|problems| super::dbt::unusable(folder, &problems))
}

fn show(event: &Event, progress: &Progress, printer: Printer) {
    match event {
        Event::NodeFinished { result, .. } => {
            progress.advance();
            if let Some(line) = complaint(result) {
                progress.suspend(|| printer.note(line));
            }
        }
        Event::Message(message) => progress.suspend(|| printer.note(message)),
        Event::NodeStarted { .. } => {}
    }
}

/// A line for what did not go well.
fn complaint(result: &NodeResult) -> Option<String> {
    let mark = match result.status {
        Status::Warn => "!",
        Status::Fail | Status::Error => "✗",
        _ => return None,
    };
    let name = result.unique_id.to_string();
    let name = name.split('.').nth(2).unwrap_or(&name);
    Some(format!(
        "{mark} {} {name}: {}",
        result.kind.name(),
        result.message
    ))
}

fn finish(built: &Built, project: &Project, printer: Printer) -> anyhow::Result<Exit> {
    let artifacts = built.folder.join("target");
    let Some(published) = &built.published else {
        let standing = match Builds::open(&project.warehouse())?.current()? {
            Some(current) => format!("readers still see build {}", current.build_id),
            None => "nothing was published".to_owned(),
        };
        let failure = if built.report.was_cancelled {
            Failure::interrupted(format!("the build was interrupted; {standing}"))
                .hint("`filmstar build` starts anew")
        } else {
            Failure::project(format!("not published: {}; {standing}", built.tally())).hint(format!(
                "the compiled SQL is in {}; mend the models or the data, then `filmstar build`",
                shown(&artifacts.join("compiled"))
            ))
        };
        return Err(failure.into());
    };
    printer.summary(&Summary {
        headline: format!("✓ built and published {} in {}", published.build_id, duration(built.elapsed)),
        facts: vec![
            ("result", built.tally()),
            ("warehouse", shown(&project.warehouse().join("current/filmstar.duckdb"))),
            ("artifacts", shown(&artifacts)),
        ],
        next: vec![
            "filmstar serve".to_owned(),
            "filmstar query \"select title, roi from mart_movies where is_in_analysis_set order by roi desc limit 10\"".to_owned(),
        ],
        json: json!({
            "status": "ok",
            "build_id": published.build_id,
            "warehouse": published.path,
            "artifacts": artifacts,
            "nodes": built.report.results.len(),
            "warnings": built.report.count(Status::Warn),
            "seconds": built.elapsed.as_secs_f64(),
        }),
    });
    Ok(Exit::Ok)
}
