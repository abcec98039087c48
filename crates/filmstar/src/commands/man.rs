use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, CommandFactory as _};
use serde_json::json;

use crate::{
    cli::Cli,
    exit::Exit,
    printer::{Printer, Summary},
};

/// Arguments of `filmstar man`.
#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// Folder for the pages; it is made if need be
    folder: PathBuf,
}

/// Writes a manual page for each command.
pub(crate) fn run(arguments: &ManArguments, printer: Printer) -> anyhow::Result<Exit> {
    let folder = &arguments.folder;
    fs_err::create_dir_all(folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
        .with_context(|| format!("failed to write manual pages to `{}`", folder.display()))?;
    let n_pages = fs_err::read_dir(folder)?.count();
    printer.summary(&Summary {
        headline: format!("✓ {n_pages} manual pages"),
        facts: vec![("folder", folder.display().to_string())],
        next: vec![format!("man {}", folder.join("filmstar.1").display())],
        json: json!({ "status": "ok", "folder": folder, "pages": n_pages }),
    });
    Ok(Exit::Ok)
}
