//! The config `grants`: who may do what with a relation.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use warehouse::{Connection, Dialect, Relation, Value};

use crate::{Node, compile::fixture, yaml};

/// Grantees by privilege.
type Grants = BTreeMap<String, Vec<String>>;

/// Grants what the config says. `was_kept` tells that the relation is not new: what is not configured is revoked.
pub(super) fn apply(
    node: &Node,
    was_kept: bool,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> warehouse::Result<Option<String>> {
    let configured = configured(node);
    if configured.is_empty() {
        return Ok(None);
    }
    if dialect == Dialect::DuckDb {
        return Ok(Some(
            "warning: DuckDB has no grants: the config `grants` does nothing".to_owned(),
        ));
    }
    let relation = node.relation();
    let current = if was_kept {
        current(&relation, connection)?
    } else {
        Grants::new()
    };
    for (privilege, grantees) in without(&current, &configured) {
        let grantees: Vec<String> = grantees.iter().map(|name| fixture::quoted(name)).collect();
        let grantees = grantees.join(", ");
        connection.execute(&format!("revoke {privilege} on {relation} from {grantees}"))?;
    }
    for (privilege, grantees) in without(&configured, &current) {
        let grantees = grantees.join(", ");
        connection.execute(&format!("grant {privilege} on {relation} to {grantees}"))?;
    }
    Ok(None)
}

fn configured(node: &Node) -> Grants {
    let grants = node.config.get("grants").and_then(Json::as_object);
    let grants = grants.into_iter().flatten();
    let grants =
        grants.map(|(privilege, grantees)| (privilege.clone(), yaml::texts(Some(grantees))));
    grants
        .filter(|(_, grantees)| !grantees.is_empty())
        .collect()
}

/// What this user has granted to others.
fn current(relation: &Relation, connection: &mut dyn Connection) -> warehouse::Result<Grants> {
    let rows = connection.query(
        "select privilege_type::text, grantee::text from information_schema.role_table_grants
         where grantor = current_role and grantee != current_role
             and table_schema = $1 and table_name = $2",
        &[
            Value::Text(relation.schema.clone()),
            Value::Text(relation.identifier.clone()),
        ],
    )?;
    let mut grants = Grants::new();
    for row in rows.json_rows() {
        let text = |cell: &Json| cell.as_str().unwrap_or_default().to_owned();
        let grantees = grants.entry(text(&row[0]).to_lowercase()).or_default();
        grantees.push(text(&row[1]));
    }
    Ok(grants)
}

/// The grants that the others do not have.
fn without(grants: &Grants, others: &Grants) -> Grants {
    let has = |privilege: &str, grantee: &str| {
        others.iter().any(|(other, grantees)| {
            other.eq_ignore_ascii_case(privilege)
                && grantees
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(grantee))
        })
    };
    let mut left = Grants::new();
    for (privilege, grantees) in grants {
        for grantee in grantees.iter().filter(|grantee| !has(privilege, grantee)) {
            left.entry(privilege.clone())
                .or_default()
                .push(grantee.clone());
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::{Grants, without};

    #[test]
    fn only_what_differs_is_granted_and_revoked() {
        let grants = |entries: &[(&str, &[&str])]| -> Grants {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            entries
                .iter()
                .map(|(privilege, names)| ((*privilege).to_owned(), owned(names)))
                .collect()
        };
        let configured = grants(&[("SELECT", &["ann", "bob"])]);
        let current = grants(&[("select", &["Ann", "eve"]), ("insert", &["bob"])]);
        assert_eq!(
            without(&configured, &current),
            grants(&[("SELECT", &["bob"])])
        );
        assert_eq!(
            without(&current, &configured),
            grants(&[("insert", &["bob"]), ("select", &["eve"])])
        );
    }
}
