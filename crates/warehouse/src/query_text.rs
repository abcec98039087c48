//! What SQL a stranger may send: one statement that only asks.

/// A statement without the comments and the `explain` in front of it, its options included; those say how to show
/// the plan, and what follows is what runs.
pub(crate) fn explained(sql: &str) -> &str {
    let Some(mut rest) = after_word(sql, "explain") else {
        return after_space(sql);
    };
    for word in ["analyze", "analyse", "verbose"] {
        rest = after_word(rest, word).unwrap_or(rest);
    }
    let inner = after_space(rest);
    match inner
        .strip_prefix('(')
        .and_then(|list| list.split_once(')'))
    {
        // Options are plain words; a query in brackets starts with a word of its own.
        Some((options, rest)) if !starts_query(options) => rest,
        _ => inner,
    }
}

fn starts_query(text: &str) -> bool {
    ["select", "with", "values", "table", "from", "("]
        .iter()
        .any(|word| after_space(text).to_ascii_lowercase().starts_with(word))
}

fn after_word<'a>(sql: &'a str, word: &str) -> Option<&'a str> {
    let sql = after_space(sql);
    let (head, rest) = sql.split_at_checked(word.len())?;
    let ends = !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    (ends && head.eq_ignore_ascii_case(word)).then_some(rest)
}

/// Without the white space and comments in front.
fn after_space(sql: &str) -> &str {
    let mut rest = sql.trim_start();
    loop {
        let after = if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            return rest;
        };
        rest = after.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::explained;

    #[test]
    fn only_explain_is_taken_away() {
        for (sql, expected) in [
            ("select 1", "select 1"),
            ("EXPLAIN select 1", "select 1"),
            (
                "-- why\nexplain /* so */ analyze verbose select 1",
                "select 1",
            ),
            ("explain (format json, analyze) select 1", " select 1"),
            ("explain (select 1)", "(select 1)"),
            ("explain drop table x", "drop table x"),
            ("explainer", "explainer"),
            (" -- nothing", ""),
            ("explain", ""),
        ] {
            let found = explained(sql);
            assert_eq!(found.trim_start(), expected.trim_start(), "{sql}");
        }
    }
}
