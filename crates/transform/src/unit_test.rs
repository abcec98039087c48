use serde_json::{Map, Value as Json};

use crate::NodeId;

/// A model's answer to rows that are made up.
#[derive(Debug, Clone)]
pub struct UnitTest {
    /// The model's name.
    pub model: String,
    /// What stands in for what the model reads.
    pub given: Vec<Given>,
    /// What the model must answer.
    pub expect: Fixture,
    /// What templates see instead of the project's own.
    pub overrides: Overrides,
}

/// Rows that stand in for a relation.
#[derive(Debug, Clone)]
pub struct Given {
    /// `ref('x')`, `source('x', 'y')` or `this`, as written.
    pub input: String,
    /// The node it names.
    pub node: NodeId,
    /// Its rows.
    pub fixture: Fixture,
}

/// Rows of a unit test.
#[derive(Debug, Clone)]
pub enum Fixture {
    /// Rows with the columns that matter, from a list or CSV.
    Rows(Vec<Map<String, Json>>),
    /// A select.
    Sql(String),
}

/// What a unit test puts in the place of the project's own values.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// What macros return, by `name` or `package.name`.
    pub macros: Map<String, Json>,
    /// What `var` gives.
    pub vars: Map<String, Json>,
    /// What `env_var` gives.
    pub env_vars: Map<String, Json>,
}
