//! The rows of the history, as Rust, as JSON and as SQL have them.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

use super::tables::{self, Table};

/// A row of one of the tables.
pub(super) trait Row: Serialize + DeserializeOwned {
    const TABLE: &'static Table;
}

/// The name of a table's file.
pub(super) fn file<R: Row>() -> String {
    R::TABLE.file()
}

/// How a run or a step ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// It is at work.
    #[default]
    Running,
    /// All that it was to do is done.
    Succeeded,
    /// It ended with an error; `error` says which.
    Failed,
    /// Somebody stopped it.
    Interrupted,
    /// Its process ended without a word.
    Killed,
}

impl RunStatus {
    /// As the tables spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Killed => "killed",
        }
    }

    /// Whether it ended as nobody wanted it to.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Killed)
    }
}

/// One run: what a command did, from its start to its end.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Run {
    /// Its start, as a name that sorts by time.
    pub run_id: String,
    /// `ingest`, `load`, `build`, `run`, `up` …
    pub command: String,
    /// The target of `profiles.yml`.
    pub target: String,
    /// Filmstar's.
    pub version: String,
    /// The process that ran it.
    pub process_id: i64,
    /// When it began.
    #[serde(deserialize_with = "moment")]
    pub started_at: DateTime<Utc>,
    /// When it ended; of a killed one the last sign of life.
    #[serde(deserialize_with = "moment_if_any")]
    pub finished_at: Option<DateTime<Utc>>,
    /// Wall seconds.
    pub seconds: Option<f64>,
    /// How it ended.
    pub status: RunStatus,
    /// What the process, or would have, ended with.
    pub exit_code: Option<i64>,
    /// What went wrong, with its causes.
    pub error: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The build that it made.
    pub build_id: Option<String>,
    /// Whether readers got to see that build.
    pub is_published: Option<bool>,
    /// Films fetched, tombstones and quarantined bodies included.
    pub n_movies_fetched: Option<i64>,
    /// People fetched.
    pub n_people_fetched: Option<i64>,
    /// Rows of daily exports.
    pub n_export_rows: Option<i64>,
    /// Requests sent, every attempt counted.
    pub n_requests: Option<i64>,
    /// Attempts after the first of their request.
    pub n_retries: Option<i64>,
    /// Attempts that were answered with "too many requests".
    pub n_rate_limited: Option<i64>,
    /// Bytes of bodies, unpacked.
    pub n_bytes: Option<i64>,
    /// Observations that went to a server.
    pub n_rows_loaded: Option<i64>,
    /// Models built.
    pub n_models: Option<i64>,
    /// Tests run, unit tests included.
    pub n_tests: Option<i64>,
    /// Tests of severity warn that found rows.
    pub n_test_warnings: Option<i64>,
    /// Tests of severity error that found rows, or could not be run.
    pub n_test_failures: Option<i64>,
}

/// One step of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// The run.
    pub run_id: String,
    /// `ingest`, `load`, `build` or `publish`.
    pub step: String,
    /// When it began.
    #[serde(deserialize_with = "moment")]
    pub started_at: DateTime<Utc>,
    /// When it ended.
    #[serde(deserialize_with = "moment_if_any")]
    pub finished_at: Option<DateTime<Utc>>,
    /// Wall seconds.
    pub seconds: Option<f64>,
    /// How it ended.
    pub status: RunStatus,
    /// What went wrong.
    pub error: Option<String>,
}

/// How a model, seed, snapshot or test ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeResult {
    /// The run.
    pub run_id: String,
    /// dbt's name.
    pub unique_id: String,
    /// The name alone.
    pub name: String,
    /// `model`, `seed`, `snapshot`, `test`, `unit_test` …
    pub kind: String,
    /// `view`, `table`, `incremental`, `test` …
    pub materialized: String,
    /// In dbt's words: `success`, `error`, `skipped`, `pass`, `warn`, `fail`.
    pub status: String,
    /// Rows that a test found.
    pub failures: Option<i64>,
    /// What the database or the test said.
    pub message: Option<String>,
    /// When it began.
    #[serde(deserialize_with = "moment")]
    pub started_at: DateTime<Utc>,
    /// Wall seconds.
    pub seconds: f64,
}

/// Something counted: rows of a table, share of known values of a column, bytes of a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measure {
    /// The run.
    pub run_id: String,
    /// The step that counted it.
    pub step: String,
    /// A table, `table.column`, `lake`, `warehouse` …
    pub subject: String,
    /// `rows`, `coverage` (0–1), `bytes`, `fetched` …
    pub measure: String,
    /// The number.
    pub value: f64,
}

impl Row for Run {
    const TABLE: &'static Table = &tables::RUNS;
}

impl Row for Step {
    const TABLE: &'static Table = &tables::STEPS;
}

impl Row for NodeResult {
    const TABLE: &'static Table = &tables::NODE_RESULTS;
}

impl Row for Measure {
    const TABLE: &'static Table = &tables::MEASURES;
}

/// A moment with or without its zone, which is UTC: a server writes none.
fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn moment_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    let parsed = text.as_deref().map(parse).transpose();
    parsed.map_err(serde::de::Error::custom)
}

fn parse(text: &str) -> Result<DateTime<Utc>, chrono::ParseError> {
    DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.to_utc())
        .or_else(|_| Ok(text.parse::<NaiveDateTime>()?.and_utc()))
}
