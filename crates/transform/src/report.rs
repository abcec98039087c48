use std::{path::Path, sync::Arc};

use chrono::{DateTime, Utc};

use crate::{Age, NodeId, NodeKind, Project, artifacts, run::Command};

/// How a node ended, in dbt's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A model or seed was built, or a node compiled.
    Success,
    /// The warehouse or the template failed.
    Error,
    /// Something it depends on failed, or the run was stopped.
    Skipped,
    /// A test found nothing.
    Pass,
    /// A test found rows and its severity is error.
    Fail,
    /// A test found rows and its severity is warn.
    Warn,
    /// There was nothing to do: an exposure.
    NoOp,
}

impl Status {
    /// dbt's spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Skipped => "skipped",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::NoOp => "no-op",
        }
    }

    /// Whether what depends on the node must not run, and the run fails.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Error | Self::Fail)
    }
}

/// What happened to one node.
#[derive(Debug, Clone)]
pub struct NodeResult {
    /// The node.
    pub unique_id: NodeId,
    /// What it is.
    pub kind: NodeKind,
    /// The relation it makes, or its name.
    pub relation: String,
    /// `view`, `table`, `seed`, `test` …
    pub materialized: String,
    /// How it ended.
    pub status: Status,
    /// What the warehouse or the test said.
    pub message: String,
    /// Rows that a test found.
    pub failures: Option<i64>,
    /// How old a source is, when that was asked and found.
    pub age: Option<Age>,
    /// Wall seconds.
    pub seconds: f64,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// The SQL it ran, for models and tests.
    pub compiled_code: Option<String>,
    /// The worker that ran it, from 1.
    pub thread: usize,
}

/// What happened in a run.
#[derive(Debug, Clone)]
pub struct Report {
    /// The command.
    pub command: Command,
    /// Every selected node, in the order they ended.
    pub results: Vec<NodeResult>,
    /// Wall seconds of the whole run.
    pub seconds: f64,
    /// Whether it was cancelled.
    pub was_cancelled: bool,
    /// The failure of the warehouse itself that ended the run early, if one did.
    pub outage: Option<Arc<warehouse::Error>>,
}

/// Why the catalog could not be written.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// What the warehouse said.
    #[error(transparent)]
    Warehouse(#[from] warehouse::Error),
    /// What the file system said.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Project {
    /// Writes `catalog.json` into a folder: what the warehouse holds of the project's relations. Gives their number.
    ///
    /// # Errors
    /// What the warehouse or the file system said.
    pub fn write_catalog(
        &self,
        warehouse: &dyn warehouse::Warehouse,
        folder: &Path,
    ) -> Result<usize, CatalogError> {
        artifacts::write_catalog(self, warehouse, folder)
    }
}

impl Report {
    /// Of a command that runs nothing.
    pub fn nothing(command: Command) -> Self {
        Self {
            command,
            results: Vec::new(),
            seconds: 0.0,
            was_cancelled: false,
            outage: None,
        }
    }

    /// dbt's exit code: 0 when nothing failed, else 1.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.was_cancelled || self.results.iter().any(|result| result.status.is_failure()))
    }

    /// How many results have a status.
    pub fn count(&self, status: Status) -> usize {
        self.results
            .iter()
            .filter(|result| result.status == status)
            .count()
    }

    /// Writes `manifest.json`, which holds the compiled SQL too, and `run_results.json` into a folder; of the age
    /// of sources, `sources.json` in the place of `run_results.json`.
    ///
    /// # Errors
    /// What the file system said.
    pub fn write_artifacts(&self, project: &Project, folder: &Path) -> std::io::Result<()> {
        artifacts::write(project, self, folder)
    }

    /// Writes the compiled SQL below `compiled/` of a folder, one file a node, as people read it.
    ///
    /// # Errors
    /// What the file system said.
    pub fn write_compiled(&self, project: &Project, folder: &Path) -> std::io::Result<()> {
        artifacts::write_compiled(project, self, folder)
    }

    /// Writes `sources.json`, under whatever name.
    ///
    /// # Errors
    /// What the file system said.
    pub fn write_sources(&self, project: &Project, file: &Path) -> std::io::Result<()> {
        artifacts::write_sources(project, self, file)
    }
}
