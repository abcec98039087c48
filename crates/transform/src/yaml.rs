//! YAML to plain values, with the places that messages point at.

use dbt_yaml::Value as Yaml;
use serde_json::{Map, Value as Json};

use crate::Diagnostic;

mod scalars;

/// Parses a YAML file; an empty one is null.
pub(crate) fn parse(file: &str, text: &str) -> Result<Yaml, Diagnostic> {
    // As dbt reads files: a block scalar that ends one has no line end.
    let text = text.trim_end();
    let mut yaml: Yaml = dbt_yaml::from_str(text).map_err(|error| {
        let (line, column) = error
            .location()
            .map_or((0, 0), |at| (at.line as u32, at.column as u32));
        Diagnostic::new(file, error.display_no_mark().to_string()).at_line(line, column)
    })?;
    scalars::resolve(&mut yaml, text);
    yaml.apply_merge()
        .map_err(|error| Diagnostic::new(file, error.to_string()))?;
    Ok(yaml)
}

/// The plain value, without places.
pub(crate) fn to_json(yaml: &Yaml) -> Json {
    match yaml {
        Yaml::Null(_) => Json::Null,
        Yaml::Bool(flag, _) => Json::Bool(*flag),
        Yaml::Number(number, _) => {
            if let Some(number) = number.as_i64() {
                Json::from(number)
            } else if let Some(number) = number.as_u64() {
                Json::from(number)
            } else {
                number.as_f64().map_or(Json::Null, Json::from)
            }
        }
        Yaml::String(text, _) => Json::String(text.clone()),
        Yaml::Sequence(values, _) => Json::Array(values.iter().map(to_json).collect()),
        Yaml::Mapping(entries, _) => Json::Object(
            entries
                .iter()
                .map(|(key, value)| (key_text(key), to_json(value)))
                .collect(),
        ),
        Yaml::Tagged(tagged, _) => to_json(&tagged.value),
    }
}

/// A mapping as a JSON object; empty for anything else.
pub(crate) fn to_map(yaml: Option<&Yaml>) -> Map<String, Json> {
    match yaml.map(to_json) {
        Some(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

pub(crate) fn key_text(key: &Yaml) -> String {
    match to_json(key) {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

pub(crate) fn text(yaml: &Yaml, key: &str) -> Option<String> {
    match to_json(yaml.get(key)?) {
        Json::Null => None,
        Json::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The elements of a list; none for anything else.
pub(crate) fn list<'a>(yaml: &'a Yaml, key: &str) -> &'a [Yaml] {
    yaml.get(key)
        .and_then(Yaml::as_sequence)
        .map_or(&[], Vec::as_slice)
}

/// A string or a list of strings.
pub(crate) fn texts(json: Option<&Json>) -> Vec<String> {
    match json {
        Some(Json::String(text)) => vec![text.clone()],
        Some(Json::Array(values)) => values.iter().map(plain).collect(),
        _ => Vec::new(),
    }
}

/// A scalar's text.
pub(crate) fn plain(json: &Json) -> String {
    json.as_str()
        .map_or_else(|| json.to_string(), ToOwned::to_owned)
}

/// Line and column of a value, from 1.
pub(crate) fn place(yaml: &Yaml) -> (u32, u32) {
    let start = yaml.span().start;
    (start.line as u32, start.column as u32)
}
