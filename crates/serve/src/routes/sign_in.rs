//! The way in for people: a page that takes the token once, and gives the browser a session for it.

use std::{sync::Arc, time::Instant};

use axum::{
    Form,
    extract::{DefaultBodyLimit, Request, State, rejection::FormRejection},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT, CACHE_CONTROL, COOKIE, LOCATION, ORIGIN, RETRY_AFTER, SET_COOKIE,
            WWW_AUTHENTICATE,
        },
    },
    response::{Html, IntoResponse, Redirect, Response},
    routing::{MethodRouter, get},
};
use chrono::{Duration, Utc};
use serde::Deserialize;

use crate::{App, Error, admission::Client, shell::sign_in as html};

const COOKIE_NAME: &str = "filmstar_session";
const SESSION: Duration = Duration::days(30);
/// A token and an address.
const MAX_BODY_BYTES: usize = 16 << 10;

/// What the page sends.
#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    token: String,
    /// Where to go then.
    #[serde(default)]
    next: String,
}

pub(super) fn route() -> MethodRouter<Arc<App>> {
    get(page)
        .post(sign_in)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
}

/// Whether a request comes from a browser that wants to show the answer as a page.
pub(crate) fn is_for_a_person(request: &Request) -> bool {
    let accepts = request.headers().get(ACCEPT);
    let is_page = accepts.and_then(|accepts| accepts.to_str().ok());
    [Method::GET, Method::HEAD].contains(request.method())
        && is_page.is_some_and(|accepts| accepts.contains("text/html"))
}

/// The page in place of the one that was asked for, and then the way to that.
pub(crate) fn instead(app: &App, request: &Request) -> Response {
    // A browser keeps a strict session to itself when a link on another site was followed; asked by a page of
    // ours, it sends it.
    let comes_from = request.headers().get("sec-fetch-site");
    if comes_from.is_some_and(|site| site == "cross-site") {
        return (StatusCode::UNAUTHORIZED, uncached(html::once_more(app))).into_response();
    }
    let next = request.uri().path_and_query();
    let next = next.map_or("/", |next| next.as_str());
    refused(app, next, None)
}

/// Whether the request has a session that still counts.
pub(crate) fn has_session(app: &App, headers: &HeaderMap) -> bool {
    let Some(token) = &app.door.token else {
        return false;
    };
    let cookies = headers.get_all(COOKIE).into_iter();
    let mut pairs = cookies
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='));
    pairs.any(|(name, value)| name == COOKIE_NAME && token.opens(value, Utc::now().timestamp()))
}

async fn page(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if app.door.token.is_none() || has_session(&app, &headers) {
        return Redirect::to("/").into_response();
    }
    uncached(html::page(&app, "/", None)).into_response()
}

async fn sign_in(State(app): State<Arc<App>>, request: Request) -> Response {
    let (client, now) = (Client::of(request.extensions()), Instant::now());
    let is_secure = request
        .headers()
        .get(ORIGIN)
        .is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    let shown: Result<Form<Shown>, FormRejection> = axum::RequestExt::extract(request).await;
    let shown = match shown {
        Ok(Form(shown)) => shown,
        Err(rejection) => {
            return Error::Body {
                status: rejection.status(),
                message: rejection.body_text(),
            }
            .into_response();
        }
    };
    let next = own_address(&shown.next);
    let Some(token) = &app.door.token else {
        return Redirect::to(next).into_response();
    };
    if let Some(wait) = app.door.failures.wait(client, now) {
        let wait_s = wait.as_secs() + 1;
        return refused(&app, next, Some(&Error::TooManyTokens { wait_s }));
    }
    if !token.is(shown.token.trim()) {
        app.door.failures.add(client, now);
        return refused(&app, next, Some(&Error::WrongToken));
    }
    let session = token.session((Utc::now() + SESSION).timestamp());
    away(next, &cookie(&session, SESSION.num_seconds(), is_secure))
}

/// Ends the browser's session.
pub(super) async fn sign_out() -> Response {
    away("/sign-in", &cookie("", 0, false))
}

fn away(to: &str, cookie: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    for (name, value) in [
        (LOCATION, to),
        (SET_COOKIE, cookie),
        (CACHE_CONTROL, "no-store"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn cookie(session: &str, age_s: i64, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{COOKIE_NAME}={session}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{secure}")
}

/// An address on this server, and no other: neither `//elsewhere` nor what a browser would read as that.
fn own_address(next: &str) -> &str {
    let is_plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_plain && next.starts_with('/') && !next.starts_with("//") {
        next
    } else {
        "/"
    }
}

fn refused(app: &App, next: &str, error: Option<&Error>) -> Response {
    let status = error.map_or(StatusCode::UNAUTHORIZED, Error::status);
    let mut response = (status, uncached(html::page(app, next, error))).into_response();
    let headers = response.headers_mut();
    if let Some(seconds) = error.and_then(Error::retry_after_s) {
        headers.insert(RETRY_AFTER, seconds.into());
    } else {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn uncached(html: String) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], Html(html))
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn one_is_sent_on_within_this_server_alone() {
        for own in [
            "/",
            "/pages/genres?years=1990-2016",
            "/pages/movie?id=1&next=//x",
        ] {
            assert_eq!(own_address(own), own);
        }
        for other in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/é",
        ] {
            assert_eq!(own_address(other), "/", "{other}");
        }
    }
}
