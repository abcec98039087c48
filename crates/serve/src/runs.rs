//! The runs, and the builds they made: how each went, and what became of it.

mod outcome;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use warehouse::{
    BuildState, KeptBuild,
    history::{NodeResult, Run as Account, RunStatus},
};

use crate::{Published, Result, lineage::TestCounts};
use outcome::Outcome;

/// How long what was found of the last run is taken for true.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// Commands that are to end with a published build.
const PUBLISHING: [&str; 3] = ["run", "up", "build"];

/// A run and how it went; null is what is no longer known.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Run {
    /// Null of a build that was made before runs were accounted for.
    run_id: Option<String>,
    /// What was typed: `run`, `up`, `build` …
    command: Option<String>,
    /// The build that it made, if it came so far.
    build_id: Option<String>,
    started_at: Option<DateTime<Utc>>,
    /// Of a killed run the last sign of life.
    finished_at: Option<DateTime<Utc>>,
    seconds: Option<f64>,
    published_at: Option<DateTime<Utc>>,
    is_current: bool,
    status: Status,
    /// What went wrong.
    error: Option<String>,
    /// What to do about it.
    hint: Option<String>,
    n_movies_fetched: Option<i64>,
    n_requests: Option<i64>,
    n_models: Option<usize>,
    tests: Option<TestCounts>,
    /// Models and tests that did not go well, warnings included.
    failures: Vec<Failure>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RunStatus")]
enum Status {
    Published,
    /// Published, then rolled back.
    Withdrawn,
    /// Done, and nothing was to be published.
    Succeeded,
    /// At work.
    Running,
    /// It failed; what it built was never shown.
    Failed,
    /// Somebody stopped it.
    Interrupted,
    /// Its process ended without a word.
    Killed,
    /// A build that no run accounts for: being made, or its process was killed.
    #[default]
    Unfinished,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RunFailure")]
struct Failure {
    name: String,
    status: String,
    message: String,
}

/// What was read once; a run's results never change when it is over.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    outcomes: Mutex<HashMap<String, Arc<Outcome>>>,
    failures: Mutex<HashMap<String, Vec<Failure>>>,
    trouble: Mutex<Option<(Instant, Option<Trouble>)>>,
}

/// What readers should know: newer numbers were due, and did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// `failed` or `killed`.
    pub(crate) status: &'static str,
    /// When that was.
    pub(crate) at: DateTime<Utc>,
}

impl Runs {
    /// Newest first. Reads files, so never on a thread that answers.
    pub(crate) fn list(&self, published: &dyn Published) -> Result<Vec<Run>> {
        let accounts = published.runs()?;
        let mut builds = published.kept()?;
        let mut runs = Vec::new();
        for account in accounts {
            let of_run = |build: &KeptBuild| Some(&build.build_id) == account.build_id.as_ref();
            let build = builds.iter().position(of_run).map(|at| builds.remove(at));
            let failures = self.failures(published, &account)?;
            runs.push(accounted(account, build, failures));
        }
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.retain(|known, _| builds.iter().any(|build| build.build_id == *known));
        for build in builds {
            let outcome = match outcomes.get(&build.build_id) {
                Some(known) => Some(Arc::clone(known)),
                None => outcome::read(&published.artifacts(&build.build_id))?.map(Arc::new),
            };
            if let Some(outcome) = &outcome {
                outcomes.insert(build.build_id.clone(), Arc::clone(outcome));
            }
            runs.push(unaccounted(build, outcome.as_deref()));
        }
        // Names of runs and of builds are their starts.
        runs.sort_by(|one, other| other.name().cmp(&one.name()));
        Ok(runs)
    }

    /// Whether the last run that was to bring newer numbers did not. Looked up once in a while; reads files.
    pub(crate) fn trouble(&self, published: &dyn Published) -> Option<Trouble> {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = trouble.as_ref().filter(|(at, _)| at.elapsed() < LOOK_AGAIN) {
            return known.clone();
        }
        // Without an account there is nothing to tell.
        let runs = published.runs().unwrap_or_default();
        let found = runs.iter().find(|run| {
            PUBLISHING.contains(&run.command.as_str())
                && !matches!(run.status, RunStatus::Running | RunStatus::Interrupted)
        });
        let found = found
            .filter(|run| run.status.is_failure())
            .map(|run| Trouble {
                status: run.status.name(),
                at: run.finished_at.unwrap_or(run.started_at),
            });
        *trouble = Some((Instant::now(), found.clone()));
        found
    }

    fn failures(&self, published: &dyn Published, run: &Account) -> Result<Vec<Failure>> {
        let mut known = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failures) = known.get(&run.run_id) {
            return Ok(failures.clone());
        }
        let amiss = published.amiss(&run.run_id)?;
        let failures: Vec<_> = amiss.into_iter().map(Failure::from).collect();
        if run.status != RunStatus::Running {
            known.insert(run.run_id.clone(), failures.clone());
        }
        Ok(failures)
    }
}

impl Run {
    fn name(&self) -> Option<&str> {
        self.run_id.as_deref().or(self.build_id.as_deref())
    }
}

impl From<NodeResult> for Failure {
    fn from(result: NodeResult) -> Self {
        Self {
            name: result.name,
            status: result.status,
            message: result.message.unwrap_or_default(),
        }
    }
}

fn accounted(run: Account, build: Option<KeptBuild>, failures: Vec<Failure>) -> Run {
    let state = build.as_ref().map(|build| build.state);
    let count = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
    let tests = count(run.n_tests).map(|n_tests| {
        let warn = count(run.n_test_warnings).unwrap_or_default();
        let fail = count(run.n_test_failures).unwrap_or_default();
        TestCounts {
            pass: n_tests.saturating_sub(warn + fail),
            warn,
            fail,
            skip: 0,
        }
    });
    Run {
        status: match (run.status, state) {
            (RunStatus::Running, _) => Status::Running,
            (RunStatus::Failed, _) => Status::Failed,
            (RunStatus::Interrupted, _) => Status::Interrupted,
            (RunStatus::Killed, _) => Status::Killed,
            (RunStatus::Succeeded, Some(BuildState::Withdrawn)) => Status::Withdrawn,
            (RunStatus::Succeeded, _) if run.is_published == Some(true) => Status::Published,
            (RunStatus::Succeeded, _) => Status::Succeeded,
        },
        run_id: Some(run.run_id),
        command: Some(run.command),
        build_id: run.build_id,
        started_at: Some(run.started_at),
        finished_at: run.finished_at,
        seconds: run.seconds,
        published_at: build.as_ref().and_then(|build| build.published_at),
        is_current: build.is_some_and(|build| build.is_current),
        error: run.error,
        hint: run.hint,
        n_movies_fetched: run.n_movies_fetched,
        n_requests: run.n_requests,
        n_models: count(run.n_models),
        tests,
        failures,
    }
}

fn unaccounted(build: KeptBuild, outcome: Option<&Outcome>) -> Run {
    let started_at = outcome.and_then(|outcome| outcome.started_at);
    let seconds = outcome.and_then(|outcome| outcome.seconds);
    let finished_at = started_at
        .zip(seconds)
        .map(|(start, seconds)| start + TimeDelta::milliseconds((seconds * 1e3) as i64));
    Run {
        status: match build.state {
            BuildState::Published => Status::Published,
            BuildState::Withdrawn => Status::Withdrawn,
            // Results are written at the end.
            BuildState::Unpublished if outcome.is_some() => Status::Failed,
            BuildState::Unpublished => Status::Unfinished,
        },
        build_id: Some(build.build_id),
        started_at,
        finished_at,
        seconds,
        published_at: build.published_at,
        is_current: build.is_current,
        n_models: outcome.map(|outcome| outcome.n_models),
        tests: outcome.map(|outcome| outcome.tests),
        failures: outcome
            .map(|outcome| outcome.failures.clone())
            .unwrap_or_default(),
        ..Run::default()
    }
}
