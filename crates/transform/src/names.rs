//! What relations are called while a run replaces them.

use warehouse::{Dialect, Relation};

use crate::Node;

/// What a relation is called while it is built.
const TEMPORARY: &str = "__dbt_tmp";
/// What the old relation is called while the new one takes its name.
const BACKUP: &str = "__dbt_backup";
/// Postgres cuts longer names.
const POSTGRES_NAME_BYTES: usize = 63;

/// The names that a relation goes by while it is replaced.
pub(crate) struct Names {
    pub(crate) target: Relation,
    pub(crate) temporary: Relation,
    pub(crate) backup: Relation,
}

impl Names {
    /// An error says that the name is too long.
    pub(crate) fn of(node: &Node, dialect: Dialect) -> Result<Self, String> {
        let target = node.relation();
        let name = &target.identifier;
        if dialect == Dialect::Postgres {
            check_length("relation", name)?;
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

/// Postgres would cut a longer name without a word.
pub(crate) fn check_length(what: &str, name: &str) -> Result<(), String> {
    if name.len() <= POSTGRES_NAME_BYTES {
        return Ok(());
    }
    Err(format!(
        "{what} name `{name}` is longer than {POSTGRES_NAME_BYTES} characters"
    ))
}

/// A name for the time of a test, whatever the length of the node's own.
pub(crate) fn temporary(node: &Node, dialect: Dialect) -> String {
    suffixed(&node.name, TEMPORARY, dialect)
}

/// What a name on Postgres becomes while another takes it.
pub(crate) fn backup(name: &str) -> String {
    suffixed(name, BACKUP, Dialect::Postgres)
}

/// On Postgres the name is cut so that the suffix stays.
fn suffixed(name: &str, suffix: &str, dialect: Dialect) -> String {
    let length = match dialect {
        Dialect::DuckDb => name.len(),
        Dialect::Postgres => name.floor_char_boundary(POSTGRES_NAME_BYTES - suffix.len()),
    };
    format!("{}{suffix}", &name[..length])
}
