use serde_json::Value as Json;

use super::{node::Failure, statements};
use crate::{Node, files::ProjectFiles};

mod infer;

/// The statements that fill a seed's table.
pub(super) fn plan(node: &Node, files: &ProjectFiles) -> Result<Vec<String>, Failure> {
    let fail = |message: String| Failure {
        message: format!("{}: {message}", node.original_file_path),
        compiled_code: None,
    };
    let text = files
        .files
        .get(&node.original_file_path)
        .map(String::as_str)
        .unwrap_or_default();
    let delimiter = node.config_text("delimiter").unwrap_or(",");
    let columns =
        infer::columns(text.trim_start_matches('\u{feff}'), delimiter, node).map_err(fail)?;
    let quotes = node.config.get("quote_columns") == Some(&Json::Bool(true));
    let definitions: Vec<String> = columns
        .iter()
        .map(|(name, data_type)| {
            if quotes {
                format!("\"{name}\" {data_type}")
            } else {
                format!("{name} {data_type}")
            }
        })
        .collect();
    let table = statements::temporary(node);
    let path = files
        .root
        .join(&node.original_file_path)
        .display()
        .to_string()
        .replace('\'', "''");
    Ok(vec![
        format!("create table {table} ({})", definitions.join(", ")),
        format!("copy {table} from '{path}' (format csv, header true, delimiter '{delimiter}')"),
    ])
}
