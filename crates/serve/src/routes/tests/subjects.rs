use super::*;

#[tokio::test]
async fn an_entity_page_knows_whom_it_is_about() {
    let about = get(&router(), "/api/pages/movie/subject?id=1").await.json();
    assert_eq!(
        (&about["title"], &about["subtitle"], &about["image_path"]),
        (
            &json!("Film 1"),
            &json!("2001, English"),
            &json!("/one.jpg")
        )
    );
    assert_eq!(about["row"], json!([true, null]));
    let names: Vec<&Value> = about["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| &column["name"])
        .collect();
    assert_eq!(names, ["is_in_population", "revenue_usd"]);
    assert_eq!(
        (&about["as_of"], &about["build_id"]),
        (&json!("2006-02-03"), &json!("first"))
    );
}

#[tokio::test]
async fn its_heading_is_in_the_html() {
    let router = router();
    let html = get(&router, "/pages/movie?id=2").await.body;
    assert!(
        html.contains("<title>He said &quot;cut&quot;, twice\nand left · Filmstar</title>"),
        "{html}"
    );
    assert!(
        html.contains("id=\"subject\"") && html.contains("<p class=\"summary\">2002, English</p>"),
        "{html}"
    );
    assert!(html.contains("tiles/genres.csv?id=2"), "{html}");
}

#[tokio::test]
async fn who_is_not_there_is_said() {
    let router = router();
    for (query, status, detail) in [
        (
            "?id=999",
            StatusCode::NOT_FOUND,
            "there is no film with the id 999",
        ),
        (
            "",
            StatusCode::BAD_REQUEST,
            "which film? The address names it by `id`, a whole number",
        ),
        (
            "?id=",
            StatusCode::BAD_REQUEST,
            "which film? The address names it by `id`, a whole number",
        ),
        (
            "?id=7%20or%201=1",
            StatusCode::BAD_REQUEST,
            "`7 or 1=1` is not a value of `id`",
        ),
        (
            "?id=-1",
            StatusCode::BAD_REQUEST,
            "`-1` is not a value of `id`",
        ),
    ] {
        let answered = get(&router, &format!("/api/pages/movie/subject{query}")).await;
        assert_eq!(
            (answered.status, answered.json()["detail"].as_str().unwrap()),
            (status, detail)
        );
        let page = get(&router, &format!("/pages/movie{query}")).await;
        assert_eq!(page.status, status, "{query}");
        assert!(
            page.body.contains(detail) && page.body.contains("href=\"/pages/find\""),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("id=\"page-data\""),
            "nothing is asked for nobody"
        );
    }
    let tile = get(&router, "/api/pages/movie/tiles/genres").await;
    assert_eq!(tile.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        get(&router, "/api/pages/genres/subject").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_tile_of_an_entity_page_is_about_the_entity() {
    let answer = get(&router(), "/api/pages/movie/tiles/genres?id=55")
        .await
        .json();
    assert_eq!(answer["rows"], json!([["Horror"]]));
}
