/// Puts CTEs in front of a query, joining a `with` that it has already.
pub(super) fn ctes(sql: &str, ctes: &[(String, String)]) -> String {
    if ctes.is_empty() {
        return sql.to_owned();
    }
    let ctes = ctes
        .iter()
        .map(|(name, sql)| format!(" {name} as (\n{sql}\n)"))
        .collect::<Vec<_>>()
        .join(",");
    let start = skip_blank(sql, 0);
    match word(sql, start) {
        Some(("with", end)) => {
            let after = skip_blank(sql, end);
            let end = match word(sql, after) {
                Some(("recursive", end)) => end,
                _ => end,
            };
            format!("{}{ctes},{}", &sql[..end], &sql[end..])
        }
        _ => format!("{}with{ctes} {}", &sql[..start], &sql[start..]),
    }
}

/// Past white space and comments.
fn skip_blank(sql: &str, mut offset: usize) -> usize {
    loop {
        let rest = &sql[offset..];
        let trimmed = rest.trim_start();
        offset += rest.len() - trimmed.len();
        if trimmed.starts_with("--") {
            offset += trimmed.find('\n').map_or(trimmed.len(), |end| end + 1);
        } else if trimmed.starts_with("/*") {
            offset += trimmed.find("*/").map_or(trimmed.len(), |end| end + 2);
        } else {
            return offset;
        }
    }
}

/// `with` or `recursive` at an offset, with its end.
fn word(sql: &str, offset: usize) -> Option<(&'static str, usize)> {
    let rest = &sql[offset..];
    let length = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let found = ["with", "recursive"]
        .into_iter()
        .find(|word| rest[..length].eq_ignore_ascii_case(word))?;
    Some((found, offset + length))
}

#[cfg(test)]
mod tests {
    use super::ctes;

    #[test]
    fn ctes_join_an_existing_with() {
        let injected = [("__dbt__cte__a".to_owned(), "select 1".to_owned())];
        let check = |sql: &str, expect: &str| {
            let words = |sql: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(&ctes(sql, &injected)), expect);
        };
        check("select 2", "with __dbt__cte__a as ( select 1 ) select 2");
        check(
            "-- why\nWITH b as (select 2) select 3",
            "-- why WITH __dbt__cte__a as ( select 1 ), b as (select 2) select 3",
        );
        check(
            "with recursive b as (select 2) select 3",
            "with recursive __dbt__cte__a as ( select 1 ), b as (select 2) select 3",
        );
        check("with_x", "with __dbt__cte__a as ( select 1 ) with_x");
    }
}
