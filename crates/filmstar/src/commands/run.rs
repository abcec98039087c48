use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::json;

use super::{
    build::{self, BuildArguments, Built, Job},
    ingest,
};
use crate::{
    cli::Global,
    exit::Exit,
    history::Recorder,
    ingest::{Ingested, Scope},
    interrupt::Interrupt,
    printer::{Printer, Summary, count, duration},
    project::Project,
    run_lock::RunLock,
    targets::Place,
};

/// Arguments of `filmstar run`.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    build: BuildArguments,
    #[command(flatten)]
    scope: Scope,
}

/// Ingests, then builds.
pub(crate) fn run(
    arguments: &RunArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let RunArguments { build, scope } = arguments;
    let flags = [build.flags(), scope.flags()?].concat();
    let project = Project::open(global, printer, &flags)?;
    let options = RunOptions {
        full_refresh: build.full_refresh,
        scope: Some(scope),
    };
    let done = super::runtime()?.block_on(async {
        let interrupt = Interrupt::listen();
        once(&project, "run", options, &interrupt, printer).await
    })?;
    let mut facts = ingest::facts(&done.ingested, &project);
    facts.extend(done.built.facts());
    printer.summary(&Summary {
        headline: done.headline(),
        facts,
        next: done.built.next(),
        json: json!({
            "status": "ok",
            "ingest": ingest::json(&done.ingested, &project),
            "build": done.built.json(),
            "seconds": done.elapsed.as_secs_f64(),
        }),
    });
    Ok(Exit::Ok)
}

/// How a run differs from that of the day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RunOptions<'a> {
    /// Whether incremental models are built anew.
    pub(crate) full_refresh: bool,
    /// What it fetches, if not what is due.
    pub(crate) scope: Option<&'a Scope>,
}

/// A run that ended with a published build.
pub(crate) struct Done {
    ingested: Ingested,
    built: Built,
    build_id: String,
    elapsed: Duration,
}

impl Done {
    /// What happened, one sentence.
    pub(crate) fn headline(&self) -> String {
        format!(
            "✓ fetched {} films and {} people, built and published {} in {}",
            count(self.ingested.movies.fetched),
            count(self.ingested.people.fetched),
            self.build_id,
            duration(self.elapsed)
        )
    }
}

/// One run, unless another is at work on this machine. `command` is what the user typed.
pub(crate) async fn once(
    project: &Project,
    command: &str,
    options: RunOptions<'_>,
    interrupt: &Interrupt,
    printer: Printer,
) -> anyhow::Result<Done> {
    let started = Instant::now();
    // What is wrong with the target is told before hours of fetching.
    let place = Arc::new(Place::of(project, printer)?);
    let lock = RunLock::take(&project.warehouse(), command)?;
    let recorder = Recorder::begin_at(&place, &project.warehouse(), command, printer)?;
    let work = async {
        let all = Scope::default();
        let scope = options.scope.unwrap_or(&all);
        let ingested =
            ingest::fetch(project, command, scope, &recorder, interrupt, printer).await?;
        let job = Job::new(project, Arc::clone(&place), options.full_refresh)?;
        let built = build::build(job, &recorder, interrupt, printer).await?;
        let build_id = built.outcome()?.to_owned();
        Ok(Done {
            ingested,
            built,
            build_id,
            elapsed: started.elapsed(),
        })
    };
    let done = work.await;
    let done = recorder.finish_apart(done).await;
    drop(lock);
    let standing = super::up::published_apart(place, project.warehouse()).await;
    let published_at = standing
        .ok()
        .flatten()
        .map(|(_, published_at)| published_at);
    super::notify::after_run(project, published_at, printer).await;
    done
}
