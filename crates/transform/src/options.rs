use std::{collections::BTreeMap, path::PathBuf};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json};
use warehouse::Password;

use crate::{Diagnostic, yaml};

/// Where a run builds, as a profile's output says.
#[derive(Debug, Clone)]
pub struct Target {
    /// `dev`, `prod` …
    pub name: String,
    /// The profile it belongs to.
    pub profile: String,
    /// The adapter: `duckdb` or `postgres`.
    pub adapter: String,
    /// Database (DuckDB: catalog) of the models.
    pub database: String,
    /// Default schema of the models.
    pub schema: String,
    /// How many nodes run side by side.
    pub threads: usize,
    /// DuckDB's file; `None` for other adapters.
    pub path: Option<PathBuf>,
    /// Every other entry of the output, as `target.<name>` gives it. Secrets stay out.
    pub entries: Map<String, Json>,
    /// The password, for who connects; templates never see it. `None` when it is empty.
    pub password: Option<Password>,
    /// Whether the file holds the password itself rather than the name of an environment variable.
    pub has_literal_password: bool,
}

impl Target {
    /// A DuckDB target named `dev` for a file whose catalog has the given name.
    pub fn duckdb(profile: &str, database: &str, schema: &str, threads: usize) -> Self {
        Self {
            name: "dev".to_owned(),
            profile: profile.to_owned(),
            adapter: "duckdb".to_owned(),
            database: database.to_owned(),
            schema: schema.to_owned(),
            threads,
            path: None,
            entries: Map::new(),
            password: None,
            has_literal_password: false,
        }
    }

    /// A Postgres target named `dev`.
    pub fn postgres(profile: &str, database: &str, schema: &str, threads: usize) -> Self {
        Self {
            adapter: "postgres".to_owned(),
            ..Self::duckdb(profile, database, schema, threads)
        }
    }
}

/// All that a project's templates can see besides its files.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to build.
    pub target: Target,
    /// `--vars`: wins over the project's own.
    pub vars: Map<String, Json>,
    /// What `env_var` reads.
    pub env: BTreeMap<String, String>,
    /// `invocation_id`.
    pub invocation_id: String,
    /// `run_started_at`.
    pub started_at: DateTime<Utc>,
    /// `--full-refresh`.
    pub full_refresh: bool,
    /// Stop at the first failure.
    pub fail_fast: bool,
    /// `--store-failures`.
    pub store_failures: bool,
    /// `--empty`: every `ref` and `source` reads no rows.
    pub is_empty: bool,
    /// `--warn-error`, as `flags.WARN_ERROR` has it.
    pub warn_error: bool,
    /// The command as `flags.WHICH` has it.
    pub which: String,
    /// Whether a build holds a node back until what is above it has passed its tests, as dbt does. Where nobody sees
    /// what is built before all is green, there is nothing to wait for.
    pub waits_for_tests: bool,
    /// Added to the schema of everything the run makes, so that it stands beside what is published: `ref` and
    /// `this` lead there, while artifacts and messages keep the plain names. Must be a text that occurs nowhere
    /// else, and is empty by default.
    pub schema_suffix: String,
    /// Where compiled SQL and artifacts go, when they are written; relative to the project.
    pub target_path: Option<PathBuf>,
}

impl Options {
    /// Options with nothing but a target and a time.
    pub fn new(
        target: Target,
        invocation_id: impl Into<String>,
        started_at: DateTime<Utc>,
    ) -> Self {
        Self {
            target,
            vars: Map::new(),
            env: BTreeMap::new(),
            invocation_id: invocation_id.into(),
            started_at,
            full_refresh: false,
            fail_fast: false,
            store_failures: false,
            is_empty: false,
            warn_error: false,
            which: "build".to_owned(),
            waits_for_tests: true,
            schema_suffix: String::new(),
            target_path: None,
        }
    }
}

/// The variables of `--vars`: a YAML or JSON mapping.
///
/// # Errors
/// When the text is no mapping.
pub fn parse_vars(text: &str) -> Result<Map<String, Json>, Diagnostic> {
    match yaml::to_json(&yaml::parse("--vars", text)?) {
        Json::Object(vars) => Ok(vars),
        _ => Err(Diagnostic::new("--vars", "variables are not a mapping")
            .with_hint(Some("write them as '{name: value}'".to_owned()))),
    }
}
