//! Rows of a unit test to SQL, each value cast to the type of its column.

use serde_json::{Map, Value as Json};

use crate::{diagnostic::nearest, jinja::Value};

type Row = Map<String, Json>;

/// A select of the rows with all columns; what a row does not give is null.
pub(crate) fn every_column(rows: &[Row], columns: &[(String, String)]) -> Result<String, String> {
    let nothing =
        |(name, data_type): &(String, String)| (name.clone(), format!("cast(null as {data_type})"));
    let defaults: Vec<(String, String)> = columns.iter().map(nothing).collect();
    if rows.is_empty() {
        return Ok(format!("{}\nlimit 0", select(&defaults)));
    }
    let mut selects = Vec::with_capacity(rows.len());
    for row in rows {
        let mut all = defaults.clone();
        for (name, value) in cast(row, columns)? {
            if let Some((_, default)) = all.iter_mut().find(|(known, _)| *known == name) {
                *default = value;
            }
        }
        selects.push(select(&all));
    }
    Ok(selects.join("\nunion all\n"))
}

/// A select of the rows with the columns that each gives.
pub(crate) fn given_columns(rows: &[Row], columns: &[(String, String)]) -> Result<String, String> {
    let selects = rows
        .iter()
        .map(|row| Ok(select(&cast(row, columns)?)))
        .collect::<Result<Vec<_>, String>>()?;
    Ok(selects.join("\nunion all\n"))
}

/// A column of a relation by its name, whatever its case.
pub(crate) fn column<'a>(
    name: &str,
    columns: &'a [(String, String)],
) -> Result<&'a (String, String), String> {
    let is_it = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
    columns.iter().find(is_it).ok_or_else(|| {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let advice = nearest(name, names.iter().copied())
            .unwrap_or_else(|| format!("columns are `{}`", names.join("`, `")));
        format!("invalid column name `{name}` in the rows; {advice}")
    })
}

fn cast(row: &Row, columns: &[(String, String)]) -> Result<Vec<(String, String)>, String> {
    row.iter()
        .map(|(name, value)| {
            let (name, data_type) = column(name, columns)?;
            // A sized type would cut the text without a word.
            let data_type = match data_type.split_once('(') {
                Some((bare, _)) if value.is_string() && bare.contains("varying") => bare,
                _ => data_type,
            };
            Ok((
                name.clone(),
                format!("cast({} as {data_type})", literal(value)),
            ))
        })
        .collect()
}

fn literal(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::String(text) => format!("'{}'", text.replace('\'', "''")),
        other => Value::from(other).to_string(),
    }
}

fn select(columns: &[(String, String)]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|(name, value)| format!("{value} as {}", quoted(name)))
        .collect();
    format!("select {}", columns.join(", "))
}

/// A column's name as SQL has it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
