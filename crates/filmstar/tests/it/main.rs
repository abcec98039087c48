//! The real binary, end to end: against the simulator, in folders of their own, as a user runs it.

mod cli;
mod ingest;
mod pages;
mod parity;
mod pipeline;
mod sandbox;
