use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{commands, logging, version};

/// Film facts on a star schema: from the TMDB API to dashboards people trust.
#[derive(Debug, Parser)]
#[command(name = "filmstar", version = version::text(), propagate_version = true, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
First steps:
  filmstar demo              a generated catalogue, the whole way to a page; no key needed
  filmstar init              start a project in this folder
  filmstar ingest && filmstar build && filmstar serve
  filmstar up                the same, and again every day

Exit codes: 0 done · 1 a model or test failed · 2 usage or configuration · 3 outside world · 4 partial · 70 bug · 130 interrupted

This product uses the TMDB API but is not endorsed or certified by TMDB.";

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Configuration file [default: filmstar.toml here or in a folder above]
    #[arg(long, global = true, value_name = "FILE", env = "FILMSTAR_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print only errors and the summary
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Log more: -v what happens, -vv every request
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Standard error as text, or as JSON lines with the run's id
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        env = "FILMSTAR_LOG_FORMAT",
        default_value = "text"
    )]
    pub(crate) log_format: logging::Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A generated catalogue, the whole way from the API to a page, without a key
    Demo(commands::demo::DemoArguments),
    /// Start a project in this folder; with --target postgres, set up its database
    Init(commands::init::InitArguments),
    /// Fetch films and people from the API into the lake; resumes where it stopped
    Ingest(commands::ingest::IngestArguments),
    /// Say what the lake holds, check it, or tend it: status, verify, compact, prune
    Lake {
        #[command(subcommand)]
        command: Option<commands::lake::LakeCommand>,
    },
    /// Bring the lake to the warehouse: new observations to Postgres, or a DuckDB file with the raw tables alone
    Load(commands::load::LoadArguments),
    /// Build the models, test them, and publish the warehouse when all is well
    Build(commands::build::BuildArguments),
    /// Serve the dashboards: on this machine, or with a token to others
    Serve(commands::serve::ServeArguments),
    /// Ingest, then build: what `up` does once a day
    Run(commands::run::RunArguments),
    /// Serve the dashboards and keep them current: one run a day, at `schedule.at`
    Up(commands::serve::ServeArguments),
    /// Whether all is well: the published build, the last run, the next one; ends with 1 when not
    Status(commands::status::StatusArguments),
    /// The runs that were made, newest first
    Runs(commands::runs::RunsArguments),
    /// What a run did and said; the last one without a name
    Logs(commands::logs::LogsArguments),
    /// Ask the published warehouse one SQL question
    Query(commands::query::QueryArguments),
    /// Write models as CSV, Parquet or JSON files
    Export(commands::export::ExportArguments),
    /// Go back to the build published before the current one
    Rollback(commands::rollback::RollbackArguments),
    /// Serve the TMDB API locally, from a generated catalogue or recorded films
    Simulate(commands::simulate::SimulateArguments),
    /// Check the pages before anybody opens them
    Dashboards {
        #[command(subcommand)]
        command: commands::dashboards::DashboardsCommand,
    },
    /// Run any dbt project: build, run, test, seed, snapshot, source freshness, compile, ls
    Dbt(Box<commands::dbt::DbtArguments>),
    /// Tell the webhook something, to see whether it works
    Notify(commands::notify::NotifyArguments),
    /// Check configuration, key, clock, disk, database, last run and port; each with a remedy
    Doctor(commands::doctor::DoctorArguments),
    /// The configuration in force
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print a script that lets a shell complete commands and flags
    Completions(commands::completions::CompletionsArguments),
    /// Write a manual page for each command
    Man(commands::man::ManArguments),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// List every key and its value
    Show {
        /// Say where each value comes from
        #[arg(long)]
        origin: bool,
    },
}

/// How `query` and `export` write rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people.
    Table,
    /// CSV with a header; newlines and quotes survive.
    Csv,
    /// One JSON object a line.
    Json,
    /// Parquet, zstd.
    Parquet,
}
