use serde_json::{Map, Value as Json, json};
use transform::{Command, Node, Shown};

use super::{
    Opened,
    arguments::{RowFormat, ShowArguments},
};
use crate::{exit::Exit, failure::Failure, printer::Printer};

/// `dbt show`: the first rows of each selected node, or of a query.
pub(super) fn run(arguments: &ShowArguments, printer: Printer) -> anyhow::Result<Exit> {
    let opened = Opened::new(&arguments.run, "show", printer)?;
    let inline = arguments
        .inline
        .as_deref()
        .map(|sql| opened.project.inline(sql));
    let inline = inline
        .transpose()
        .map_err(|problem| opened.unusable(problem))?;
    let selected: Vec<Node> = match inline {
        Some(node) => vec![node],
        None if arguments.run.select.is_empty() && arguments.run.selector.is_none() => {
            return Err(Failure::usage("nothing to show")
                .hint("name a node with --select, or give a query with --inline")
                .into());
        }
        None => {
            let ids = opened.select(Command::Compile)?;
            let nodes = ids.iter().filter_map(|id| opened.project.node(id).cloned());
            let nodes: Vec<Node> = nodes.collect();
            // The tests of a node that is named are selected with it, and nobody wants to see them.
            let is_named = |node: &&Node| arguments.run.select.contains(&node.name);
            let named: Vec<Node> = nodes.iter().filter(is_named).cloned().collect();
            if named.is_empty() { nodes } else { named }
        }
    };
    let limit = usize::try_from(arguments.limit).ok();
    let database = opened.open()?;
    let mut exit = Exit::Ok;
    for node in &selected {
        match opened.project.show(node, limit, &*database) {
            Ok(shown) => print(node, &shown, arguments.output, printer),
            Err(problem) => {
                let hint = problem.hint.as_ref().map(|hint| format!("\nhint: {hint}"));
                printer.warn(format!(
                    "`{}`: {problem}{}",
                    node.name,
                    hint.unwrap_or_default()
                ));
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}

fn print(node: &Node, shown: &Shown, format: RowFormat, printer: Printer) {
    if format == RowFormat::Json || printer.is_json() {
        let rows = shown.rows.iter().map(|row| {
            let cells = shown.columns.iter().cloned().zip(row.iter().cloned());
            Json::Object(cells.collect::<Map<_, _>>())
        });
        let rows: Vec<Json> = rows.collect();
        let json = json!({"node": node.name, "show": rows});
        let text = serde_json::to_string_pretty(&json).unwrap_or_default();
        return Printer::new(false, false).line(text);
    }
    if node.name != "inline_query" {
        printer.line(format!("Previewing node '{}':", node.name));
    }
    for line in table(shown) {
        printer.line(line);
    }
}

/// Columns side by side, as wide as their widest cell.
fn table(shown: &Shown) -> Vec<String> {
    let text = |cell: &Json| match cell {
        Json::Null => String::new(),
        Json::String(text) => text.replace('\n', " "),
        other => other.to_string(),
    };
    let rows: Vec<Vec<String>> = shown
        .rows
        .iter()
        .map(|row| row.iter().map(text).collect())
        .collect();
    let widths: Vec<usize> = shown
        .columns
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let cells = rows.iter().map(|row| row[index].chars().count());
            cells.chain([name.chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths);
        let padded = padded.map(|(cell, width)| format!(" {cell:width$} "));
        format!("|{}|", padded.collect::<Vec<_>>().join("|"))
    };
    let rule = widths
        .iter()
        .map(|width| format!(" {} ", "-".repeat(*width)));
    let rule = format!("|{}|", rule.collect::<Vec<_>>().join("|"));
    let mut lines = vec![line(&shown.columns), rule];
    lines.extend(rows.iter().map(|row| line(row)));
    lines
}
