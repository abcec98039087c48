//! Many tests of a relation in one look at it.
//!
//! Most tests ask for the rows of one relation that meet a condition, and find none. So before the tests of what
//! was just built, one query asks whether any row meets any of those conditions. If none does, all these tests have
//! passed; else each runs as it is written, and so does in any case one that is more than a condition. A column that
//! has a unique index needs no look at all: the database has had it.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;
use warehouse::Connection;

use super::{Shop, lock};
use crate::{Node, NodeId, NodeKind, Options};

impl Shop<'_> {
    /// Looks once at what a node has built, for all of its tests that are conditions on it.
    pub(super) fn screen(&self, id: &NodeId, slot: &mut Option<Box<dyn Connection>>) {
        let nodes = &self.compiler.nodes.by_id;
        let relation = nodes[id].relation().to_string();
        let (mut tests, mut unique) = (Vec::new(), Vec::new());
        for test in self.project.graph.children(id) {
            let Some(node) = nodes.get(test).filter(|_| self.selected.contains(test)) else {
                continue;
            };
            if !counts_rows(node, self.options()) {
                continue;
            }
            // What cannot be compiled says so when it is its turn.
            let Ok(compiled) = self.compiler.compile(node, slot) else {
                continue;
            };
            if let Some(condition) = condition(&compiled.sql, &relation) {
                tests.push((test.clone(), condition));
            } else if let Some(column) = unique_column(&compiled.sql, &relation) {
                unique.push((test.clone(), column));
            }
            lock(&self.looked_at).insert(test.clone(), compiled);
        }
        let Some(connection) = slot else { return };
        if !unique.is_empty() {
            let known = connection.unique_columns(&nodes[id].relation());
            let known = known.unwrap_or_default();
            let passed = unique
                .into_iter()
                .filter(|(_, column)| known.contains(column));
            lock(&self.passed).extend(passed.map(|(test, _)| test));
        }
        if tests.len() < 2 {
            return;
        }
        let conditions: Vec<String> = tests
            .iter()
            .map(|(_, condition)| format!("(\n{condition}\n)"))
            .collect();
        // One chain of conditions is cheaper for a row-wise engine than as many counts; and for `exists` a planner would
        // look for the way to the first row, which there is none of.
        let sql = format!(
            "select count(*) from {relation}\nwhere {}",
            conditions.join("\nor ")
        );
        match connection.query(&sql, &[]) {
            Ok(rows) if rows.json_rows() == [[Json::from(0)]] => {
                lock(&self.passed).extend(tests.into_iter().map(|(test, _)| test));
            }
            Ok(_) => {}
            // The test whose condition it is will tell.
            Err(error) => tracing::debug!(relation, %error, "its tests run one by one"),
        }
    }
}

/// Whether a test counts its rows and wants none, as tests do unless they are configured otherwise.
fn counts_rows(node: &Node, options: &Options) -> bool {
    let is_default = |(name, default): (&str, &str)| {
        node.config
            .get(name)
            .is_none_or(|value| value.is_null() || value == default)
    };
    node.kind == NodeKind::Test
        && !node.stores_failures(options)
        && [
            ("fail_calc", "count(*)"),
            ("warn_if", "!= 0"),
            ("error_if", "!= 0"),
        ]
        .into_iter()
        .all(is_default)
        && node.config.get("limit").is_none_or(Json::is_null)
}

/// The condition of `select some, columns from relation where condition`, if a query is that and no more.
fn condition(sql: &str, relation: &str) -> Option<String> {
    static SELECT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?is)^\s*select\s+(?:\*|[\w".]+(?:\s*,\s*[\w".]+)*)\s+from\s+(.*)$"#)
            .expect("a valid expression")
    });
    // Words that would end the condition, or bring in another relation.
    static MORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i);|--|/\*|\b(select|from|join|group|having|order|limit|offset|fetch|window|union|except|intersect|qualify|for|over)\b",
        )
        .expect("a valid expression")
    });
    let (_, [rest]) = SELECT.captures(sql)?.extract();
    let rest = rest.strip_prefix(relation)?.trim_start();
    let (word, condition) = rest.split_at_checked(5)?;
    let is_where = word.eq_ignore_ascii_case("where") && condition.starts_with(char::is_whitespace);
    (is_where && !MORE.is_match(condition)).then(|| condition.trim().to_owned())
}

/// The column whose repeated values dbt's test `unique` asks for, if a query is that test as dbt writes it.
fn unique_column(sql: &str, relation: &str) -> Option<String> {
    static UNIQUE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^select (\w+) as unique_field, count\(\*\) as n_records from (.+) where (\w+) is not null group by (\w+) having count\(\*\) > 1$",
        )
        .expect("a valid expression")
    });
    let words: Vec<&str> = sql.split_whitespace().collect();
    let sql = words.join(" ");
    let (_, [column, from, not_null, grouped]) = UNIQUE.captures(&sql)?.extract();
    (from == relation && column == not_null && column == grouped).then(|| column.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{condition, unique_column};

    #[test]
    fn only_dbts_own_test_of_uniqueness_is_taken() {
        let relation = r#""db"."main"."films""#;
        let unique = |from: &str, column: &str| {
            format!(
                "\n\nselect\n  id as unique_field,\n  count(*) as n_records\n\nfrom {from}\n\
                 where {column} is not null\ngroup by id\nhaving count(*) > 1\n"
            )
        };
        assert_eq!(
            unique_column(&unique(relation, "id"), relation).as_deref(),
            Some("id")
        );
        assert_eq!(unique_column(&unique(relation, "other"), relation), None);
        assert_eq!(
            unique_column(&unique("\"db\".\"main\".\"others\"", "id"), relation),
            None
        );
        assert_eq!(
            unique_column(&format!("{} limit 1", unique(relation, "id")), relation),
            None
        );
    }

    #[test]
    fn only_a_condition_on_the_relation_is_taken() {
        let relation = r#""db"."main"."films""#;
        let check = |sql: &str, expect: Option<&str>| {
            assert_eq!(condition(sql, relation).as_deref(), expect, "{sql}");
        };
        let films = |rest: &str| format!("\n\nselect id\nfrom {relation}\n{rest}\n");
        check(&films("where id is null"), Some("id is null"));
        check(
            &films("where\n  false\n  or \"a b\" < 0\n  "),
            Some("false\n  or \"a b\" < 0"),
        );
        check(&format!("SELECT * FROM {relation} WHERE x"), Some("x"));
        check(
            &format!("select a, \"b\", t.c from {relation} where x"),
            Some("x"),
        );
        for more in [
            "where id is null limit 1",
            "where id in (select 1)",
            "where id > 1 group by id",
            "where id > 1 -- or so",
            "where sum(id) over () > 1",
            "as films where id is null",
            "wherever",
            "",
        ] {
            check(&films(more), None);
        }
        check(&format!("select count(*) from {relation} where x"), None);
        check(&format!("select distinct a from {relation} where x"), None);
        check(&format!("select 1 as a from {relation} where x"), None);
        check(
            &format!("with a as (select 1) select id from {relation} where x"),
            None,
        );
        check("select id from \"db\".\"main\".\"films2\" where x", None);
    }
}
