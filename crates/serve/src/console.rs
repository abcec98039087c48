//! Answers a reader's own SQL: one query, on a connection of its own that reaches nothing but the published build.
//!
//! What holds it: the database opened for strangers ([`Published::sandbox`](crate::Published::sandbox)), its own
//! parser's word that the text is one query, and limits of time, rows and bytes.

use std::{
    ops::ControlFlow,
    sync::Arc,
    time::{Duration, Instant},
};

use arrow::{array::Array as _, record_batch::RecordBatch};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
use warehouse::{Column, Connection, Rows, Warehouse, columns_of};

use crate::{
    Error, Result,
    build::{Build, Builds},
    openapi::{ConsoleColumn, Row},
    stop::{Stop, Watch},
};

/// How long a query waits for one of those before it to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a reader's own query may take.
#[derive(Debug, Clone, Copy)]
pub struct ConsoleLimits {
    /// Queries that run side by side.
    pub queries: usize,
    /// Time of one query.
    pub timeout: Duration,
    /// Rows of one answer.
    pub max_rows: usize,
    /// Bytes of one answer's values.
    pub max_bytes: usize,
}

impl Default for ConsoleLimits {
    fn default() -> Self {
        Self {
            queries: 2,
            timeout: Duration::from_secs(10),
            max_rows: 1_000,
            max_bytes: 4 << 20,
        }
    }
}

/// Who answers.
pub(crate) struct Console {
    slots: Arc<Semaphore>,
    limits: ConsoleLimits,
}

/// What `/api/console` sends.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ConsoleAnswer {
    #[schemars(with = "Vec<ConsoleColumn>")]
    columns: Vec<Column>,
    #[schemars(with = "Vec<Row>")]
    rows: Vec<Vec<Json>>,
    /// Whether the limit of rows or bytes cut the result.
    is_truncated: bool,
    elapsed_ms: u64,
    build_id: String,
}

struct Read {
    columns: Vec<Column>,
    rows: Vec<Vec<Json>>,
    is_truncated: bool,
}

impl Console {
    pub(crate) fn new(limits: ConsoleLimits) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(limits.queries)),
            limits,
        }
    }

    /// Asks the build that is published now.
    pub(crate) async fn ask(&self, builds: &Arc<Builds>, sql: &str) -> Result<ConsoleAnswer> {
        builds
            .ask(async |build: Arc<Build>| self.run(&build, sql).await)
            .await
    }

    async fn run(&self, build: &Arc<Build>, sql: &str) -> Result<ConsoleAnswer> {
        let slots = Arc::clone(&self.slots).acquire_owned();
        let slot = timeout(PATIENCE, slots).await.map_err(|_| Error::Busy)?;
        let sandbox = build.sandbox().await?;
        let started = Instant::now();
        let watch = Watch::default();
        let (stop, sql, limits) = (watch.stop.clone(), sql.to_owned(), self.limits);
        let job = spawn_blocking(move || {
            let _slot = slot;
            work(sandbox.as_ref(), &stop, &sql, limits)
        });
        let read = match timeout(self.limits.timeout, job).await {
            Ok(Ok(read)) => read.map_err(explain)?,
            Ok(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
            Err(_) => {
                return Err(Error::Console {
                    message: format!("stopped after {} s", self.limits.timeout.as_secs()),
                    hint: Some("ask for less, or export the tables and ask them elsewhere"),
                });
            }
        };
        Ok(ConsoleAnswer {
            columns: read.columns,
            rows: read.rows,
            is_truncated: read.is_truncated,
            elapsed_ms: started.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
            build_id: build.id().to_owned(),
        })
    }
}

/// On a connection that is thrown away afterwards, with whatever the query did to it.
fn work(
    sandbox: &dyn Warehouse,
    stop: &Stop,
    sql: &str,
    limits: ConsoleLimits,
) -> warehouse::Result<Read> {
    let mut connection = sandbox.connect()?;
    stop.begin(connection.canceller())?;
    connection.expect_query(sql)?;
    stop.check()?;
    let read = read(connection.as_mut(), sql, limits);
    stop.end();
    read
}

fn read(
    connection: &mut dyn Connection,
    sql: &str,
    limits: ConsoleLimits,
) -> warehouse::Result<Read> {
    let (mut rows, mut n_bytes, mut is_truncated) = (Vec::new(), 0, false);
    let schema = connection.stream(sql, &[], &mut |batch| {
        for index in 0..batch.num_rows() {
            let row = batch.slice(index, 1);
            n_bytes += size(&row);
            if rows.len() == limits.max_rows || n_bytes > limits.max_bytes {
                is_truncated = true;
                return ControlFlow::Break(());
            }
            let schema = row.schema();
            let batches = vec![row];
            rows.extend(Rows { schema, batches }.json_rows());
        }
        ControlFlow::Continue(())
    })?;
    Ok(Read {
        columns: columns_of(&schema),
        rows,
        is_truncated,
    })
}

/// Bytes of a row's values, before anything is made of them.
fn size(row: &RecordBatch) -> usize {
    let sizes = row
        .columns()
        .iter()
        .map(|column| column.to_data().get_slice_memory_size());
    // Where a column cannot tell, its whole batch counts.
    sizes
        .zip(row.columns())
        .map(|(size, column)| size.unwrap_or_else(|_| column.get_array_memory_size()))
        .sum()
}

/// The one place where what the database says is the reader's to read.
fn explain(error: warehouse::Error) -> Error {
    use warehouse::Error as Said;
    let (message, hint) = match error {
        Said::Sql { message, .. } => (message, None),
        Said::Denied { message, .. } | Said::OutOfSpace { message } => (message, None),
        not_a_query @ Said::NotAQuery { .. } => (
            not_a_query.to_string(),
            Some("the console only reads; `filmstar build` makes tables"),
        ),
        source => {
            return Error::Query {
                tile: "console".to_owned(),
                source,
            };
        }
    };
    Error::Console { message, hint }
}
