//! Observations to and from Parquet on any object store.
//!
//! ```text
//! Observation ──append──▶ journal (local, one line each) ──roll──▶ movies/<run>-<n>.parquet
//! ```
//!
//! Read in this order: [`Observation`] and [`Kind`], then [`Lake`], then [`Writer`].
//! The lake never talks to the API and never opens a database.

mod kind;
mod observation;

pub use kind::Kind;
pub use observation::Observation;
