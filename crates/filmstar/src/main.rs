//! Film facts on a star schema: from the TMDB API to dashboards people trust.
//!
//! This crate wires the stages together and owns what they must not do: it prints, reads the
//! environment and the clock, and decides exit codes. Start with [`cli`], then `commands/`.

mod cli;
mod clock;
mod commands;
mod config;
mod embedded;
mod exit;
mod failure;
mod ingest;
mod interrupt;
mod passwords;
mod printer;
mod project;
mod run_lock;
mod schedule;
mod targets;

use std::{io::IsTerminal as _, process::ExitCode};

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use crate::{cli::Cli, failure::Explained, printer::Printer};

/// Overrides the C library's too, so that DuckDB allocates by it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let printer = Printer::new(cli.global.json, cli.global.quiet);
    start_logging(cli.global.verbose);
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

/// Logs go to standard error; `FILMSTAR_LOG` takes tracing's filter syntax.
fn start_logging(verbose: u8) {
    let default = match verbose {
        0 => "warn",
        1 => "info",
        // Ours alone: a library's debug log may hold a URL, and a URL may hold the key.
        _ => {
            "info,filmstar=debug,tmdb=debug,lake=debug,warehouse=debug,transform=debug,serve=debug"
        }
    };
    let filter =
        EnvFilter::try_from_env("FILMSTAR_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A file, a journal or a container's log takes the colours for text.
    if std::io::stderr().is_terminal() {
        log.init();
    } else {
        log.with_ansi(false).init();
    }
}
