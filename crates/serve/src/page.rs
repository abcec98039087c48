//! A page is a folder: `page.yml` and the `.sql` files of its tiles.

mod check;
mod header;
mod links;
mod load;
mod query;
mod spec;
mod tile;
mod yaml;

#[cfg(test)]
mod tests;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use header::{Column, Format};
pub use load::{embedded_pages, load_pages};
pub(crate) use load::{inspect_embedded, inspect_folder};
pub(crate) use query::Query;
pub use tile::Tile;
pub(crate) use tile::{Kind, Scope};
pub(crate) use yaml::nearest;

/// One page as `page.yml` describes it, with its queries read in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The folder's name; the last part of the page's address.
    #[serde(skip_deserializing)]
    pub name: String,
    /// Heading and navigation entry; on an entity page what stands for the heading until the entity is known.
    pub title: String,
    /// Place in its section of the navigation, small first.
    pub order: i64,
    /// Group in the navigation.
    #[serde(default)]
    pub section: Section,
    /// One sentence under the heading.
    pub summary: String,
    /// What a reader must know before the numbers; blank lines part paragraphs.
    #[serde(default)]
    pub prose: String,
    /// The shared filters that this page offers.
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// Switches of this page alone.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Makes it the page of one film, person, collection or company, whose id is in the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// A view built into the front end, before the tiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
    /// Top to bottom.
    #[serde(default)]
    pub tiles: Vec<Tile>,
}

impl Page {
    /// What its address may carry.
    pub(crate) fn address_names(&self) -> Vec<&str> {
        let id = self.subject.is_some().then_some(ID);
        let filters = self.filters.iter().flat_map(|filter| filter.names());
        let parameters = self
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str());
        id.into_iter()
            .chain(filters.copied())
            .chain(parameters)
            .collect()
    }

    /// Its queries, the subject's first.
    pub(crate) fn queries(&self) -> impl Iterator<Item = &Query> {
        let subject = self.subject.iter().map(|subject| &subject.query);
        subject.chain(self.tiles.iter().map(|tile| &tile.query))
    }

    /// What the queries may use as `$name`.
    pub(crate) fn query_names(&self) -> Vec<&str> {
        let id = self.subject.is_some().then_some(ID);
        let parameters = self
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str());
        id.into_iter().chain(parameters).collect()
    }
}

/// The address of an entity page names its entity so, and its queries use it as `$id`.
pub(crate) const ID: &str = "id";

/// How a reader sorts tables stands in the address under this name; it is the browser's alone.
pub(crate) const ORDER: &str = "order";

/// A group of the navigation.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Where a reader begins.
    Start,
    /// Films, their money and their reception.
    #[default]
    Films,
    /// Who makes them.
    People,
    /// Studios, franchises, countries.
    Industry,
    /// Whether the numbers can be trusted, and where they come from.
    Trust,
}

impl Section {
    /// Its heading in the navigation.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Films => "Films",
            Self::People => "People",
            Self::Industry => "Industry",
            Self::Trust => "Trust",
        }
    }
}

/// Whose page an entity page is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PageSubject")]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// The query with its name and facts, `$id` in and at most one row out: in `page.yml` the name of the file beside it,
    /// elsewhere its columns.
    #[serde(rename(deserialize = "sql", serialize = "columns"))]
    pub(crate) query: Query,
}

/// What a page can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Entity")]
pub enum SubjectKind {
    /// A film, by TMDB's id.
    Movie,
    /// Somebody in front of or behind the camera.
    Person,
    /// A series of films, as TMDB collects them.
    Collection,
    /// A production company.
    Company,
}

impl SubjectKind {
    /// The name of its page.
    pub(crate) fn page(self) -> &'static str {
        match self {
            Self::Movie => "movie",
            Self::Person => "person",
            Self::Collection => "collection",
            Self::Company => "company",
        }
    }

    /// As a sentence has it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Movie => "film",
            Self::Person => "person",
            Self::Collection => "collection",
            Self::Company => "company",
        }
    }
}

/// A view that the front end brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Search over films, people, collections and companies.
    Find,
    /// One's own SQL.
    Console,
    /// The models, their lineage, columns and tests.
    Models,
    /// The history of builds.
    Runs,
}

/// A filter that means the same on every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "FilterName")]
pub enum Filter {
    /// Release years, `1990-2016`.
    Years,
    /// A genre of the film, its id; any of its genres, or with `genre_policy=primary` its first.
    Genre,
    /// Original language, an ISO 639-1 code.
    Language,
    /// A country of origin, an ISO 3166-1 code.
    Country,
    /// Classes of the real budget, comma separated.
    BudgetClass,
    /// The budget in dollars under which a film is not analysed.
    BudgetFloor,
    /// The number of votes under which a film is left out.
    VotesFloor,
    /// `real` or `nominal`: which dollars the `money_*` columns are.
    Money,
}

impl Filter {
    /// Its names in an address; the first is its own.
    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Years => &["years"],
            Self::Genre => &["genre", "genre_policy"],
            Self::Language => &["language"],
            Self::Country => &["country"],
            Self::BudgetClass => &["budget_class"],
            Self::BudgetFloor => &["budget_floor"],
            Self::VotesFloor => &["votes_floor"],
            Self::Money => &["money"],
        }
    }
}

/// A switch of one page: a whole number within bounds, or one of several options.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
#[schemars(rename = "ParameterValues")]
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
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterOption {
    /// As the address and the SQL have it.
    pub value: String,
    /// As the reader sees it.
    pub label: String,
}

/// One problem in a page's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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
