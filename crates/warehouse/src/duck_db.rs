use std::{
    fmt,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use arrow::{datatypes::SchemaRef, record_batch::RecordBatch};
use duckdb::{AccessMode, Config, InterruptHandle, params_from_iter, types::ToSqlOutput};

use crate::rows::{json_value, texts};
use crate::{
    Canceller, Connection, Dialect, Error, Relation, RelationInfo, RelationKind, Result, Value,
    Warehouse,
};

mod carry;
mod create;
mod single_query;
#[cfg(test)]
mod tests;

/// What a DuckDB warehouse may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Creates the file when it is missing. One process at a time.
    ReadWrite,
    /// Never writes; any number of processes.
    ReadOnly,
    /// Read-only for SQL that strangers write: no file but this one can be reached, and no setting changed.
    /// The raw views, which read the lake's files, do not work here; the models do.
    Sandboxed,
}

/// The oldest DuckDB that can read the files written here.
const STORAGE_VERSION: &str = "v1.5.0";

/// What DuckDB may use of the machine; `None` leaves DuckDB's own default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Such as `2GB`; DuckDB's default is 80 % of the machine.
    pub memory_limit: Option<String>,
    /// How many threads all its connections share.
    pub threads: Option<usize>,
    /// Where larger-than-memory work spills to; DuckDB's default is next to the file.
    pub temp_directory: Option<PathBuf>,
    /// How much of it may be there at once, such as `10GB`; DuckDB's default is nine tenths of what is free.
    pub temp_directory_limit: Option<String>,
    /// New tables take rows as they come, and not in the order of what they are read from: half the time of a
    /// long table, and less memory.
    pub takes_rows_as_they_come: bool,
}

/// One DuckDB file, opened once; its connections share memory and threads.
pub struct DuckDb {
    database: String,
    location: String,
    // Only ever cloned from: a DuckDB connection serves one thread at a time.
    root: Mutex<duckdb::Connection>,
    /// What each new connection runs first.
    greeting: Option<String>,
}

impl DuckDb {
    /// Opens a database file.
    ///
    /// # Errors
    /// When the file is missing (read-only), locked by another process or not a DuckDB file.
    pub fn open(path: &Path, access: Access, settings: &Settings) -> Result<Self> {
        let location = path.display().to_string();
        let open = || {
            let connection = duckdb::Connection::open_with_flags(path, config(access, settings)?)?;
            Self::new(connection, access, settings, location.clone())
        };
        open().map_err(|error| Error::Open {
            location: location.clone(),
            message: message(error),
        })
    }

    /// Opens a database that lives in memory and ends with its last connection.
    ///
    /// # Errors
    /// When DuckDB rejects the settings.
    pub fn in_memory(settings: &Settings) -> Result<Self> {
        let location = ":memory:".to_owned();
        let open = || {
            let connection = duckdb::Connection::open_in_memory_with_flags(config(
                Access::ReadWrite,
                settings,
            )?)?;
            Self::new(connection, Access::ReadWrite, settings, location.clone())
        };
        open().map_err(|error| Error::Open {
            location: location.clone(),
            message: message(error),
        })
    }

    fn new(
        root: duckdb::Connection,
        access: Access,
        settings: &Settings,
        location: String,
    ) -> duckdb::Result<Self> {
        // Results must not depend on where the server stands. The setting is missing without the icu
        // extension, and then there is no time zone to depend on.
        if let Err(error) = root.execute_batch("set global timezone = 'UTC'") {
            tracing::debug!(%error, "this build of DuckDB has no time zones");
        }
        if let Some(limit) = &settings.temp_directory_limit {
            // Given when it is opened, DuckDB 1.5.6 shows the limit and does not keep it.
            let limit = limit.replace('\'', "''");
            root.execute_batch(&format!("set global max_temp_directory_size = '{limit}'"))?;
        }
        if access == Access::Sandboxed {
            root.execute_batch("set global lock_configuration = true")?;
        }
        let database = root.query_row("select current_database()", [], |row| row.get(0))?;
        Ok(Self {
            database,
            location,
            root: Mutex::new(root),
            greeting: None,
        })
    }
}

impl fmt::Debug for DuckDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DuckDb")
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}

fn config(access: Access, settings: &Settings) -> duckdb::Result<Config> {
    let mut config = Config::default()
        .enable_autoload_extension(false)?
        .with("autoinstall_known_extensions", "false")?
        .with("allow_community_extensions", "false")?
        // New files in the layout of our own release: its compression of texts is smaller and takes less time.
        .with("storage_compatibility_version", STORAGE_VERSION)?
        .access_mode(if access == Access::ReadWrite {
            AccessMode::ReadWrite
        } else {
            AccessMode::ReadOnly
        })?;
    if let Some(memory_limit) = &settings.memory_limit {
        config = config.max_memory(memory_limit)?;
    }
    if let Some(threads) = settings.threads {
        config = config.with("threads", threads.to_string())?;
    }
    if let Some(folder) = &settings.temp_directory {
        config = config.with("temp_directory", folder.display().to_string())?;
    }
    if settings.takes_rows_as_they_come {
        config = config.with("preserve_insertion_order", "false")?;
    }
    // The last one: no folder can be named after it.
    if access == Access::Sandboxed {
        config = config.enable_external_access(false)?;
    }
    Ok(config)
}

impl Warehouse for DuckDb {
    fn dialect(&self) -> Dialect {
        Dialect::DuckDb
    }

    fn database(&self) -> &str {
        &self.database
    }

    fn connect(&self) -> Result<Box<dyn Connection>> {
        let root = self.root.lock().unwrap_or_else(PoisonError::into_inner);
        let greet = |connection: duckdb::Connection| {
            if let Some(sql) = &self.greeting {
                connection.execute_batch(sql)?;
            }
            Ok(connection)
        };
        let connection = root
            .try_clone()
            .and_then(greet)
            .map_err(|error| Error::Open {
                location: self.location.clone(),
                message: message(error),
            })?;
        let interrupt = Arc::new(Interrupt {
            is_asked: AtomicBool::new(false),
            handle: connection.interrupt_handle(),
        });
        Ok(Box::new(Session {
            connection,
            interrupt,
        }))
    }
}

/// One connection; hidden behind the trait.
struct Session {
    connection: duckdb::Connection,
    interrupt: Arc<Interrupt>,
}

impl Connection for Session {
    fn execute(&mut self, sql: &str) -> Result<u64> {
        let run = || {
            let mut statement = self.connection.prepare(sql)?;
            let changed = statement.execute([])?;
            // `create table as` reports its rows as a result, not as a change.
            let created = if changed == 0 {
                created_rows(&statement)?
            } else {
                None
            };
            duckdb::Result::Ok(created.unwrap_or(changed as u64))
        };
        run().map_err(|error| failed(error, sql))
    }

    fn stream(
        &mut self,
        sql: &str,
        parameters: &[Value],
        on_batch: &mut dyn FnMut(RecordBatch) -> ControlFlow<()>,
    ) -> Result<SchemaRef> {
        self.interrupt.is_asked.store(false, Ordering::SeqCst);
        let mut statement = self
            .connection
            .prepare(sql)
            .map_err(|error| failed(error, sql))?;
        let schema = statement
            .stream_arrow(params_from_iter(parameters.iter().map(Bound)))
            .map_err(|error| failed(error, sql))?
            .get_schema();
        // Stepping by hand: the crate's own iterator panics when a batch fails or the query is cancelled.
        loop {
            self.interrupt.check()?;
            let Some(batch) = statement.step().map_err(|error| failed(error, sql))? else {
                break;
            };
            if on_batch(RecordBatch::from(batch)).is_break() {
                break;
            }
        }
        Ok(schema)
    }

    fn expect_query(&mut self, sql: &str) -> Result<()> {
        single_query::expect(self, sql)
    }

    fn relations(&mut self, schema: &str) -> Result<Vec<RelationInfo>> {
        let rows = self.query(
            "select table_catalog, table_schema, table_name, table_type = 'VIEW'
             from information_schema.tables
             where table_catalog = current_database() and lower(table_schema) = lower($1)
             order by table_name",
            &[Value::Text(schema.to_owned())],
        )?;
        let relation = |row: Vec<serde_json::Value>| {
            let mut cells = row.into_iter();
            let mut text = || {
                cells
                    .next()
                    .and_then(|cell| cell.as_str().map(ToOwned::to_owned))
            };
            let relation = Relation {
                database: text(),
                schema: text()?,
                identifier: text()?,
            };
            let is_view = cells.next()?.as_bool()?;
            Some(RelationInfo {
                relation,
                kind: if is_view {
                    RelationKind::View
                } else {
                    RelationKind::Table
                },
            })
        };
        Ok(rows.json_rows().into_iter().filter_map(relation).collect())
    }

    fn columns(&mut self, relation: &Relation) -> Result<Vec<(String, String)>> {
        // A look at the one relation; `information_schema` goes through the columns of all.
        let name = relation.to_string().replace('\'', "''");
        let found = self.query(
            &format!("select name, type from pragma_table_info('{name}') order by cid"),
            &[],
        );
        match found {
            Ok(rows) => Ok(texts(&rows).into_iter().map(<[String; 2]>::into).collect()),
            Err(Error::Sql { message, .. }) if message.starts_with("Catalog Error") => {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::<Interrupt>::clone(&self.interrupt)
    }
}

fn created_rows(statement: &duckdb::Statement<'_>) -> duckdb::Result<Option<u64>> {
    if !matches!(&statement.schema().fields()[..], [field] if field.name() == "Count") {
        return Ok(None);
    }
    let count = statement
        .step()?
        .and_then(|row| json_value(row.column(0), 0).as_u64());
    Ok(count)
}

struct Interrupt {
    // DuckDB forgets an interruption that falls between two batches, so it is remembered here.
    is_asked: AtomicBool,
    handle: Arc<InterruptHandle>,
}

impl Interrupt {
    fn check(&self) -> Result<()> {
        if self.is_asked.load(Ordering::SeqCst) {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }
}

impl Canceller for Interrupt {
    fn cancel(&self) {
        self.is_asked.store(true, Ordering::SeqCst);
        self.handle.interrupt();
    }
}

struct Bound<'a>(&'a Value);

impl duckdb::ToSql for Bound<'_> {
    fn to_sql(&self) -> duckdb::Result<ToSqlOutput<'_>> {
        match self.0 {
            Value::Null => Ok(ToSqlOutput::Owned(duckdb::types::Value::Null)),
            Value::Bool(value) => value.to_sql(),
            Value::Int(value) => value.to_sql(),
            Value::Float(value) => value.to_sql(),
            Value::Text(value) => value.to_sql(),
        }
    }
}

fn failed(error: duckdb::Error, sql: &str) -> Error {
    let message = message(error);
    if message.starts_with("INTERRUPT Error") {
        return Error::Cancelled;
    }
    Error::Sql {
        message,
        sql: sql.to_owned(),
    }
}

/// DuckDB's own words, without the driver's code in front of them.
fn message(error: duckdb::Error) -> String {
    match error {
        duckdb::Error::DuckDBFailure(_, Some(message)) => message.trim().to_owned(),
        other => other.to_string(),
    }
}
