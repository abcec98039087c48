use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use transform::{
    Command, Diagnostic, Diagnostics, NodeId, Options, Project, Report, Selection, State, Target,
    profiles,
};
use warehouse::{Access, DuckDb, Postgres, Settings, Warehouse};

use crate::{
    config::environment, exit::Exit, failure::Failure, interrupt::Interrupt, printer::Printer,
    targets,
};

mod arguments;
mod clean;
mod debug;
mod docs;
mod freshness;
mod operation;
mod output;
mod retry;
mod show;

pub(crate) use arguments::DbtArguments;
use arguments::{DbtCommand, DocsCommand, RunArguments, SourceArguments, SourceCommand};
use output::Output;

/// Runs a dbt project with dbt's commands, names and exit codes.
pub(crate) fn run(arguments: &DbtArguments, printer: Printer) -> anyhow::Result<Exit> {
    let (command, arguments) = match &arguments.command {
        DbtCommand::Build(arguments) => (Command::Build, arguments),
        DbtCommand::Run(arguments) => (Command::Run, arguments),
        DbtCommand::Test(arguments) => (Command::Test, arguments),
        DbtCommand::Seed(arguments) => (Command::Seed, arguments),
        DbtCommand::Snapshot(arguments) => (Command::Snapshot, arguments),
        DbtCommand::Compile(arguments) => (Command::Compile, arguments),
        DbtCommand::Source(SourceArguments {
            command: SourceCommand::Freshness(arguments),
        }) => {
            let opened = Opened::new(&arguments.run, Command::Freshness.name(), printer)?;
            return opened.execute(Command::Freshness, arguments.output.as_deref());
        }
        DbtCommand::Parse(arguments) => {
            let opened = Opened::new(arguments, "parse", printer)?;
            opened.write_manifest()?;
            printer.line(format!("parsed {} nodes", opened.project.nodes().count()));
            return Ok(Exit::Ok);
        }
        DbtCommand::Ls(arguments) => {
            let opened = Opened::new(arguments, "list", printer)?;
            output::list(&opened.project, &opened.select(Command::List)?, printer);
            return Ok(Exit::Ok);
        }
        DbtCommand::Show(arguments) => return show::run(arguments, printer),
        DbtCommand::Docs(arguments) => {
            let DocsCommand::Generate(arguments) = &arguments.command;
            return docs::generate(arguments, printer);
        }
        DbtCommand::RunOperation(arguments) => return operation::run(arguments, printer),
        DbtCommand::Debug(arguments) => return debug::run(arguments, printer),
        DbtCommand::Clean(arguments) => return clean::run(arguments, printer),
        DbtCommand::Retry(arguments) => return retry::run(arguments, printer),
    };
    Opened::new(arguments, command.name(), printer)?.execute(command, None)
}

/// A project that was loaded for a command.
struct Opened<'a> {
    arguments: &'a RunArguments,
    printer: Printer,
    folder: PathBuf,
    /// Where its artifacts go.
    artifacts: PathBuf,
    project: Project,
}

impl<'a> Opened<'a> {
    fn new(arguments: &'a RunArguments, which: &str, printer: Printer) -> anyhow::Result<Self> {
        let folder = project_folder(arguments)?;
        let mut options = options(arguments, &folder)?;
        which.clone_into(&mut options.which);
        Self::with(arguments, folder, options, printer)
    }

    fn with(
        arguments: &'a RunArguments,
        folder: PathBuf,
        options: Options,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        let project =
            Project::load(&folder, options).map_err(|problems| unusable(&folder, &problems))?;
        if arguments.warn_error && !project.warnings.is_empty() {
            return Err(unusable(&folder, &Diagnostics(project.warnings.clone())).into());
        }
        for warning in &project.warnings {
            printer.warn(warning.to_string());
        }
        let artifacts = match &arguments.target_path {
            Some(folder) => folder.clone(),
            None => folder.join(project.target_path()),
        };
        Ok(Self {
            arguments,
            printer,
            folder,
            artifacts,
            project,
        })
    }

    fn select(&self, command: Command) -> anyhow::Result<Vec<NodeId>> {
        let state = self.arguments.state.as_deref().map(State::read).transpose();
        let state = state.map_err(|problem| self.unusable(problem))?;
        let arguments = self.arguments;
        let selection = Selection {
            select: arguments.select.clone(),
            exclude: arguments.exclude.clone(),
            resource_types: arguments.resource_type.clone(),
            excluded_resource_types: arguments.exclude_resource_type.clone(),
            selector: arguments.selector.clone(),
            state,
        };
        let selected = self.project.select(&selection, command);
        let selected = selected.map_err(|problems| unusable(&self.folder, &problems))?;
        if selected.is_empty() {
            self.printer.warn("nothing is selected");
        }
        Ok(selected)
    }

    fn execute(&self, command: Command, sources: Option<&Path>) -> anyhow::Result<Exit> {
        self.execute_on(command, &self.select(command)?, sources)
    }

    fn execute_on(
        &self,
        command: Command,
        selected: &[NodeId],
        sources: Option<&Path>,
    ) -> anyhow::Result<Exit> {
        let output = Output::new(&self.project, self.printer);
        let database = self.open()?;
        let runtime = super::runtime()?;
        let cancellation = {
            let _entered = runtime.enter();
            Interrupt::listen().cancellation()
        };
        let report = transform::run(
            &self.project,
            selected,
            command,
            &*database,
            &mut |event| output.event(&event),
            &cancellation,
        );
        report
            .write_artifacts(&self.project, &self.artifacts)
            .and_then(|()| report.write_compiled(&self.project, &self.artifacts))
            .context("failed to write the artifacts")?;
        if let Some(file) = sources {
            report
                .write_sources(&self.project, file)
                .context("failed to write the findings")?;
        }
        output.end(&report, &self.artifacts);
        if let Some(outage) = &report.outage {
            return Err(crate::failure::outage(outage).into());
        }
        Ok(match report.exit_code() {
            _ if report.was_cancelled => Exit::Interrupted,
            0 => Exit::Ok,
            _ => Exit::Failed,
        })
    }

    /// Writes the manifest of a project that is only looked at.
    fn write_manifest(&self) -> anyhow::Result<()> {
        Report::nothing(Command::List)
            .write_artifacts(&self.project, &self.artifacts)
            .context("failed to write the artifacts")
    }

    fn open(&self) -> anyhow::Result<Box<dyn Warehouse>> {
        open(&self.project.options().target, self.printer)
    }

    fn unusable(&self, problem: Diagnostic) -> Failure {
        unusable(&self.folder, &Diagnostics(vec![problem]))
    }
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
    options.is_empty = arguments.empty;
    options.warn_error = arguments.warn_error;
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

/// A problem with its line and its hint.
fn described(problem: &Diagnostic) -> String {
    let mut text = format!("  {problem}");
    if let Some(line) = &problem.snippet {
        text.push_str(&format!("\n    | {}", line.trim()));
    }
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("\n    hint: {hint}"));
    }
    text
}
