//! Parquet to SQL tables: one [`Warehouse`] over DuckDB (Postgres follows).
//!
//! Read in this order: [`Warehouse`] and [`Connection`], [`Relation`], [`Value`] and [`Rows`], then
//! [`DuckDb`]. No other crate links a database.

mod connection;
mod duck_db;
mod relation;
mod rows;

pub use connection::{
    Canceller, Connection, Dialect, Error, RelationInfo, RelationKind, Result, Warehouse,
};
pub use duck_db::{Access, DuckDb, Settings};
pub use relation::Relation;
pub use rows::{Column, ColumnType, Rows, Value, columns_of};
