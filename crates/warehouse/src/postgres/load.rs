//! The lake's files into the raw tables: only new ones, each whole or not at all, several at a time.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    fs::File,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use arrow::{
    array::{AsArray as _, BooleanArray},
    compute::filter_record_batch,
    error::ArrowError,
    record_batch::RecordBatch,
};
use bytes::Bytes;
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
};

use super::{
    Postgres,
    copy::Encoder,
    jobs::{Job, JobLock, explain_lock},
    session::{CHUNK_BYTES, Session},
};
use crate::{Connection as _, Error, RawFile, RawTable, Relation, Result, raw};

/// The schema of the tables that keep account.
pub(super) const CONTROL_SCHEMA: &str = "filmstar";
/// Bodies are large: this many are some megabytes.
const BATCH_ROWS: usize = 256;

mod migrations {
    refinery::embed_migrations!("src/postgres/migrations");
}

/// How to load.
#[derive(Debug, Clone, Copy)]
pub struct LoadOptions {
    /// Connections at work side by side, one file each.
    pub n_connections: usize,
}

/// How far a load is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadProgress {
    /// Files that were not there before.
    pub n_parts: usize,
    /// Of them, how many are there now.
    pub n_parts_done: usize,
    /// Rows of those.
    pub n_rows: u64,
}

/// What a load did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Files that came.
    pub n_parts: usize,
    /// Files that had come before.
    pub n_known_parts: usize,
    /// Observations that came.
    pub n_rows: u64,
    /// Bytes sent to the server.
    pub n_bytes: u64,
    /// Values with a character U+0000, which the server cannot store: it was replaced by U+FFFD. The payload
    /// has them as they came.
    pub n_replaced: u64,
    /// Versions that the schema was migrated to, if it was.
    pub migrations: Vec<String>,
}

/// Brings the schema up to date and loads the files that are not there yet. Safe to repeat, and to kill: what is
/// done is done, and nothing comes twice.
///
/// # Errors
/// When another load is at work, the server fails or stops, a file cannot be read or a later release wrote it, or
/// `is_cancelled` says so.
pub fn load(
    postgres: &Postgres,
    tables: &[RawTable],
    options: LoadOptions,
    is_cancelled: &(dyn Fn() -> bool + Sync),
    on_progress: &(dyn Fn(LoadProgress) + Sync),
) -> Result<Loaded> {
    let mut lock = JobLock::take(postgres, Job::Load)?;
    let migrations =
        migrate(&mut lock.session, postgres).map_err(|error| explain_lock(postgres, error))?;
    let known = known_parts(&mut lock.session)?;
    let mut loaded = Loaded {
        migrations,
        ..Loaded::default()
    };
    let mut queue = VecDeque::new();
    for table in tables {
        for file in &table.files {
            let is_missing =
                |part: &&String| !known.contains(&(table.name.clone(), (*part).clone()));
            let missing: Vec<_> = file.parts.iter().filter(is_missing).cloned().collect();
            if missing.is_empty() {
                loaded.n_known_parts += 1;
            } else {
                // Before anything comes, rather than after half of it.
                file.check()?;
                queue.push_back(Task {
                    table,
                    file,
                    missing,
                });
            }
        }
    }
    let work = Work {
        postgres,
        progress: Mutex::new(LoadProgress {
            n_parts: queue.len(),
            ..LoadProgress::default()
        }),
        queue: Mutex::new(queue),
        has_failed: AtomicBool::new(false),
        is_cancelled,
        on_progress,
    };
    on_progress(*work.progress());
    let n_workers = options.n_connections.min(work.progress().n_parts);
    let outcomes: Vec<Result<Loaded>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(|| work.run())).collect();
        workers
            .into_iter()
            .map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    let mut failure = None;
    for outcome in outcomes {
        match outcome {
            Ok(done) => {
                loaded.n_parts += done.n_parts;
                loaded.n_rows += done.n_rows;
                loaded.n_bytes += done.n_bytes;
                loaded.n_replaced += done.n_replaced;
            }
            // The first cause; the others stopped because of it.
            Err(error) if failure.is_none() || matches!(failure, Some(Error::Cancelled)) => {
                failure = Some(error);
            }
            Err(_) => {}
        }
    }
    if let Some(error) = failure {
        return Err(explain_lock(postgres, error));
    }
    if loaded.n_rows > 0 {
        for table in tables {
            lock.session
                .execute(&format!("analyze {}", target(table)))?;
        }
    }
    Ok(loaded)
}

/// Creates or changes the raw and the control tables; returns what was done.
pub(super) fn migrate(session: &mut Session, postgres: &Postgres) -> Result<Vec<String>> {
    for schema in [CONTROL_SCHEMA, raw::SCHEMA] {
        // `if not exists` asks for the right to create even where there is nothing to create.
        if !session.has_schema(schema)? {
            session.execute(&format!("create schema {schema}"))?;
        }
    }
    let mut runner = migrations::migrations::runner();
    runner.set_migration_table_name(format!("{CONTROL_SCHEMA}.migrations"));
    let report = postgres
        .network
        .wait(runner.run_async(session.client()))
        .map_err(|error| migration_failed(error, session))?;
    Ok(report
        .applied_migrations()
        .iter()
        .map(ToString::to_string)
        .collect())
}

fn migration_failed(error: refinery::Error, session: &Session) -> Error {
    use std::error::Error as _;

    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(server) = inner.downcast_ref::<tokio_postgres::Error>() {
            return session.failed(server, "migrations");
        }
        source = inner.source();
    }
    Error::Sql {
        message: format!("the schema is not the one this release migrates: {error}"),
        sql: String::new(),
    }
}

fn known_parts(session: &mut Session) -> Result<HashSet<(String, String)>> {
    let rows = session.query("select kind, part from filmstar.loaded_parts", &[])?;
    Ok(crate::rows::texts(&rows)
        .into_iter()
        .map(<[String; 2]>::into)
        .collect())
}

fn target(table: &RawTable) -> Relation {
    Relation {
        database: None,
        schema: raw::SCHEMA.to_owned(),
        identifier: table.name.clone(),
    }
}

/// A file to load, or those of its rows that came in parts that are not there yet.
struct Task<'a> {
    table: &'a RawTable,
    file: &'a RawFile,
    missing: Vec<String>,
}

/// What the workers share.
struct Work<'a> {
    postgres: &'a Postgres,
    queue: Mutex<VecDeque<Task<'a>>>,
    progress: Mutex<LoadProgress>,
    has_failed: AtomicBool,
    is_cancelled: &'a (dyn Fn() -> bool + Sync),
    on_progress: &'a (dyn Fn(LoadProgress) + Sync),
}

impl Work<'_> {
    fn progress(&self) -> std::sync::MutexGuard<'_, LoadProgress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) -> Result<Loaded> {
        let done = self.load_all();
        if done.is_err() {
            self.has_failed.store(true, Ordering::SeqCst);
        }
        done
    }

    fn load_all(&self) -> Result<Loaded> {
        let mut session = self.postgres.session()?;
        let mut done = Loaded::default();
        loop {
            let next = {
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                queue.pop_front()
            };
            let Some(task) = next else {
                return Ok(done);
            };
            let n_rows = self.load_part(&mut session, &task, &mut done)?;
            let mut progress = self.progress();
            progress.n_parts_done += 1;
            progress.n_rows += n_rows;
            (self.on_progress)(*progress);
        }
    }

    /// One file, in one transaction.
    fn load_part(&self, session: &mut Session, task: &Task<'_>, done: &mut Loaded) -> Result<u64> {
        let mut part = Part::open(task)?;
        session.execute("begin")?;
        let copied = session.copy_from(
            &part.encoder.statement(&target(task.table).to_string()),
            &mut || {
                if self.has_failed.load(Ordering::SeqCst) || (self.is_cancelled)() {
                    return Err(Error::Cancelled);
                }
                let chunk = part.next()?;
                done.n_bytes += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
                Ok(chunk)
            },
        );
        let committed = copied.and_then(|n_rows| {
            let kind = super::literal(&task.table.name);
            let counts = part
                .n_rows
                .iter()
                .map(|(part, n_rows)| format!("({kind}, {}, {n_rows})", super::literal(part)));
            session.execute(&format!(
                "insert into filmstar.loaded_parts (kind, part, n_rows) values {}; commit",
                counts.collect::<Vec<_>>().join(", "),
            ))?;
            Ok(n_rows)
        });
        match committed {
            Ok(n_rows) => {
                done.n_parts += 1;
                done.n_rows += n_rows;
                done.n_replaced += part.encoder.n_replaced();
                Ok(n_rows)
            }
            Err(error) => {
                // The copy's own error is the one to tell.
                let _ = session.execute("rollback");
                Err(error)
            }
        }
    }
}

/// A file of the lake as the bytes of one `COPY`.
struct Part {
    name: String,
    reader: ParquetRecordBatchReader,
    encoder: Encoder,
    is_finished: bool,
    /// Rows of each part that is wanted.
    n_rows: BTreeMap<String, u64>,
    /// Whether each row says which part it is of; else all are of the one.
    is_merged: bool,
}

impl Part {
    fn open(task: &Task<'_>) -> Result<Self> {
        let (table, file) = (task.table, &task.file.path);
        let unreadable = |error: &dyn std::fmt::Display| Error::Part {
            file: file.display().to_string(),
            message: error.to_string(),
        };
        let opened = File::open(file).map_err(|error| unreadable(&error))?;
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|error| unreadable(&error))?;
        let wanted = builder.schema().fields().iter().enumerate();
        let wanted = wanted.filter(|(_, field)| {
            table.schema.field_with_name(field.name()).is_ok() || field.name() == lake::PART_COLUMN
        });
        let wanted = wanted.map(|(index, _)| index).collect::<Vec<_>>();
        let projection = ProjectionMask::roots(builder.parquet_schema(), wanted);
        let reader = builder
            .with_projection(projection)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|error| unreadable(&error))?;
        Ok(Self {
            name: file.display().to_string(),
            reader,
            encoder: Encoder::new(&table.schema),
            is_finished: false,
            n_rows: task.missing.iter().map(|part| (part.clone(), 0)).collect(),
            is_merged: task.file.parts.len() > 1,
        })
    }

    /// The rows that are to come, counted.
    fn wanted(&mut self, batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
        let parts = batch.column_by_name(lake::PART_COLUMN);
        let Some(parts) = parts.and_then(|parts| parts.as_string_opt::<i32>()) else {
            if self.is_merged {
                let message = "it does not say which rows came in which part";
                return Err(ArrowError::SchemaError(message.to_owned()));
            }
            for n_rows in self.n_rows.values_mut() {
                *n_rows += batch.num_rows() as u64;
            }
            return Ok(batch);
        };
        let mut is_wanted = Vec::with_capacity(batch.num_rows());
        for part in parts {
            let n_rows = part.and_then(|part| self.n_rows.get_mut(part));
            is_wanted.push(n_rows.is_some());
            if let Some(n_rows) = n_rows {
                *n_rows += 1;
            }
        }
        filter_record_batch(&batch, &BooleanArray::from(is_wanted))
    }

    fn next(&mut self) -> Result<Option<Bytes>> {
        if self.is_finished {
            return Ok(None);
        }
        while self.encoder.n_bytes() < CHUNK_BYTES {
            let Some(batch) = self.reader.next() else {
                self.encoder.finish();
                self.is_finished = true;
                break;
            };
            let added = batch
                .and_then(|batch| self.wanted(batch))
                .and_then(|batch| self.encoder.add(&batch));
            added.map_err(|error| Error::Part {
                file: self.name.clone(),
                message: error.to_string(),
            })?;
        }
        Ok(Some(self.encoder.take().into()))
    }
}
