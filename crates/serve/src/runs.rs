//! The builds that are kept, and how each went.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use warehouse::{BuildState, KeptBuild};

use crate::{
    Published, Result,
    artifacts::{self, NodeResult, RunResults},
    lineage::TestCounts,
};

/// A build and how it went; null is what is no longer known.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Run {
    build_id: String,
    /// When its models began.
    started_at: Option<DateTime<Utc>>,
    /// When the last of them and of the tests was done.
    finished_at: Option<DateTime<Utc>>,
    seconds: Option<f64>,
    published_at: Option<DateTime<Utc>>,
    is_current: bool,
    status: Status,
    n_models: Option<usize>,
    tests: Option<TestCounts>,
    /// What did not go well, warnings included.
    failures: Vec<Failure>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RunStatus")]
enum Status {
    Published,
    /// Rolled back.
    Withdrawn,
    /// Not fit to be published.
    Failed,
    /// Being made, or its process was killed.
    Unfinished,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RunFailure")]
struct Failure {
    name: String,
    status: String,
    message: String,
}

/// How a run went, read out of its results.
#[derive(Debug)]
struct Outcome {
    started_at: Option<DateTime<Utc>>,
    seconds: Option<f64>,
    n_models: usize,
    tests: TestCounts,
    failures: Vec<Failure>,
}

/// What was read once; a run's results never change.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    outcomes: Mutex<HashMap<String, Arc<Outcome>>>,
}

impl Runs {
    /// Newest first. Reads files, so never on a thread that answers.
    pub(crate) fn list(&self, published: &dyn Published) -> Result<Vec<Run>> {
        let kept = published.kept()?;
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.retain(|known, _| kept.iter().any(|build| build.build_id == *known));
        let mut runs = Vec::new();
        for build in kept {
            let outcome = match outcomes.get(&build.build_id) {
                Some(known) => Some(Arc::clone(known)),
                None => outcome(&published.artifacts(&build.build_id))?.map(Arc::new),
            };
            if let Some(outcome) = &outcome {
                outcomes.insert(build.build_id.clone(), Arc::clone(outcome));
            }
            runs.push(run(build, outcome.as_deref()));
        }
        Ok(runs)
    }
}

fn run(build: KeptBuild, outcome: Option<&Outcome>) -> Run {
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
        build_id: build.build_id,
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
    }
}

fn outcome(folder: &Path) -> Result<Option<Outcome>> {
    let Some(results) = artifacts::run_results(folder)? else {
        return Ok(None);
    };
    let RunResults {
        metadata,
        results,
        elapsed_time,
    } = results;
    let is_amiss =
        |result: &&NodeResult| matches!(result.status.as_str(), "error" | "fail" | "warn");
    let failure = |result: &NodeResult| Failure {
        name: result.name().to_owned(),
        status: result.status.clone(),
        message: result.message.clone().unwrap_or_default(),
    };
    let is_model = |result: &&NodeResult| result.kind() == "model" && result.status == "success";
    let tests = results.iter().filter(|result| result.is_test());
    Ok(Some(Outcome {
        started_at: metadata.invocation_started_at,
        seconds: elapsed_time,
        n_models: results.iter().filter(is_model).count(),
        tests: TestCounts::of(tests.map(|test| test.status.as_str())),
        failures: results.iter().filter(is_amiss).map(failure).collect(),
    }))
}
