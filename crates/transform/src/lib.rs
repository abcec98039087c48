//! A dbt project to models: load → parse → graph → select → compile → run → report.
//!
//! [`ProjectFiles::read`] is the only stage that reads the project; parsing, the graph, selection and
//! compiling are pure and report every problem as a [`Diagnostic`]. [`run`] talks to the warehouse, and
//! [`Report::write_artifacts`] writes what dbt's other tools read.
//!
//! Templates are rendered by an interpreter of our own (`jinja`): dbt's macros lean on Python's values (lists
//! that change in place, `return` with a value, `varargs`) that no Jinja crate has.

mod artifacts;
mod ask;
mod compile;
mod constraint;
mod context;
mod diagnostic;
mod files;
mod freshness;
#[cfg(test)]
mod fuzz;
mod governance;
mod graph;
mod jinja;
mod macros;
mod names;
mod node;
mod options;
mod parse;
pub mod profiles;
mod project;
mod report;
mod run;
mod select;
mod settings;
mod unit_test;
mod yaml;

pub use ask::{Returned, Shown};
pub use constraint::{Constraint, ConstraintKind};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use files::ProjectFiles;
pub use freshness::{Age, Freshness, Limit, Period};
pub use governance::{Access, Group};
pub use node::{
    Column, Materialization, Node, NodeId, NodeKind, Reference, SourceTable, TestMetadata,
};
pub use options::{Options, Target, parse_vars};
pub use project::Project;
pub use report::{CatalogError, NodeResult, Report, Status};
pub use run::{Cancellation, Command, Event, run};
pub use select::{Selection, State};
pub use unit_test::{Fixture, Given, Overrides, UnitTest};
