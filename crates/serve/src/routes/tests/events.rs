use std::time::Duration;

use axum::body::BodyDataStream;
use futures::StreamExt;

use super::*;

/// What an open page hears.
struct Listener(BodyDataStream);

impl Listener {
    async fn open(router: &Router) -> Self {
        Self::open_after(router, "", "").await
    }

    /// Opened again by a page that has heard of something.
    async fn open_after(router: &Router, query: &str, last_id: &str) -> Self {
        let request = Request::get(format!("/api/events{query}")).header("host", "localhost");
        let request = match last_id {
            "" => request,
            id => request.header("last-event-id", id),
        };
        let request = request.body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream())
    }

    async fn next(&mut self) -> Option<String> {
        let next = tokio::time::timeout(Duration::from_secs(20), self.0.next()).await;
        let bytes = next.expect("an event, or the end")?.unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }
}

#[tokio::test]
async fn a_page_hears_of_newer_builds() {
    let shelf = Shelf::default();
    shelf.publish("first");
    let router = router_with(&shelf, pages_folder(), Limits::default());
    let mut listener = Listener::open(&router).await;
    shelf.publish("second");
    let event = listener.next().await.unwrap();
    assert_eq!(event, "event: build\nid: second\ndata: second\n\n");
    for (query, last_id) in [("", "first"), ("?build_id=first&edition=0", "")] {
        let mut returned = Listener::open_after(&router, query, last_id).await;
        assert!(returned.next().await.unwrap().contains("data: second"));
    }
}

#[tokio::test]
async fn a_page_hears_of_changed_pages_and_of_mistakes_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("one");
    fs_err::create_dir(&page).unwrap();
    let write = |text: &str| fs_err::write(page.join("page.yml"), text).unwrap();
    write("title: One\norder: 1\nsummary: S\nview: runs\n");
    let router = router_with(
        &Shelf::default(),
        folder.path().to_owned(),
        Limits::default(),
    );
    let mut listener = Listener::open(&router).await;

    write("title: Two\norder: 1\nsummary: S\nview: run\n");
    let event = listener.next().await.unwrap();
    let data = event.strip_prefix("event: pages\ndata: ").unwrap();
    let problem = &serde_json::from_str::<Value>(data).unwrap()["problems"][0];
    assert_eq!(problem["file"], "one/page.yml");
    assert_eq!(problem["line"], 4);
    assert_eq!(problem["hint"], "did you mean `runs`?");
    assert_eq!(get(&router, "/api/pages/one").await.json()["title"], "One");

    write("title: Two\norder: 1\nsummary: S\nview: runs\n");
    assert_eq!(
        listener.next().await.unwrap(),
        "event: pages\ndata: {\"edition\":2,\"problems\":[]}\n\n"
    );
    assert_eq!(get(&router, "/api/pages/one").await.json()["title"], "Two");
    let html = get(&router, "/pages/one").await.body;
    assert!(html.contains("<body data-edition=\"2\">"), "{html}");
    let mut hidden = Listener::open_after(&router, "?edition=1", "").await;
    assert!(hidden.next().await.unwrap().starts_with("event: pages\n"));
}

#[tokio::test]
async fn who_listens_does_not_keep_the_server_from_ending() {
    let shelf = Shelf::default();
    shelf.publish("first");
    let app = Arc::new(app_with(&shelf, pages_folder(), Limits::default()));
    let mut listener = Listener::open(&super::super::router(Arc::clone(&app))).await;
    app.stopping.send_replace(true);
    assert_eq!(listener.next().await, None);
}
