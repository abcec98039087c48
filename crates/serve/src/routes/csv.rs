use axum::{
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use crate::{Page, Tile, answer::Answer};

/// The same rows as a file; names, not labels, so that scripts can bind to them.
pub(super) fn response(page: &Page, tile: &Tile, answer: &Answer) -> Response {
    let mut text = line(answer.columns.iter().map(|column| column.name.clone()));
    for row in &answer.rows {
        text.push_str(&line(row.iter().map(field)));
    }
    let file = format!("attachment; filename=\"{}-{}.csv\"", page.name, tile.id);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, file),
    ];
    (headers, text).into_response()
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// One RFC 4180 record: a field is quoted when it could be misread.
fn line(fields: impl Iterator<Item = String>) -> String {
    let quote = |field: String| {
        if field.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    };
    fields.map(quote).collect::<Vec<_>>().join(",") + "\r\n"
}
