//! The tables of the schema `history`: on DuckDB views over the account, on a server tables.

use std::fmt::Write as _;

use super::History;
use crate::{Connection, Result};

/// The schema that users ask.
pub const SCHEMA: &str = "history";

/// A table and its columns, with types that both databases know by these names.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// What tells one row from another, when later rows replace earlier ones.
    pub(super) key: &'static [&'static str],
    pub(super) columns: &'static [(&'static str, &'static str)],
}

impl Table {
    /// The name of its file in a run's folder.
    pub(super) fn file(&self) -> String {
        format!("{}.jsonl", self.name)
    }

    /// Its columns, as a list.
    pub(super) fn column_list(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }
}

pub(super) const ALL: [&Table; 4] = [&RUNS, &STEPS, &NODE_RESULTS, &MEASURES];

/// The rows of `node_results` that are tests.
pub(super) const TEST_RESULTS: &str =
    "select run_id, unique_id, name, kind, status, failures, message, started_at, seconds
     from history.node_results where kind in ('test', 'unit_test')";

pub(super) const RUNS: Table = Table {
    name: "runs",
    key: &["run_id"],
    columns: &[
        ("run_id", "text"),
        ("command", "text"),
        ("target", "text"),
        ("version", "text"),
        ("process_id", "int8"),
        ("started_at", "timestamp"),
        ("finished_at", "timestamp"),
        ("seconds", "float8"),
        ("status", "text"),
        ("exit_code", "int8"),
        ("error", "text"),
        ("hint", "text"),
        ("build_id", "text"),
        ("is_published", "bool"),
        ("n_movies_fetched", "int8"),
        ("n_people_fetched", "int8"),
        ("n_export_rows", "int8"),
        ("n_requests", "int8"),
        ("n_retries", "int8"),
        ("n_rate_limited", "int8"),
        ("n_bytes", "int8"),
        ("n_rows_loaded", "int8"),
        ("n_models", "int8"),
        ("n_tests", "int8"),
        ("n_test_warnings", "int8"),
        ("n_test_failures", "int8"),
    ],
};

pub(super) const STEPS: Table = Table {
    name: "steps",
    key: &["run_id", "step"],
    columns: &[
        ("run_id", "text"),
        ("step", "text"),
        ("started_at", "timestamp"),
        ("finished_at", "timestamp"),
        ("seconds", "float8"),
        ("status", "text"),
        ("error", "text"),
    ],
};

pub(super) const NODE_RESULTS: Table = Table {
    name: "node_results",
    key: &[],
    columns: &[
        ("run_id", "text"),
        ("unique_id", "text"),
        ("name", "text"),
        ("kind", "text"),
        ("materialized", "text"),
        ("status", "text"),
        ("failures", "int8"),
        ("message", "text"),
        ("started_at", "timestamp"),
        ("seconds", "float8"),
    ],
};

pub(super) const MEASURES: Table = Table {
    name: "measures",
    key: &[],
    columns: &[
        ("run_id", "text"),
        ("step", "text"),
        ("subject", "text"),
        ("measure", "text"),
        ("value", "float8"),
    ],
};

/// Lays the schema `history` over the account, so that a DuckDB file tells of runs before and after its own. There
/// must be a run in the account: a view over no file cannot be made.
///
/// # Errors
/// What the database said.
pub fn create_views(connection: &mut dyn Connection, history: &History) -> Result<()> {
    connection.execute(&format!("create schema if not exists {SCHEMA}"))?;
    let folder = history.folder.display().to_string().replace('\'', "''");
    for table in ALL {
        connection.execute(&view(table, &folder))?;
    }
    connection.execute(&format!(
        "create or replace view {SCHEMA}.test_results as {TEST_RESULTS}"
    ))?;
    Ok(())
}

fn view(table: &Table, folder: &str) -> String {
    let mut columns = String::new();
    for (name, sql_type) in table.columns {
        write!(columns, "{name}: '{sql_type}', ").expect("a string takes everything");
    }
    let newest = if table.key.is_empty() {
        String::new()
    } else {
        format!(
            "qualify row_number() over (partition by {} order by revision desc) = 1",
            table.key.join(", ")
        )
    };
    // A line that a killed process left half written is no row.
    format!(
        "create or replace view {SCHEMA}.{name} as
         select {list} from read_json('{folder}/*/{file}', format = 'newline_delimited', ignore_errors = true,
             columns = {{{columns}revision: 'int8'}})
         where run_id is not null
         {newest}",
        name = table.name,
        list = table.column_list(),
        file = table.file(),
    )
}
