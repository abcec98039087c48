//! `filmstar dbt` on a project that is not ours.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use insta::assert_snapshot;
use serde_json::Value as Json;
use warehouse::{Access, DuckDb, Settings, Warehouse as _, testing};

use crate::sandbox::{Sandbox, transcript, within};

const PROFILES: &str = "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}}}";

/// A project of a few files.
fn project(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    let settings = [
        ("dbt_project.yml", "name: shop"),
        ("profiles.yml", PROFILES),
    ];
    for (path, text) in settings.iter().chain(files) {
        let path = sandbox.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    sandbox
}

fn check(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let output = sandbox.filmstar(arguments).output().unwrap();
    transcript(sandbox, &output)
}

#[test]
fn stale_sources_fail_their_own_command_and_no_build() {
    let sources = "
sources:
  - name: raw
    schema: main
    config:
      loaded_at_field: cast(loaded_at as timestamp)
      freshness: {error_after: {count: 2, period: day}}
    tables:
      - name: old
      - name: unwatched
        identifier: old
        config: {freshness: null}
";
    let sandbox = project(&[
        ("seeds/old.csv", "loaded_at\n2001-01-01 12:00:00\n"),
        ("models/sources.yml", sources),
        ("models/a.sql", "select * from {{ source('raw', 'old') }}"),
    ]);
    sandbox.succeed(&["dbt", "seed"]);
    sandbox.succeed(&["dbt", "build", "--select", "a"]);
    let freshness = ["dbt", "source", "freshness", "-o", "findings.json"];
    let output = sandbox.filmstar(&freshness).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stderr).unwrap();
    assert!(
        printed.starts_with("1 of 1  ERROR STALE  raw.old  newest row "),
        "{printed}"
    );
    assert!(printed.contains(" old, error after 2 days\n"), "{printed}");
    for file in ["findings.json", "target/sources.json"] {
        let text = std::fs::read_to_string(sandbox.path().join(file)).unwrap();
        let written: Json = serde_json::from_str(&text).unwrap();
        let result = &written["results"][0];
        assert_eq!(result["unique_id"], "source.shop.raw.old");
        assert_eq!(result["status"], "error");
        assert_eq!(result["max_loaded_at"], "2001-01-01T12:00:00+00:00");
    }
    sandbox.succeed(&[
        "dbt",
        "source",
        "freshness",
        "--select",
        "source:raw.unwatched",
    ]);
}

#[test]
fn what_is_private_is_refused_with_its_place() {
    let groups = "
groups:
  - {name: kitchen, owner: {name: Cooks}}
models:
  - name: prepared
    config: {group: kitchen, access: private}
  - name: served
    config: {group: kichen}
";
    let sandbox = project(&[
        ("models/groups.yml", groups),
        ("models/prepared.sql", "select 1 as id"),
        ("models/guests.sql", "select id\nfrom {{ ref('prepared') }}"),
        ("models/served.sql", "select 1 as id"),
    ]);
    assert_snapshot!(check(&sandbox, &["dbt", "parse"]), @r#"
    exit code: 2
    ----- stdout -----

    ----- stderr -----
    error: the dbt project in `[folder]` has 2 problems
      models/groups.yml:8:1: `served` is in group `kichen`, which no file declares
        | config: {group: kichen}
        hint: did you mean `kitchen`?
      models/guests.sql:2:13: `guests` reads `prepared`, which is private to the group `kitchen`
        | from {{ ref('prepared') }}
        hint: put `guests` into the group `kitchen`, or give `prepared` `access: protected`
    hint: `filmstar dbt compile` checks the project without building it
    "#);
}

#[test]
fn a_broken_contract_is_shown_as_a_table_and_replaces_nothing() {
    let contract = "
models:
  - name: films
    config: {materialized: table, contract: {enforced: true}}
    columns:
      - {name: film_id, data_type: bigint}
      - {name: title, data_type: text}
";
    let kept = "select 'x' as title, cast(1 as bigint) as film_id";
    let sandbox = project(&[("models/films.yml", contract), ("models/films.sql", kept)]);
    sandbox.succeed(&["dbt", "build"]);
    let broken = "select 'x' as name, 1 as film_id";
    std::fs::write(sandbox.path().join("models/films.sql"), broken).unwrap();
    let printed = check(&sandbox, &["dbt", "build", "--json"]);
    assert!(printed.starts_with("exit code: 1"), "{printed}");
    let results = std::fs::read_to_string(sandbox.path().join("target/run_results.json")).unwrap();
    let results: Json = serde_json::from_str(&results).unwrap();
    assert_snapshot!(results["results"][0]["message"].as_str().unwrap(), @r#"
    the query does not keep the contract of `films`
      | column  | query   | contract | problem               |
      | film_id | INTEGER | BIGINT   | data type mismatch    |
      | name    | VARCHAR |          | missing in contract   |
      | title   |         | VARCHAR  | missing in definition |
    "#);
    let file = sandbox.path().join("shop.duckdb");
    let database = DuckDb::open(&file, Access::ReadOnly, &Settings::default()).unwrap();
    let mut connection = database.connect().unwrap();
    let rows = connection.query("select film_id, title from main.films", &[]);
    assert_eq!(
        rows.unwrap().json_rows(),
        [[Json::from(1), Json::from("x")]]
    );
}

#[test]
fn the_days_commands_work_on_a_project_that_is_not_ours() {
    let sandbox = project(&[
        ("models/films.sql", "select 1 as id, 'Dune' as title"),
        ("models/broken.sql", "select no_such_column"),
        (
            "models/below.sql",
            "select * from {{ ref('broken') }} where {{ allowed() }}",
        ),
        (
            "models/films.yml",
            "models: [{name: films, columns: [{name: id, tests: [unique]}]}]",
        ),
        (
            "macros/allowed.sql",
            "{% macro allowed(word=true) %}{{ word }}{% endmacro %}",
        ),
    ]);
    let built = check(&sandbox, &["dbt", "build"]);
    assert!(built.starts_with("exit code: 1"), "{built}");
    let shown = check(&sandbox, &["dbt", "show", "--select", "films"]);
    assert!(shown.contains("| id | title |"), "{shown}");
    assert!(!shown.contains("unique"), "{shown}");
    let inline = [
        "dbt",
        "show",
        "--inline",
        "select title from {{ ref('films') }}",
    ];
    let shown = check(&sandbox, &[&inline[..], &["--output", "json"]].concat());
    assert!(shown.contains("\"title\": \"Dune\""), "{shown}");
    let returned = check(
        &sandbox,
        &["dbt", "run-operation", "allowed", "--args", "{word: yes}"],
    );
    assert!(returned.contains("returned  True"), "{returned}");
    let missing = check(&sandbox, &["dbt", "run-operation", "alowed"]);
    assert!(missing.contains("did you mean `allowed`?"), "{missing}");
    let logged = check(&sandbox, &["dbt", "retry", "--log-format", "json"]);
    assert!(logged.starts_with("exit code: 1"), "{logged}");
    assert!(logged.contains("model.shop.below"), "{logged}");
    assert!(!logged.contains("model.shop.films"), "{logged}");
    std::fs::write(sandbox.path().join("models/broken.sql"), "select 1 as id").unwrap();
    let again = check(&sandbox, &["dbt", "retry"]);
    assert!(again.starts_with("exit code: 0"), "{again}");
    check(&sandbox, &["dbt", "docs", "generate"]);
    let catalog = std::fs::read_to_string(sandbox.path().join("target/catalog.json")).unwrap();
    let catalog: Json = serde_json::from_str(&catalog).unwrap();
    let films = &catalog["nodes"]["model.shop.films"];
    assert_eq!(films["columns"]["title"]["type"], "VARCHAR");
    let cleaned = check(&sandbox, &["dbt", "clean"]);
    assert!(cleaned.contains("deleted target"), "{cleaned}");
    assert!(!sandbox.path().join("target").exists());
    assert!(sandbox.path().join("models/films.sql").is_file());
}

#[test]
fn a_warning_is_an_error_when_asked() {
    let sandbox = project(&[
        ("models/films.sql", "select 1 as id"),
        (
            "models/films.yml",
            "models: [{name: films, columns: [{name: id, tests: [{accepted_values: {values: [1]}}]}]}]",
        ),
    ]);
    let warned = check(&sandbox, &["dbt", "build"]);
    assert!(warned.starts_with("exit code: 0"), "{warned}");
    let warning = "arguments of a test stand beside its configs";
    assert!(warned.contains(warning), "{warned}");
    let refused = check(&sandbox, &["dbt", "build", "--warn-error"]);
    assert!(refused.starts_with("exit code: 2"), "{refused}");
    assert!(refused.contains(warning), "{refused}");

    // A test that only warns fails the build then, with dbt's code for a node that failed.
    let warns = "models: [{name: films, columns: [{name: id, data_tests: [{accepted_values: {\
                 arguments: {values: [2]}, config: {severity: warn}}}]}]}]";
    std::fs::write(sandbox.path().join("models/films.yml"), warns).unwrap();
    let warned = check(&sandbox, &["dbt", "build"]);
    assert!(warned.starts_with("exit code: 0"), "{warned}");
    let failed = check(&sandbox, &["dbt", "build", "--warn-error"]);
    assert!(failed.starts_with("exit code: 1"), "{failed}");
}

/// Interrupts a build while it makes `films` anew from a query that does not end, as Ctrl-C does.
fn interrupt_a_build(sandbox: &Sandbox, endless: &str) {
    sandbox.succeed(&["dbt", "build"]);
    std::fs::write(sandbox.path().join("models/films.sql"), endless).unwrap();
    let mut build = sandbox
        .filmstar(&["dbt", "build", "--log-format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(build.stdout.take().unwrap()).lines();
    let mut lines = lines.map(|line| serde_json::from_str::<Json>(&line.unwrap()).unwrap());
    let started = lines.find(|line| {
        let is_start = line["info"]["name"] == "LogStartLine";
        is_start && line["data"]["node_info"]["unique_id"] == "model.shop.films"
    });
    assert!(started.is_some());
    let signal = format!("kill -INT {}", build.id());
    assert!(
        Command::new("sh")
            .args(["-c", &signal])
            .status()
            .unwrap()
            .success()
    );
    while lines.next().is_some() {}
    let ended = within(Duration::from_secs(60), || build.try_wait().unwrap());
    assert_eq!(ended.code(), Some(130));

    let results = std::fs::read_to_string(sandbox.path().join("target/run_results.json")).unwrap();
    let results: Json = serde_json::from_str(&results).unwrap();
    let results = results["results"].as_array().unwrap();
    assert!(
        results.iter().all(|result| result["status"] != "success"),
        "{results:?}"
    );
    let whole = "select (select min(id) from {{ ref('films') }}) as id, count(*) as n_tables
         from information_schema.tables where table_schema = '{{ target.schema }}'";
    let shown = check(
        sandbox,
        &["dbt", "show", "--output", "json", "--inline", whole],
    );
    assert!(shown.contains("\"id\": 1"), "{shown}");
    assert!(shown.contains("\"n_tables\": 2"), "{shown}");
}

const TABLES: [(&str, &str); 2] = [
    (
        "models/films.sql",
        "{{ config(materialized='table') }} select 1 as id",
    ),
    (
        "models/below.sql",
        "{{ config(materialized='table') }} select * from {{ ref('films') }}",
    ),
];

#[test]
fn an_interrupted_build_leaves_the_tables_that_were_on_duckdb() {
    let endless = "{{ config(materialized='table') }}
        select count(*) as id from range(10000000) as a, range(10000000) as b where a.range + b.range < 0";
    interrupt_a_build(&project(&TABLES), endless);
}

#[test]
fn an_interrupted_build_leaves_the_tables_that_were_on_postgres() {
    let Some(server) = testing::Server::shared() else {
        return;
    };
    let settings = server.database();
    let output = serde_json::json!({
        "type": "postgres", "schema": "shop", "threads": 1, "password": "",
        "host": settings.host, "port": settings.port, "user": settings.user, "dbname": settings.database,
    });
    let profiles = serde_json::json!({"shop": {"target": "dev", "outputs": {"dev": output}}});
    let profiles = ("profiles.yml", &*profiles.to_string());
    let sandbox = project(&[&TABLES[..], &[profiles]].concat());
    let endless = "{{ config(materialized='table') }} select 2 as id from pg_sleep(600)";
    interrupt_a_build(&sandbox, endless);
}
