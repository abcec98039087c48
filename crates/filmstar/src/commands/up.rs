use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use warehouse::{Builds, postgres::Releases};

use super::{
    run::{RunOptions, once},
    serve::{OpenSite, ServeArguments, Site},
};
use crate::{
    cli::Global,
    clock,
    exit::Exit,
    failure::Explained,
    ingest,
    interrupt::Interrupt,
    metrics::Told,
    printer::Printer,
    project::Project,
    schedule::{Failures, Schedule},
    targets::Place,
};

/// How long a wait goes on without a look at the clock, which may be set and stands still for a sleeping machine.
const LOOK: Duration = Duration::from_secs(30);

/// Serves the pages and runs once a day, until Ctrl-C.
pub(crate) fn run(
    arguments: &ServeArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.flags())?;
    // A missing credential does not appear while this process lives, so it is no run to try again.
    drop(ingest::client(project.config())?);
    let place = Arc::new(Place::of(&project, printer)?);
    let schedule = project.config().schedule.schedule();
    let site = Site {
        metrics: Some(Told::new(
            &project,
            Arc::clone(&place),
            Some(schedule.clone()),
        )),
        ..Site::new(&project, &place)?
    };
    let keeper = Keeper {
        schedule,
        place,
        project,
        printer,
    };
    super::runtime()?.block_on(async {
        let interrupt = Interrupt::listen();
        let site = OpenSite::open(site, printer).await?;
        let stop = interrupt.clone();
        // On its own, so that a run never delays a reader.
        let serving = tokio::spawn(async move {
            let raised = stop.clone();
            let served = site.serve(async move { raised.raised().await }).await;
            // Without readers there is nobody to run for.
            stop.raise();
            served
        });
        let kept = keeper.keep(&interrupt).await;
        serving.await.context("the server ended early")?.and(kept)
    })?;
    Ok(Exit::Ok)
}

/// Makes the runs.
struct Keeper {
    schedule: Schedule,
    place: Arc<Place>,
    project: Project,
    printer: Printer,
}

impl Keeper {
    /// Runs whenever one is due; ends when it is interrupted, with an error if that cut a run short.
    async fn keep(&self, interrupt: &Interrupt) -> anyhow::Result<()> {
        let mut failures = Failures::default();
        let mut wake_at = clock::now();
        while wait(wake_at, interrupt).await {
            let outcome = self.run_if_due(interrupt).await;
            let now = clock::now();
            wake_at = match outcome {
                Ok(told) => {
                    let next = self.schedule.next(now);
                    self.printer
                        .note(format!("{told}; the next run is at {}", minute(next)));
                    next
                }
                Err(error) if interrupt.is_raised() => return Err(error),
                Err(error) => {
                    let again = failures.add(&self.schedule, now);
                    self.printer.setback(
                        &Explained::new(&error),
                        format!(
                            "the pages go on with what they have; the next try is at {}",
                            minute(again)
                        ),
                    );
                    again
                }
            };
        }
        Ok(())
    }

    /// Says what there is now.
    async fn run_if_due(&self, interrupt: &Interrupt) -> anyhow::Result<String> {
        let (build_id, published_at) = self.published().await?.unzip();
        if self.schedule.is_due(clock::now(), published_at) {
            let done = once(
                &self.project,
                "up",
                RunOptions::default(),
                interrupt,
                self.printer,
            )
            .await?;
            return Ok(done.headline());
        }
        Ok(format!("build {} is current", build_id.unwrap_or_default()))
    }

    async fn published(&self) -> anyhow::Result<Option<(String, DateTime<Utc>)>> {
        published_apart(Arc::clone(&self.place), self.project.warehouse()).await
    }
}

/// The same, from where nothing may wait.
pub(crate) async fn published_apart(
    place: Arc<Place>,
    folder: PathBuf,
) -> anyhow::Result<Option<(String, DateTime<Utc>)>> {
    tokio::task::spawn_blocking(move || published(&place, &folder))
        .await
        .context("the look at the published build ended early")?
}

/// The build that readers see, and since when.
pub(crate) fn published(
    place: &Place,
    folder: &Path,
) -> anyhow::Result<Option<(String, DateTime<Utc>)>> {
    Ok(match place {
        Place::DuckDb => Builds::open(folder)?
            .current()?
            .map(|build| (build.build_id, build.published_at)),
        Place::Server(server) => match Releases::new(server.reader()?).current() {
            Err(warehouse::Error::NotPrepared { .. }) => None,
            current => current?.map(|release| (release.build_id, release.published_at)),
        },
    })
}

/// Waits until then; false when it was interrupted.
async fn wait(until: DateTime<Utc>, interrupt: &Interrupt) -> bool {
    loop {
        let left = clock::clock().time_until(until);
        if left.is_zero() || interrupt.is_raised() {
            return !interrupt.is_raised();
        }
        tokio::select! {
            () = interrupt.raised() => {}
            () = tokio::time::sleep(left.min(LOOK)) => {}
        }
    }
}

/// A time as people read it.
pub(crate) fn minute(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
