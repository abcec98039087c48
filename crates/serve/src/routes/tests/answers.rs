use std::time::Duration;

use super::*;

#[tokio::test]
async fn an_answer_says_how_sure_it_is() {
    let answer = get(&router(), "/api/pages/genres/tiles/returns")
        .await
        .json();
    assert_eq!(
        (&answer["n"], &answer["N"]),
        (&28.into(), &59.into()),
        "60 films, one outside the population; of 29 with known money one was only streamed"
    );
    assert!((answer["coverage"].as_f64().unwrap() - 28.0 / 59.0).abs() < 1e-9);
    assert_eq!(answer["as_of"], "2006-02-03");
    assert_eq!(answer["build_id"], "first");
    assert_eq!(
        answer["models"],
        json!(["mart_movies", "bridge_movies_genres", "dim_genres"])
    );
    assert!(
        answer["sql"]
            .as_str()
            .unwrap()
            .starts_with("-- $1 = 2000\n-- $2 = 2005\nwith movies as not materialized (")
    );
}

#[tokio::test]
async fn small_samples_are_counted_but_not_ranked() {
    let answer = get(&router(), "/api/pages/genres/tiles/returns")
        .await
        .json();
    let drama = json!(["Drama", 24, 0.48, 2.0, 2.0, 2.0, 2.0, 1.0, 18]);
    let horror = json!(["Horror", 4, 4.0 / 9.0, null, null, null, null, null, 27]);
    assert_eq!(answer["rows"], Value::Array(vec![drama, horror]));
}

#[tokio::test]
async fn a_csv_says_where_it_is_from_and_survives_quotes_commas_and_newlines() {
    let answered = get(
        &router(),
        "/api/pages/box-office/tiles/budget_and_revenue.csv?years=2002",
    )
    .await;
    assert_eq!(answered.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        answered.headers["content-disposition"],
        "attachment; filename=\"box-office-budget_and_revenue.csv\""
    );
    let (notes, rows): (Vec<&str>, Vec<&str>) = answered
        .body
        .split("\r\n")
        .partition(|line| line.starts_with("# "));
    assert_eq!(
        notes[..8],
        [
            "# attribution: This product uses the TMDB API but is not endorsed or certified by TMDB.",
            "# title: Box office: Budget against gross",
            "# subtitle: Both axes logarithmic, real 2025 dollars",
            "# filters: release years 2002",
            "# films: 10 of 10",
            "# as_of: 2006-02-03",
            "# build_id: first",
            "# built_at: 1970-01-01T00:00:00+00:00",
        ]
    );
    assert_eq!(notes[8..10], ["# sql: -- $1 = 2002", "#   -- $2 = 2002"]);
    assert_eq!(
        rows[0],
        "title,release_year,budget_usd,revenue_usd,multiple,outcome,movie_id"
    );
    let record =
        "\"He said \"\"cut\"\", twice\nand left\",2002,4000000,12000000,3.0,Likely profit,2\r\n";
    assert!(answered.body.contains(record), "{}", answered.body);
}

#[tokio::test]
async fn a_parquet_file_has_the_same_rows_and_says_where_it_is_from() {
    let path = "/api/pages/box-office/tiles/top_films.parquet?money=nominal&language=fr";
    let answered = get(&router(), path).await;
    assert_eq!(
        answered.headers["content-disposition"],
        "attachment; filename=\"box-office-top_films.parquet\""
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(file.path(), &answered.bytes).unwrap();
    let mut connection = films().connect().unwrap();
    let mut read = |sql: &str| {
        let sql = sql.replace("FILE", &format!("'{}'", file.path().display()));
        connection.query(&sql, &[]).unwrap().json_rows()
    };
    let rows = read("select film, gross_usd, movie_id from read_parquet(FILE) limit 1");
    assert_eq!(
        rows,
        [[json!("Film 54 (2000)"), json!(162_000_000), json!(54)]]
    );
    let notes = read("select decode(key), decode(value) from parquet_kv_metadata(FILE)");
    for (key, value) in [
        ("title", "Box office: The highest-grossing films"),
        (
            "subtitle",
            "Worldwide gross, nominal dollars; the 20 highest",
        ),
        (
            "filters",
            "release years 2000–2005; original language French; money nominal dollars",
        ),
        ("build_id", "first"),
    ] {
        assert!(notes.contains(&vec![key.into(), value.into()]), "{notes:?}");
    }
}

/// A folder with one page of one tile.
fn page_with(query: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("demo");
    fs_err::create_dir(&page).unwrap();
    let yml = "title: Demo\norder: 1\nsummary: S\nprose: P\nfilters: [years]\ntiles:\n  - { id: one, title: One, \
               subtitle: All, films: population, kind: table, sql: one.sql }\n";
    fs_err::write(page.join("page.yml"), yml).unwrap();
    let header = "-- columns:\n--   - { name: n, label: N, format: count }\n";
    fs_err::write(page.join("one.sql"), format!("{header}{query}")).unwrap();
    folder
}

async fn ask(query: &str, limits: Limits) -> Answered {
    let (shelf, folder) = (Shelf::default(), page_with(query));
    shelf.publish("first");
    get(
        &router_with(&shelf, folder.path().to_owned(), limits),
        "/api/pages/demo/tiles/one",
    )
    .await
}

#[tokio::test]
async fn a_query_is_stopped_at_the_time_limit_and_the_next_one_runs() {
    let (shelf, folder) = (
        Shelf::default(),
        page_with("select count(*) as n from range(1000000000000) as a"),
    );
    shelf.publish("first");
    let limits = Limits {
        connections: 1,
        timeout: Duration::from_millis(700),
        ..Limits::default()
    };
    let router = router_with(&shelf, folder.path().to_owned(), limits);
    let stopped = get(&router, "/api/pages/demo/tiles/one").await;
    assert_eq!(
        stopped.status,
        StatusCode::GATEWAY_TIMEOUT,
        "{}",
        stopped.body
    );
    assert_eq!(stopped.json()["hint"], "narrow the filters");
    shelf.publish("second");
    assert_eq!(
        get(&router, "/readyz").await.status,
        StatusCode::OK,
        "the only slot is free again"
    );
}

#[tokio::test]
async fn rows_are_cut_at_the_limit_and_it_is_said() {
    let limits = Limits {
        max_rows: 3_000,
        ..Limits::default()
    };
    let answer = ask("select range as n from range(100000)", limits)
        .await
        .json();
    assert_eq!(
        (
            answer["rows"].as_array().unwrap().len(),
            &answer["is_truncated"]
        ),
        (3_000, &true.into())
    );
    let answer = ask("select range as n from range(3000)", limits)
        .await
        .json();
    assert_eq!(
        (
            answer["rows"].as_array().unwrap().len(),
            &answer["is_truncated"]
        ),
        (3_000, &false.into())
    );
}

#[tokio::test]
async fn a_query_that_drifted_from_its_header_is_an_error() {
    let answered = ask("select 1 as m", Limits::default()).await;
    assert_eq!(answered.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        answered.json()["detail"]
            .as_str()
            .unwrap()
            .contains("`m` for `n`"),
        "{}",
        answered.body
    );
}

#[tokio::test]
async fn what_the_database_says_is_not_sent() {
    let answered = ask("select * from no_such_table", Limits::default()).await;
    assert_eq!(answered.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        !answered.body.contains("no_such_table"),
        "{}",
        answered.body
    );
}
