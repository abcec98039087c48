use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    /// As the query names it.
    pub(crate) name: String,
    /// As the reader sees it.
    pub(crate) label: String,
    /// How its values are written.
    pub(crate) format: Format,
    /// Only for the drawing and the CSV, not in the table.
    #[serde(default)]
    pub(crate) hidden: bool,
}

/// How a column's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// A day.
    Date,
}

/// Parts a query into its header and its body; the number is how many lines the header has.
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
    (header, rest.trim(), n_lines)
}
