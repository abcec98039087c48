use super::*;

#[tokio::test]
async fn filters_mean_the_same_for_numbers_and_population() {
    let router = router();
    let counted = async |query: &str| {
        let answer = get(&router, &format!("/api/pages/genres/tiles/figures?{query}"))
            .await
            .json();
        (
            answer["n"].clone(),
            answer["N"].clone(),
            answer["rows"][0][0].clone(),
        )
    };
    assert_eq!(
        counted("language=fr").await,
        (9.into(), 19.into(), 19.into())
    );
    assert_eq!(counted("genre=27").await, (4.into(), 9.into(), 9.into()));
    assert_eq!(
        counted("genre=27&genre_policy=primary").await,
        (4.into(), 9.into(), 9.into())
    );
    assert_eq!(
        counted("country=FR").await,
        (9.into(), 19.into(), 19.into())
    );
    assert_eq!(
        counted("budget_class=low").await,
        (3.into(), 4.into(), 4.into())
    );
    assert_eq!(
        counted("budget_class=mid,low").await,
        (28.into(), 29.into(), 29.into())
    );
    assert_eq!(
        counted("budget_floor=10000000").await,
        (25.into(), 59.into(), 59.into()),
        "a film under the floor still counts in N"
    );
    assert_eq!(
        counted("budget_floor=0").await,
        (28.into(), 59.into(), 59.into()),
        "a film that was only streamed never has a return"
    );
    assert_eq!(
        counted("votes_floor=150").await,
        (5.into(), 10.into(), 10.into())
    );
    assert_eq!(
        counted("years=2003-2003").await,
        (0.into(), 10.into(), 10.into())
    );
    assert_eq!(
        counted("years=1950-1960").await,
        (0.into(), 0.into(), 0.into())
    );
}

#[tokio::test]
async fn a_switch_changes_the_numbers() {
    let router = router();
    let top = async |query: &str| {
        get(
            &router,
            &format!("/api/pages/box-office/tiles/top_films?{query}"),
        )
        .await
        .json()
    };
    assert_eq!(top("").await["rows"][0][1], 6_000_000 * 58);
    assert_eq!(top("money=nominal").await["rows"][0][1], 3_000_000 * 58);
}

#[tokio::test]
async fn the_filters_values_come_from_the_build() {
    let filters = get(&router(), "/api/filters").await.json();
    assert_eq!(filters["years"], json!([2000, 2005]));
    assert_eq!(
        filters["languages"][0],
        json!({ "code": "en", "name": "English", "n_movies": 40 })
    );
    assert_eq!(
        filters["genres"][1],
        json!({ "id": 27, "name": "Horror", "n_movies": 9 })
    );
    assert_eq!(
        filters["countries"],
        json!([
            { "code": "US", "name": "United States of America", "n_movies": 40 },
            { "code": "FR", "name": "France", "n_movies": 19 },
        ])
    );
    assert_eq!(
        filters["budget_classes"],
        json!([
            { "name": "low", "label": "Low ($1-10 M)", "n_movies": 4 },
            { "name": "mid", "label": "Mid ($10-50 M)", "n_movies": 25 },
            { "name": "tent-pole", "label": "Tent-pole ($100 M and over)", "n_movies": 0 },
        ])
    );
    assert_eq!(
        (
            &filters["default_budget_floor_usd"],
            &filters["cpi_base_year"]
        ),
        (&100_000.into(), &2025.into())
    );
}

#[tokio::test]
async fn a_bad_request_is_told_what_is_valid() {
    let router = router();
    let answered = get(&router, "/api/pages/genres/tiles/returns?languag=fr").await;
    assert_eq!(answered.status, StatusCode::BAD_REQUEST);
    assert_eq!(answered.headers["content-type"], "application/problem+json");
    let problem = answered.json();
    assert_eq!(problem["parameter"], "languag");
    assert_eq!(
        problem["valid"],
        json!([
            "years",
            "genre",
            "genre_policy",
            "language",
            "country",
            "budget_class",
            "budget_floor",
            "votes_floor"
        ])
    );
    let answered = get(&router, "/api/pages/genres/tiles/returns?language=xx'--").await;
    assert_eq!(
        (answered.status, &answered.json()["valid"]),
        (StatusCode::BAD_REQUEST, &json!(["en", "fr"]))
    );
    for path in [
        "/api/pages/nope",
        "/api/pages/genres/tiles/nope",
        "/nope",
        "/assets/../Cargo.toml",
    ] {
        let answered = get(&router, path).await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_answer_says_which_filters_it_is_under() {
    let router = router();
    let said = async |path: &str| {
        let answer = get(&router, &format!("/api/pages/{path}")).await.json();
        let filters = answer["filters"].as_array().unwrap().clone();
        let words = |filter: &Value| {
            format!(
                "{}: {}",
                filter["label"].as_str().unwrap(),
                filter["value"].as_str().unwrap()
            )
        };
        filters.iter().map(words).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        said("genres/tiles/figures?years=2000-2005&budget_floor=100000").await,
        ""
    );
    assert_eq!(
        said(
            "genres/tiles/figures?years=2001&genre=18&genre_policy=primary&language=fr&country=FR\
             &budget_class=mid,low&budget_floor=1500000&votes_floor=1"
        )
        .await,
        "Release years: 2001; Genre: Drama as the first genre; Original language: French; \
         Country of origin: France; Budget class: Low ($1-10 M), Mid ($10-50 M); \
         Smallest budget: $1,500,000; Fewest votes: 1"
    );
    assert_eq!(
        said("box-office/tiles/top_films?money=nominal").await,
        "Money: nominal dollars"
    );
    assert_eq!(
        said("people/tiles/career_gross?sort=name&min_films=5").await,
        "Sorted by: name",
        "5 is the default"
    );
    assert_eq!(
        said("people/tiles/career_gross?order=career_gross.-n&sort=name").await,
        "Sorted by: name",
        "how a reader sorts the table is nothing to the query, so that links work without scripts"
    );
}

#[tokio::test]
async fn filters_do_not_reach_a_tile_of_the_whole_catalogue() {
    let path = "/api/pages/genres/tiles/catalogue?years=2001&language=fr&budget_floor=5000000";
    let answer = get(&router(), path).await.json();
    assert_eq!(
        (&answer["rows"], &answer["N"], &answer["filters"]),
        (&json!([[59]]), &59.into(), &json!([]))
    );
}
