use std::path::Path;

use chrono::{DateTime, Utc};

use super::Failure;
use crate::{
    Result,
    artifacts::{self, NodeResult, RunResults},
    lineage::TestCounts,
};

/// How a build went that no run accounts for, read out of its results.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) started_at: Option<DateTime<Utc>>,
    pub(super) seconds: Option<f64>,
    pub(super) n_models: usize,
    pub(super) tests: TestCounts,
    pub(super) failures: Vec<Failure>,
}

/// Reads a build's results, if it got so far.
pub(super) fn read(folder: &Path) -> Result<Option<Outcome>> {
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
