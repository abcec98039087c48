use anyhow::Context as _;

use super::{Opened, RunArguments};
use crate::{exit::Exit, failure::Failure, printer::Printer};

/// `dbt clean`: deletes the project's `clean-targets`.
pub(super) fn run(arguments: &RunArguments, printer: Printer) -> anyhow::Result<Exit> {
    let opened = Opened::new(arguments, "clean", printer)?;
    let root = fs_err::canonicalize(&opened.folder).context("failed to find the project")?;
    let sources = opened.project.source_paths();
    let mut folders = Vec::new();
    for target in opened.project.clean_targets() {
        let Ok(folder) = fs_err::canonicalize(root.join(target)) else {
            continue;
        };
        if folder == root || !folder.starts_with(&root) {
            return Err(
                Failure::usage(format!("`{target}` is not inside the project"))
                    .hint("mend `clean-targets` in dbt_project.yml; nothing was deleted")
                    .into(),
            );
        }
        let holds = |path: &&&str| root.join(path).starts_with(&folder);
        if let Some(path) = sources.iter().find(holds) {
            return Err(
                Failure::usage(format!("`{target}` holds the project's `{path}`"))
                    .hint("mend `clean-targets` in dbt_project.yml; nothing was deleted")
                    .into(),
            );
        }
        folders.push((target, folder));
    }
    for (target, folder) in &folders {
        match folder.is_dir() {
            true => fs_err::remove_dir_all(folder)?,
            false => fs_err::remove_file(folder)?,
        }
        printer.line(format!("deleted {target}"));
    }
    if folders.is_empty() {
        printer.line("nothing to delete");
    }
    Ok(Exit::Ok)
}
