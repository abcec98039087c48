use std::path::PathBuf;

use chrono::NaiveDate;

/// What can go wrong with a lake.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else writes to this lake.
    #[error("`{location}` is being written by {holder}")]
    Held {
        /// The lake.
        location: String,
        /// Process and run.
        holder: String,
    },
    /// A run's name is no plain word.
    #[error("`{run_id}` is no name for a run: letters, digits, `-`, `_` and `.` only")]
    RunName {
        /// The name.
        run_id: String,
    },
    /// A part could not be stored or read.
    #[error("failed to access the lake's files: {0}")]
    Store(#[from] object_store::Error),
    /// A part could not be made or decoded.
    #[error("failed to read or write Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// Columns could not be put together.
    #[error("failed to lay out columns: {0}")]
    Columns(#[from] arrow::error::ArrowError),
    /// A day's export without a single row: it is no export then.
    #[error("nothing of {day}'s `{kind}` can be read")]
    EmptyDay {
        /// The raw table.
        kind: &'static str,
        /// The day.
        day: NaiveDate,
    },
    /// A file of the journal could not be read or written.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// A line of the journal could not be written.
    #[error("failed to write a line of the journal `{}`: {message}", path.display())]
    Journal {
        /// The segment.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// Work in the background ended early.
    #[error("the work on a part of the lake ended early: {0}")]
    Background(#[from] tokio::task::JoinError),
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
