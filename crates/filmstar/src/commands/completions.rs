use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde_json::json;

use crate::{
    cli::Cli,
    exit::Exit,
    printer::{Printer, Summary},
};

/// Arguments of `filmstar completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell that is to complete
    shell: Shell,
}

/// Prints the script that lets a shell complete commands and flags.
pub(crate) fn run(arguments: &CompletionsArguments, printer: Printer) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Cli::command(),
        "filmstar",
        &mut script,
    );
    let script = String::from_utf8(script)?;
    printer.summary(&Summary {
        headline: script.trim_end().to_owned(),
        facts: Vec::new(),
        next: Vec::new(),
        json: json!({ "status": "ok", "script": script }),
    });
    Ok(Exit::Ok)
}
