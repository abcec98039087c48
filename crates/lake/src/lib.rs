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
mod credited;
mod day;
mod error;
mod journal;
mod kind;
mod lake;
mod listed;
mod moment;
mod newest;
mod observation;
mod part;
mod schema;
mod table;
mod writer;

pub use day::DayWriter;
pub use error::{Error, Result};
pub use kind::Kind;
pub use lake::{KindSummary, Lake, LakeFile, Written};
pub use listed::Listed;
pub use newest::{Newest, Seen};
pub use observation::Observation;
pub use writer::{Writer, WriterOptions};
