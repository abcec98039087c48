//! One file a command: its arguments, what it does, what it prints at the end.

pub(crate) mod build;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod dashboards;
pub(crate) mod dbt;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod ingest;
pub(crate) mod init;
pub(crate) mod lake;
pub(crate) mod load;
pub(crate) mod logs;
pub(crate) mod man;
pub(crate) mod notify;
pub(crate) mod query;
pub(crate) mod rollback;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod serve;
pub(crate) mod simulate;
pub(crate) mod status;
pub(crate) mod up;

use anyhow::Context as _;

use crate::{
    cli::{Cli, Command, ConfigCommand},
    exit::Exit,
    printer::Printer,
};

/// Runs the command the user typed.
pub(crate) fn run(cli: &Cli, printer: Printer) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match &cli.command {
        Command::Demo(arguments) => demo::run(arguments, printer),
        Command::Init(arguments) => init::run(arguments, global, printer),
        Command::Ingest(arguments) => ingest::run(arguments, global, printer),
        Command::Lake { command } => lake::run(command.as_ref(), global, printer),
        Command::Load(arguments) => load::run(arguments, global, printer),
        Command::Build(arguments) => build::run(arguments, global, printer),
        Command::Serve(arguments) => serve::run(arguments, global, printer),
        Command::Run(arguments) => run::run(arguments, global, printer),
        Command::Up(arguments) => up::run(arguments, global, printer),
        Command::Status(arguments) => status::run(arguments, global, printer),
        Command::Runs(arguments) => runs::run(arguments, global, printer),
        Command::Logs(arguments) => logs::run(arguments, global, printer),
        Command::Query(arguments) => query::run(arguments, global, printer),
        Command::Export(arguments) => export::run(arguments, global, printer),
        Command::Rollback(arguments) => rollback::run(arguments, global, printer),
        Command::Simulate(arguments) => simulate::run(arguments, printer),
        Command::Dbt(arguments) => dbt::run(arguments, printer),
        Command::Notify(arguments) => notify::run(arguments, global, printer),
        Command::Doctor(arguments) => doctor::run(arguments, global, printer),
        Command::Dashboards {
            command: dashboards::DashboardsCommand::Check(arguments),
        } => dashboards::check(arguments, global, printer),
        Command::Config {
            command: ConfigCommand::Show { origin },
        } => config::show(*origin, global, printer),
        Command::Completions(arguments) => completions::run(arguments, printer),
        Command::Man(arguments) => man::run(arguments, printer),
    }
}

/// The runtime of one command.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("failed to start the asynchronous runtime")
}

/// A name for a run or a build: its start to the millisecond, so that names sort by time.
pub(crate) fn new_id() -> String {
    crate::clock::now().format("%Y%m%dT%H%M%S%3fZ").to_string()
}
