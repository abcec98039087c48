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
