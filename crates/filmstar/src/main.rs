//! Film facts on a star schema: from the TMDB API to dashboards people trust.
//!
//! This crate wires the stages together and owns what they must not do: it prints, reads the
//! environment and the clock, and decides exit codes. Start with [`cli`], then `commands/`.

mod cli;
mod clock;
mod commands;
mod config;
mod disk;
mod embedded;
mod exit;
mod failure;
mod history;
mod https;
mod ingest;
mod interrupt;
mod logging;
mod memory;
mod metrics;
mod notify;
mod passwords;
mod printer;
mod project;
mod project_files;
mod run_lock;
mod schedule;
mod targets;
mod version;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{cli::Cli, failure::Explained, printer::Printer};

/// Overrides the C library's too, so that DuckDB allocates by it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let printer = Printer::new(cli.global.json, cli.global.quiet);
    logging::start(cli.global.verbose, cli.global.log_format);
    let outcome = config::environment::read_file(cli.global.config.as_deref())
        .and_then(|()| clock::read())
        .map_err(Into::into)
        .and_then(|()| commands::run(&cli, printer));
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => {
            let explained = Explained::new(&error);
            printer.error(&explained);
            explained.exit.into()
        }
    }
}
