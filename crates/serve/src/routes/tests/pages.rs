use super::*;

#[tokio::test]
async fn every_tile_of_every_page_answers_in_the_shape_it_declares() {
    let router = router();
    for page in get(&router, "/api/pages").await.json().as_array().unwrap() {
        let name = page["name"].as_str().unwrap();
        let page = get(&router, &format!("/api/pages/{name}")).await.json();
        let id = if page["subject"].is_null() {
            ""
        } else {
            "?id=7"
        };
        for tile in page["tiles"].as_array().unwrap() {
            let path = format!(
                "/api/pages/{name}/tiles/{}{id}",
                tile["id"].as_str().unwrap()
            );
            let answered = get(&router, &path).await;
            assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.body);
            let answer = answered.json();
            let rows = answer["rows"].as_array().unwrap();
            assert!(!rows.is_empty(), "{path}");
            assert!(
                rows.iter().all(|row| row.as_array().unwrap().len()
                    == answer["columns"].as_array().unwrap().len())
            );
        }
    }
}

#[tokio::test]
async fn a_page_reads_without_scripts() {
    let answered = get(&router(), "/pages/people?years=1990-2016&language=en").await;
    assert_eq!(answered.status, StatusCode::OK);
    for text in [
        "<h1>People</h1>",
        "<a href=\"/pages/genres\">Genres</a>",
        "aria-current=\"page\">People</a>",
        "TMDB has no salaries. <em>Gross</em> is of films; what they cost is in <a href=\"/pages/box-office\">Box office</a>.",
        "href=\"/api/pages/people/tiles/career_gross.csv?years=1990-2016&amp;language=en\"",
        "This product uses the TMDB API but is not endorsed or certified by TMDB.",
        "films &amp; people are &lt;made up&gt;",
    ] {
        assert!(answered.body.contains(text), "{text}");
    }
    let filled = get(&router(), "/pages/box-office").await.body;
    assert!(
        filled.contains("Worldwide gross, real 2025 dollars; the 20 highest"),
        "{filled}"
    );
    let lost = get(&router(), "/pages/%3Cscript%3E").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(
        lost.body.contains("&lt;script&gt;") && !lost.body.contains("<script>"),
        "{}",
        lost.body
    );
}

#[tokio::test]
async fn without_a_build_the_hint_says_how_to_get_one_and_then_it_shows() {
    let shelf = Shelf::default();
    let router = router_with(&shelf, pages_folder(), Limits::default());
    let answered = get(&router, "/readyz").await;
    assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        answered.json()["hint"],
        "it appears with the first `filmstar run` or `filmstar build` that ends well"
    );
    let page = get(&router, "/pages/genres").await;
    assert_eq!(page.status, StatusCode::OK, "the page itself explains");
    let waits = |page: &str| {
        let explains = page.contains("There are no numbers yet");
        assert_eq!(page.contains("http-equiv=\"refresh\""), explains, "{page}");
        explains
    };
    assert!(waits(&page.body));
    for build_id in ["first", "second"] {
        shelf.publish(build_id);
        assert_eq!(get(&router, "/readyz").await.json()["build_id"], build_id);
        assert_eq!(
            get(&router, "/api/pages/genres/tiles/figures").await.json()["build_id"],
            build_id
        );
        assert!(!waits(&get(&router, "/pages/genres").await.body));
    }
}

#[tokio::test]
async fn the_list_of_pages_says_where_each_belongs() {
    let pages = get(&router(), "/api/pages").await.json();
    let listed: Vec<Value> = pages
        .as_array()
        .unwrap()
        .iter()
        .map(|page| {
            json!([
                page["name"],
                page["section"],
                page["order"],
                page["is_subject"],
                page["view"]
            ])
        })
        .collect();
    assert_eq!(
        Value::Array(listed),
        json!([
            ["find", "start", 0, false, "find"],
            ["people", "people", 1, false, null],
            ["genres", "films", 2, false, null],
            ["box-office", "films", 3, false, null],
            ["movie", "films", 9, true, null],
        ])
    );
}

#[tokio::test]
async fn the_navigation_is_grouped_and_has_no_entity_pages() {
    let html = get(&router(), "/pages/find").await.body;
    let navigation = &html[html.find("<nav").unwrap()..html.find("</nav>").unwrap()];
    let order = [
        "aria-label=\"Start\"",
        ">Find<",
        "aria-label=\"Films\"",
        ">Genres<",
        ">Box office<",
        "aria-label=\"People\"",
        ">People<",
    ];
    let places: Vec<_> = order
        .iter()
        .map(|text| navigation.find(text).unwrap())
        .collect();
    assert!(places.is_sorted(), "{navigation}");
    assert!(!navigation.contains("/pages/movie"), "{navigation}");
    assert!(
        html.contains("<div id=\"view\"") && html.contains("<div id=\"search\""),
        "{html}"
    );
    assert!(
        !get(&router(), "/pages/people")
            .await
            .body
            .contains("id=\"view\"")
    );
}
