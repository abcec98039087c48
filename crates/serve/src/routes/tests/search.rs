use super::*;

/// What `mart_search` makes of a few names.
const NAMES: &str = "
    create table mart_search (
        entity_kind text, entity_id bigint, title text, search_text text, detail text, weight bigint
    );
    insert into mart_search values
        ('movie', 1, 'Schindler''s List', '|schindlers list|', '1993', 9000),
        ('movie', 2, 'Amélie', '|amelie|le fabuleux destin damelie poulain|', '2001 · Le Fabuleux Destin', 8000),
        ('movie', 3, 'The List', '|the list|', '2007', 10),
        ('movie', 4, 'List', '|list|', null, 1),
        ('movie', 5, 'Listen Up Philip', '|listen up philip|', '2014', 300),
        ('person', 5, 'Franz Liszt', '|franz liszt|', 'Sound · 12 films', 50),
        ('person', 6, 'Marlist Doe', '|marlist doe|', '1 film', 20000),
        ('company', 7, '100% Film', '|100 film|', '2 films', 5),
        ('collection', 8, 'Max_Imum', '|max imum|', '3 films', 6);
";

fn names() -> Router {
    let (shelf, warehouse) = (Shelf::default(), films());
    warehouse.connect().unwrap().execute(NAMES).unwrap();
    shelf.put("first", warehouse);
    router_with(&shelf, pages_folder(), Limits::default())
}

async fn found(query: &str) -> Vec<String> {
    found_by(&names(), query).await
}

async fn found_by(router: &Router, query: &str) -> Vec<String> {
    let answered = get(router, &format!("/api/search?q={query}")).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let answer = answered.json();
    let results = answer["results"].as_array().unwrap();
    results
        .iter()
        .map(|hit| hit["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_hit_says_what_it_is() {
    let answer = get(&names(), "/api/search?q=AMÉLIE").await.json();
    assert_eq!(
        answer,
        json!({
            "query": "AMÉLIE", "build_id": "first",
            "results": [{"kind": "movie", "id": 2, "title": "Amélie", "detail": "2001 · Le Fabuleux Destin",
                         "weight": 8000}]
        })
    );
}

#[tokio::test]
async fn the_whole_name_goes_before_its_parts_and_those_before_fame() {
    let titles = [
        "List",
        "Listen Up Philip",
        "Schindler's List",
        "The List",
        "Marlist Doe",
    ];
    assert_eq!(found("list").await, titles);
    assert_eq!(found("list&limit=2").await, titles[..2]);
}

#[tokio::test]
async fn words_come_in_any_order_and_form() {
    assert_eq!(found("list%20schindler").await, ["Schindler's List"]);
    assert_eq!(
        found("Schindler%E2%80%99s%20LIST!").await,
        ["Schindler's List"]
    );
    assert_eq!(
        found("fabuleux%20poul").await,
        ["Amélie"],
        "the original title"
    );
    assert_eq!(
        found("fr").await,
        ["Franz Liszt"],
        "two letters begin a word"
    );
}

#[tokio::test]
async fn names_that_are_not_in_memory_are_found_after_those_that_are() {
    let (shelf, warehouse) = (Shelf::default(), films());
    warehouse.connect().unwrap().execute(NAMES).unwrap();
    shelf.put("first", warehouse);
    let limits = Limits {
        names: 3,
        ..Limits::default()
    };
    let router = router_with(&shelf, pages_folder(), limits);
    // In memory are Marlist, Schindler and Amélie.
    let titles = [
        "Schindler's List",
        "Marlist Doe",
        "List",
        "Listen Up Philip",
        "The List",
    ];
    assert_eq!(found_by(&router, "list").await, titles);
    assert_eq!(found_by(&router, "list&limit=2").await, titles[..2]);
    assert_eq!(found_by(&router, "liszt").await[0], "Franz Liszt");
    assert_eq!(found_by(&router, "ameile").await, ["Amélie"]);
}

#[tokio::test]
async fn slips_are_forgiven() {
    assert_eq!(found("shcindler").await, ["Schindler's List"]);
    assert_eq!(found("schindelrs%20lst").await, ["Schindler's List"]);
    assert_eq!(found("ameile").await, ["Amélie"]);
    assert_eq!(found("qqqqqq").await, Vec::<String>::new());
}

#[tokio::test]
async fn nothing_typed_is_a_pattern_or_a_statement() {
    for nothing in ["", "%25", "_", "%25%25%25", "'", "%3B--", "%5C", "|", "%00"] {
        assert_eq!(found(nothing).await, Vec::<String>::new(), "{nothing}");
    }
    assert_eq!(
        found("ma_im").await,
        ["Max_Imum"],
        "the beginnings of two words"
    );
    assert_eq!(found("100%25").await, ["100% Film"]);
    assert_eq!(
        found(
            "'); drop table mart_search; --"
                .replace(' ', "%20")
                .as_str()
        )
        .await
        .len(),
        0
    );
    let long = "list%20".repeat(1_000);
    assert_eq!(found(&long).await.len(), 5);
}

#[tokio::test]
async fn what_cannot_be_asked_is_said() {
    let router = names();
    for (path, valid) in [
        (
            "/api/search?q=a&limit=0",
            json!(["a whole number from 1 to 50"]),
        ),
        (
            "/api/search?q=a&limit=51",
            json!(["a whole number from 1 to 50"]),
        ),
        ("/api/search?query=a", json!(["q", "limit"])),
    ] {
        let answered = get(&router, path).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answered.json()["valid"], valid, "{path}");
    }
}

#[tokio::test]
async fn a_build_without_names_says_how_to_get_them() {
    let answered = get(&router(), "/api/search?q=list").await;
    assert_eq!(
        answered.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        answered.body
    );
    assert_eq!(
        answered.json()["hint"],
        "`filmstar build` makes one that has"
    );
}
