use warehouse::{Relation, RelationKind};

use crate::Node;

/// What a relation is called while it is built.
pub(super) const TEMPORARY: &str = "__dbt_tmp";
/// What the old relation is called while the new one takes its name.
pub(super) const BACKUP: &str = "__dbt_backup";

fn suffixed(node: &Node, suffix: &str) -> Relation {
    let mut relation = node.relation();
    relation.identifier.push_str(suffix);
    relation
}

pub(super) fn temporary(node: &Node) -> Relation {
    suffixed(node, TEMPORARY)
}

pub(super) fn create_table(node: &Node, sql: &str) -> String {
    format!("create table {} as (\n{sql}\n)", temporary(node))
}

pub(super) fn create_view(node: &Node, sql: &str) -> String {
    format!("create view {} as (\n{sql}\n)", temporary(node))
}

fn word(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Table => "table",
        RelationKind::View => "view",
    }
}

pub(super) fn drop(relation: &Relation, kind: RelationKind) -> String {
    format!("drop {} if exists {relation} cascade", word(kind))
}

/// Drops what a killed run left behind.
pub(super) fn clean_up(node: &Node, leftovers: [Option<RelationKind>; 2]) -> Vec<String> {
    [TEMPORARY, BACKUP]
        .into_iter()
        .zip(leftovers)
        .filter_map(|(suffix, kind)| Some(drop(&suffixed(node, suffix), kind?)))
        .collect()
}

/// The new relation takes the name, the old one goes.
pub(super) fn swap(node: &Node, kind: RelationKind, existing: Option<RelationKind>) -> Vec<String> {
    let rename = |from: &Relation, kind: RelationKind, to: &Relation| {
        format!(
            "alter {} {from} rename to \"{}\"",
            word(kind),
            to.identifier.replace('"', "\"\"")
        )
    };
    let (target, temporary, backup) = (node.relation(), temporary(node), suffixed(node, BACKUP));
    let mut statements = Vec::new();
    if let Some(old) = existing {
        statements.push(rename(&target, old, &backup));
    }
    statements.push(rename(&temporary, kind, &target));
    if let Some(old) = existing {
        statements.push(drop(&backup, old));
    }
    statements
}
