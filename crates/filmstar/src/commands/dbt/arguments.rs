use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `filmstar dbt`.
#[derive(Debug, Args)]
pub(crate) struct DbtArguments {
    #[command(subcommand)]
    pub(super) command: DbtCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum DbtCommand {
    /// Seeds, models, snapshots and tests in the order of the graph
    Build(RunArguments),
    /// Models
    Run(RunArguments),
    /// Tests
    Test(RunArguments),
    /// CSV files to tables
    Seed(RunArguments),
    /// Snapshots: what has changed since the last time
    Snapshot(RunArguments),
    /// What is asked of the tables that the project reads
    Source(SourceArguments),
    /// Templates to SQL; nothing is built
    Compile(RunArguments),
    /// Check the project and write its manifest
    Parse(RunArguments),
    /// List what is selected
    #[command(alias = "list")]
    Ls(RunArguments),
    /// The first rows of a node, or of a query
    Show(ShowArguments),
    /// What documents the project
    Docs(DocsArguments),
    /// A macro, called by its name
    RunOperation(OperationArguments),
    /// The profile and the connection, looked at
    Debug(RunArguments),
    /// Delete what dbt makes in the project's folder
    Clean(RunArguments),
    /// The last command again, for what failed or was skipped
    Retry(RunArguments),
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Nodes to take, in dbt's selection syntax
    #[arg(long, short, num_args = 1.., value_name = "SELECTOR", aliases = ["models", "model"], short_alias = 'm')]
    pub(super) select: Vec<String>,
    /// Nodes to leave out
    #[arg(long, num_args = 1.., value_name = "SELECTOR")]
    pub(super) exclude: Vec<String>,
    /// Only nodes of these types
    #[arg(long, num_args = 1.., value_name = "TYPE", alias = "resource-types")]
    pub(super) resource_type: Vec<String>,
    /// The folder with dbt_project.yml [default: this folder, or dbt/ in it]
    #[arg(long, value_name = "FOLDER")]
    pub(super) project_dir: Option<PathBuf>,
    /// The folder with profiles.yml [default: DBT_PROFILES_DIR, the project, ~/.dbt]
    #[arg(long, value_name = "FOLDER")]
    pub(super) profiles_dir: Option<PathBuf>,
    /// The profile [default: the project's]
    #[arg(long)]
    pub(super) profile: Option<String>,
    /// The target [default: the profile's]
    #[arg(long, short)]
    pub(super) target: Option<String>,
    /// Where artifacts go [default: target/ in the project]
    #[arg(long, value_name = "FOLDER")]
    pub(super) target_path: Option<PathBuf>,
    /// Variables, as YAML or JSON
    #[arg(long, value_name = "YAML")]
    pub(super) vars: Option<String>,
    /// Nodes at work side by side
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// Build everything anew but snapshots
    #[arg(long, short)]
    pub(super) full_refresh: bool,
    /// Stop at the first failure
    #[arg(long, short = 'x')]
    pub(super) fail_fast: bool,
    /// Keep the rows that tests find
    #[arg(long)]
    pub(super) store_failures: bool,
    /// One of selectors.yml
    #[arg(long, value_name = "NAME", conflicts_with_all = ["select", "exclude"])]
    pub(super) selector: Option<String>,
    /// No nodes of these types
    #[arg(long, num_args = 1.., value_name = "TYPE", alias = "exclude-resource-types")]
    pub(super) exclude_resource_type: Vec<String>,
    /// The folder of an earlier run's artifacts, for `state:` and `result:`
    #[arg(long, value_name = "FOLDER")]
    pub(super) state: Option<PathBuf>,
    /// Build with no rows of what is read: to check that the SQL runs
    #[arg(long)]
    pub(super) empty: bool,
    /// Take warnings for errors
    #[arg(long)]
    pub(super) warn_error: bool,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum RowFormat {
    /// As a table.
    #[default]
    Text,
    /// As JSON.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    #[command(flatten)]
    pub(super) run: RunArguments,
    /// A query in the place of a node, with refs and macros
    #[arg(long, value_name = "SQL", conflicts_with_all = ["select", "selector"])]
    pub(super) inline: Option<String>,
    /// How many rows; -1 for all
    #[arg(long, default_value_t = 5, allow_negative_numbers = true)]
    pub(super) limit: i64,
    /// How they are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) output: RowFormat,
}

#[derive(Debug, Args)]
pub(super) struct DocsArguments {
    #[command(subcommand)]
    pub(super) command: DocsCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum DocsCommand {
    /// manifest.json with compiled SQL, and catalog.json
    Generate(DocsGenerateArguments),
}

#[derive(Debug, Args)]
pub(super) struct DocsGenerateArguments {
    #[command(flatten)]
    pub(super) run: RunArguments,
    /// Leave the SQL as it is
    #[arg(long)]
    pub(super) no_compile: bool,
}

#[derive(Debug, Args)]
pub(super) struct OperationArguments {
    /// The macro: `name`, or `package.name`
    #[arg(value_name = "MACRO")]
    pub(super) name: String,
    /// Its arguments, as YAML or JSON
    #[arg(long, value_name = "YAML")]
    pub(super) args: Option<String>,
    #[command(flatten)]
    pub(super) run: RunArguments,
}

#[derive(Debug, Args)]
pub(super) struct SourceArguments {
    #[command(subcommand)]
    pub(super) command: SourceCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum SourceCommand {
    /// How old the newest rows are, against `freshness`
    Freshness(FreshnessArguments),
}

#[derive(Debug, Args)]
pub(super) struct FreshnessArguments {
    #[command(flatten)]
    pub(super) run: RunArguments,
    /// Where to write the findings [default: sources.json among the artifacts]
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}
