use serde_json::{Map, json};

use super::{Opened, arguments::OperationArguments};
use crate::{
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary},
};

/// `dbt run-operation`: calls a macro.
pub(super) fn run(arguments: &OperationArguments, printer: Printer) -> anyhow::Result<Exit> {
    let given = match &arguments.args {
        Some(text) => transform::parse_vars(text).map_err(|_| {
            Failure::usage("--args is no mapping").hint("write it as '{name: value}'")
        })?,
        None => Map::new(),
    };
    let opened = Opened::new(&arguments.run, "run-operation", printer)?;
    let database = opened.open()?;
    let returned = opened
        .project
        .run_operation(&arguments.name, &given, &*database);
    let returned = match returned {
        Ok(returned) => returned,
        Err(problem) => {
            let failure = Failure::project(format!("macro `{}`: {problem}", arguments.name));
            return Err(match problem.hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
            .into());
        }
    };
    for message in &returned.messages {
        printer.note(message);
    }
    let mut facts = Vec::new();
    if !returned.value.is_empty() {
        facts.push(("returned", returned.value.clone()));
    }
    printer.summary(&Summary {
        headline: format!("✓ run-operation: {}", arguments.name),
        facts,
        next: Vec::new(),
        json: json!({"status": "ok", "macro": arguments.name, "returned": returned.value}),
    });
    Ok(Exit::Ok)
}
