use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SubjectKind, check::Checker, yaml::nearest};
use crate::compose;

/// The comment at the top of a tile's query: YAML behind `--`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// Parameters the query uses as `$name`.
    #[serde(default)]
    pub(super) parameters: Vec<String>,
    /// Its result, in order.
    pub(super) columns: Vec<Column>,
}

/// One column of a tile: its name, what it is called and how it reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    /// As the query names it.
    pub(crate) name: String,
    /// As the reader sees it.
    pub(crate) label: String,
    /// How its values are written.
    pub(crate) format: Format,
    /// Only for the drawing and the files, not in the table.
    #[serde(default)]
    pub(crate) hidden: bool,
    /// The kind of page that the value leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<SubjectKind>,
    /// The column with the id for `link`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    /// The column with the lower end of its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) low: Option<String>,
    /// The column with the upper end of its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) high: Option<String>,
    /// The column with the size of the sample behind the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) n: Option<String>,
}

impl Column {
    /// Its keys that name other columns of the result.
    pub(super) fn references(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("key", &self.key),
            ("low", &self.low),
            ("high", &self.high),
            ("n", &self.n),
        ]
        .into_iter()
        .filter_map(|(key, column)| Some((key, column.as_deref()?)))
    }
}

/// How a column's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// As it is.
    Text,
    /// A whole number, grouped.
    Count,
    /// A year, not grouped.
    Year,
    /// US dollars, shortened.
    Usd,
    /// A share or return; 1 is 100 %.
    Percent,
    /// A factor, `2.5×`.
    Multiple,
    /// One decimal.
    Rating,
    /// Two decimals.
    Number,
    /// A running time, `2 h 12 min`.
    Minutes,
    /// A truth value, yes or no.
    Flag,
    /// A day.
    Date,
    /// A link to the film or person at TMDB or IMDb.
    Url,
}

/// Parts a query into its header and its body; the number is how many lines stand before the body.
pub(super) fn split(text: &str) -> (String, &str, usize) {
    let mut header = String::new();
    let mut n_lines = 0;
    let mut rest = text;
    while let Some(line) = rest.strip_prefix("--") {
        let (line, after) = line.split_once('\n').unwrap_or((line, ""));
        header.push_str(line.strip_prefix(' ').unwrap_or(line));
        header.push('\n');
        n_lines += 1;
        rest = after;
    }
    let body = rest.trim_start();
    n_lines += rest[..rest.len() - body.len()].matches('\n').count();
    (header, body.trim_end(), n_lines)
}

/// Whether the header and the query below it agree, with each other and with the page.
pub(super) fn check(
    checker: &mut Checker<'_, '_>,
    header: &Header,
    body: &str,
    n_lines: usize,
    known: &[String],
) {
    for name in compose::placeholders(body) {
        if !header.parameters.contains(&name) {
            let message = format!("`${name}` is not declared in the header");
            let hint = format!("add `-- parameters: [{name}]` at the top");
            checker.report(n_lines + 1, &format!("${name}"), message, hint);
        }
    }
    for name in &header.parameters {
        if !known.contains(name) {
            let message = format!("the page has no parameter `{name}`");
            checker.report(1, name, message, nearest(name, known));
        }
    }
    let names: Vec<&str> = header
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    for (index, column) in header.columns.iter().enumerate() {
        let name = column.name.as_str();
        if names[..index].contains(&name) {
            let message = format!("column `{name}` is declared twice");
            checker.report(1, name, message, "give it another name");
        }
        for (key, other) in column.references() {
            if !names.contains(&other) {
                let message =
                    format!("`{key}` of column `{name}` names `{other}`, which is no column");
                checker.report(1, other, message, nearest(other, &names));
            }
        }
        if column.link.is_some() != column.key.is_some() {
            let message = format!("column `{name}` has `link` or `key` without the other");
            let hint = "`link` says where the value leads, `key` which column has the id";
            checker.report(1, name, message, hint);
        }
        if column.low.is_some() != column.high.is_some() {
            let message = format!("column `{name}` has one end of an interval");
            checker.report(1, name, message, "`low` and `high` go together");
        }
    }
}
