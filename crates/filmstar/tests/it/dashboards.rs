//! `filmstar dashboards check`, as those who write pages use it.

use insta::assert_snapshot;

use crate::sandbox::{Sandbox, transcript};

#[test]
fn mistakes_are_told_with_file_line_and_hint() {
    let sandbox = Sandbox::new();
    let page = sandbox.path().join("dashboards/mine");
    std::fs::create_dir_all(&page).unwrap();
    let yml = "title: Mine\norder: 1\nsumary: Films.\nfilters: [year]\ntiles:\n  - { id: a, title: A, subtitle: All, films: all, \
               kind: table, sql: b.sql }\n";
    std::fs::write(page.join("page.yml"), yml).unwrap();
    let output = sandbox.filmstar(&["dashboards", "check"]).output().unwrap();
    assert_snapshot!(transcript(&sandbox, &output), @r"
    exit code: 1
    ----- stdout -----
    dashboards/mine/page.yml:3: unknown key `sumary`
      hint: did you mean `summary`?
    dashboards/mine/page.yml:4: there is no `year` to choose here
      hint: did you mean `years`?
    dashboards/mine/page.yml:6: there is no `all` to choose here
      hint: one of: population, analysis_set, known_budget, known_revenue
    ✗ 3 problems
      pages        dashboards
      not checked  the queries, because there is no published warehouse yet
    ----- stderr -----
    ");

    let yml = yml
        .replace("sumary", "summary")
        .replace("[year]", "[years]")
        .replace("films: all", "films: population");
    std::fs::write(page.join("page.yml"), yml).unwrap();
    let query = "-- columns:\n--   - { name: n, label: N, format: count }\nselect count(*) as n from mart_year";
    std::fs::write(page.join("b.sql"), query).unwrap();
    let output = sandbox.filmstar(&["dashboards", "check"]).output().unwrap();
    assert_snapshot!(transcript(&sandbox, &output), @r"
    exit code: 1
    ----- stdout -----
    dbt/models/exposures.yml: page `mine` has no exposure
      hint: add one named `mine` that depends on mart_movies, mart_year
    ✗ 1 problem
      pages        dashboards
      not checked  the queries, because there is no published warehouse yet
    ----- stderr -----
    ");
}

#[test]
fn the_shipped_pages_are_sound_as_far_as_can_be_said_without_a_warehouse() {
    let sandbox = Sandbox::new();
    let output = sandbox
        .filmstar(&["dashboards", "check", "--json"])
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(told["problems"], serde_json::json!([]));
    assert!(told["n_queries"].as_u64().unwrap() > 50, "{told}");
    assert_eq!(told["not_checked"], "there is no published warehouse yet");
}
