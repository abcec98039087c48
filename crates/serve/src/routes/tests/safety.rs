use super::*;

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let router = router();
    for path in ["/", "/pages/genres", "/api/pages", "/nope", "/healthz"] {
        let headers = get(&router, path).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
    }
}

#[tokio::test]
async fn foreign_hosts_are_refused() {
    let router = router();
    for host in [
        "localhost",
        "127.0.0.1:4000",
        "[::1]:4000",
        "LOCALHOST:1",
        "films.example",
    ] {
        assert_eq!(
            get_as(&router, host, "/healthz").await.status,
            StatusCode::OK,
            "{host}"
        );
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:80",
        "",
        "localhost@evil.example",
    ] {
        assert_eq!(
            get_as(&router, host, "/healthz").await.status,
            StatusCode::MISDIRECTED_REQUEST,
            "{host}"
        );
    }
}

#[tokio::test]
async fn pages_of_other_sites_get_no_answer() {
    let router = router();
    let ask = async |method: &str, origin: Option<&str>| {
        let mut request = Request::builder()
            .method(method)
            .uri("/api/console")
            .header("host", "localhost:8080")
            .header("content-type", "application/json");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let request = request.body(Body::from(r#"{"sql": "select 1"}"#)).unwrap();
        answered(router.clone().oneshot(request).await.unwrap()).await
    };
    for own in [
        None,
        Some("http://localhost:8080"),
        Some("https://LOCALHOST:8080"),
    ] {
        let answered = ask("POST", own).await;
        assert_eq!(
            answered.status,
            StatusCode::OK,
            "{own:?}: {}",
            answered.body
        );
    }
    for foreign in [
        "https://evil.example",
        "http://localhost:3000",
        "http://localhost",
        "http://127.0.0.1:8080",
        "http://localhost:8080.evil.example",
        "null",
        "",
    ] {
        for method in ["POST", "GET", "OPTIONS"] {
            let answered = ask(method, Some(foreign)).await;
            assert_eq!(answered.status, StatusCode::FORBIDDEN, "{method} {foreign}");
            assert!(
                !answered.headers.contains_key("access-control-allow-origin"),
                "{foreign}"
            );
        }
    }
}

#[tokio::test]
async fn pictures_come_from_one_host_and_only_where_they_are_wanted() {
    let shelf = Shelf::default();
    shelf.publish("first");
    let with = |pictures: bool| {
        let options = Options {
            published: Arc::new(shelf.clone()),
            dashboards: Some(pages_folder()),
            web: None,
            admission: Admission::default(),
            pictures,
            notice: None,
            limits: Limits::default(),
        };
        App::new(options).unwrap().router()
    };
    for pictures in [false, true] {
        let page = get(&with(pictures), "/pages/genres").await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let hosts: Vec<&str> = policy
            .split([' ', ';'])
            .filter(|word| word.contains("://"))
            .collect();
        let expected: &[&str] = if pictures {
            &["https://image.tmdb.org"]
        } else {
            &[]
        };
        assert_eq!(hosts, expected, "{policy}");
        assert_eq!(page.body.contains(" data-pictures"), pictures);
    }
}
