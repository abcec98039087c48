use std::hash::{DefaultHasher, Hash, Hasher};

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, RETRY_AFTER};
use axum::http::{Response, StatusCode};
use serde_json::json;

/// One of the API's own errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failure {
    http_status: u16,
    status_code: u16,
    message: &'static str,
}

impl Failure {
    pub(super) const UNAUTHORIZED: Self = Self::new(401, 7, "Invalid API key.");
    pub(super) const BAD_PAGE: Self = Self::new(400, 22, "Invalid page: 1 to 500 is the range.");
    pub(super) const BAD_DATE: Self = Self::new(400, 23, "Invalid date: use YYYY-MM-DD.");
    pub(super) const LONG_WINDOW: Self =
        Self::new(422, 20, "Invalid date range: 14 days is the longest.");
    pub(super) const TOO_MANY_REQUESTS: Self = Self::new(429, 25, "Too many requests.");
    pub(super) const TOO_MANY_APPENDS: Self =
        Self::new(400, 27, "Too many appends: 20 is the most.");
    pub(super) const NOT_FOUND: Self = Self::new(404, 34, "The resource was not found.");
    pub(super) const OFFLINE: Self = Self::new(503, 9, "Service offline, try again later.");
    pub(super) const INTERNAL_ERROR: Self = Self::new(500, 11, "Internal error.");
    pub(super) const TIMEOUT: Self =
        Self::new(504, 24, "The backend server did not answer in time.");
    pub(super) const NO_BACKEND: Self = Self::new(502, 43, "The backend server cannot be reached.");
    pub(super) const MAINTENANCE: Self = Self::new(503, 46, "The API is undergoing maintenance.");
    pub(super) const BAD_METHOD: Self = Self::new(405, 42, "The method is not supported here.");

    const fn new(http_status: u16, status_code: u16, message: &'static str) -> Self {
        Self {
            http_status,
            status_code,
            message,
        }
    }

    pub(super) fn response(self, retry_after_seconds: Option<u64>) -> Response<Body> {
        let body = json!({
            "success": false,
            "status_code": self.status_code,
            "status_message": self.message,
        });
        let mut response = json_response(self.http_status, body.to_string());
        let headers = response.headers_mut();
        if self == Self::UNAUTHORIZED {
            let five_minutes = "public, max-age=300".parse().expect("it is a header value");
            headers.insert(CACHE_CONTROL, five_minutes);
        }
        if let (Self::TOO_MANY_REQUESTS, Some(seconds)) = (self, retry_after_seconds) {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A body with its caching headers, or 304 where the asker has it already.
pub(super) fn success(body: String, known: Option<&[u8]>, max_age_seconds: u32) -> Response<Body> {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let tag = format!("W/\"{:016x}\"", hasher.finish());
    let mut response = if known == Some(tag.as_bytes()) {
        json_response(304, String::new())
    } else {
        json_response(200, body)
    };
    let headers = response.headers_mut();
    headers.insert(
        ETAG,
        tag.parse().expect("hexadecimal digits are a header value"),
    );
    let cache = format!("public, max-age={max_age_seconds}");
    headers.insert(
        CACHE_CONTROL,
        cache.parse().expect("digits are a header value"),
    );
    response
}

fn json_response(http_status: u16, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(http_status).expect("it is a status");
    let content_type = "application/json;charset=utf-8";
    let content_type = content_type.parse().expect("it is a header value");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
