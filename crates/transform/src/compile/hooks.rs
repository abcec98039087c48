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

/// The rendered hooks of a node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) before: Vec<Hook>,
    pub(crate) after: Vec<Hook>,
}

impl Hooks {
    /// Renders the hooks of a node; those that render to nothing are left out.
    pub(crate) fn render(context: &Rc<Context>, node: &Node) -> Result<Self, Box<jinja::Error>> {
        Ok(Self {
            before: render(context, node, "pre-hook")?,
            after: render(context, node, "post-hook")?,
        })
    }
}

fn render(context: &Rc<Context>, node: &Node, key: &str) -> Result<Vec<Hook>, Box<jinja::Error>> {
    let configured = node.config.get(key).and_then(Json::as_array);
    let mut hooks = Vec::new();
    for hook in configured.into_iter().flatten().map(parse) {
        let sql = context.render(&node.original_file_path, &hook.sql)?;
        let sql = sql.trim().to_owned();
        if !sql.is_empty() {
            hooks.push(Hook { sql, ..hook });
        }
    }
    Ok(hooks)
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
