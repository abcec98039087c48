use warehouse::{Dialect, Relation, RelationKind};

use crate::Node;

/// What a relation is called while it is built.
const TEMPORARY: &str = "__dbt_tmp";
/// What the old relation is called while the new one takes its name.
const BACKUP: &str = "__dbt_backup";
/// Postgres cuts longer names.
const POSTGRES_NAME_BYTES: usize = 63;

/// The names that a relation goes by while it is replaced.
pub(super) struct Names {
    pub(super) target: Relation,
    pub(super) temporary: Relation,
    pub(super) backup: Relation,
}

impl Names {
    /// An error says that the name is too long.
    pub(super) fn of(node: &Node, dialect: Dialect) -> Result<Self, String> {
        let target = node.relation();
        let name = &target.identifier;
        if dialect == Dialect::Postgres && name.len() > POSTGRES_NAME_BYTES {
            return Err(format!(
                "relation name `{name}` is longer than {POSTGRES_NAME_BYTES} characters"
            ));
        }
        let suffixed = |suffix: &str| Relation {
            identifier: suffixed(name, suffix, dialect),
            ..target.clone()
        };
        let (temporary, backup) = (suffixed(TEMPORARY), suffixed(BACKUP));
        Ok(Self {
            target,
            temporary,
            backup,
        })
    }
}

/// A name for the time of a test, whatever the length of the node's own.
pub(super) fn temporary_name(node: &Node, dialect: Dialect) -> String {
    suffixed(&node.name, TEMPORARY, dialect)
}

/// On Postgres the name is cut so that the suffix stays.
fn suffixed(name: &str, suffix: &str, dialect: Dialect) -> String {
    let length = match dialect {
        Dialect::DuckDb => name.len(),
        Dialect::Postgres => name.floor_char_boundary(POSTGRES_NAME_BYTES - suffix.len()),
    };
    format!("{}{suffix}", &name[..length])
}

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
        crate::compile::fixture::quoted(&to.identifier)
    )
}

/// What makes sure that a schema is there.
pub(super) fn create_schema(database: &str, schema: &str, dialect: Dialect) -> String {
    let quoted = crate::compile::fixture::quoted;
    match dialect {
        Dialect::DuckDb => format!(
            "create schema if not exists {}.{}",
            quoted(database),
            quoted(schema)
        ),
        Dialect::Postgres => format!("create schema if not exists {}", quoted(schema)),
    }
}
