//! Models to pages: the JSON API, the page definitions and the embedded web app.
//!
//! ```text
//! dashboards/<page>/page.yml + .sql ──┐
//!                                     ├─▶ App ─▶ Router ─▶ HTML shell, JSON, CSV
//! published build (a Snapshot) ───────┘
//! ```
//!
//! Read in this order: [`Published`] (where data comes from), [`Page`] (what is shown), [`App`] (who answers).
//! Nothing here writes, and the browser never sends SQL: a page names its queries, the browser binds parameters.

mod admission;
mod answer;
mod app;
mod artifacts;
mod assets;
mod build;
mod catalogue;
mod check;
mod compose;
mod console;
mod error;
mod guard;
mod lineage;
mod metrics;
mod openapi;
mod page;
mod pages;
mod published;
mod routes;
mod runs;
mod search;
mod selection;
mod shell;
mod sizes;
mod stop;
mod subject;

pub use admission::{Admission, Token, UnfitToken};
pub use app::{App, Limits, Options, run};
pub use check::Inspection;
pub use console::ConsoleLimits;
pub use error::{Error, Result};
pub use page::{Diagnostic, Page, SubjectKind, Tile, embedded_pages, load_pages};
pub use published::{Published, PublishedReleases, Snapshot};
