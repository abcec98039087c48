use std::net::SocketAddr;

use axum::extract::ConnectInfo;

use super::*;

const TOKEN: &str = "a-token-of-the-tests";
const NEIGHBOUR: &str = "192.0.2.1:5000";
const PAGE: &str = "text/html,application/xhtml+xml";

fn guarded(admission: Admission) -> Router {
    let shelf = Shelf::default();
    shelf.publish("first");
    let options = Options {
        published: Arc::new(shelf),
        dashboards: Some(pages_folder()),
        web: None,
        admission,
        pictures: false,
        notice: None,
        limits: Limits::default(),
    };
    App::new(options).unwrap().router()
}

fn with_token() -> Router {
    guarded(Admission {
        token: Some(TOKEN.parse().unwrap()),
        any_address: true,
        ..Admission::default()
    })
}

/// Asks from a connection of `peer`'s with more headers.
async fn ask(
    router: &Router,
    peer: &str,
    request: axum::http::request::Builder,
    body: impl Into<Body>,
) -> Answered {
    let mut request = request.body(body.into()).unwrap();
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let host = "192.0.2.9:4600".parse().unwrap();
    request.headers_mut().entry("host").or_insert(host);
    answered(router.clone().oneshot(request).await.unwrap()).await
}

async fn sign_in(router: &Router, peer: &str, form: &str, origin: &str) -> Answered {
    let request = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", origin)
        .header("accept", PAGE);
    ask(router, peer, request, form.to_owned()).await
}

#[tokio::test]
async fn without_the_token_everything_is_closed_but_what_says_it_is_well() {
    let router = with_token();
    for path in ["/healthz", "/readyz", "/sign-in"] {
        let answered = ask(&router, NEIGHBOUR, Request::get(path), Body::empty()).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}");
    }
    let closed = [
        "/",
        "/pages/genres",
        "/api/pages",
        "/api/pages/genres",
        "/api/pages/genres/tiles/figures",
        "/api/pages/genres/tiles/figures.csv",
        "/api/console/tables",
        "/api/events",
        "/api/filters",
        "/api/models",
        "/api/runs",
        "/api/search?q=a",
        "/api/openapi.json",
        "/healthz/",
        "/sign-in/",
        "/nope",
    ];
    for path in closed {
        let plain = ask(&router, NEIGHBOUR, Request::get(path), Body::empty()).await;
        assert_eq!(plain.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(plain.headers["www-authenticate"], "Bearer", "{path}");
        assert!(
            plain.json()["hint"].as_str().unwrap().contains("/sign-in"),
            "{path}"
        );
        let page = ask(
            &router,
            NEIGHBOUR,
            Request::get(path).header("accept", PAGE),
            Body::empty(),
        )
        .await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(
            page.body.contains("<h1>Sign in</h1>"),
            "{path}: {}",
            page.body
        );
        assert!(
            !page.body.contains("genres</a>"),
            "{path} shows what is behind it"
        );
    }
    // Also on this machine: a proxy's readers come from there.
    let local = ask(
        &router,
        "127.0.0.1:5000",
        Request::get("/api/pages"),
        Body::empty(),
    )
    .await;
    assert_eq!(local.status, StatusCode::UNAUTHORIZED);
    let posted = ask(
        &router,
        NEIGHBOUR,
        Request::post("/api/console"),
        Body::empty(),
    )
    .await;
    assert_eq!(posted.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_program_shows_the_token_in_each_request() {
    let router = with_token();
    let show = async |header: &str| {
        let request = Request::get("/api/pages").header("authorization", header);
        ask(&router, NEIGHBOUR, request, Body::empty()).await.status
    };
    let token = TOKEN;
    for right in [format!("Bearer {token}"), format!("bearer {token}")] {
        assert_eq!(show(&right).await, StatusCode::OK, "{right}");
    }
    for wrong in [
        "Bearer ".to_owned(),
        format!("Basic {token}"),
        token.to_owned(),
        format!("Bearer {token}x"),
    ] {
        assert_eq!(show(&wrong).await, StatusCode::UNAUTHORIZED, "{wrong}");
    }
    let asked = Request::get(format!("/api/pages?token={token}"));
    let answered = ask(&router, NEIGHBOUR, asked, Body::empty()).await;
    assert_eq!(
        answered.status,
        StatusCode::UNAUTHORIZED,
        "an address is logged on its way"
    );
}

#[tokio::test]
async fn a_person_signs_in_once_and_out_again() {
    let router = with_token();
    let page = "/pages/genres?years=1990-2016&genre=18";
    let asked = Request::get(page).header("accept", PAGE);
    let form = ask(&router, NEIGHBOUR, asked, Body::empty()).await;
    assert!(
        form.body
            .contains("name=\"next\" value=\"/pages/genres?years=1990-2016&amp;genre=18\""),
        "{}",
        form.body
    );

    let own = "http://192.0.2.9:4600";
    let sent = format!(
        "token={}&next=%2Fpages%2Fgenres%3Fyears%3D1990-2016%26genre%3D18",
        TOKEN
    );
    let signed_in = sign_in(&router, NEIGHBOUR, &sent, own).await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER);
    assert_eq!(signed_in.headers["location"], page);
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(
        !cookie.contains(TOKEN) && !cookie.contains("Secure"),
        "{cookie}"
    );

    let session = cookie.split(';').next().unwrap();
    let with_session = async |path: &str, session: &str| {
        let request = Request::get(path).header("cookie", format!("other=1; {session}"));
        ask(&router, NEIGHBOUR, request, Body::empty()).await
    };
    assert_eq!(with_session(page, session).await.status, StatusCode::OK);
    assert!(
        with_session(page, session)
            .await
            .body
            .contains("action=\"/sign-out\"")
    );
    let tampered = session.replacen('=', "=9", 1);
    assert_eq!(
        with_session("/api/pages", &tampered).await.status,
        StatusCode::UNAUTHORIZED
    );

    let request = Request::post("/sign-out").header("cookie", session);
    let out = ask(&router, NEIGHBOUR, request, Body::empty()).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(
        out.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );

    let elsewhere = format!("token={}&next=%2F%2Fevil.example", TOKEN);
    let signed_in = sign_in(&router, NEIGHBOUR, &elsewhere, own).await;
    assert_eq!(signed_in.headers["location"], "/");
    let foreign = sign_in(&router, NEIGHBOUR, &sent, "https://evil.example").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn behind_encryption_the_session_goes_over_nothing_else() {
    let router = with_token();
    let sent = format!("token={}", TOKEN);
    let signed_in = sign_in(&router, NEIGHBOUR, &sent, "https://192.0.2.9:4600").await;
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn whoever_guesses_has_to_wait_and_others_have_not() {
    let router = with_token();
    let own = "http://192.0.2.9:4600";
    for n in 0..5 {
        let refused = sign_in(&router, NEIGHBOUR, &format!("token=guess-{n}"), own).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
        assert!(
            !refused.body.contains("guess"),
            "what was typed is not repeated"
        );
    }
    let right = format!("token={}", TOKEN);
    let refused = sign_in(&router, NEIGHBOUR, &right, own).await;
    assert_eq!(
        refused.status,
        StatusCode::TOO_MANY_REQUESTS,
        "the answer would tell"
    );
    assert!(refused.headers.contains_key("retry-after"));
    assert!(!refused.headers.contains_key("set-cookie"));
    let request = Request::get("/api/pages").header("authorization", format!("Bearer {}", TOKEN));
    let program = ask(&router, NEIGHBOUR, request, Body::empty()).await;
    assert_eq!(program.status, StatusCode::TOO_MANY_REQUESTS);
    let other = sign_in(&router, "192.0.2.2:5000", &right, own).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_from_another_site_is_followed_with_the_session() {
    let router = with_token();
    let followed = Request::get("/pages/genres")
        .header("accept", PAGE)
        .header("sec-fetch-site", "cross-site");
    let page = ask(&router, NEIGHBOUR, followed, Body::empty()).await;
    assert!(
        page.body.contains("http-equiv=\"refresh\" content=\"0\""),
        "{}",
        page.body
    );
    let again = Request::get("/pages/genres")
        .header("accept", PAGE)
        .header("sec-fetch-site", "same-origin");
    let page = ask(&router, NEIGHBOUR, again, Body::empty()).await;
    assert!(page.body.contains("<h1>Sign in</h1>"), "it asks once alone");
}

#[tokio::test]
async fn addresses_name_the_server_only_where_it_is_open_to_others() {
    let ask_as = async |router: &Router, host: &str| {
        let request = Request::get("/healthz").header("host", host);
        ask(router, NEIGHBOUR, request, Body::empty()).await.status
    };
    let (open, local) = (with_token(), guarded(Admission::default()));
    for host in ["192.0.2.9:4600", "[2001:db8::1]:4600", "10.0.0.1"] {
        assert_eq!(ask_as(&open, host).await, StatusCode::OK, "{host}");
        assert_eq!(
            ask_as(&local, host).await,
            StatusCode::MISDIRECTED_REQUEST,
            "{host}"
        );
    }
    for host in ["evil.example", "192.0.2.9.evil.example"] {
        assert_eq!(
            ask_as(&open, host).await,
            StatusCode::MISDIRECTED_REQUEST,
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_again() {
    let router = guarded(Admission {
        any_address: true,
        requests_per_second: 1,
        ..Admission::default()
    });
    let asked =
        async |peer: &str, path: &str| ask(&router, peer, Request::get(path), Body::empty()).await;
    let mut refused = None;
    for _ in 0..50 {
        let answered = asked(NEIGHBOUR, "/api/pages").await;
        if answered.status != StatusCode::OK {
            refused = Some(answered);
            break;
        }
    }
    let refused = refused.expect("fifty requests at once are more than one a second");
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers["retry-after"], "1");
    assert!(
        refused.json()["hint"]
            .as_str()
            .unwrap()
            .contains("serve.requests_per_second")
    );
    assert_eq!(asked(NEIGHBOUR, "/readyz").await.status, StatusCode::OK);
    assert_eq!(
        asked("192.0.2.2:1", "/api/pages").await.status,
        StatusCode::OK
    );
    for _ in 0..50 {
        assert_eq!(
            asked("127.0.0.1:1", "/api/pages").await.status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn an_address_longer_than_any_of_ours_is_not_read() {
    let router = router();
    let long = format!(
        "/api/pages/genres/tiles/figures?genre={}",
        "1".repeat(9_000)
    );
    let answered = get(&router, &long).await;
    assert_eq!(answered.status, StatusCode::URI_TOO_LONG);
    assert!(answered.json()["detail"].as_str().unwrap().contains("8192"));
}
