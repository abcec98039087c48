use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Query;

/// One tile: a query and how it is drawn.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// The last part of its address.
    pub id: String,
    /// Says the finding's subject.
    pub title: String,
    /// Population and measure.
    pub subtitle: String,
    /// Which films its numbers use.
    pub films: Films,
    /// Whether the page's filters reach it.
    #[serde(default)]
    pub scope: Scope,
    /// How it is drawn first; the table is always there.
    pub kind: Kind,
    /// How to read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The Vega-Lite spec of a chart, without its data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    pub spec: Option<serde_json::Value>,
    /// What choosing a mark or row does to the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub select: Option<Select>,
    /// The way from a mark, a row or the tile to the films behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drill: Option<Drill>,
    /// Its query: in `page.yml` the name of the file beside it, elsewhere its columns.
    #[serde(rename(deserialize = "sql", serialize = "columns"))]
    pub(crate) query: Query,
    /// Where it begins in `page.yml`.
    #[serde(skip)]
    pub(crate) line: usize,
}

/// How a tile is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TileKind")]
pub enum Kind {
    /// A drawing, with its table one click away.
    Chart,
    /// Rows.
    Table,
    /// One row, a figure a column.
    Numbers,
}

/// What the common table expression `movies` holds for a tile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TileScope")]
pub enum Scope {
    /// The films that pass the page's filters.
    #[default]
    Filter,
    /// The whole population, because the tile reads sums that filters cannot reach; the tile says so.
    Catalogue,
}

/// Which films of the filter a tile's numbers use; its coverage is their share of the population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TileFilms")]
pub enum Films {
    /// Every film of the population.
    Population,
    /// Budget and revenue are both known and not suspect, and the budget is not under the floor.
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
            Self::AnalysisSet => "is_analysed",
            Self::KnownBudget => "budget_state = 'known'",
            Self::KnownRevenue => "revenue_state = 'known'",
        }
    }
}

/// Choosing a mark or row puts one of its values into the address; choosing it again takes it out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// A filter or parameter of the page.
    pub filter: String,
    /// The column of the result that has its value.
    pub column: String,
    /// Whether a range can be dragged over the x axis; only for `years`.
    #[serde(default)]
    pub brush: bool,
}

/// A link to another page with the present filters and values of a row.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drill {
    /// The page.
    pub page: String,
    /// Its filters and parameters, and the columns of the result that have their values; empty leads there from
    /// the tile as a whole.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
}
