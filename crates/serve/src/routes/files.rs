//! A tile's rows as a file that says where it is from.

use axum::{
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use warehouse::export::parquet;

use crate::{Error, Page, Result, Tile, answer::Answer, shell::ATTRIBUTION};

/// What a tile can be downloaded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Parquet,
}

/// The rows with names, not labels, so that scripts can bind to them.
pub(super) fn response(
    page: &Page,
    tile: &Tile,
    answer: &Answer,
    format: Format,
) -> Result<Response> {
    let notes = notes(page, answer);
    let (extension, content_type, body) = match format {
        Format::Csv => ("csv", "text/csv; charset=utf-8", csv(&notes, answer)),
        Format::Parquet => {
            let written = parquet(&answer.table, &notes);
            let file = written.map_err(|source| Error::File {
                tile: format!("{}/{}", page.name, tile.id),
                source,
            });
            ("parquet", "application/vnd.apache.parquet", file?)
        }
    };
    let name = format!(
        "attachment; filename=\"{}-{}.{extension}\"",
        page.name, tile.id
    );
    let headers = [
        (CONTENT_TYPE, content_type.to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, body).into_response())
}

/// What a reader must know of the numbers, away from the page.
fn notes(page: &Page, answer: &Answer) -> Vec<(&'static str, String)> {
    let [title, subtitle] = &answer.titles;
    let filters: Vec<String> = answer
        .described
        .iter()
        .map(|chosen| format!("{} {}", chosen.label.to_lowercase(), chosen.value))
        .collect();
    let filters = if filters.is_empty() {
        "none".to_owned()
    } else {
        filters.join("; ")
    };
    let mut notes = vec![
        ("attribution", ATTRIBUTION.to_owned()),
        ("title", format!("{}: {title}", page.title)),
        ("subtitle", subtitle.clone()),
        ("filters", filters),
        ("films", format!("{} of {}", answer.n, answer.population)),
        ("as_of", answer.as_of.clone().unwrap_or_default()),
        ("build_id", answer.build_id.clone()),
        ("built_at", answer.built_at.to_rfc3339()),
    ];
    if answer.is_truncated {
        let n_rows = answer.rows.len();
        notes.push(("truncated", format!("only the first {n_rows} rows")));
    }
    notes.push(("sql", answer.sql.clone()));
    notes
}

/// The notes stand in lines that begin with `#`; without them it is RFC 4180.
fn csv(notes: &[(&str, String)], answer: &Answer) -> Vec<u8> {
    let mut text = String::new();
    for (key, value) in notes {
        let lines = value.split(['\r', '\n']).collect::<Vec<_>>();
        text.push_str(&format!("# {key}: {}\r\n", lines.join("\r\n#   ")));
    }
    text.push_str(&line(
        answer.columns.iter().map(|column| column.name.clone()),
    ));
    for row in &answer.rows {
        text.push_str(&line(row.iter().map(field)));
    }
    text.into_bytes()
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// One record: a field is quoted when it could be misread, also by readers that skip what follows a `#`.
fn line(fields: impl Iterator<Item = String>) -> String {
    let quote = |field: String| {
        if field.contains(['"', ',', '\n', '\r', '#']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    };
    fields.map(quote).collect::<Vec<_>>().join(",") + "\r\n"
}
