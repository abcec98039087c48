use std::{
    panic::resume_unwind,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::Context as _;
use clap::Args;
use fs_err as fs;
use lake::Lake;
use transform::{
    Cancellation, Command, Event, NodeResult, Options, Report, Selection, Status, Target,
};
use warehouse::{
    Builds, DuckDb, RawTable, Warehouse,
    postgres::{self, Releases},
};

use crate::{
    cli::Global,
    clock,
    config::environment,
    disk, embedded,
    exit::Exit,
    failure,
    history::Recorder,
    interrupt::Interrupt,
    printer::{Printer, Progress, Summary, duration},
    project::{Project, shown, writable},
    targets::{Place, Server, TargetArgument},
};

mod built;

pub(crate) use built::Built;

/// Arguments of `filmstar build` and `filmstar run`.
#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    #[command(flatten)]
    target: TargetArgument,
    /// Models and tests at work side by side [config: build.threads]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Build incremental models anew instead of adding to what the published build has; snapshots are kept
    #[arg(long)]
    pub(crate) full_refresh: bool,
}

impl BuildArguments {
    /// The flags as overrides of the configuration.
    pub(crate) fn flags(&self) -> Vec<(&'static str, figment::value::Value)> {
        let mut flags = self.target.flags();
        flags.extend(
            self.threads
                .map(|threads| ("build.threads", threads.into())),
        );
        flags
    }
}

/// Builds, tests and publishes.
pub(crate) fn run(
    arguments: &BuildArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.flags())?;
    let place = Arc::new(Place::of(&project, printer)?);
    writable(&project.warehouse())?;
    let recorder = Recorder::begin_at(&place, &project.warehouse(), "build", printer)?;
    let built = Job::new(&project, place, arguments.full_refresh).and_then(|job| {
        super::runtime()?.block_on(async {
            let interrupt = Interrupt::listen();
            build(job, &recorder, &interrupt, printer).await
        })
    });
    // A build that is not fit to be published is an end as any other, and a run that failed.
    let built = built.and_then(|built| {
        built
            .outcome()
            .map(drop)
            .map(|()| built)
            .map_err(Into::into)
    });
    recorder.finish(&built);
    finish(&built?, printer)
}

/// What to build, from what, and where.
pub(crate) struct Job {
    /// The lake; without one a server builds from the raw tables that it has.
    pub(crate) lake: Option<Lake>,
    /// The folder of the builds and their artifacts.
    pub(crate) warehouse: PathBuf,
    /// A dbt project on disk; the binary's own without one.
    pub(crate) dbt: Option<PathBuf>,
    pub(crate) settings: warehouse::Settings,
    pub(crate) threads: usize,
    /// Published builds to keep, this one included.
    pub(crate) keep: usize,
    /// Bytes that they may have together.
    pub(crate) keep_bytes: Option<u64>,
    /// Whether incremental models are built anew.
    pub(crate) full_refresh: bool,
    pub(crate) place: Arc<Place>,
}

impl Job {
    /// What the project is to build.
    pub(crate) fn new(
        project: &Project,
        place: Arc<Place>,
        full_refresh: bool,
    ) -> anyhow::Result<Self> {
        // A server keeps its raw tables, so it can build where there is no lake.
        let lake = match *place {
            Place::DuckDb => Some(super::load::open_lake(project)?),
            Place::Server(_) => project.existing_lake()?,
        };
        Ok(Self {
            lake,
            warehouse: project.warehouse(),
            dbt: project.dbt(),
            settings: super::query::settings(project),
            threads: project.config().build.threads,
            keep: project.config().build.keep,
            keep_bytes: project.config().build.keep_bytes,
            full_refresh,
            place,
        })
    }
}

/// Writes a new warehouse beside the published one, tests it, and publishes it when nothing failed.
pub(crate) async fn build(
    job: Job,
    recorder: &Recorder,
    interrupt: &Interrupt,
    printer: Printer,
) -> anyhow::Result<Built> {
    let mut reading = None;
    let tables = match &job.lake {
        Some(lake) => {
            reading = Some(lake.reading()?);
            let tables = super::load::raw_tables(lake).await?;
            if matches!(*job.place, Place::DuckDb)
                && tables.iter().all(|table| table.files.is_empty())
            {
                return Err(super::load::nothing_in(lake.location()).into());
            }
            tables
        }
        None => Vec::new(),
    };
    let cancellation = interrupt.cancellation();
    let (recorder, interrupt) = (recorder.clone(), interrupt.clone());
    let work = move || {
        let run = Run {
            job: &job,
            tables: &tables,
            cancellation: &cancellation,
            recorder: &recorder,
            interrupt: &interrupt,
            printer,
            started: Instant::now(),
        };
        run.run()
    };
    let built = tokio::task::spawn_blocking(work)
        .await
        .context("the build ended early")?;
    drop(reading);
    built
}

/// One build under way.
struct Run<'a> {
    job: &'a Job,
    tables: &'a [RawTable],
    cancellation: &'a Cancellation,
    recorder: &'a Recorder,
    interrupt: &'a Interrupt,
    printer: Printer,
    started: Instant,
}

impl Run<'_> {
    fn run(&self) -> anyhow::Result<Built> {
        if let Place::Server(server) = &*self.job.place {
            self.fill(server)?;
        }
        let step = self.recorder.step("build");
        let built = match &*self.job.place {
            Place::DuckDb => self.onto_duckdb(),
            Place::Server(server) => self.onto_server(server),
        };
        match &built {
            Ok(built) => step.end(&built.outcome().map_err(anyhow::Error::from)),
            Err(_) => step.end(&built),
        }
        built
    }

    /// Brings what the lake has and the server lacks.
    fn fill(&self, server: &Server) -> anyhow::Result<()> {
        if self.job.lake.is_none() {
            self.printer
                .note("no lake here: building from the raw tables that the server has");
            return Ok(());
        }
        let (recorder, interrupt) = (self.recorder, self.interrupt);
        super::load::load(server, self.tables, recorder, interrupt, self.printer).map(drop)
    }

    /// The new file will be about as large as the published one; the first about as large as half the lake.
    fn expect_room(&self, builds: &Builds) -> anyhow::Result<()> {
        let published = builds.current()?;
        let n_bytes = match published.and_then(|build| fs::metadata(build.path).ok()) {
            Some(file) => file.len(),
            None => {
                let lake = self.job.lake.as_ref();
                let folder = lake.and_then(|lake| lake.location().folder());
                folder.map_or(0, super::status::size) / 2
            }
        };
        Ok(disk::expect_room(&self.job.warehouse, n_bytes, "a build")?)
    }

    /// Into a new file, which becomes the current one.
    fn onto_duckdb(&self) -> anyhow::Result<Built> {
        let builds = Builds::open(&self.job.warehouse)?;
        self.expect_room(&builds)?;
        let build = builds.begin(&super::new_id())?;
        self.recorder
            .note(|run| run.build_id = Some(build.id().to_owned()));
        let artifacts = build.artifacts();
        let settings = warehouse::Settings {
            takes_rows_as_they_come: true,
            threads: self.threads_of_queries(),
            ..self.job.settings.clone()
        };
        let database = DuckDb::create(&build.path(), &settings)?;
        let mut connection = database.connect()?;
        super::load::lay_views(&mut *connection, self.tables)?;
        if let Some(history) = self.recorder.history() {
            warehouse::history::create_views(&mut *connection, history)?;
        }
        // Without a path: what `target.path` says must not depend on where a build happens to be.
        let target = Target::duckdb("filmstar", database.database(), "main", self.job.threads);
        let report = self.with_project(self.options(target), |project| {
            if let Some(published) = builds.current()? {
                let history = database.carry_over(&published.path, &project.stateful_relations());
                history.with_context(|| without_history(&published.build_id))?;
            }
            self.transform(project, &database, &artifacts, || Ok(database.settle()?))
        })?;
        let is_fit = report.exit_code() == 0;
        if is_fit {
            self.recorder.measure(&mut *connection, "main");
        }
        drop((connection, database));

        let mut published = None;
        if is_fit {
            published = Some(self.publish(|| {
                let published = builds.publish(build, clock::now())?;
                builds.prune(self.job.keep.saturating_sub(1), self.job.keep_bytes)?;
                Ok(published.build_id)
            })?);
        }
        Ok(Built {
            report,
            published,
            standing: builds.current()?.map(|build| build.build_id),
            location: shown(&self.job.warehouse.join("current/filmstar.duckdb")),
            artifacts,
            target: None,
            elapsed: self.started.elapsed(),
        })
    }

    /// How many threads DuckDB may split a query among. The tables of a small lake are too short to be worth it where
    /// models run side by side on every core: a sixth of a build's work would be handing it out.
    fn threads_of_queries(&self) -> Option<usize> {
        const SMALL: u64 = 128 << 20;
        let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
        let files = self.tables.iter().flat_map(|table| &table.files);
        let n_bytes: u64 = files
            .filter_map(|file| fs::metadata(&file.path).ok())
            .map(|file| file.len())
            .sum();
        (n_bytes < SMALL && n_cores <= self.job.threads).then_some(1)
    }

    /// Into new schemas, which take the names of the published ones.
    fn onto_server(&self, server: &Server) -> anyhow::Result<Built> {
        let build_id = super::new_id();
        self.recorder
            .note(|run| run.build_id = Some(build_id.clone()));
        let name = &server.target.name;
        let folder = server.artifacts(&self.job.warehouse);
        let artifacts = folder.join(&build_id).join("target");
        let postgres = server.transformer()?;
        let releases = Releases::new(postgres.clone());
        let options = Options {
            schema_suffix: postgres::suffix(&build_id),
            ..self.options(server.target.clone())
        };
        let (report, pending) = self.with_project(options, |project| {
            let mut pending = releases.begin(&build_id, &project.schemas())?;
            releases
                .carry_over(&mut pending, &project.stateful_relations())
                .context(without_history("published"))?;
            let report = self.transform(project, &postgres, &artifacts, || Ok(()))?;
            Ok((report, pending))
        })?;
        if let Some(outage) = &report.outage {
            return Err(failure::outage(outage).into());
        }

        let mut published = None;
        if report.exit_code() == 0 {
            self.recorder.measure(
                &mut *postgres.connect()?,
                &format!("{}{}", server.target.schema, postgres::suffix(&build_id)),
            );
            published = Some(self.publish(|| {
                let release = releases
                    .publish(pending, clock::now())
                    .context("all is green, but the build could not be published")?;
                let (dropped, kept) =
                    releases.prune(self.job.keep.saturating_sub(1), self.job.keep_bytes)?;
                for sentence in kept {
                    self.printer.warn(sentence);
                }
                for build_id in dropped {
                    // Artifacts of a build that another machine made are not here.
                    drop(fs::remove_dir_all(folder.join(build_id)));
                }
                Ok(release.build_id)
            })?);
        }
        Ok(Built {
            report,
            published,
            standing: releases.current()?.map(|release| release.build_id),
            location: format!("schema {} of {}", server.target.schema, postgres.location()),
            artifacts,
            target: Some(name.clone()),
            elapsed: self.started.elapsed(),
        })
    }

    /// Lets readers see the build.
    fn publish(&self, publish: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<String> {
        let step = self.recorder.step("publish");
        let published = publish();
        step.end(&published);
        self.recorder
            .note(|run| run.is_published = Some(published.is_ok()));
        published
    }

    fn options(&self, target: Target) -> Options {
        let mut options = Options::new(target, super::new_id(), clock::now());
        options.env = environment::variables();
        options.full_refresh = self.job.full_refresh;
        // Readers see nothing of it before every test has passed.
        options.waits_for_tests = false;
        options
    }

    /// Loads the project on disk, or the binary's own.
    fn with_project<T>(
        &self,
        options: Options,
        work: impl FnOnce(&transform::Project) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let extracted = tempfile::tempdir().context("failed to make a temporary folder")?;
        let folder: &Path = match &self.job.dbt {
            Some(folder) => folder,
            None => {
                embedded::write(&embedded::DBT, extracted.path())
                    .context("failed to unpack the dbt project")?;
                extracted.path()
            }
        };
        let project = transform::Project::load(folder, options)
            .map_err(|problems| super::dbt::unusable(folder, &problems))?;
        work(&project)
    }

    /// Runs every model and test, and writes what dbt's other tools read while the database is settled.
    fn transform(
        &self,
        project: &transform::Project,
        database: &dyn Warehouse,
        artifacts: &Path,
        settle: impl FnOnce() -> anyhow::Result<()> + Send,
    ) -> anyhow::Result<Report> {
        let selected = project
            .select(&Selection::default(), Command::Build)
            .map_err(|problems| super::dbt::unusable(Path::new("dbt"), &problems))?;
        let progress = self.printer.progress("models and tests");
        progress.expect(selected.len() as u64);
        let report = transform::run(
            project,
            &selected,
            Command::Build,
            database,
            &mut |event| show(&event, &progress, self.printer),
            self.cancellation,
        );
        progress.finish();
        let settled = std::thread::scope(|scope| {
            let settling = scope.spawn(settle);
            self.recorder.reported(&report);
            report
                .write_artifacts(project, artifacts)
                .and_then(|()| match report.exit_code() {
                    // Nobody has to read files by the thousand, and the next builds need not remove them.
                    0 => Ok(()),
                    _ => report.write_compiled(project, artifacts),
                })
                .context("failed to write the build's artifacts")?;
            settling.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        // What a build that failed has made is there to be looked at, if it can be kept.
        match settled {
            Err(error) if report.exit_code() == 0 => Err(error),
            _ => Ok(report),
        }
    }
}

fn without_history(build_id: &str) -> String {
    format!(
        "the history in build {build_id} could not be copied, and a build without it would lose it"
    )
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
        // Who interrupted the build knows.
        Status::Error if result.message == warehouse::Error::Cancelled.to_string() => return None,
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

fn finish(built: &Built, printer: Printer) -> anyhow::Result<Exit> {
    let build_id = built.outcome()?;
    let mut json = built.json();
    json["status"] = "ok".into();
    printer.summary(&Summary {
        headline: format!(
            "✓ built and published {build_id} in {}",
            duration(built.elapsed)
        ),
        facts: built.facts(),
        next: built.next(),
        json,
    });
    Ok(Exit::Ok)
}
