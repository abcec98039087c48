use clap::Subcommand;

use crate::{cli::Global, exit::Exit, printer::Printer};

mod compact;
mod prune;
mod status;
mod verify;

/// What `filmstar lake` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum LakeCommand {
    /// Say what the lake holds: parts, observations, bytes, oldest and newest (the same as no command)
    Status,
    /// Merge small parts into large ones; every observation is kept, and readers go on
    Compact(compact::CompactArguments),
    /// Drop films and people that are too old and were not fetched again
    Prune(prune::PruneArguments),
    /// Read every file and say what is not as it was written
    Verify,
}

/// Looks at the lake, or tends it.
pub(crate) fn run(
    command: Option<&LakeCommand>,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    match command {
        None | Some(LakeCommand::Status) => status::run(global, printer),
        Some(LakeCommand::Verify) => verify::run(global, printer),
        Some(LakeCommand::Prune(arguments)) => prune::run(arguments, global, printer),
        Some(LakeCommand::Compact(arguments)) => compact::run(arguments, global, printer),
    }
}
