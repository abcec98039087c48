use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::json;
use transform::{
    Command, Diagnostic, Diagnostics, Event, NodeKind, NodeResult, Options, Project, Report,
    Selection, Status, Target, profiles,
};
use warehouse::{Access, DuckDb, Postgres, Settings, Warehouse};

use crate::{
    config::environment,
    exit::Exit,
    failure::Failure,
    interrupt::Interrupt,
    printer::{Printer, Summary, duration},
    targets,
};

mod freshness;

/// Arguments of `filmstar dbt`.
#[derive(Debug, Args)]
pub(crate) struct DbtArguments {
    #[command(subcommand)]
    command: DbtCommand,
}

#[derive(Debug, Subcommand)]
enum DbtCommand {
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
}

#[derive(Debug, Args)]
struct RunArguments {
    /// Nodes to take, in dbt's selection syntax
    #[arg(long, short, num_args = 1.., value_name = "SELECTOR", aliases = ["models", "model"], short_alias = 'm')]
    select: Vec<String>,
    /// Nodes to leave out
    #[arg(long, num_args = 1.., value_name = "SELECTOR")]
    exclude: Vec<String>,
    /// Only nodes of these types
    #[arg(long, num_args = 1.., value_name = "TYPE", alias = "resource-types")]
    resource_type: Vec<String>,
    /// The folder with dbt_project.yml [default: this folder, or dbt/ in it]
    #[arg(long, value_name = "FOLDER")]
    project_dir: Option<PathBuf>,
    /// The folder with profiles.yml [default: DBT_PROFILES_DIR, the project, ~/.dbt]
    #[arg(long, value_name = "FOLDER")]
    profiles_dir: Option<PathBuf>,
    /// The profile [default: the project's]
    #[arg(long)]
    profile: Option<String>,
    /// The target [default: the profile's]
    #[arg(long, short)]
    target: Option<String>,
    /// Where artifacts go [default: target/ in the project]
    #[arg(long, value_name = "FOLDER")]
    target_path: Option<PathBuf>,
    /// Variables, as YAML or JSON
    #[arg(long, value_name = "YAML")]
    vars: Option<String>,
    /// Nodes at work side by side
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Build everything anew but snapshots
    #[arg(long, short)]
    full_refresh: bool,
    /// Stop at the first failure
    #[arg(long, short = 'x')]
    fail_fast: bool,
    /// Keep the rows that tests find
    #[arg(long)]
    store_failures: bool,
}

#[derive(Debug, Args)]
struct SourceArguments {
    #[command(subcommand)]
    command: SourceCommand,
}

#[derive(Debug, Subcommand)]
enum SourceCommand {
    /// How old the newest rows are, against `freshness`
    Freshness(FreshnessArguments),
}

#[derive(Debug, Args)]
struct FreshnessArguments {
    #[command(flatten)]
    run: RunArguments,
    /// Where to write the findings [default: sources.json among the artifacts]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs a dbt project with dbt's commands, names and exit codes.
pub(crate) fn run(arguments: &DbtArguments, printer: Printer) -> anyhow::Result<Exit> {
    let mut output = None;
    let (command, arguments, is_parse) = match &arguments.command {
        DbtCommand::Build(arguments) => (Command::Build, arguments, false),
        DbtCommand::Run(arguments) => (Command::Run, arguments, false),
        DbtCommand::Test(arguments) => (Command::Test, arguments, false),
        DbtCommand::Seed(arguments) => (Command::Seed, arguments, false),
        DbtCommand::Snapshot(arguments) => (Command::Snapshot, arguments, false),
        DbtCommand::Source(SourceArguments {
            command: SourceCommand::Freshness(arguments),
        }) => {
            output = arguments.output.as_deref();
            (Command::Freshness, &arguments.run, false)
        }
        DbtCommand::Compile(arguments) => (Command::Compile, arguments, false),
        DbtCommand::Parse(arguments) => (Command::List, arguments, true),
        DbtCommand::Ls(arguments) => (Command::List, arguments, false),
    };
    let folder = project_folder(arguments)?;
    let options = options(arguments, &folder)?;
    let target = options.target.clone();
    let artifacts = arguments
        .target_path
        .clone()
        .unwrap_or_else(|| folder.join("target"));
    let project =
        Project::load(&folder, options).map_err(|problems| unusable(&folder, &problems))?;
    for warning in &project.warnings {
        printer.warn(warning.to_string());
    }
    let selection = Selection {
        select: arguments.select.clone(),
        exclude: arguments.exclude.clone(),
        resource_types: arguments.resource_type.clone(),
    };
    let selected = project
        .select(&selection, command)
        .map_err(|problems| unusable(&folder, &problems))?;
    if selected.is_empty() {
        printer.warn("nothing is selected");
    }
    if command == Command::List {
        if is_parse {
            let report = Report {
                command,
                results: Vec::new(),
                seconds: 0.0,
                was_cancelled: false,
                outage: None,
            };
            report
                .write_artifacts(&project, &artifacts)
                .context("failed to write the artifacts")?;
        }
        list(&project, &selected, is_parse, printer);
        return Ok(Exit::Ok);
    }
    let database = open(&target, printer)?;
    let runtime = super::runtime()?;
    let cancellation = {
        let _entered = runtime.enter();
        Interrupt::listen().cancellation()
    };
    let report = transform::run(
        &project,
        &selected,
        command,
        &*database,
        &mut |event| show(&event, printer),
        &cancellation,
    );
    report
        .write_artifacts(&project, &artifacts)
        .context("failed to write the artifacts")?;
    if let Some(file) = output {
        report
            .write_sources(&project, file)
            .context("failed to write the findings")?;
    }
    finish(&report, &artifacts, printer);
    if let Some(outage) = &report.outage {
        return Err(crate::failure::outage(outage).into());
    }
    Ok(match report.exit_code() {
        _ if report.was_cancelled => Exit::Interrupted,
        0 => Exit::Ok,
        _ => Exit::Failed,
    })
}

fn open(target: &Target, printer: Printer) -> anyhow::Result<Box<dyn Warehouse>> {
    let Some(path) = &target.path else {
        let settings = targets::settings(target, &mut |line| printer.warn(line))?;
        return Ok(Box::new(Postgres::new(settings)?));
    };
    let opened = if path.as_os_str() == ":memory:" {
        DuckDb::in_memory(&Settings::default())
    } else {
        DuckDb::open(path, Access::ReadWrite, &Settings::default())
    };
    let opened = opened
        .map_err(|error| Failure::usage("the target's database cannot be opened").because(error));
    Ok(Box::new(opened?))
}

fn project_folder(arguments: &RunArguments) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &arguments.project_dir {
        return Ok(folder.clone());
    }
    let here = env::current_dir().context("failed to find the current folder")?;
    let has_project = |folder: &Path| folder.join("dbt_project.yml").is_file();
    Ok(if !has_project(&here) && has_project(&here.join("dbt")) {
        here.join("dbt")
    } else {
        here
    })
}

fn options(arguments: &RunArguments, folder: &Path) -> anyhow::Result<Options> {
    let environment = environment::variables();
    let here = env::current_dir().context("failed to find the current folder")?;
    let folders: Vec<PathBuf> = match &arguments.profiles_dir {
        Some(folder) => vec![folder.clone()],
        None => {
            let named = environment.get("DBT_PROFILES_DIR").map(PathBuf::from);
            let home = environment
                .get("HOME")
                .map(|home| Path::new(home).join(".dbt"));
            named
                .into_iter()
                .chain([here.clone(), folder.to_owned()])
                .chain(home)
                .collect()
        }
    };
    let Some(profiles) = profiles::find(&folders) else {
        return Err(Failure::usage("no profiles.yml")
            .hint("give its folder with --profiles-dir")
            .into());
    };
    let choice = profiles::Choice {
        profile: arguments.profile.clone(),
        target: arguments.target.clone(),
        threads: arguments.threads,
    };
    let target = profiles::read(&profiles, folder, &here, &environment, &choice)
        .map_err(|problem| unusable(folder, &Diagnostics(vec![problem])))?;
    let mut options = Options::new(target, super::new_id(), crate::clock::now());
    options.env = environment;
    options.full_refresh = arguments.full_refresh;
    options.fail_fast = arguments.fail_fast;
    options.store_failures = arguments.store_failures;
    if let Some(vars) = &arguments.vars {
        options.vars =
            transform::parse_vars(vars).map_err(|problem| Failure::usage(problem.to_string()))?;
    }
    Ok(options)
}

/// Every problem of a dbt project at once.
pub(crate) fn unusable(folder: &Path, problems: &Diagnostics) -> Failure {
    let lines: Vec<String> = problems.0.iter().map(described).collect();
    let n = lines.len();
    let noun = if n == 1 { "problem" } else { "problems" };
    Failure::usage(format!(
        "the dbt project in `{}` has {n} {noun}\n{}",
        folder.display(),
        lines.join("\n")
    ))
    .hint("`filmstar dbt compile` checks the project without building it")
}

fn described(problem: &Diagnostic) -> String {
    match &problem.hint {
        Some(hint) => format!("  {problem}\n    hint: {hint}"),
        None => format!("  {problem}"),
    }
}

fn list(project: &Project, selected: &[String], is_parse: bool, printer: Printer) {
    if is_parse {
        printer.line(format!("parsed {} nodes", project.nodes().count()));
        return;
    }
    let mut names: Vec<String> = selected
        .iter()
        .filter_map(|id| project.node(id))
        .map(listed)
        .collect();
    names.sort();
    for name in names {
        printer.line(name);
    }
}

/// As `dbt ls` writes it: the fqn, with the type in front where it is not a model's.
fn listed(node: &transform::Node) -> String {
    let fqn = node.fqn.join(".");
    match node.kind.name() {
        kind @ ("source" | "exposure") => format!("{kind}:{fqn}"),
        "unit_test" => format!("unit_test:{}.{}", node.package, node.name),
        _ => fqn,
    }
}

fn show(event: &Event, printer: Printer) {
    match event {
        Event::NodeFinished {
            index,
            total,
            result,
        } if result.kind == NodeKind::Source => {
            printer.note(freshness::line(*index, *total, result));
        }
        Event::NodeFinished {
            index,
            total,
            result,
        } => printer.note(line(*index, *total, result)),
        Event::Message(message) => printer.note(message),
        Event::NodeStarted { .. } => {}
    }
}

/// `12 of 80  ok     table main.dim_movies  0.14 s`.
fn line(index: usize, total: usize, result: &NodeResult) -> String {
    let seconds = format!("{:.2} s", result.seconds);
    let width = total.to_string().len();
    let message = match result.status {
        Status::Success | Status::Pass | Status::NoOp => String::new(),
        _ => format!("  {}", result.message),
    };
    let status = result.status.name();
    format!(
        "{index:width$} of {total}  {status:7}  {:5} {}  {seconds}{message}",
        result.materialized, result.relation
    )
}

fn finish(report: &Report, artifacts: &Path, printer: Printer) {
    let counts = [
        Status::Success,
        Status::Pass,
        Status::Warn,
        Status::Fail,
        Status::Error,
        Status::Skipped,
        Status::NoOp,
    ];
    let tally: Vec<String> = counts
        .iter()
        .filter(|status| report.count(**status) > 0)
        .map(|status| format!("{} {}", report.count(*status), status.name()))
        .collect();
    let mark = if report.exit_code() == 0 {
        "✓"
    } else {
        "✗"
    };
    let elapsed = duration(Duration::from_secs_f64(report.seconds));
    let tally = if tally.is_empty() {
        "nothing to do".to_owned()
    } else {
        tally.join(", ")
    };
    let next = if report.exit_code() == 0 || report.command == Command::Freshness {
        Vec::new()
    } else {
        vec![format!(
            "read the SQL in {}",
            artifacts.join("compiled").display()
        )]
    };
    printer.summary(&Summary {
        headline: format!("{mark} {}: {tally} in {elapsed}", report.command.name()),
        facts: vec![("artifacts", artifacts.display().to_string())],
        next,
        json: json!({
            "status": if report.exit_code() == 0 { "ok" } else { "failed" },
            "command": report.command.name(),
            "counts": counts.map(|status| (status.name(), report.count(status))).into_iter().collect::<BTreeMap<_, _>>(),
            "artifacts": artifacts,
            "seconds": report.seconds,
        }),
    });
}
