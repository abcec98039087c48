//! Puts the filter in front of a tile's query and turns `$name` into bound positions.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use warehouse::Value;

use crate::selection::Selection;

/// A query ready to run: positions `$1`, `$2` … and their values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Composed {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

impl Composed {
    /// The query with its values in a comment, to paste into any client.
    pub(crate) fn shown(&self) -> String {
        let mut text = String::new();
        for (index, value) in self.values.iter().enumerate() {
            text.push_str(&format!("-- ${} = {}\n", index + 1, shown_value(value)));
        }
        text + &self.sql
    }
}

fn shown_value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(value) => format!("'{}'", value.replace('\'', "''").replace(['\n', '\r'], " ")),
    }
}

/// Puts `movies`, the films of the selection, in front of a query.
pub(crate) fn compose(body: &str, selection: &Selection) -> Composed {
    let mut values = vec![Value::Int(selection.years.0), Value::Int(selection.years.1)];
    let mut conditions = vec![
        "is_in_population".to_owned(),
        "release_year between $1 and $2".to_owned(),
    ];
    if let Some(language) = &selection.language {
        values.push(Value::Text(language.clone()));
        conditions.push(format!("original_language = ${}", values.len()));
    }
    if let Some(genre) = selection.genre {
        values.push(Value::Int(genre));
        conditions.push(format!(
            "movie_id in (select movie_id from bridge_movies_genres where genre_id = ${})",
            values.len()
        ));
    }
    let condition = conditions.join("\n        and ");
    let filter =
        format!("with movies as (\n    select *\n    from mart_movies\n    where {condition}\n)");
    let body = bind(body, &selection.parameters, &mut values);
    let sql = match body.strip_prefix("with") {
        Some(rest) if rest.starts_with(char::is_whitespace) => {
            format!("{filter},\n\n{}", rest.trim_start())
        }
        _ => format!("{filter}\n\n{body}"),
    };
    Composed { sql, values }
}

/// The parameters that a query uses as `$name`, each once.
pub(crate) fn placeholders(body: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces(body) {
        if let Piece::Placeholder(name) = piece
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// The models that a query reads: every word that starts like one.
pub(crate) fn models(sql: &str) -> Vec<String> {
    let mut models: Vec<String> = Vec::new();
    for piece in pieces(sql) {
        let Piece::Code(code) = piece else { continue };
        for word in code.split(|c: char| !c.is_alphanumeric() && c != '_') {
            let is_model = ["mart_", "dim_", "fact_", "bridge_"]
                .iter()
                .any(|prefix| word.starts_with(prefix));
            if is_model && !models.iter().any(|known| known == word) {
                models.push(word.to_owned());
            }
        }
    }
    models
}

fn bind(body: &str, parameters: &BTreeMap<String, Value>, values: &mut Vec<Value>) -> String {
    let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
    let mut bound = String::new();
    for piece in pieces(body) {
        match piece {
            Piece::Code(text) | Piece::Quoted(text) => bound.push_str(text),
            Piece::Placeholder(name) => {
                let position = *positions.entry(name).or_insert_with(|| {
                    values.push(parameters.get(name).cloned().unwrap_or(Value::Null));
                    values.len()
                });
                bound.push_str(&format!("${position}"));
            }
        }
    }
    bound
}

#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Code(&'a str),
    /// A string, a quoted name or a comment: nothing in it counts.
    Quoted(&'a str),
    Placeholder(&'a str),
}

fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = sql;
    while !rest.is_empty() {
        let code = rest.find(['\'', '"', '$', '-', '/']).unwrap_or(rest.len());
        if code > 0 {
            pieces.push(Piece::Code(&rest[..code]));
            rest = &rest[code..];
            continue;
        }
        let length = match rest.as_bytes() {
            [quote @ (b'\'' | b'"'), ..] => {
                closing(rest, 1, char::from(*quote).encode_utf8(&mut [0; 4]))
            }
            [b'-', b'-', ..] => closing(rest, 2, "\n"),
            [b'/', b'*', ..] => closing(rest, 2, "*/"),
            [b'$', ..] => {
                let name = &rest[1..];
                let length = name
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(name.len());
                if length > 0 && !name.starts_with(|c: char| c.is_ascii_digit()) {
                    pieces.push(Piece::Placeholder(&name[..length]));
                    rest = &name[length..];
                    continue;
                }
                0
            }
            _ => 0,
        };
        let (text, after) = rest.split_at(length.max(1));
        pieces.push(if length == 0 {
            Piece::Code(text)
        } else {
            Piece::Quoted(text)
        });
        rest = after;
    }
    pieces
}

fn closing(text: &str, from: usize, mark: &str) -> usize {
    text[from..]
        .find(mark)
        .map_or(text.len(), |index| from + index + mark.len())
}
