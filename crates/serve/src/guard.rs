//! What every answer carries and every request must show.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderName, HeaderValue, Uri,
        header::{
            CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
            X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{App, Error};

/// Nothing inline, nothing from elsewhere: a chart is drawn by an interpreter, not by generated code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

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
    if !is_allowed(host, &app.allowed_hosts) {
        return Error::ForeignHost { host: shown(host) }.into_response();
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

fn is_allowed(host: &str, allowed: &[String]) -> bool {
    let Some(name) = host
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_ascii_lowercase))
    else {
        return false;
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&name.as_str())
        || allowed
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&name))
}

/// Adds the security headers.
pub(crate) async fn add_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
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
