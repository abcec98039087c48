use std::{ops::ControlFlow, sync::Arc};

use arrow::{datatypes::SchemaRef, record_batch::RecordBatch};

use crate::{Relation, Rows, Value};

/// A database that holds the raw tables and the models.
pub trait Warehouse: Send + Sync {
    /// Which SQL it speaks; dbt's name for the adapter.
    fn dialect(&self) -> Dialect;

    /// The database (DuckDB: catalog) that unqualified names live in.
    fn database(&self) -> &str;

    /// Opens a connection of its own; connections work side by side.
    ///
    /// # Errors
    /// When the database cannot be opened or reached.
    fn connect(&self) -> Result<Box<dyn Connection>>;
}

/// The SQL dialects Filmstar speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Embedded DuckDB.
    DuckDb,
    /// PostgreSQL 15 or newer.
    Postgres,
}

impl Dialect {
    /// dbt's adapter type: `duckdb` or `postgres`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
        }
    }
}

/// One session with the warehouse.
pub trait Connection: Send {
    /// Runs one or several statements and returns the rows the last one changed.
    ///
    /// # Errors
    /// What the database said, with the statement.
    fn execute(&mut self, sql: &str) -> Result<u64>;

    /// Runs one query with positional parameters (`$1`, `$2` …) and hands over its batches as they come;
    /// `on_batch` may stop early. Returns the schema of the result.
    ///
    /// # Errors
    /// What the database said, with the statement.
    fn stream(
        &mut self,
        sql: &str,
        parameters: &[Value],
        on_batch: &mut dyn FnMut(RecordBatch) -> ControlFlow<()>,
    ) -> Result<SchemaRef>;

    /// Runs one query and collects its rows. For results that fit in memory.
    ///
    /// # Errors
    /// What the database said, with the statement.
    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Rows> {
        let mut batches = Vec::new();
        let schema = self.stream(sql, parameters, &mut |batch| {
            batches.push(batch);
            ControlFlow::Continue(())
        })?;
        Ok(Rows { schema, batches })
    }

    /// Makes sure that the text is one statement that only asks (a query, or `explain` and a query), by the
    /// database's own parser; runs nothing of it.
    ///
    /// # Errors
    /// [`Error::NotAQuery`], or what the database said of the text.
    fn expect_query(&mut self, sql: &str) -> Result<()> {
        let _ = sql;
        Err(Error::NotAQuery { n_statements: 1 })
    }

    /// Runs a `copy … from stdin …` with the given bytes and returns how many rows came.
    ///
    /// # Errors
    /// What the database said, with the statement; that it takes no such statement; or what reading failed with.
    fn copy_in(&mut self, statement: &str, data: &mut dyn std::io::Read) -> Result<u64> {
        let _ = data;
        Err(Error::Sql {
            message: "this database copies from files, not from a connection".to_owned(),
            sql: statement.to_owned(),
        })
    }

    /// Tables and views of one schema; empty when there is no such schema.
    ///
    /// # Errors
    /// What the database said.
    fn relations(&mut self, schema: &str) -> Result<Vec<RelationInfo>>;

    /// Column names and SQL types of a relation in order; empty when there is no such relation.
    ///
    /// # Errors
    /// What the database said.
    fn columns(&mut self, relation: &Relation) -> Result<Vec<(String, String)>>;

    /// Columns of a relation whose values the database itself keeps unique, null apart, each by an index on it alone.
    ///
    /// # Errors
    /// What the database said.
    fn unique_columns(&mut self, relation: &Relation) -> Result<Vec<String>> {
        let _ = relation;
        Ok(Vec::new())
    }

    /// A handle that stops this connection's running statement from another thread.
    fn canceller(&self) -> Arc<dyn Canceller>;
}

/// Stops a running statement; safe to call at any time.
pub trait Canceller: Send + Sync {
    /// Asks the database to stop what the connection runs now, if anything.
    fn cancel(&self);
}

/// A table or view as the catalog lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationInfo {
    /// Its full name.
    pub relation: Relation,
    /// Whether it stores rows.
    pub kind: RelationKind,
}

/// What a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    /// Stores rows.
    Table,
    /// Computes rows.
    View,
}

/// What can go wrong between Filmstar and a database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file or server could not be opened.
    #[error("failed to open the warehouse at `{location}`: {message}")]
    Open {
        /// Path or redacted URL.
        location: String,
        /// What the database said.
        message: String,
    },
    /// The database rejected or failed a statement.
    #[error("{message}")]
    Sql {
        /// What the database said.
        message: String,
        /// The statement.
        sql: String,
    },
    /// What should be one query is another statement, several, or none.
    #[error("{}", not_a_query(*.n_statements))]
    NotAQuery {
        /// How many statements were found.
        n_statements: usize,
    },
    /// The statement was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The server does not let this user in, or not into this database.
    #[error("`{location}` refused the connection: {message}")]
    Refused {
        /// Redacted URL.
        location: String,
        /// What the server said.
        message: String,
    },
    /// The server is older than what Filmstar runs on.
    #[error("the server at `{location}` is PostgreSQL {found}, and Filmstar needs 15 or newer")]
    TooOld {
        /// Redacted URL.
        location: String,
        /// As the server states it.
        found: String,
    },
    /// The connection ended under way: a restart, a network, an administrator.
    #[error("the connection to `{location}` was lost: {message}")]
    Lost {
        /// Redacted URL.
        location: String,
        /// What the server or the network said.
        message: String,
    },
    /// The user may not do this.
    #[error("`{location}` does not allow it: {message}")]
    Denied {
        /// Redacted URL.
        location: String,
        /// What the server said.
        message: String,
    },
    /// Another session kept a lock for longer than this one may wait.
    #[error("another session holds a lock{}", named(.holders))]
    Locked {
        /// Who, as far as the server tells: process, program, statement.
        holders: Vec<String>,
        /// The statement that waited.
        sql: String,
    },
    /// The server's disk, or the quota on it, is full.
    #[error("the server is out of space: {message}")]
    OutOfSpace {
        /// What the server said.
        message: String,
    },
    /// The same work is being done by somebody else.
    #[error("another {what} of this warehouse is at work{}", named(.holders))]
    Busy {
        /// `load` or `build`.
        what: &'static str,
        /// Who, as far as the server tells.
        holders: Vec<String>,
    },
    /// The build that a reader was given has been replaced by a newer one.
    #[error("a newer build was published meanwhile")]
    Superseded,
    /// A newer release of Filmstar wrote it, in a layout that this one does not know.
    #[error(
        "the {what} at `{location}` has layout {found}, and this release of Filmstar knows {known} at most"
    )]
    TooNew {
        /// What was written.
        what: &'static str,
        /// Path or redacted URL.
        location: String,
        /// Its layout.
        found: u32,
        /// The newest that this release knows.
        known: u32,
    },
    /// The warehouse lacks what a step before should have made.
    #[error("the warehouse at `{location}` has no {missing}")]
    NotPrepared {
        /// Redacted URL.
        location: String,
        /// What is not there.
        missing: String,
    },
    /// A file of the lake cannot be read.
    #[error("failed to read `{file}`: {message}")]
    Part {
        /// Its name.
        file: String,
        /// Why.
        message: String,
    },
    /// A build's name is no plain word.
    #[error("`{build_id}` is no name for a build: letters, digits, `-`, `_` and `.` only")]
    BuildName {
        /// The name.
        build_id: String,
    },
    /// A build's name is taken.
    #[error("a build named `{build_id}` exists already")]
    BuildExists {
        /// The name.
        build_id: String,
    },
    /// A build was to be published whose database is missing or still open.
    #[error("build `{build_id}` has no database or one that is still open")]
    BuildUnfinished {
        /// The name.
        build_id: String,
    },
    /// Nothing has been published.
    #[error("no build has been published in `{location}` yet")]
    NoBuild {
        /// The warehouse's folder.
        location: String,
    },
    /// A result could not be written out.
    #[error("failed to write the rows: {0}")]
    Export(#[from] arrow::error::ArrowError),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

impl Error {
    /// Whether the warehouse itself failed, so that no other statement would fare better.
    pub fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Open { .. } | Self::Refused { .. } | Self::Lost { .. } | Self::OutOfSpace { .. }
        )
    }

    /// Whether the reader of the output has gone, as when `head` has seen enough: no fault of ours.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::File(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

fn not_a_query(n_statements: usize) -> &'static str {
    match n_statements {
        0 => "there is no statement in it",
        1 => {
            "only queries are answered: select, with, values, describe, or explain and one of these"
        }
        _ => "one statement at a time",
    }
}

fn named(holders: &[String]) -> String {
    if holders.is_empty() {
        return String::new();
    }
    format!(": {}", holders.join("; "))
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
