use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query as QueryString, State};
use axum::http::header::{AUTHORIZATION, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, Response, Uri};
use chrono::{DateTime, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tower_http::compression::CompressionLayer;

use super::films::Films;
use super::listing::Listing;
use super::query::{Parameters, Query};
use super::reply::{self, Failure};
use super::{Admission, Catalogue, Options, exports};

const HOUR_SECONDS: u32 = 3_600;

/// Everything that a request is answered from.
struct Api {
    films: Arc<dyn Films>,
    listing: Listing,
    limit: Option<DefaultDirectRateLimiter>,
    retry_after_seconds: Option<u64>,
    latency: Duration,
    admission: Admission,
    seed: u64,
    clock: fn() -> DateTime<Utc>,
}

pub(super) fn router(films: Arc<dyn Films>, options: &Options) -> Router {
    let limit = NonZeroU32::new(options.rate_limit);
    let api = Api {
        listing: Listing::new(Arc::clone(&films), options.is_reranking),
        films,
        limit: limit.map(|rate| RateLimiter::direct(Quota::per_second(rate))),
        retry_after_seconds: options.retry_after_seconds,
        latency: Duration::from_millis(options.latency_ms),
        admission: options.admission.clone(),
        seed: match options.catalogue {
            Catalogue::Generated { seed, .. } => seed,
            Catalogue::Replay { .. } => 0,
        },
        clock: options.clock,
    };
    let router = Router::new().fallback(handle).with_state(Arc::new(api));
    if options.is_compressing {
        router.layer(CompressionLayer::new())
    } else {
        router
    }
}

/// One handler for every path, because the API checks who asks before it looks at the path.
async fn handle(
    State(api): State<Arc<Api>>,
    method: Method,
    uri: Uri,
    parameters: Result<
        QueryString<Vec<(String, String)>>,
        axum::extract::rejection::QueryRejection,
    >,
    headers: HeaderMap,
) -> Response<Body> {
    if !api.latency.is_zero() {
        tokio::time::sleep(api.latency).await;
    }
    if let Some(file) = uri.path().strip_prefix(exports::FOLDER) {
        return exports::answer(&api.films, api.seed, &method, file, (api.clock)());
    }
    let parameters = parameters
        .map(|QueryString(pairs)| pairs)
        .unwrap_or_default();
    let request = Request {
        method,
        path: uri.path(),
        parameters: Parameters(parameters),
        headers: &headers,
    };
    match api.answer(&request) {
        Ok((body, max_age_seconds)) => {
            let known = headers.get(IF_NONE_MATCH).map(|value| value.as_bytes());
            reply::success(body, known, max_age_seconds)
        }
        Err(failure) => failure.response(api.retry_after_seconds),
    }
}

struct Request<'a> {
    method: Method,
    path: &'a str,
    parameters: Parameters,
    headers: &'a HeaderMap,
}

impl Api {
    /// A body and for how long it may be cached.
    fn answer(&self, request: &Request<'_>) -> Result<(String, u32), Failure> {
        if self
            .limit
            .as_ref()
            .is_some_and(|limit| limit.check().is_err())
        {
            return Err(Failure::TOO_MANY_REQUESTS);
        }
        if !self.admits(request) {
            return Err(Failure::UNAUTHORIZED);
        }
        if request.method != Method::GET {
            return Err(Failure::BAD_METHOD);
        }
        let path = request.path.strip_prefix("/3/").ok_or(Failure::NOT_FOUND)?;
        let segments: Vec<&str> = path.split('/').collect();
        let lists = self.films.lists();
        let parameters = &request.parameters;
        let hours = |body| Ok((body, 8 * HOUR_SECONDS));
        match segments.as_slice() {
            ["authentication"] => hours(r#"{"success":true}"#.to_owned()),
            ["configuration"] => hours(lists.configuration()),
            ["configuration", "countries"] => hours(lists.countries()),
            ["configuration", "languages"] => hours(lists.languages()),
            ["configuration", "jobs"] => hours(lists.jobs()),
            ["genre", "movie", "list"] => hours(lists.genres()),
            ["discover", "movie"] => Ok((self.discover(parameters)?, HOUR_SECONDS / 2)),
            ["movie", id] => Ok((self.movie(id, parameters)?, 5 * HOUR_SECONDS)),
            ["movie", id, block] => {
                let body = id.parse().ok().and_then(|id| self.films.block(id, block));
                Ok((body.ok_or(Failure::NOT_FOUND)?, 5 * HOUR_SECONDS))
            }
            ["person", id] => {
                let body = id.parse().ok().and_then(|id| self.films.person(id));
                hours(body.ok_or(Failure::NOT_FOUND)?)
            }
            _ => Err(Failure::NOT_FOUND),
        }
    }

    fn discover(&self, parameters: &Parameters) -> Result<String, Failure> {
        let page = parameters.page()?;
        let query = Query::parse(parameters)?;
        Ok(self.listing.page(&query, page))
    }

    fn movie(&self, id: &str, parameters: &Parameters) -> Result<String, Failure> {
        let appends = parameters.get("append_to_response").unwrap_or_default();
        let blocks: Vec<&str> = appends.split(',').map(str::trim).collect();
        if blocks.len() > 20 {
            return Err(Failure::TOO_MANY_APPENDS);
        }
        let body = id.parse().ok().and_then(|id| self.films.movie(id, &blocks));
        body.ok_or(Failure::NOT_FOUND)
    }

    fn admits(&self, request: &Request<'_>) -> bool {
        let key = request.parameters.get("api_key");
        let token = request.headers.get(AUTHORIZATION);
        let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        [key, token]
            .into_iter()
            .flatten()
            .any(|sent| match &self.admission {
                Admission::Only(only) => sent == only,
                Admission::Anybody => !sent.is_empty() && !is_made_to_be_refused(sent),
            })
    }
}

fn is_made_to_be_refused(sent: &str) -> bool {
    let is_real_key = sent.len() == 32 && sent.bytes().all(|byte| byte.is_ascii_hexdigit());
    !is_real_key
        && ["invalid", "wrong", "bad"]
            .iter()
            .any(|word| sent.starts_with(word))
}
