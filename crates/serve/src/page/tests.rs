use std::collections::BTreeMap;

use super::load::read_pages;
use super::*;

const PAGE: &str = "\
title: T
order: 1
summary: S
prose: P
filters: [years]
parameters:
  - { name: floor, label: Floor, values: { min: 1, max: 9, default: 2 } }
tiles:
  - id: one
    title: One
    subtitle: All
    films: population
    kind: table
    sql: one.sql
";
const QUERY: &str = "-- parameters: [floor]\n-- columns:\n--   - { name: n, label: N, format: count }\nselect $floor as n\n";

fn problems(page: &str, query: &str) -> Vec<String> {
    let files = [("page.yml", page), ("one.sql", query)]
        .map(|(name, text)| (name.to_owned(), text.to_owned()));
    match read_pages([("demo".to_owned(), BTreeMap::from(files))].into()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_sound_page_is_read() {
    assert_eq!(problems(PAGE, QUERY), [] as [&str; 0]);
}

#[test]
fn a_wrong_key_is_named_with_its_line() {
    let problems = problems(&PAGE.replace("summary: S", "sumary: S"), QUERY);
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("demo/page.yml:3: ") && problems[0].contains("`sumary`"),
        "{problems:?}"
    );
}

#[test]
fn a_filter_that_does_not_exist_is_named_with_those_that_do() {
    let problems = problems(&PAGE.replace("[years]", "[decades]"), QUERY);
    assert!(
        problems[0].contains("decades") && problems[0].contains("`years`, `language`, `genre`"),
        "{problems:?}"
    );
}

#[test]
fn a_missing_query_is_named_with_the_nearest() {
    let problems = problems(&PAGE.replace("sql: one.sql", "sql: ones.sql"), QUERY);
    assert_eq!(
        problems,
        ["demo/page.yml:14: no file `ones.sql` beside page.yml (hint: did you mean `one.sql`?)"]
    );
}

#[test]
fn parameters_are_declared_on_both_sides() {
    let undeclared = problems(PAGE, &QUERY.replace("-- parameters: [floor]\n", ""));
    assert_eq!(
        undeclared,
        [
            "demo/one.sql:3: `$floor` is not declared in the header (hint: add `-- parameters: [floor]` at the top)"
        ]
    );
    let unknown = problems(PAGE, &QUERY.replace("floor", "flour"));
    assert_eq!(
        unknown,
        ["demo/one.sql:1: the page has no parameter `flour` (hint: did you mean `floor`?)"]
    );
}

#[test]
fn every_problem_is_reported_at_once() {
    let page = PAGE
        .replace("name: floor", "name: years")
        .replace("kind: table", "kind: chart");
    assert_eq!(problems(&page, QUERY).len(), 3);
}

#[test]
fn a_query_without_a_header_is_refused() {
    let problems = problems(PAGE, "select 1");
    assert!(problems[0].starts_with("demo/one.sql"), "{problems:?}");
}

#[test]
fn shipped_pages_are_sound_and_in_order() {
    let pages = embedded_pages().unwrap();
    assert_eq!(
        pages
            .iter()
            .map(|page| page.name.as_str())
            .collect::<Vec<_>>(),
        ["genres", "people", "box-office"]
    );
}
