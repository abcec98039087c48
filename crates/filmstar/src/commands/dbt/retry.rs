use transform::{Command, State};

use super::{Opened, RunArguments, options, project_folder};
use crate::{exit::Exit, failure::Failure, printer::Printer};

/// What the last run did not finish.
const UNFINISHED: [&str; 4] = ["error", "fail", "skipped", "runtime error"];

/// `dbt retry`: the last command again, for what failed or was skipped in it.
pub(super) fn run(arguments: &RunArguments, printer: Printer) -> anyhow::Result<Exit> {
    let folder = project_folder(arguments)?;
    let last = match (&arguments.state, &arguments.target_path) {
        (Some(folder), _) | (None, Some(folder)) => folder.clone(),
        (None, None) => folder.join("target"),
    };
    let none = || {
        Failure::usage(format!("no run to try again in `{}`", last.display()))
            .hint("name a folder with its manifest.json and run_results.json with --state")
    };
    let state = State::read(&last).map_err(|_| none())?;
    let which = state.command().ok_or_else(none)?.to_owned();
    let known = [
        Command::Build,
        Command::Run,
        Command::Test,
        Command::Seed,
        Command::Snapshot,
        Command::Compile,
    ];
    let command = known.into_iter().find(|command| command.name() == which);
    let command = command.ok_or_else(|| {
        Failure::usage(format!("`{which}` cannot be tried again")).hint("run the command itself")
    })?;
    let mut options = options(arguments, &folder)?;
    which.clone_into(&mut options.which);
    // As in dbt, what the last run was told holds again.
    if arguments.vars.is_none() {
        options.vars = state.vars();
    }
    options.full_refresh |= state.flag("full_refresh");
    options.is_empty |= state.flag("empty");
    options.store_failures |= state.flag("store_failures");
    let opened = Opened::with(arguments, folder, options, printer)?;
    let unfinished = state.results_with(&UNFINISHED);
    let mut selected = opened.project.in_order(unfinished.iter());
    selected.retain(|id| !id.starts_with("operation."));
    if selected.is_empty() {
        printer.line("nothing to try again: the last run finished all");
        return Ok(Exit::Ok);
    }
    opened.execute_on(command, &selected, None)
}
