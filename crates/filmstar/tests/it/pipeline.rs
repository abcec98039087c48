//! From the lake to the marts, and what users do with them.

use crate::sandbox::{Sandbox, Server};

/// A project that has been ingested and built.
pub(crate) fn built(server: &Server) -> Sandbox {
    let sandbox = Sandbox::with_api(server);
    sandbox.succeed(&["init", "--yes"]);
    sandbox.succeed(&["ingest"]);
    sandbox.succeed(&["build"]);
    sandbox
}

#[test]
fn films_reach_the_marts_with_honest_money() {
    let server = Server::generated(400);
    let sandbox = built(&server);
    let value = |sql: &str| sandbox.value(sql);
    assert_eq!(
        value("select count(*) from raw.movies where http_status = 200"),
        "400"
    );
    assert_eq!(value("select count(*) from dim_movies"), "400");
    assert_eq!(
        value("select count(*) from fact_movies where budget_usd = 0 or revenue_usd = 0"),
        "0"
    );
    let unknown = "select count(*) from raw.movies where budget = 0";
    let kept_unknown = "select count(*) from fact_movies where budget_usd is null";
    assert_eq!(value(unknown), value(kept_unknown));
    assert_ne!(
        value("select count(*) from mart_movies where is_in_analysis_set"),
        "0"
    );
}

#[test]
fn a_failing_test_is_not_published() {
    let server = Server::generated(60);
    let sandbox = built(&server);
    let before = std::fs::read_link(sandbox.path().join("data/warehouse/current")).unwrap();
    std::fs::write(
        sandbox.path().join("dbt/tests/never.sql"),
        "select 1 as wrong",
    )
    .unwrap();
    let output = sandbox.filmstar(&["build"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let after = std::fs::read_link(sandbox.path().join("data/warehouse/current")).unwrap();
    assert_eq!(before, after);

    std::fs::remove_file(sandbox.path().join("dbt/tests/never.sql")).unwrap();
    sandbox.succeed(&["build"]);
    let after_that = std::fs::read_link(sandbox.path().join("data/warehouse/current")).unwrap();
    assert_ne!(after_that, before);
    let told = sandbox.succeed(&["rollback", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let newer = after_that.file_name().unwrap().to_str().unwrap();
    assert_eq!(told["withdrawn"], newer, "{told}");
    assert_eq!(
        std::fs::read_link(sandbox.path().join("data/warehouse/current")).unwrap(),
        before
    );
}

#[test]
fn every_format_carries_the_same_rows() {
    let server = Server::generated(60);
    let sandbox = built(&server);
    let sql = "select movie_id, title from dim_movies order by movie_id";
    let csv = sandbox.succeed(&["query", "--format", "csv", sql]);
    assert_eq!(csv.lines().count(), 61);
    let json = sandbox.succeed(&["query", "--format", "json", sql]);
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert!(
        csv.lines()
            .nth(1)
            .unwrap()
            .starts_with(&first["movie_id"].to_string())
    );
    sandbox.succeed(&[
        "export",
        "--format",
        "parquet",
        "--output",
        "out",
        "dim_movies",
        "fact_movies",
    ]);
    assert_eq!(
        sandbox.value("select count(*) from 'out/dim_movies.parquet'"),
        "60"
    );
    let wrong = sandbox
        .filmstar(&["query", "select nonsense from dim_movies"])
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    let writes = sandbox
        .filmstar(&["query", "drop table dim_movies"])
        .output()
        .unwrap();
    assert!(!writes.status.success());
}
