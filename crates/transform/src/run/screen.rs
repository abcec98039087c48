//! Many tests of a relation in one look at it.
//!
//! Most tests ask for the rows of one relation that meet a condition, and find none. So before the tests of what
//! was just built, one query counts the rows for all those conditions. A test whose count is 0 has passed; any other
//! runs as it is written, and so does one that is more than a condition.

use std::{iter, sync::LazyLock};

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
        let mut tests = Vec::new();
        for test in self.project.graph.children(id) {
            let Some(node) = nodes.get(test).filter(|_| self.selected.contains(test)) else {
                continue;
            };
            if !counts_rows(node, self.options()) {
                continue;
            }
            // What cannot be compiled says so when it is its turn.
            let compiled = self.compiler.compile(node, slot);
            let found = compiled.ok().and_then(|it| condition(&it.sql, &relation));
            tests.extend(found.map(|condition| (test.clone(), condition)));
        }
        let Some(connection) = slot.as_mut().filter(|_| tests.len() > 1) else {
            return;
        };
        let counts: Vec<String> = tests
            .iter()
            .map(|(_, condition)| format!("count(*) filter (where (\n{condition}\n))"))
            .collect();
        let sql = format!("select\n{}\nfrom {relation}", counts.join(",\n"));
        match connection.query(&sql, &[]) {
            Ok(rows) => {
                let row = rows.json_rows().into_iter().next().unwrap_or_default();
                let passed = iter::zip(tests, row).filter(|(_, count)| *count == Json::from(0));
                lock(&self.passed).extend(passed.map(|((test, _), _)| test));
            }
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

#[cfg(test)]
mod tests {
    use super::condition;

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
