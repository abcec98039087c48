use serde_json::json;
use transform::{CatalogError, Command, Event};

use super::{Opened, arguments::DocsGenerateArguments};
use crate::{
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary},
};

/// `dbt docs generate`: the artifacts that dbt's docs site and other tools read.
pub(super) fn generate(
    arguments: &DocsGenerateArguments,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let opened = Opened::new(&arguments.run, "generate", printer)?;
    let database = opened.open()?;
    let mut exit = Exit::Ok;
    if arguments.no_compile {
        opened.write_manifest()?;
    } else {
        let report = transform::run(
            &opened.project,
            &opened.select(Command::Compile)?,
            Command::Compile,
            &*database,
            &mut |event| {
                if let Event::NodeFinished { result, .. } = event
                    && result.status.is_failure()
                {
                    printer.warn(format!("`{}`: {}", result.relation, result.message));
                }
            },
            &Default::default(),
        );
        report.write_artifacts(&opened.project, &opened.artifacts)?;
        report.write_compiled(&opened.project, &opened.artifacts)?;
        if report.exit_code() != 0 {
            exit = Exit::Failed;
        }
    }
    let n_relations = opened
        .project
        .write_catalog(&*database, &opened.artifacts)
        .map_err(|error| match error {
            CatalogError::Warehouse(error) => {
                Failure::world("the warehouse could not be asked for its catalog").because(error)
            }
            CatalogError::Io(error) => {
                Failure::world("failed to write `catalog.json`").because(error)
            }
        })?;
    printer.summary(&Summary {
        headline: format!("✓ docs: {n_relations} relations in the catalog"),
        facts: vec![("artifacts", opened.artifacts.display().to_string())],
        next: Vec::new(),
        json: json!({"status": "ok", "relations": n_relations, "artifacts": opened.artifacts}),
    });
    Ok(exit)
}
