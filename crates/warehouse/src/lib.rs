//! Parquet to SQL tables: one [`Warehouse`] over DuckDB or PostgreSQL.
//!
//! Read in this order: [`Warehouse`] and [`Connection`], [`Relation`], [`Value`] and [`Rows`], then
//! [`DuckDb`]; then [`raw`] for what a build starts from, [`Builds`] for how it becomes visible and [`Reader`] for
//! who looks at it, and [`history`] for what each run did. [`postgres`] has the same on a server. No other crate links a database.

mod address;
mod builds;
mod catalog;
mod connection;
mod duck_db;
pub mod export;
pub mod history;
pub mod postgres;
mod query_text;
pub mod raw;
mod reader;
mod relation;
mod rows;
#[cfg(test)]
mod suite;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use builds::{Build, BuildState, Builds, KeptBuild, Published};
pub use catalog::{Described, DescribedColumn, describe};
pub use connection::{
    Canceller, Connection, Dialect, Error, RelationInfo, RelationKind, Result, Warehouse,
};
pub use duck_db::{Access, DuckDb, Settings};
pub use postgres::{Password, Postgres, PostgresSettings};
pub use raw::{RawFile, RawTable};
pub use reader::{Current, Reader};
pub use relation::Relation;
pub use rows::{Column, ColumnType, Rows, Value, columns_of};
