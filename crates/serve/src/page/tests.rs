use std::collections::BTreeMap;

use super::load::{inspect, read_pages};
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
        problems[0].starts_with("demo/page.yml:5: ")
            && problems[0].contains("`decades`")
            && problems[0].contains("one of: years, genre, language"),
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
fn shipped_pages_are_sound() {
    assert!(!embedded_pages().unwrap().is_empty());
}

#[test]
fn every_unknown_key_is_named_with_the_nearest() {
    let page = PAGE
        .replace("order: 1", "ordre: 1")
        .replace("    title: One", "    titel: One\n    hight: 3")
        .replace("label: Floor", "lable: Floor");
    let query = QUERY.replace("label: N", "lable: N, colour: red");
    assert_eq!(
        problems(&page, &query),
        [
            "demo/page.yml:2: unknown key `ordre` (hint: did you mean `order`?)",
            "demo/page.yml:7: unknown key `lable` (hint: did you mean `label`?)",
            "demo/page.yml:10: unknown key `titel` (hint: did you mean `title`?)",
            "demo/page.yml:11: unknown key `hight` (hint: one of: id, title, subtitle, films, scope, kind, note, spec, select, drill, sql)",
        ]
    );
}

#[test]
fn names_of_columns_and_filters_must_exist() {
    let page = PAGE.to_owned()
        + "    select: { filter: yeers, column: m, brush: true }\n    drill: { page: demo, with: { years: nn } }\n";
    let query = QUERY.replace("format: count }", "format: count, low: q1, link: movie }");
    assert_eq!(
        problems(&page, &query),
        [
            "demo/one.sql:3: `low` of column `n` names `q1`, which is no column (hint: one of: n)",
            "demo/one.sql:3: column `n` has `link` or `key` without the other (hint: `link` says where the value leads, `key` which column has the id)",
            "demo/one.sql:3: column `n` has one end of an interval (hint: `low` and `high` go together)",
            "demo/page.yml:15: `select` of tile `one` names `m`, which is no column (hint: one of: n)",
            "demo/page.yml:15: the page has no filter or parameter `yeers` (hint: did you mean `years`?)",
            "demo/page.yml:15: `yeers` has no range to drag (hint: `brush` goes with `filter: years`)",
            "demo/page.yml:16: `drill` of tile `one` names `nn`, which is no column (hint: did you mean `n`?)",
            "demo/one.sql:3: `link: movie` leads to no page (hint: add a page `movie` with `subject: { kind: movie, … }`)",
        ]
    );
}

#[test]
fn a_subject_has_a_title_and_is_asked_by_id() {
    let page = PAGE.to_owned() + "subject: { kind: movie, sql: one.sql }\n";
    let problems = problems(&page, &QUERY.replace("$floor", "$floor + $id"));
    assert_eq!(
        problems
            .iter()
            .filter(|problem| problem.contains("`$id` is not declared"))
            .count(),
        2,
        "in the subject's query and the tile's: {problems:?}"
    );
    for column in ["title", "subtitle"] {
        let message = format!("the query of the subject has no column `{column}`");
        assert!(
            problems.iter().any(|problem| problem.contains(&message)),
            "{problems:?}"
        );
    }
}

#[test]
fn a_title_does_not_promise_a_switch_that_does_not_reach_it() {
    let page = PAGE.replace("[years]", "[years, money]").replace(
        "subtitle: All",
        "subtitle: \"All, {money}\"\n    scope: catalogue",
    );
    assert_eq!(
        problems(&page, QUERY),
        [
            "demo/page.yml:11: tile `one` says `{money}`, but no filter reaches it (hint: write which dollars its query takes)"
        ]
    );
}

#[test]
fn a_page_shows_something() {
    let page = &PAGE[..PAGE.find("tiles:").unwrap()];
    assert_eq!(
        problems(page, QUERY),
        ["demo/page.yml:1: the page shows nothing (hint: add `tiles`, or a built-in `view`)"]
    );
    assert_eq!(
        problems(&format!("{page}view: runs\n"), QUERY),
        [] as [&str; 0]
    );
}

fn inspected(page: &str, query: &str) -> Vec<String> {
    let files = [("page.yml", page), ("one.sql", query), ("two.sql", query)]
        .map(|(name, text)| (name.to_owned(), text.to_owned()));
    let (_, problems) = inspect(&[("demo".to_owned(), BTreeMap::from(files))].into());
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_drawing_names_only_columns_that_there_are() {
    let spec = "
    spec:
      transform:
        - { aggregate: [{ op: sum, field: n, as: total }], groupby: [m] }
        - { calculate: \"datum.total / datum['n_all']\", as: share }
        - { fold: [n, share] }
      mark: { type: text, text: a datum }
      encoding:
        x: { field: share }
        y: { field: key }
        color: { condition: { test: datum.nn > 3, value: $accent }, field: value }
        size: { field: sum_n, legend: null }
";
    let page = PAGE.replace("kind: table", "kind: chart") + spec.trim_start_matches('\n');
    assert_eq!(
        inspected(&page, QUERY),
        [
            "demo/page.yml:17: the spec of tile `one` names `m`, which is neither a column nor made by a transform (hint: one of: n, total, share, key, value)",
            "demo/page.yml:18: the spec of tile `one` names `n_all`, which is neither a column nor made by a transform (hint: did you mean `n`?)",
            "demo/page.yml:24: the spec of tile `one` names `nn`, which is neither a column nor made by a transform (hint: did you mean `n`?)",
            "demo/page.yml:25: the spec of tile `one` names `sum_n`, which is neither a column nor made by a transform (hint: one of: n, total, share, key, value)",
            "demo/two.sql: no tile uses this query (hint: name it under `sql`, or delete it)",
        ]
    );
}

#[test]
fn what_a_page_leads_to_must_be_there() {
    let drill = |drill: &str| PAGE.to_owned() + "    drill: " + drill;
    assert_eq!(
        problems(&drill("{ page: demos }"), QUERY),
        [
            "demo/page.yml:15: tile `one` drills into page `demos`, which is not there (hint: did you mean `demo`?)"
        ]
    );
    assert_eq!(
        problems(
            &drill("{ page: demo, with: { flour: n, floor: n } }"),
            QUERY
        ),
        [
            "demo/page.yml:15: page `demo` has no filter or parameter `flour` (hint: did you mean `floor`?)"
        ]
    );
    let linked = QUERY.replace("format: count", "format: count, link: person, key: n");
    assert_eq!(
        problems(PAGE, &linked),
        [
            "demo/one.sql:3: `link: person` leads to no page (hint: add a page `person` with `subject: { kind: person, … }`)"
        ]
    );
}
