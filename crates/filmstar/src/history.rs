//! Writes the account of a run while its commands go along.
//!
//! A run is never given up because its account cannot be written: that is told once, and tried again at its end.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use anyhow::Context as _;
use transform::{NodeResult as Outcome, Report, Status};
use warehouse::{
    Postgres,
    history::{Account, History, Measure, NodeResult, Run, RunStatus, Step},
};

use crate::{
    clock,
    exit::Exit,
    failure::Explained,
    ingest::Ingested,
    logging,
    printer::Printer,
    targets::{Place, Server},
};

mod measure;

/// The account of the run that is at work. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<Inner>);

struct Inner {
    history: History,
    started: Instant,
    printer: Printer,
    /// Where the account is copied to, and who may read it there.
    server: Option<(Postgres, String)>,
    state: Mutex<State>,
}

struct State {
    run: Run,
    account: Option<Account>,
    has_complained: bool,
    /// Whether an ingest used up what it was allowed.
    is_partial: bool,
}

impl Recorder {
    /// Begins the account of a run in a warehouse folder. `command` is what the user typed.
    pub(crate) fn begin(
        warehouse: &Path,
        command: &str,
        target: &str,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        Self::start(warehouse, command, target, None, printer)
    }

    /// The same for a run whose warehouse is known.
    pub(crate) fn begin_at(
        place: &Place,
        warehouse: &Path,
        command: &str,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        match place {
            Place::DuckDb => Self::start(warehouse, command, crate::config::DUCKDB, None, printer),
            Place::Server(server) => {
                let mirror = mirror(server);
                Self::start(warehouse, command, &server.target.name, mirror, printer)
            }
        }
    }

    fn start(
        warehouse: &Path,
        command: &str,
        target: &str,
        server: Option<(Postgres, String)>,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        let history = History::open(warehouse)?;
        let run = Run {
            run_id: crate::commands::new_id(),
            command: command.to_owned(),
            target: target.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            process_id: std::process::id().into(),
            started_at: clock::now(),
            ..Run::default()
        };
        let recorder = Self(Arc::new(Inner {
            history,
            started: Instant::now(),
            printer,
            server,
            state: Mutex::new(State {
                run,
                account: None,
                has_complained: false,
                is_partial: false,
            }),
        }));
        recorder.open();
        tracing::info!(command, target, "the run begins");
        Ok(recorder)
    }

    /// The run's name; observations of the lake carry it too.
    pub(crate) fn run_id(&self) -> String {
        self.state().run.run_id.clone()
    }

    /// The account, when there is one: what views are laid over.
    pub(crate) fn history(&self) -> Option<&History> {
        self.state().account.is_some().then_some(&self.0.history)
    }

    /// Begins a step.
    pub(crate) fn step(&self, name: &str) -> StepUnderWay {
        let step = Step {
            run_id: self.run_id(),
            step: name.to_owned(),
            started_at: clock::now(),
            ..Step::default()
        };
        self.write(|account, _| account.step(&step));
        tracing::info!(step = name, "the step begins");
        StepUnderWay {
            recorder: self.clone(),
            step,
            started: Instant::now(),
        }
    }

    /// Notes what is known of the run so far.
    pub(crate) fn note(&self, change: impl FnOnce(&mut Run)) {
        change(&mut self.state().run);
        self.write(Account::run);
    }

    /// Notes what the API was asked, whatever came of it.
    pub(crate) fn requested(&self, requests: &tmdb::Statistics) {
        self.note(|run| {
            run.n_requests = Some(requests.requests as i64);
            run.n_retries = Some(requests.retries as i64);
            run.n_rate_limited = Some(requests.rate_limited as i64);
            run.n_bytes = Some(requests.bytes as i64);
        });
    }

    /// Notes what an ingest brought.
    pub(crate) fn ingested(&self, ingested: &Ingested) {
        self.state().is_partial = ingested.is_partial;
        self.note(|run| {
            run.n_movies_fetched = Some(ingested.movies.fetched as i64);
            run.n_people_fetched = Some(ingested.people.fetched as i64);
            run.n_export_rows = Some(ingested.exports.rows as i64);
        });
        self.measures(measure::of_ingest(ingested));
    }

    /// Notes how models and tests went.
    pub(crate) fn reported(&self, report: &Report) {
        let run_id = self.run_id();
        let results: Vec<_> = report
            .results
            .iter()
            .map(|result| node_result(&run_id, result))
            .collect();
        self.write(|account, _| account.node_results(&results));
        let is_test = |result: &&Outcome| matches!(result.kind.name(), "test" | "unit_test");
        let tests: Vec<_> = report.results.iter().filter(is_test).collect();
        let n_tests = |counts: fn(Status) -> bool| {
            Some(tests.iter().filter(|test| counts(test.status)).count() as i64)
        };
        self.note(|run| {
            let is_built = |result: &&Outcome| {
                result.kind.name() == "model" && result.status == Status::Success
            };
            run.n_models = Some(report.results.iter().filter(is_built).count() as i64);
            run.n_tests = n_tests(|status| status != Status::Skipped);
            run.n_test_warnings = n_tests(|status| status == Status::Warn);
            run.n_test_failures = n_tests(Status::is_failure);
        });
    }

    /// Notes how large and how complete the tables of a build are.
    pub(crate) fn measure(&self, connection: &mut dyn warehouse::Connection, schema: &str) {
        match measure::of_build(connection, schema) {
            Ok(measures) => self.measures(measures),
            Err(error) => tracing::warn!(%error, "the build's tables could not be measured"),
        }
    }

    /// Notes what was counted: subject, measure, value.
    pub(crate) fn measures(&self, counted: Vec<Counted>) {
        let (run_id, mut measures) = (self.run_id(), Vec::new());
        for Counted(step, subject, measure, value) in counted {
            measures.push(Measure {
                run_id: run_id.clone(),
                step: step.to_owned(),
                subject,
                measure: measure.to_owned(),
                value,
            });
        }
        self.write(|account, _| account.measures(&measures));
    }

    /// Ends the account, here and on the server. To be called where waiting is allowed.
    pub(crate) fn finish<T>(&self, outcome: &anyhow::Result<T>) {
        {
            let mut state = self.state();
            let exit = match state.is_partial && state.run.command == "ingest" {
                true => Exit::Partial,
                false => Exit::Ok,
            };
            let run = &mut state.run;
            run.finished_at = Some(clock::now());
            run.seconds = Some(self.0.started.elapsed().as_secs_f64());
            let (status, exit) = match outcome {
                Ok(_) => (RunStatus::Succeeded, exit),
                Err(error) => {
                    let explained = Explained::new(error);
                    run.error = Some(explained.in_one_line());
                    run.hint = explained.hint;
                    (status_of(explained.exit), explained.exit)
                }
            };
            run.status = status;
            run.exit_code = Some(exit as i64);
        }
        self.open();
        self.write(Account::run);
        let run = self.state().run.clone();
        tracing::info!(
            status = run.status.name(),
            seconds = run.seconds,
            build.id = run.build_id,
            error = run.error,
            "the run is over"
        );
        logging::end_run();
        // The lock goes with it: from here on the run is over.
        self.state().account = None;
        if let Some((postgres, reader)) = &self.0.server {
            let copied = warehouse::history::mirror(&self.0.history, postgres, reader);
            match copied {
                Ok(_) => {}
                // What ails the server is told by the run itself.
                Err(error) if outcome.is_err() => {
                    tracing::info!(%error, "the history was not copied to the server");
                }
                Err(error) => tracing::warn!(
                    %error,
                    "the history could not be copied to the server; the next run tries again"
                ),
            }
        }
    }

    /// The same, from where nothing may wait.
    pub(crate) async fn finish_apart<T>(&self, outcome: anyhow::Result<T>) -> anyhow::Result<T>
    where
        T: Send + 'static,
    {
        let recorder = self.clone();
        let end = move || {
            recorder.finish(&outcome);
            outcome
        };
        tokio::task::spawn_blocking(end)
            .await
            .context("the end of the run's account broke off")?
    }

    /// Begins the account, unless that is done.
    fn open(&self) {
        let mut state = self.state();
        if state.account.is_some() {
            return;
        }
        let begun = self.0.history.begin(&state.run);
        match begun {
            Ok(account) => {
                logging::begin_run(&state.run.run_id, Some(&account.log()));
                state.account = Some(account);
            }
            Err(error) => {
                logging::begin_run(&state.run.run_id, None);
                self.complain(&mut state, &error);
            }
        }
    }

    fn write(&self, write: impl FnOnce(&Account, &Run) -> warehouse::Result<()>) {
        let mut state = self.state();
        let Some(account) = &state.account else {
            return;
        };
        if let Err(error) = write(account, &state.run) {
            self.complain(&mut state, &error);
        }
    }

    fn complain(&self, state: &mut State, error: &warehouse::Error) {
        if !std::mem::replace(&mut state.has_complained, true) {
            self.0.printer.warn(format!(
                "the history of run {} cannot be written: {error}",
                state.run.run_id
            ));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Step, subject, measure and value of something counted.
#[derive(Debug, PartialEq)]
pub(crate) struct Counted(
    pub(crate) &'static str,
    pub(crate) String,
    pub(crate) &'static str,
    pub(crate) f64,
);

/// A step that has begun. Dropped without [`StepUnderWay::end`], it stays at work for ever.
pub(crate) struct StepUnderWay {
    recorder: Recorder,
    step: Step,
    started: Instant,
}

impl StepUnderWay {
    /// Notes how it ended.
    pub(crate) fn end<T>(mut self, outcome: &anyhow::Result<T>) {
        self.step.finished_at = Some(clock::now());
        self.step.seconds = Some(self.started.elapsed().as_secs_f64());
        self.step.status = match outcome {
            Ok(_) => RunStatus::Succeeded,
            Err(error) => {
                let explained = Explained::new(error);
                self.step.error = Some(explained.in_one_line());
                status_of(explained.exit)
            }
        };
        let step = &self.step;
        tracing::info!(
            step = step.step,
            status = step.status.name(),
            seconds = step.seconds,
            "the step is over"
        );
        self.recorder.write(|account, _| account.step(step));
    }
}

/// How something ended that ended with an error.
fn status_of(exit: Exit) -> RunStatus {
    match exit {
        Exit::Interrupted => RunStatus::Interrupted,
        _ => RunStatus::Failed,
    }
}

fn node_result(run_id: &str, result: &Outcome) -> NodeResult {
    let unique_id = result.unique_id.clone();
    let mut parts = unique_id.split('.').skip(2);
    let name = match result.kind.name() {
        "unit_test" => parts.nth(1),
        _ => parts.next(),
    };
    NodeResult {
        run_id: run_id.to_owned(),
        name: name.unwrap_or(&unique_id).to_owned(),
        kind: result.kind.name().to_owned(),
        materialized: result.materialized.clone(),
        status: result.status.name().to_owned(),
        failures: result.failures,
        message: Some(result.message.clone()).filter(|message| !message.is_empty()),
        started_at: result.started_at,
        seconds: result.seconds,
        unique_id,
    }
}

/// Who copies the account to a server. What is wrong with the connection is told by the run itself.
fn mirror(server: &Server) -> Option<(Postgres, String)> {
    let reader = server.reader().ok()?.settings().user.clone();
    Some((server.transformer().ok()?, reader))
}
