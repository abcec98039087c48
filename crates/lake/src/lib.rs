//! Observations to and from Parquet on any object store.
//!
//! ```text
//! Observation ──append──▶ journal (local, one line each) ──roll──▶ movies/<run>-<n>.parquet
//! a day's export ──append──▶ staged file ──finish──▶ movie_exports/<run>-<day>.parquet
//! ```
//!
//! Read in this order: [`Observation`] and [`Kind`], then [`Lake`], then [`Writer`] and [`DayWriter`].
//! The lake never talks to the API and never opens a database.

mod columns;
mod compact;
mod copies;
mod credited;
mod day;
mod error;
mod footer;
mod journal;
mod kind;
mod lake;
mod layout;
mod listed;
mod location;
mod manifest;
mod merge;
mod moment;
mod newest;
mod notes;
mod observation;
mod part;
mod prune;
mod schema;
mod store;
mod table;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod verify;
mod writer;

pub use compact::{CompactOptions, Compacted, IsPinned, MergedParts, Reading};
pub use day::DayWriter;
pub use error::{Detail, Error, Fault, Result};
pub use footer::check_layout;
pub use kind::Kind;
pub use lake::{Fetched, InJournal, KindSummary, Lake, LakeFile, Written};
pub use listed::Listed;
pub use location::{Address, Location};
pub use merge::PART_COLUMN;
pub use newest::{Newest, Seen};
pub use notes::Note;
pub use observation::Observation;
pub use prune::{Pruned, PrunedKind};
pub use store::StoreSettings;
pub use verify::{Finding, Verified};
pub use writer::{Writer, WriterOptions};
