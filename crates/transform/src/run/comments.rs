//! `persist_docs`: descriptions as comments in the warehouse.

use serde_json::Value as Json;
use warehouse::{Connection, Relation, RelationKind};

use super::statements;
use crate::{Node, compile::fixture};

/// Puts the node's descriptions on its relation, as far as its config asks; gives back what is odd.
pub(super) fn persist(
    node: &Node,
    kind: RelationKind,
    connection: &mut dyn Connection,
) -> warehouse::Result<Option<String>> {
    let relation = node.relation();
    let mut comments = Vec::new();
    let mut oddity = None;
    if wants(node, "relation") && !node.description.is_empty() {
        let word = statements::word(kind);
        let comment = literal(&node.description);
        comments.push(format!("comment on {word} {relation} is {comment}"));
    }
    if wants(node, "columns") && !node.columns.is_empty() {
        let existing = connection.columns(&relation)?;
        let existing: Vec<String> = existing.into_iter().map(|(name, _)| name).collect();
        let present = node.columns.iter();
        let present = present.filter(|column| existing.contains(&column.name));
        comments.extend(present.map(|column| {
            let name = fixture::quoted(&column.name);
            let comment = literal(&column.description);
            format!("comment on column {relation}.{name} is {comment}")
        }));
        oddity = missing(node, &relation, &existing);
    }
    if !comments.is_empty() {
        // All at once: a wide table has dozens.
        connection.execute(&comments.join(";\n"))?;
    }
    Ok(oddity)
}

/// Whether `persist_docs` says yes to `relation` or `columns`.
fn wants(node: &Node, key: &str) -> bool {
    let persist_docs = node.config.get("persist_docs");
    persist_docs.and_then(|docs| docs.get(key)) == Some(&Json::Bool(true))
}

fn missing(node: &Node, relation: &Relation, existing: &[String]) -> Option<String> {
    let is_missing = |name: &&str| {
        !existing
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let names = node.columns.iter().map(|column| column.name.as_str());
    let missing: Vec<&str> = names.filter(is_missing).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "warning: {relation} is described with columns that it does not have: `{}`",
            missing.join("`, `")
        )
    })
}

/// Any text as an SQL literal, without escapes: the quotes are a tag that the text does not hold.
fn literal(text: &str) -> String {
    let mut tag = "$comment$".to_owned();
    while text.contains(&tag) {
        tag.insert(1, '_');
    }
    format!("{tag}{text}{tag}")
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn a_comment_may_hold_its_own_quotes() {
        assert_eq!(literal("it's $1 \\n"), "$comment$it's $1 \\n$comment$");
        assert_eq!(
            literal("$comment$ and $_comment$"),
            "$__comment$$comment$ and $_comment$$__comment$"
        );
    }
}
