use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Request, StatusCode};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Error;

/// An answer that settles the matter: the thing, or that there is none.
pub(super) struct Verdict {
    pub(super) status: u16,
    pub(super) body: String,
    /// What time it was for the server.
    pub(super) date: Option<DateTime<Utc>>,
}

/// The codes by which the API itself, not something in front of it, says that a thing is missing.
const MISSING_CODES: [i64; 3] = [6, 34, 37];

/// The API's own error body; older ones lack some keys.
#[derive(Default, Deserialize)]
struct Failure {
    status_code: Option<i64>,
    status_message: Option<String>,
    errors: Option<Vec<String>>,
}

impl Failure {
    fn message(&self, status: StatusCode) -> String {
        if let Some(message) = &self.status_message {
            return message.trim_end_matches('.').to_owned();
        }
        match &self.errors {
            Some(errors) => errors.join(", "),
            None => status
                .canonical_reason()
                .unwrap_or("no reason given")
                .to_lowercase(),
        }
    }
}

/// Sends one request once and judges the answer.
pub(super) async fn send(
    http: &reqwest::Client,
    request: Request,
    endpoint: &str,
) -> Result<Verdict, Error> {
    let transport = |error: reqwest::Error| Error::Transport {
        endpoint: endpoint.to_owned(),
        source: error.without_url(),
    };
    let response = http.execute(request).await.map_err(transport)?;
    let status = response.status();
    let retry_after = retry_after(response.headers());
    let date = response.headers().get(DATE);
    let date = date.and_then(|date| http_date(date.to_str().ok()?));
    let bytes = response.bytes().await.map_err(transport)?;
    let body = String::from_utf8(bytes.into()).ok();
    let verdict = judge(endpoint, status, retry_after, body);
    verdict.map(|verdict| Verdict { date, ..verdict })
}

fn judge(
    endpoint: &str,
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Option<String>,
) -> Result<Verdict, Error> {
    let endpoint = endpoint.to_owned();
    let http_status = status.as_u16();
    let json = body.filter(|body| serde_json::from_str::<IgnoredAny>(body).is_ok());
    if status == StatusCode::OK {
        return match json {
            Some(body) => Ok(Verdict {
                status: http_status,
                body,
                date: None,
            }),
            None => Err(Error::NotJson {
                endpoint,
                http_status,
            }),
        };
    }
    let failure: Failure = json
        .as_deref()
        .and_then(|body| serde_json::from_str(body).ok())
        .unwrap_or_default();
    let message = failure.message(status);
    match http_status {
        404 if failure
            .status_code
            .is_some_and(|code| MISSING_CODES.contains(&code)) =>
        {
            Ok(Verdict {
                status: http_status,
                body: json.unwrap_or_default(),
                date: None,
            })
        }
        401 => Err(Error::Unauthorized { endpoint, message }),
        429 => Err(Error::RateLimited {
            endpoint,
            retry_after,
        }),
        // 501 is the API's "no such service", which waiting does not mend.
        500 | 502..=599 => Err(Error::Unavailable {
            endpoint,
            http_status,
            message,
            retry_after,
        }),
        200..=299 if json.is_none() => Err(Error::NotJson {
            endpoint,
            http_status,
        }),
        _ => Err(Error::Refused {
            endpoint,
            http_status,
            message,
        }),
    }
}

/// `Retry-After` in seconds, or as a date, which is compared with the server's own clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = http_date(headers.get(DATE)?.to_str().ok()?)?;
    (http_date(text)? - now).to_std().ok()
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some(date.with_timezone(&Utc))
}
