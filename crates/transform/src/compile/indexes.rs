//! The config `indexes`: a list of `{columns, unique, type}`.

use std::rc::Rc;

use serde_json::Value as Json;
use warehouse::Dialect;

use crate::{
    Node,
    context::{Context, RelationValue},
    jinja::{self, Arguments, Value},
    names::Names,
};

/// The statements that create a node's indexes, as `get_create_index_sql` has them; projects override it.
pub(super) fn render(
    context: &Rc<Context>,
    node: &Node,
    dialect: Dialect,
) -> Result<Vec<String>, Box<jinja::Error>> {
    let Some(indexes) = node.config.get("indexes").and_then(Json::as_array) else {
        return Ok(Vec::new());
    };
    let names = Names::of(node, dialect).map_err(|message| Box::new(jinja::Error::new(message)))?;
    // dbt-postgres gives the table its indexes before its name, dbt-duckdb after.
    let table = match dialect {
        Dialect::DuckDb => &names.target,
        Dialect::Postgres => &names.temporary,
    };
    let mut statements = Vec::new();
    for index in indexes {
        let arguments =
            Arguments::positional([RelationValue::new(table).into_value(), Value::from(index)]);
        let statement = context.call_macro("get_create_index_sql", arguments)?;
        if !statement.is_none() && !statement.to_string().trim().is_empty() {
            statements.push(statement.to_string());
        }
    }
    Ok(statements)
}
