use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use warehouse::Relation;

use crate::{Constraint, Options, freshness::Freshness, unit_test::UnitTest};

/// dbt's `unique_id`: `model.filmstar.dim_movies`.
pub type NodeId = String;

/// What a node of the graph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    /// A select that makes a relation.
    Model,
    /// A CSV file.
    Seed,
    /// The history of what a select gave.
    Snapshot,
    /// A table that the project reads and does not make.
    Source,
    /// A query whose rows are failures.
    Test,
    /// A model's answer to rows that are made up.
    UnitTest,
    /// A select that is only compiled.
    Analysis,
    /// Something outside that reads models.
    Exposure,
    /// SQL that runs before or after all others: `on-run-start`, `on-run-end`.
    Operation,
}

impl NodeKind {
    /// dbt's `resource_type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Seed => "seed",
            Self::Snapshot => "snapshot",
            Self::Source => "source",
            Self::Test => "test",
            Self::UnitTest => "unit_test",
            Self::Analysis => "analysis",
            Self::Exposure => "exposure",
            Self::Operation => "operation",
        }
    }
}

/// How a model is kept in the warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Materialization {
    /// A view.
    View,
    /// A table, built anew each time.
    Table,
    /// A table that each run adds to.
    Incremental,
    /// Not at all: a CTE in what reads it.
    Ephemeral,
    /// A table filled from a CSV file.
    Seed,
    /// A table with a row for each version of a row.
    Snapshot,
    /// A query whose rows are failures.
    Test,
}

/// A documented column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// Declared SQL type.
    pub data_type: Option<String>,
    /// Whether its name is quoted, if that is written.
    pub quote: Option<bool>,
    /// What its values must meet.
    pub constraints: Vec<Constraint>,
    /// Tags, for the selection of its tests.
    pub tags: Vec<String>,
    /// Free-form facts.
    pub meta: Map<String, Json>,
}

/// What a generic test was made from.
#[derive(Debug, Clone)]
pub struct TestMetadata {
    /// `not_null`, `unique` …
    pub name: String,
    /// The package it was named with, if any.
    pub namespace: Option<String>,
    /// Its arguments, as written.
    pub arguments: Map<String, Json>,
    /// The column it is about, if one.
    pub column_name: Option<String>,
    /// The model or seed it is written under.
    pub attached_node: Option<NodeId>,
    /// The entry of the file's list it stands in.
    pub file_key_name: String,
}

/// What only sources have.
#[derive(Debug, Clone, Default)]
pub struct SourceTable {
    /// The source that the table belongs to.
    pub source_name: String,
    /// What the source is.
    pub source_description: String,
    /// Who loads it.
    pub loader: String,
    /// How old its rows may be.
    pub freshness: Freshness,
    /// Which of database, schema and identifier are written without quotes.
    pub(crate) unquoted: [bool; 3],
    /// What DuckDB reads in its place: a quoted path, or a call.
    pub(crate) external: Option<String>,
    /// `quoting:` as it is written, the table's over the source's.
    pub(crate) quoting: Map<String, Json>,
}

/// Where a `ref` points, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The package, when two arguments were given.
    pub package: Option<String>,
    /// The model's or seed's name.
    pub name: String,
}

/// A part of the project that the graph knows.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its identity.
    pub unique_id: NodeId,
    /// What it is.
    pub kind: NodeKind,
    /// Its name.
    pub name: String,
    /// Package it belongs to.
    pub package: String,
    /// Where its package is below the project; empty for the project's own nodes.
    pub package_folder: String,
    /// Path below its resource folder.
    pub path: String,
    /// Path below its package.
    pub original_file_path: String,
    /// Package, folders and name.
    pub fqn: Vec<String>,
    /// The template.
    pub raw_code: String,
    /// SHA-256 of the file, where it is not that of the template.
    pub checksum: Option<String>,
    /// The merged configuration.
    pub config: Map<String, Json>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// What it is, in the words of its properties file.
    pub description: String,
    /// Documented columns.
    pub columns: Vec<Column>,
    /// What its rows must meet, over several columns.
    pub constraints: Vec<Constraint>,
    /// The yml that describes it: `package://path`.
    pub patch_path: Option<String>,
    /// Schema it lives in.
    pub schema: String,
    /// Database it lives in.
    pub database: String,
    /// Its name in the warehouse.
    pub alias: String,
    /// `ref` calls, in order.
    pub refs: Vec<Reference>,
    /// `source` calls, in order.
    pub sources: Vec<(String, String)>,
    /// Macros it uses.
    pub macros: BTreeSet<String>,
    /// Nodes it depends on, in order of mention.
    pub depends_on: Vec<NodeId>,
    /// What only generic tests have.
    pub test: Option<TestMetadata>,
    /// What only unit tests have.
    pub unit_test: Option<Box<UnitTest>>,
    /// What only sources have.
    pub source: Option<SourceTable>,
    /// Line of the yml entry it was made from, or 1.
    pub line: u32,
}

impl Node {
    /// The file it was made from, as messages name it: from the project.
    pub fn file(&self) -> String {
        self.named(&self.original_file_path)
    }

    /// A file of its package as messages name it.
    pub(crate) fn named(&self, file: &str) -> String {
        match self.package_folder.as_str() {
            "" => file.to_owned(),
            folder => format!("{folder}/{file}"),
        }
    }

    /// The relation it makes or reads.
    pub fn relation(&self) -> Relation {
        Relation {
            database: Some(self.database.clone()),
            schema: self.schema.clone(),
            identifier: self.alias.clone(),
        }
    }

    /// How it is kept; an error names what is not supported.
    pub(crate) fn materialization(&self) -> Result<Materialization, String> {
        match self.config.get("materialized").and_then(Json::as_str) {
            _ if self.kind == NodeKind::Test => Ok(Materialization::Test),
            _ if self.kind == NodeKind::Seed => Ok(Materialization::Seed),
            _ if self.kind == NodeKind::Snapshot => Ok(Materialization::Snapshot),
            None | Some("view") => Ok(Materialization::View),
            Some("table") => Ok(Materialization::Table),
            Some("incremental") => Ok(Materialization::Incremental),
            Some("ephemeral") => Ok(Materialization::Ephemeral),
            Some(other) => Err(format!("materialization `{other}` is not supported")),
        }
    }

    pub(crate) fn is_ephemeral(&self) -> bool {
        self.kind == NodeKind::Model
            && matches!(self.materialization(), Ok(Materialization::Ephemeral))
    }

    /// Whether a test keeps the rows it finds.
    pub(crate) fn stores_failures(&self, options: &Options) -> bool {
        match self.config.get("store_failures") {
            Some(Json::Bool(flag)) => *flag,
            _ => options.store_failures || self.config.contains_key("store_failures_as"),
        }
    }

    /// Whether a model is built anew whatever is there: its own config wins over `--full-refresh`.
    pub(crate) fn is_full_refresh(&self, options: &Options) -> bool {
        match self.config.get("full_refresh") {
            Some(Json::Bool(flag)) => *flag,
            _ => options.full_refresh,
        }
    }

    /// Whether its table is added to, so that a build needs what the build before left.
    pub(crate) fn is_stateful(&self, options: &Options) -> bool {
        match self.materialization() {
            Ok(Materialization::Snapshot) => true,
            Ok(Materialization::Incremental) => !self.is_full_refresh(options),
            _ => false,
        }
    }

    /// Whether a run makes a relation for it.
    pub(crate) fn is_made(&self, options: &Options) -> bool {
        match self.kind {
            NodeKind::Model => !self.is_ephemeral(),
            NodeKind::Seed | NodeKind::Snapshot => true,
            NodeKind::Test => self.stores_failures(options),
            _ => false,
        }
    }

    pub(crate) fn config_text(&self, key: &str) -> Option<&str> {
        self.config.get(key).and_then(Json::as_str)
    }
}
