//! The real binary, end to end: against the simulator, in folders of their own, as a user runs it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a panic is a failed test, and a skipped one must say so"
)]

mod artifacts;
mod backfill;
mod bodies;
mod cli;
mod compaction;
mod dashboards;
mod dbt;
mod deploy;
mod docs;
mod faults;
mod history;
mod ingest;
mod lake_in_a_bucket;
mod metrics;
mod pages;
mod parity;
mod pipeline;
mod postgres;
mod python;
mod rehearsal;
mod runs;
mod sandbox;
mod signals;
mod soak;
mod sync;
mod thirty_days;
mod truth;
mod up;
mod upgrades;
mod world;
