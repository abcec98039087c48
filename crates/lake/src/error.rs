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
    /// The text that says where a lake is has a scheme, and is no address.
    #[error("`{scheme}://…` is no address of a lake: {reason}")]
    Address {
        /// Before `://`.
        scheme: String,
        /// What would have to follow; the rest is not shown, because it may hold a secret.
        reason: &'static str,
    },
    /// A file of the lake could not be stored, read or listed.
    #[error("{}", fault.sentence(location))]
    Store {
        /// The lake.
        location: String,
        /// Whose fault it is.
        fault: Fault,
        /// What the store or the network said.
        #[source]
        detail: Detail,
    },
    /// A part is no part.
    #[error("the part `{}` cannot be read: {message}", path.display())]
    Part {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// A part of a later release.
    #[error("the part `{}` has layout {version} and this release reads up to {newest}", path.display())]
    NewerPart {
        /// The file.
        path: PathBuf,
        /// Its layout.
        version: u32,
        /// The newest layout that is known.
        newest: u32,
    },
    /// A part that a manifest names is gone.
    #[error("`{part}` is gone from the lake `{location}`, and observations with it")]
    MissingPart {
        /// The lake.
        location: String,
        /// Kind and name.
        part: String,
    },
    /// A manifest of the lake cannot be used.
    #[error("`{name}` of the lake `{location}` cannot be used: {message}")]
    Manifest {
        /// The lake.
        location: String,
        /// The file, within it.
        name: String,
        /// Why.
        message: String,
    },
    /// A merged part does not hold what it was made from; it was thrown away.
    #[error(
        "merging parts of `{kind}` gave {n_found} rows instead of {n_expected}, or other ones; all parts are as they were"
    )]
    Unequal {
        /// The raw table.
        kind: &'static str,
        /// Rows that went in.
        n_expected: u64,
        /// Rows that came out.
        n_found: u64,
    },
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

/// What lies beneath an error, in words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Detail(pub(crate) String);

/// Whose fault it is that files cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The store takes the credential for nobody's, or lets it do less.
    Refused,
    /// There is no credential.
    NoCredential,
    /// There is no such bucket.
    NoBucket,
    /// Nobody answers.
    Unreachable,
    /// The address is unencrypted, and nobody said that it may be.
    PlainHttp,
    /// Another one, which the detail tells.
    Other,
}

impl Fault {
    fn sentence(self, location: &str) -> String {
        match self {
            Self::Refused => format!("the object store refuses the credential for `{location}`"),
            Self::NoCredential => format!("there is no credential for `{location}`"),
            Self::NoBucket => format!("there is no bucket for `{location}`"),
            Self::Unreachable => format!("no answer from the object store of `{location}`"),
            Self::PlainHttp => {
                format!("the object store of `{location}` would be asked without encryption")
            }
            Self::Other => format!("failed to access the files of the lake `{location}`"),
        }
    }
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
