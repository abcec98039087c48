use warehouse::{Dialect, Relation, RelationKind};

use crate::compile::fixture::quoted;

pub(super) fn word(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Table => "table",
        RelationKind::View => "view",
    }
}

pub(super) fn drop(relation: &Relation, kind: RelationKind) -> String {
    format!("drop {} if exists {relation} cascade", word(kind))
}

/// Does nothing when the relation is gone: on Postgres, replacing what a view reads drops the view.
pub(super) fn rename(from: &Relation, kind: RelationKind, to: &Relation) -> String {
    format!(
        "alter {} if exists {from} rename to {}",
        word(kind),
        quoted(&to.identifier)
    )
}

/// What makes sure that a schema is there.
pub(super) fn create_schema(database: &str, schema: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::DuckDb => format!(
            "create schema if not exists {}.{}",
            quoted(database),
            quoted(schema)
        ),
        Dialect::Postgres => format!("create schema if not exists {}", quoted(schema)),
    }
}
