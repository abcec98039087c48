//! Observations to and from Parquet on any object store.
//!
//! ```text
//! Observation ──append──▶ journal (local, one line each) ──roll──▶ movies/<run>-<n>.parquet
//! ```
//!
//! Read in this order: [`Observation`] and [`Kind`], then [`Lake`], then [`Writer`].
//! The lake never talks to the API and never opens a database.

mod columns;
mod error;
mod journal;
mod kind;
mod lake;
mod moment;
mod observation;
mod part;
mod schema;
mod table;
mod writer;

pub use error::{Error, Result};
pub use kind::Kind;
pub use lake::{KindSummary, Lake, LakeFile, Seen, Written};
pub use observation::Observation;
pub use writer::{Writer, WriterOptions};
