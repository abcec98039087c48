//! What every answer carries and every request must show.

use std::{net::IpAddr, sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::{
        HeaderName, HeaderValue, Uri,
        header::{
            AUTHORIZATION, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{App, Error, admission::Client, routes::sign_in};

/// Every filter and switch of a page with all its values is far shorter.
const MAX_ADDRESS_BYTES: usize = 8 << 10;
/// What says whether the server is well, for those who look after it.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Nothing inline, nothing from elsewhere: a chart is drawn by an interpreter, not by generated code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The same with posters and portraits from the one host that has them.
const POLICY_WITH_PICTURES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https://image.tmdb.org; \
                                    connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Refuses foreign hosts, so that a web page elsewhere cannot point its own name at this server and read the answers,
/// and requests that such a page sends on a reader's behalf.
pub(crate) async fn check_host(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let header = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let host = header
        .or_else(|| {
            request
                .uri()
                .authority()
                .map(|authority| authority.as_str())
        })
        .unwrap_or_default();
    let shown = |text: &str| text.chars().take(100).collect::<String>();
    if !is_allowed(host, &app) {
        return Error::ForeignHost { host: shown(host) }.into_response();
    }
    let address = request.uri().path_and_query();
    let size_bytes = address.map_or(0, |address| address.as_str().len());
    if size_bytes > MAX_ADDRESS_BYTES {
        return Error::LongAddress {
            size_bytes,
            limit_bytes: MAX_ADDRESS_BYTES,
        }
        .into_response();
    }
    // Browsers say where a request comes from whenever it is not a plain visit; programs say nothing.
    let origin = request.headers().get(ORIGIN);
    if let Some(origin) = origin.filter(|origin| !is_own(origin, host)) {
        let origin = shown(&String::from_utf8_lossy(origin.as_bytes()));
        return Error::ForeignOrigin { origin }.into_response();
    }
    next.run(request).await
}

/// Whether a page of this very address sent the request; `null` is that of a page without an address.
fn is_own(origin: &HeaderValue, host: &str) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    let address = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    address.is_some_and(|address| address.eq_ignore_ascii_case(host))
}

fn is_allowed(host: &str, app: &App) -> bool {
    let Some(name) = host
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_ascii_lowercase))
    else {
        return false;
    };
    let is_address = || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    ["localhost", "127.0.0.1", "[::1]"].contains(&name.as_str())
        || (app.door.any_address && is_address())
        || app
            .door
            .hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&name))
}

/// Holds back a client that asks too often.
pub(crate) async fn check_rate(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    if !PROBES.contains(&request.uri().path()) {
        let client = Client::of(request.extensions());
        if let Err(wait) = app.door.rate.count(client) {
            return Error::TooManyRequests {
                per_second: app.door.rate.per_second(),
                wait_s: wait.as_secs() + 1,
            }
            .into_response();
        }
    }
    next.run(request).await
}

/// Lets in who shows the token, or a session that was given for it. The front end's files are the same everywhere,
/// and the page to sign in needs them.
pub(crate) async fn check_token(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(token) = &app.door.token else {
        return next.run(request).await;
    };
    let path = request.uri().path();
    if PROBES.contains(&path) || path == "/sign-in" || path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return if sign_in::has_session(&app, request.headers()) {
            next.run(request).await
        } else if sign_in::is_for_a_person(&request) {
            sign_in::instead(&app, &request)
        } else {
            Error::NoToken.into_response()
        };
    };
    let (client, now) = (Client::of(request.extensions()), Instant::now());
    if let Some(wait) = app.door.failures.wait(client, now) {
        let wait_s = wait.as_secs() + 1;
        return Error::TooManyTokens { wait_s }.into_response();
    }
    let given = header.to_str().ok().and_then(|header| {
        let (scheme, given) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| given.trim())
    });
    if given.is_some_and(|given| token.is(given)) {
        return next.run(request).await;
    }
    app.door.failures.add(client, now);
    Error::WrongToken.into_response()
}

/// Adds the security headers.
pub(crate) async fn add_headers(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let policy = if app.pictures {
        POLICY_WITH_PICTURES
    } else {
        POLICY
    };
    let headers = [
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`, under which a browser would not say where a form of ours comes from either.
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ];
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
