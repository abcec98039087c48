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
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;

use super::access_log::AccessLog;
use super::faults::{Delivery, FaultKind, Faults, Strike, distorted};
use super::films::Films;
use super::listing::Listing;
use super::query::{Parameters, Query};
use super::reply::{self, Failure};
use super::source::Source;
use super::{Admission, Catalogue, Options, changes, exports};
use crate::Clock;

const HOUR_SECONDS: u32 = 3_600;

/// Everything that a request is answered from.
struct Api {
    source: Source,
    listing: Listing,
    limit: Option<DefaultDirectRateLimiter>,
    connections: Option<Semaphore>,
    faults: Faults,
    log: Option<AccessLog>,
    retry_after_seconds: Option<u64>,
    latency: Duration,
    admission: Admission,
    seed: u64,
    clock: Clock,
}

pub(super) fn router(source: Source, log: Option<AccessLog>, options: &Options) -> Router {
    let limit = NonZeroU32::new(options.rate_limit);
    let seed = match options.catalogue {
        Catalogue::Generated { seed, .. } => seed,
        Catalogue::Replay { .. } => 0,
    };
    let fault_seed = options.scenario.seed.unwrap_or(seed);
    let api = Api {
        source,
        listing: Listing::new(options.is_reranking),
        limit: limit.map(|rate| RateLimiter::direct(Quota::per_second(rate))),
        connections: (options.max_in_flight > 0).then(|| Semaphore::new(options.max_in_flight)),
        faults: Faults::new(fault_seed, options.scenario.faults.clone()),
        log,
        retry_after_seconds: options.retry_after_seconds,
        latency: Duration::from_millis(options.latency_ms),
        admission: options.admission.clone(),
        seed,
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
    let path = uri.path().strip_prefix("/3").unwrap_or(uri.path());
    let now = api.clock.now();
    let mut strike = api.faults.strike(path, now);
    let delay = api.latency + strike.delay;
    let permit = api.connections.as_ref().map(Semaphore::try_acquire);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    if let Some(file) = uri.path().strip_prefix(exports::FOLDER) {
        let response = api.export(&method, file, now, &strike);
        api.log(path, &response, 0, &strike);
        return response;
    }
    let request = Request {
        method,
        path: uri.path(),
        parameters: Parameters(
            parameters
                .map(|QueryString(pairs)| pairs)
                .unwrap_or_default(),
        ),
        headers: &headers,
    };
    let is_crowded = matches!(permit, Some(Err(_)));
    let answer = match api.refusal(&request, is_crowded) {
        Some(refusal) => Err(refusal),
        None => {
            let delivery = strike.fault.as_ref().map(|(fault, _)| Delivery { fault });
            if let Some(response) = delivery.and_then(|delivery| delivery.instead()) {
                api.log(path, &response, 0, &strike);
                return response;
            }
            api.answer(&request, now, &mut strike)
        }
    };
    let (response, n_bytes) = match answer {
        Ok((body, max_age_seconds)) => {
            let known = headers.get(IF_NONE_MATCH).map(|value| value.as_bytes());
            let n_bytes = body.len();
            match &strike.fault {
                None => (reply::success(body, known, max_age_seconds), n_bytes),
                Some((fault, _)) => {
                    let delivery = Delivery { fault };
                    let response = reply::success(body.clone(), known, max_age_seconds);
                    match response.status().as_u16() {
                        200 => (delivery.arriving(response, &body), n_bytes),
                        _ => (response, n_bytes),
                    }
                }
            }
        }
        Err(failure) => (failure.response(api.retry_after_seconds), 0),
    };
    api.log(path, &response, n_bytes, &strike);
    response
}

struct Request<'a> {
    method: Method,
    path: &'a str,
    parameters: Parameters,
    headers: &'a HeaderMap,
}

impl Api {
    fn log(&self, path: &str, response: &Response<Body>, n_bytes: usize, strike: &Strike<'_>) {
        if let Some(log) = &self.log {
            let status = response.status().as_u16();
            // A body that the asker has already is not sent.
            let n_bytes = if status == 200 { n_bytes } else { 0 };
            log.write(path, status, n_bytes, strike.kind());
        }
    }

    fn export(
        &self,
        method: &Method,
        file: &str,
        now: DateTime<Utc>,
        strike: &Strike<'_>,
    ) -> Response<Body> {
        let host = exports::Host {
            source: &self.source,
            seed: self.seed,
            now,
            fault: strike.fault.as_ref().map(|(fault, _)| *fault),
        };
        host.answer(method, file)
    }

    /// Why a request is turned away before anybody looks at what it asks for.
    fn refusal(&self, request: &Request<'_>, is_crowded: bool) -> Option<Failure> {
        let limit = self.limit.as_ref();
        if is_crowded || limit.is_some_and(|limit| limit.check().is_err()) {
            return Some(Failure::TOO_MANY_REQUESTS);
        }
        if !self.admits(request) {
            return Some(Failure::UNAUTHORIZED);
        }
        (request.method != Method::GET).then_some(Failure::BAD_METHOD)
    }

    /// A body and for how long it may be cached.
    fn answer(
        &self,
        request: &Request<'_>,
        now: DateTime<Utc>,
        strike: &mut Strike<'_>,
    ) -> Result<(String, u32), Failure> {
        let path = request.path.strip_prefix("/3/").ok_or(Failure::NOT_FOUND)?;
        let segments: Vec<&str> = path.split('/').collect();
        let now = match &strike.fault {
            Some((fault, _)) if fault.kind == FaultKind::Stale => now - fault.age(),
            _ => now,
        };
        let films = self.source.at(now);
        let lists = films.lists();
        let parameters = &request.parameters;
        let hours = |body| Ok((body, 8 * HOUR_SECONDS));
        let body = match segments.as_slice() {
            ["authentication"] => return hours(r#"{"success":true}"#.to_owned()),
            ["configuration"] => return hours(lists.configuration()),
            ["configuration", "countries"] => return hours(lists.countries()),
            ["configuration", "languages"] => return hours(lists.languages()),
            ["configuration", "jobs"] => return hours(lists.jobs()),
            ["genre", "movie", "list"] => return hours(lists.genres()),
            ["discover", "movie"] => {
                let page = parameters.page()?;
                let query = Query::parse(parameters)?;
                let (hour, shift) = (self.source.hour(now), strike.shift());
                let films = films.as_ref();
                let body = self.listing.page(films, hour, &query, page, shift);
                return Ok((body, HOUR_SECONDS / 2));
            }
            [kind @ ("movie" | "person"), "changes"] => {
                let (of_people, today) = (*kind == "person", now.date_naive());
                let films = films.as_ref();
                let body = changes::page(films, of_people, parameters, today, strike.shift())?;
                return Ok((body, HOUR_SECONDS / 12));
            }
            ["movie", id] => movie(films.as_ref(), id, parameters)?,
            ["movie", id, block] => {
                let body = id.parse().ok().and_then(|id| films.block(id, block));
                body.ok_or(Failure::NOT_FOUND)?
            }
            ["person", id] => {
                let body = id.parse().ok().and_then(|id| films.person(id));
                return hours(body.ok_or(Failure::NOT_FOUND)?);
            }
            _ => return Err(Failure::NOT_FOUND),
        };
        let body = match &mut strike.fault {
            Some((fault, draw)) => distorted(fault, draw, body),
            None => body,
        };
        Ok((body, 5 * HOUR_SECONDS))
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

fn movie(films: &dyn Films, id: &str, parameters: &Parameters) -> Result<String, Failure> {
    let appends = parameters.get("append_to_response").unwrap_or_default();
    let blocks: Vec<&str> = appends.split(',').map(str::trim).collect();
    if blocks.len() > 20 {
        return Err(Failure::TOO_MANY_APPENDS);
    }
    let body = id.parse().ok().and_then(|id| films.movie(id, &blocks));
    body.ok_or(Failure::NOT_FOUND)
}

fn is_made_to_be_refused(sent: &str) -> bool {
    let is_real_key = sent.len() == 32 && sent.bytes().all(|byte| byte.is_ascii_hexdigit());
    !is_real_key
        && ["invalid", "wrong", "bad"]
            .iter()
            .any(|word| sent.starts_with(word))
}
