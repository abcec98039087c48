//! What the run of a build left, as far as pages show it: `manifest.json` and `run_results.json`.
//!
//! Both are megabytes, so they are read as they stream past and only what is named here is kept.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, ErrorKind},
    path::Path,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{Error, Result};

/// The project as it was run.
#[derive(Debug, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) nodes: BTreeMap<String, Node>,
    pub(crate) sources: BTreeMap<String, Node>,
    pub(crate) exposures: BTreeMap<String, Node>,
    pub(crate) unit_tests: BTreeMap<String, Node>,
}

/// A model, seed, snapshot, source, test or exposure.
#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    pub(crate) resource_type: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) fqn: Vec<String>,
    #[serde(default)]
    pub(crate) description: String,
    /// In the order of the project's files.
    #[serde(default)]
    pub(crate) columns: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    pub(crate) raw_code: Option<String>,
    #[serde(default)]
    pub(crate) compiled_code: Option<String>,
    #[serde(default)]
    pub(crate) depends_on: DependsOn,
    #[serde(default)]
    pub(crate) config: NodeConfig,
    #[serde(default)]
    pub(crate) access: Option<String>,
    #[serde(default)]
    pub(crate) group: Option<String>,
    /// Sources: the group of tables that it stands in.
    #[serde(default)]
    pub(crate) source_name: Option<String>,
    /// Tests: what they look at.
    #[serde(default)]
    pub(crate) column_name: Option<String>,
    #[serde(default)]
    pub(crate) attached_node: Option<String>,
    #[serde(default)]
    pub(crate) test_metadata: Option<TestMetadata>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct DependsOn {
    #[serde(default)]
    pub(crate) nodes: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct NodeConfig {
    #[serde(default)]
    pub(crate) materialized: Option<String>,
    #[serde(default)]
    pub(crate) severity: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TestMetadata {
    pub(crate) name: String,
}

/// How the run went.
#[derive(Debug, Deserialize)]
pub(crate) struct RunResults {
    pub(crate) metadata: RunMetadata,
    pub(crate) results: Vec<NodeResult>,
    /// Wall seconds.
    #[serde(default)]
    pub(crate) elapsed_time: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RunMetadata {
    #[serde(default)]
    pub(crate) invocation_started_at: Option<DateTime<Utc>>,
}

/// How one node ended, in dbt's words.
#[derive(Debug, Deserialize)]
pub(crate) struct NodeResult {
    pub(crate) unique_id: String,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) failures: Option<i64>,
    #[serde(default)]
    pub(crate) execution_time: Option<f64>,
}

impl NodeResult {
    /// `model`, `test`, `unit_test` … as the id starts.
    pub(crate) fn kind(&self) -> &str {
        self.unique_id.split('.').next().unwrap_or_default()
    }

    /// The name in the id.
    pub(crate) fn name(&self) -> &str {
        let mut parts = self.unique_id.split('.').skip(2);
        match self.kind() {
            "unit_test" => parts.nth(1).unwrap_or(&self.unique_id),
            _ => parts.next().unwrap_or(&self.unique_id),
        }
    }

    pub(crate) fn is_test(&self) -> bool {
        matches!(self.kind(), "test" | "unit_test")
    }
}

/// Reads a build's manifest.
pub(crate) fn manifest(folder: &Path) -> Result<Manifest> {
    read(&folder.join("manifest.json"))?.ok_or_else(missing)
}

/// Reads how a build's run went; `None` when it was not run to its end on this machine.
pub(crate) fn run_results(folder: &Path) -> Result<Option<RunResults>> {
    read(&folder.join("run_results.json"))
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let unreadable = |error: std::io::Error| Error::Artifacts {
        message: format!("`{}` cannot be read: {error}", name(path)),
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(unreadable)?,
    };
    serde_json::from_reader(BufReader::with_capacity(1 << 18, file))
        .map(Some)
        .map_err(|error| unreadable(error.into()))
}

fn missing() -> Error {
    Error::Artifacts {
        message: "there is no `manifest.json` of the published build here".to_owned(),
    }
}

/// Without the folders: a reader of pages need not know where the server keeps its files.
fn name(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}
