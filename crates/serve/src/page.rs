//! A page is a folder: `page.yml` and the `.sql` files of its tiles.

mod header;
mod load;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub(crate) use header::Column;
pub use load::{embedded_pages, load_pages};

/// One page as `page.yml` describes it, with its queries read in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The folder's name; the last part of the page's address.
    #[serde(skip_deserializing)]
    pub name: String,
    /// Heading and navigation entry.
    pub title: String,
    /// Place in the navigation, small first.
    pub order: i64,
    /// One sentence under the heading.
    pub summary: String,
    /// What a reader must know before the numbers; blank lines part paragraphs.
    pub prose: String,
    /// The shared filters that this page offers.
    pub filters: Vec<Filter>,
    /// Switches of this page alone.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Top to bottom.
    pub tiles: Vec<Tile>,
}

/// A filter that means the same on every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Release years, `1990-2016`.
    Years,
    /// Original language, an ISO 639-1 code.
    Language,
    /// Any genre of the film, its id.
    Genre,
}

impl Filter {
    /// Its name in an address.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Language => "language",
            Self::Genre => "genre",
        }
    }
}

/// A switch of one page: a whole number within bounds, or one of several options.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name in an address, and `$name` in the SQL.
    pub name: String,
    /// What the control is called.
    pub label: String,
    /// Its values.
    pub values: Values,
}

/// What a parameter can be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Values {
    /// A whole number.
    Range {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
        /// When the address does not say.
        default: i64,
    },
    /// One of these, the first by default.
    Options {
        /// Value and label.
        options: Vec<ParameterOption>,
    },
}

/// One value of a parameter.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterOption {
    /// As the address and the SQL have it.
    pub value: String,
    /// As the reader sees it.
    pub label: String,
}

/// One tile: a query and how it is drawn.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// The last part of its address.
    pub id: String,
    /// Says the finding's subject.
    pub title: String,
    /// Population and measure.
    pub subtitle: String,
    /// Which films of the filter its numbers use.
    pub films: Films,
    /// How it is drawn first; the table is always there.
    pub kind: Kind,
    /// How to read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The Vega-Lite spec of a chart, without its data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<serde_json::Value>,
    /// File of the query, beside `page.yml`.
    #[serde(rename(deserialize = "sql"), skip_serializing)]
    pub file: String,
    /// The query without its header.
    #[serde(skip)]
    pub sql: String,
    /// The columns as the query's header declares them.
    #[serde(skip_deserializing)]
    pub(crate) columns: Vec<Column>,
}

/// How a tile is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A drawing, with its table one click away.
    Chart,
    /// Rows.
    Table,
    /// One row, a figure a column.
    Numbers,
}

/// Which films of the filter a tile's numbers use; its coverage is their share of the population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Films {
    /// Every film of the population.
    Population,
    /// Budget and revenue are both known and not suspect.
    AnalysisSet,
    /// The budget is known.
    KnownBudget,
    /// The revenue is known.
    KnownRevenue,
}

impl Films {
    /// The condition over `movies`.
    pub(crate) fn condition(self) -> &'static str {
        match self {
            Self::Population => "true",
            Self::AnalysisSet => "is_in_analysis_set",
            Self::KnownBudget => "budget_state = 'known'",
            Self::KnownRevenue => "revenue_state = 'known'",
        }
    }
}

/// One problem in a page's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Relative to the dashboards folder.
    pub file: String,
    /// Counted from 1, when it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, " (hint: {hint})")?;
        }
        Ok(())
    }
}
