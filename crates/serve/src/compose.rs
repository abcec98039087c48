//! Puts the filter in front of a tile's query and turns `$name` into bound positions.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use warehouse::Value;

use crate::selection::{Money, Selection};

/// A query ready to run: positions `$1`, `$2` … and their values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Composed {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
    /// Lines of `sql` in front of the body, and lines at the body's start that are not in it.
    pub(crate) n_lines_before: usize,
    pub(crate) n_lines_skipped: usize,
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
    let mut values = Vec::new();
    let filter = movies(selection, &mut values);
    let body = bind(body, &selection.parameters, &mut values);
    let own = body
        .strip_prefix("with")
        .filter(|rest| rest.starts_with(char::is_whitespace));
    let (joint, rest) = match own {
        Some(rest) => (",\n\n", rest.trim_start()),
        None => ("\n\n", body.as_str()),
    };
    let before = format!("{filter}{joint}");
    let n_lines = |text: &str| text.matches('\n').count();
    Composed {
        n_lines_before: n_lines(&before),
        n_lines_skipped: n_lines(&body[..body.len() - rest.len()]),
        sql: before + rest,
        values,
    }
}

fn movies(selection: &Selection, values: &mut Vec<Value>) -> String {
    // The marts keep a suspect amount as it was entered, but no real one of it.
    let (budget, revenue) = match selection.money {
        Money::Real => ("budget_real_usd", "revenue_real_usd"),
        Money::Nominal => (
            "case when budget_state = 'known' then budget_usd end",
            "case when revenue_state = 'known' then revenue_usd end",
        ),
    };
    let analysed = analysed(selection.budget_floor_usd, values);
    let conditions = conditions(selection, values).join("\n        and ");
    // Each place that reads the films then reads the columns and the stretches of rows that it needs, where an engine
    // would else write all of them down first.
    format!(
        "with movies as not materialized (
    select
        mart_movies.*,
        {budget} as money_budget_usd,
        {revenue} as money_revenue_usd,
        {revenue} - {budget} as money_gross_margin_usd,
        {analysed} as is_analysed
    from mart_movies
    where
        {conditions}
)"
    )
}

/// Follows from being analysed. The films of `mart_movies` without an amount lie behind the others, so that an engine
/// that knows the values of each stretch of rows does not read them.
const BOTH_AMOUNTS: &str = "budget_usd is not null and revenue_usd is not null";

/// The analysis set of the marts, or the same with another floor.
fn analysed(budget_floor_usd: Option<i64>, values: &mut Vec<Value>) -> String {
    let Some(budget_floor_usd) = budget_floor_usd else {
        return format!("({BOTH_AMOUNTS} and is_in_analysis_set)");
    };
    let floor = typed(Value::Int(budget_floor_usd), values);
    format!(
        "(
            {BOTH_AMOUNTS}
            and budget_state = 'known'
            and revenue_state = 'known'
            and budget_usd >= {floor}
            and release_type_state <> 'streaming only'
        )"
    )
}

fn conditions(selection: &Selection, values: &mut Vec<Value>) -> Vec<String> {
    let mut conditions = vec!["is_in_population".to_owned()];
    if let Some((from, to)) = selection.years {
        let (from, to) = (
            position(Value::Int(from), values),
            position(Value::Int(to), values),
        );
        conditions.push(format!("release_year between {from} and {to}"));
    }
    if let Some(language) = &selection.language {
        let language = position(Value::Text(language.clone()), values);
        conditions.push(format!("original_language = {language}"));
    }
    if let Some(genre) = selection.genre {
        let genre = typed(Value::Int(genre), values);
        conditions.push(if selection.is_primary_genre {
            format!("primary_genre_id = {genre}")
        } else {
            format!(
                "movie_id in (select movie_id from bridge_movies_genres where genre_id = {genre})"
            )
        });
    }
    if let Some(country) = &selection.country {
        let country = position(Value::Text(country.clone()), values);
        conditions.push(format!(
            "movie_id in (select movie_id from bridge_movies_origin_countries where country_code = {country})"
        ));
    }
    if !selection.budget_classes.is_empty() {
        let classes = selection.budget_classes.iter();
        let classes: Vec<String> = classes
            .map(|class| position(Value::Text(class.clone()), values))
            .collect();
        conditions.push(format!("budget_class in ({})", classes.join(", ")));
    }
    if selection.votes_floor > 0 {
        let votes = typed(Value::Int(selection.votes_floor), values);
        conditions.push(format!("vote_count >= {votes}"));
    }
    conditions
}

/// Binds a value beside a column of its type.
fn position(value: Value, values: &mut Vec<Value>) -> String {
    values.push(value);
    format!("${}", values.len())
}

/// Binds a value that says its type, because Postgres would else take that of what stands beside it.
fn typed(value: Value, values: &mut Vec<Value>) -> String {
    let data_type = type_of(&value);
    let position = position(value, values);
    format!("cast({position} as {data_type})")
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null | Value::Text(_) => "varchar",
        Value::Bool(_) => "boolean",
        Value::Int(_) => "bigint",
        Value::Float(_) => "double precision",
    }
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
    let mut bindings: BTreeMap<&str, String> = BTreeMap::new();
    let mut bound = String::new();
    for piece in pieces(body) {
        match piece {
            Piece::Code(text) | Piece::Quoted(text) => bound.push_str(text),
            Piece::Placeholder(name) => {
                let value = || parameters.get(name).cloned().unwrap_or(Value::Null);
                let binding = bindings
                    .entry(name)
                    .or_insert_with(|| typed(value(), values));
                bound.push_str(binding);
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
