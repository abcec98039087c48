use std::rc::Rc;

use serde_json::Value as Json;

use crate::{Node, context::Context, jinja};

/// SQL that runs before or after a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hook {
    pub(crate) sql: String,
    /// Whether it shares the transaction that builds the node.
    pub(crate) in_transaction: bool,
}

/// The hooks of a node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) before: Vec<Hook>,
    pub(crate) after: Vec<Hook>,
}

impl Hooks {
    /// The hooks of a node, before rendering.
    pub(crate) fn of(node: &Node) -> Self {
        let of = |key: &str| {
            let configured = node.config.get(key).and_then(Json::as_array);
            configured.into_iter().flatten().map(parse).collect()
        };
        Self {
            before: of("pre-hook"),
            after: of("post-hook"),
        }
    }

    /// Renders the hooks of a node to learn what they refer to.
    pub(crate) fn capture(context: &Rc<Context>, node: &Node) -> Result<(), Box<jinja::Error>> {
        let hooks = Self::of(node);
        for hook in hooks.before.iter().chain(&hooks.after) {
            context.render(&node.file(), &hook.sql)?;
        }
        Ok(())
    }
}

/// The SQL of a hook as it is written or rendered.
pub(crate) fn hook_sql(text: &str) -> String {
    parse(&Json::from(text)).sql
}

/// A hook is SQL, a mapping of `sql` and `transaction`, or the JSON text of one.
fn parse(hook: &Json) -> Hook {
    let parsed = hook
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok());
    let mapping = parsed.as_ref().unwrap_or(hook);
    let sql = mapping.get("sql").and_then(Json::as_str).or(hook.as_str());
    Hook {
        sql: sql.unwrap_or_default().to_owned(),
        in_transaction: mapping.get("transaction") != Some(&Json::Bool(false)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Hook, parse};

    #[test]
    fn a_hook_is_text_or_a_mapping() {
        let check = |written: serde_json::Value, sql: &str, in_transaction: bool| {
            let sql = sql.to_owned();
            assert_eq!(
                parse(&written),
                Hook {
                    sql,
                    in_transaction
                }
            );
        };
        check(json!("select 1"), "select 1", true);
        check(
            json!({"sql": "vacuum", "transaction": false}),
            "vacuum",
            false,
        );
        check(
            json!("{\"sql\": \"vacuum\", \"transaction\": false}"),
            "vacuum",
            false,
        );
        check(json!({"sql": "select 1"}), "select 1", true);
        check(json!("1"), "1", true);
    }
}
