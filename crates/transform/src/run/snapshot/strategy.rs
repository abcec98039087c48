//! What tells that a row has changed.

use serde_json::{Value as Json, json};
use warehouse::Connection;

use super::query_columns;
use crate::{
    Node,
    compile::fixture::quoted,
    jinja::{Arguments, Value},
    parse::snapshot_macro,
    run::{
        Shop,
        in_place::Columns,
        node::{Failure, held},
    },
    yaml,
};

/// What becomes of rows that the query does not give any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HardDeletes {
    /// Nothing.
    Ignore,
    /// Their last version ends.
    Invalidate,
    /// Their last version ends, and one follows that says so.
    NewRecord,
}

/// The expressions of a strategy, over the columns of the query.
#[derive(Debug, Clone)]
pub(super) struct Strategy {
    /// What names a row.
    pub(super) unique_key: Vec<String>,
    /// Since when a row is as it is.
    pub(super) updated_at: String,
    /// Whether `source_data` differs from `snapshotted_data`.
    pub(super) row_changed: String,
    /// What names a version.
    pub(super) scd_id: String,
    pub(super) hard_deletes: HardDeletes,
}

type Slot = Option<Box<dyn Connection>>;

impl Shop<'_> {
    /// A snapshot's strategy; `known` are the columns of its table, if there is one.
    pub(super) fn strategy(
        &self,
        node: &Node,
        query: &str,
        known: Option<&Columns>,
        slot: &mut Slot,
    ) -> Result<Strategy, Failure> {
        let name = node.config_text("strategy").unwrap_or_default();
        let macro_name = snapshot_macro(name);
        if self
            .compiler
            .shared
            .macros
            .find(&node.package, &macro_name)
            .is_some()
        {
            return self.own_strategy(node, query, known.is_some(), &macro_name, slot);
        }
        let unique_key = yaml::texts(node.config.get("unique_key"));
        let configured = node.config_text("updated_at").map(ToOwned::to_owned);
        let (updated_at, row_changed) = if name == "check" {
            let updated_at = match configured {
                Some(column) => column,
                None => self.snapshot_time(node, slot)?,
            };
            let changed = match known {
                Some(known) => differs(node, query, known, held(slot)?)?,
                None => String::new(),
            };
            (updated_at, changed)
        } else {
            let column = configured.unwrap_or_default();
            let valid_from = super::MetaColumns::of(node).valid_from;
            let changed = format!("(snapshotted_data.{valid_from} < source_data.{column})");
            (column, changed)
        };
        let mut parts = unique_key.clone();
        parts.push(updated_at.clone());
        Ok(Strategy {
            scd_id: self.snapshot_hash(node, &parts, slot)?,
            hard_deletes: hard_deletes(&Json::Object(node.config.clone())),
            unique_key,
            updated_at,
            row_changed,
        })
    }

    /// A strategy that the project has written as a macro.
    fn own_strategy(
        &self,
        node: &Node,
        query: &str,
        is_there: bool,
        macro_name: &str,
        slot: &mut Slot,
    ) -> Result<Strategy, Failure> {
        let mut model = crate::artifacts::node_json(node, self.options());
        model["compiled_code"] = query.into();
        let arguments = Arguments::positional([
            Value::from(&model),
            Value::text("snapshotted_data"),
            Value::text("source_data"),
            Value::from(&model["config"]),
            Value::Bool(is_there),
        ]);
        let answer = self
            .compiler
            .call_macro(node, macro_name, arguments, slot)?;
        let answer = Json::from(&answer);
        let text = |key: &str| match answer.get(key).and_then(Json::as_str) {
            Some(text) => Ok(text.trim().to_owned()),
            None => Err(Failure::from(format!(
                "macro `{macro_name}` returns no `{key}` (hint: a strategy is a mapping with `unique_key`, \
                 `updated_at`, `row_changed` and `scd_id`)"
            ))),
        };
        Ok(Strategy {
            unique_key: yaml::texts(answer.get("unique_key")),
            updated_at: text("updated_at")?,
            row_changed: text("row_changed")?,
            scd_id: text("scd_id")?,
            hard_deletes: hard_deletes(&answer),
        })
    }

    /// The expression for the time of the run.
    pub(super) fn snapshot_time(&self, node: &Node, slot: &mut Slot) -> Result<String, Failure> {
        let name = "snapshot_get_time";
        let called = self
            .compiler
            .call_macro(node, name, Arguments::default(), slot)?;
        Ok(called.to_string().trim().to_owned())
    }

    /// The expression for a digest over others.
    pub(super) fn snapshot_hash(
        &self,
        node: &Node,
        parts: &[String],
        slot: &mut Slot,
    ) -> Result<String, Failure> {
        let parts = Value::list(parts.iter().map(Value::text).collect::<Vec<_>>());
        let arguments = Arguments::positional([parts]);
        let name = "snapshot_hash_arguments";
        let called = self.compiler.call_macro(node, name, arguments, slot)?;
        Ok(called.to_string().trim().to_owned())
    }
}

/// Compares the columns of `check_cols`. A column that the table does not have yet makes every row a changed one.
fn differs(
    node: &Node,
    query: &str,
    known: &Columns,
    connection: &mut dyn Connection,
) -> Result<String, Failure> {
    let checked = match node.config.get("check_cols") {
        Some(Json::Array(columns)) => {
            let columns = yaml::texts(Some(&json!(columns))).join(", ");
            let query = format!("select {columns} from (\n{query}\n) as subq");
            query_columns(&query, connection)?
        }
        _ => query_columns(query, connection)?,
    };
    let is_known = |name: &String| known.iter().any(|(known, _)| known == name);
    if !checked.iter().all(is_known) {
        return Ok("true".to_owned());
    }
    let differences = checked.iter().map(|name| {
        let name = quoted(name);
        format!("snapshotted_data.{name} is distinct from source_data.{name}")
    });
    let differences: Vec<String> = differences.collect();
    Ok(format!("({})", differences.join(" or ")))
}

/// What a config, or the answer of a strategy's macro, says of rows that are gone.
fn hard_deletes(config: &Json) -> HardDeletes {
    let is_old = config.get("invalidate_hard_deletes") == Some(&Json::Bool(true));
    match config.get("hard_deletes").and_then(Json::as_str) {
        Some("new_record") => HardDeletes::NewRecord,
        Some("invalidate") => HardDeletes::Invalidate,
        _ if is_old => HardDeletes::Invalidate,
        _ => HardDeletes::Ignore,
    }
}
