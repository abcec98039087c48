//! Whether a Vega-Lite spec names only columns that its tile has, or that its own transforms make.

use serde_json::{Map, Value as Json};

use super::{Tile, check::Checker, yaml::nearest};

pub(super) fn check(checker: &mut Checker<'_, '_>, tile: &Tile) {
    let Some(spec) = tile
        .spec
        .as_ref()
        .filter(|_| !tile.query.columns.is_empty())
    else {
        return;
    };
    let mut names = Names::default();
    names.walk(spec);
    let columns = tile.query.columns.iter().map(|column| column.name.clone());
    let known: Vec<String> = columns.chain(names.made).collect();
    let mut reported: Vec<String> = Vec::new();
    for name in names.used {
        // `a[0]` and `a.b` reach into a value.
        let base = name.split(['.', '[']).next().unwrap_or(&name).to_owned();
        if known.contains(&base) || reported.contains(&base) {
            continue;
        }
        let message = format!(
            "the spec of tile `{}` names `{base}`, which is neither a column nor made by a transform",
            tile.id
        );
        checker.report(tile.line, &base, message, nearest(&base, &known));
        reported.push(base);
    }
}

#[derive(Default)]
struct Names {
    used: Vec<String>,
    made: Vec<String>,
}

impl Names {
    fn walk(&mut self, value: &Json) {
        match value {
            Json::Object(object) => self.walk_object(object),
            Json::Array(items) => items.iter().for_each(|item| self.walk(item)),
            Json::String(text) => self.used.extend(fields_of(text)),
            _ => {}
        }
    }

    fn walk_object(&mut self, object: &Map<String, Json>) {
        for (key, value) in object {
            match key.as_str() {
                "field" => self.used.extend(texts(value)),
                "groupby" | "fields" | "fold" | "flatten" | "on" | "pivot" | "quantile"
                | "regression" | "loess" | "density" | "impute" | "stack" | "extent"
                    if names_fields(value) =>
                {
                    self.used.extend(texts(value));
                }
                "as" => self.made.extend(texts(value)),
                _ => self.walk(value),
            }
        }
        self.made.extend(unnamed(object));
    }
}

/// A column, or a list of such; a number, an object or a mode such as `zero` is none.
fn names_fields(value: &Json) -> bool {
    let is_name = |value: &Json| {
        value
            .as_str()
            .is_some_and(|text| !["zero", "normalize", "center"].contains(&text))
    };
    is_name(value)
        || value
            .as_array()
            .is_some_and(|items| items.iter().all(is_name))
}

fn texts(value: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    match value {
        Json::Array(items) => items.iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}

/// What a transform calls its results when it does not say.
fn unnamed(object: &Map<String, Json>) -> Vec<String> {
    let defaults: &[(&str, &[&str])] = &[
        ("fold", &["key", "value"]),
        ("density", &["value", "density"]),
        ("quantile", &["prob", "value"]),
    ];
    let mut names: Vec<String> = defaults
        .iter()
        .filter(|(key, _)| object.contains_key(*key) && !object.contains_key("as"))
        .flat_map(|(_, names)| names.iter().map(|name| (*name).to_owned()))
        .collect();
    if let (Some(Json::String(op)), Some(Json::String(field)), None) =
        (object.get("op"), object.get("field"), object.get("as"))
    {
        names.push(format!("{op}_{field}"));
    }
    names
}

/// The columns that an expression reads as `datum.name` or `datum['name']`.
fn fields_of(expression: &str) -> Vec<String> {
    let mut fields = Vec::new();
    for (index, word) in expression.match_indices("datum") {
        let rest = &expression[index + word.len()..];
        let name = match rest.as_bytes() {
            [b'.', ..] => rest[1..]
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next(),
            [b'[', quote @ (b'\'' | b'"'), ..] => rest[2..].split(char::from(*quote)).next(),
            _ => None,
        };
        fields.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    fields
}
