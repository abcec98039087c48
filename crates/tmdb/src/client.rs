//! The client: one token bucket, one limit of requests in flight, retries with back-off.

mod append;
mod attempt;
mod pace;
mod statistics;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, Request, Url};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::{Clock, Error};
use append::Blocks;
use attempt::Verdict;
use pace::Pace;

pub use append::Block;
pub use statistics::Statistics;

/// TMDB allows no more connections from one address.
const MAX_CONNECTIONS: usize = 20;

/// What the API takes as proof of who asks.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// A v3 API key, sent in the query.
    ApiKey(String),
    /// A v4 read access token, sent as a bearer token.
    Token(String),
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ApiKey(_) => "ApiKey(…)",
            Self::Token(_) => "Token(…)",
        })
    }
}

/// How often and how long a request is tried before it fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// Attempts after the first.
    pub retries: usize,
    /// The first pause; each further one doubles, plus up to as much again at random.
    pub first_pause: Duration,
    /// No pause is longer, whatever the API asks for.
    pub longest_pause: Duration,
    /// An attempt that takes longer counts as failed.
    pub attempt_timeout: Duration,
    /// Fixes the random part of the pauses.
    pub jitter_seed: Option<u64>,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            retries: 7,
            first_pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(15),
            attempt_timeout: Duration::from_secs(60),
            jitter_seed: None,
        }
    }
}

impl Patience {
    /// The pauses between attempts.
    pub(crate) fn backoff(&self) -> ExponentialBuilder {
        let backoff = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(self.first_pause)
            .with_max_delay(self.longest_pause)
            .with_max_times(self.retries);
        match self.jitter_seed {
            Some(seed) => backoff.with_jitter_seed(seed),
            None => backoff,
        }
    }
}

/// Everything a [`Client`] needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the API is; `/3` is added to a URL without a path.
    pub base_url: String,
    /// Sent with every request.
    pub credential: Credential,
    /// The token bucket's rate, which gives way when the API says that it is too much; 0 is no limit of our own.
    pub requests_per_second: u32,
    /// Requests under way at a time, 1 to 20.
    pub max_in_flight: usize,
    /// When to give up.
    pub patience: Patience,
    /// Requests at most, every attempt counted; then [`Error::OverLimit`].
    pub limit_requests: Option<u64>,
    /// How long requests may go out; then [`Error::OverLimit`].
    pub limit_time: Option<Duration>,
    /// Tells when an answer arrived.
    pub clock: Clock,
}

impl Config {
    /// The public API at the rate its documentation suggests.
    pub fn new(credential: Credential) -> Self {
        Self {
            base_url: "https://api.themoviedb.org/3".to_owned(),
            credential,
            requests_per_second: 35,
            max_in_flight: 16,
            patience: Patience::default(),
            limit_requests: None,
            limit_time: None,
            clock: Clock::default(),
        }
    }
}

/// What the API said, verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 200, or 404 where the thing does not exist.
    pub status: u16,
    /// The body as it came; of a film, with re-fetched blocks spliced in.
    pub body: String,
    /// When it arrived.
    pub fetched_at: DateTime<Utc>,
}

impl Answer {
    /// Whether the API has the thing, rather than knowing that it has not.
    pub fn is_found(&self) -> bool {
        self.status == 200
    }
}

/// Asks the API, within its limits. Clones share everything, the limits included.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    http: reqwest::Client,
    base_url: Url,
    api_key: Option<String>,
    pace: Pace,
    in_flight: Semaphore,
    backoff: ExponentialBuilder,
    longest_pause: Duration,
    limit_requests: u64,
    deadline: Option<Instant>,
    /// Whether the credential was refused for good, and whether it was ever good.
    is_refused: AtomicBool,
    was_admitted: AtomicBool,
    clock: Clock,
    counters: statistics::Counters,
    blocks: Blocks,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base_url", &self.shared.base_url.as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Sets up a client; nothing is sent yet.
    pub fn new(config: Config) -> Result<Self, Error> {
        let base_url = parse_base_url(&config.base_url)?;
        let (headers, api_key) = credential(config.credential)?;
        let patience = config.patience;
        let backoff = patience.backoff();
        let shared = Shared {
            http: http_client(&base_url, headers, patience.attempt_timeout)?,
            base_url,
            api_key,
            pace: Pace::new(config.requests_per_second),
            in_flight: Semaphore::new(config.max_in_flight.clamp(1, MAX_CONNECTIONS)),
            backoff,
            longest_pause: patience.longest_pause,
            limit_requests: config.limit_requests.unwrap_or(u64::MAX),
            deadline: config.limit_time.map(|limit| Instant::now() + limit),
            is_refused: AtomicBool::new(false),
            was_admitted: AtomicBool::new(false),
            clock: config.clock,
            counters: statistics::Counters::default(),
            blocks: Blocks::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// A film with its credits, keywords, release dates and external ids.
    ///
    /// A block that the answer lacks is asked for on its own and spliced in; one that stays
    /// missing stays missing, which means unknown and never none.
    pub async fn movie(&self, id: i64) -> Result<Answer, Error> {
        append::movie(self, id).await
    }

    /// A person's own facts.
    pub async fn person(&self, id: i64) -> Result<Answer, Error> {
        self.get(&format!("/person/{id}"), &[]).await
    }

    /// The list of film genres.
    pub async fn genres(&self) -> Result<Answer, Error> {
        self.get_existing("/genre/movie/list").await
    }

    /// The list of countries.
    pub async fn countries(&self) -> Result<Answer, Error> {
        self.get_existing("/configuration/countries").await
    }

    /// The list of languages.
    pub async fn languages(&self) -> Result<Answer, Error> {
        self.get_existing("/configuration/languages").await
    }

    /// The list of departments and their jobs.
    pub async fn jobs(&self) -> Result<Answer, Error> {
        self.get_existing("/configuration/jobs").await
    }

    /// Where images are, and more about the API itself.
    pub async fn configuration(&self) -> Result<Answer, Error> {
        self.get_existing("/configuration").await
    }

    /// Asks nothing but whether the credential is good.
    pub async fn authenticate(&self) -> Result<(), Error> {
        self.get_existing("/authentication").await.map(drop)
    }

    /// What this client and its clones have done so far.
    pub fn statistics(&self) -> Statistics {
        let mut statistics = self.shared.counters.read();
        statistics.abandoned_blocks = self.shared.blocks.abandoned();
        statistics.requests_per_second = self.shared.pace.rate();
        statistics
    }

    /// Gets something that cannot be missing: a 404 means that the base URL is no such API.
    pub(crate) async fn get_existing(&self, endpoint: &str) -> Result<Answer, Error> {
        let answer = self.get(endpoint, &[]).await?;
        existing(endpoint, answer)
    }

    /// Gets `endpoint`, trying again where that may help.
    ///
    /// A good credential has been refused for a moment under load: one that was good is tried once more, after the
    /// longest pause, before nothing is sent any more.
    pub(crate) async fn get(
        &self,
        endpoint: &str,
        query: &[(&str, String)],
    ) -> Result<Answer, Error> {
        let answer = self.get_patiently(endpoint, query).await;
        let shared = &self.shared;
        let Err(Error::Unauthorized { .. }) = answer else {
            return answer;
        };
        if shared.was_admitted.load(Ordering::Relaxed) && !shared.is_refused.load(Ordering::Relaxed)
        {
            tracing::warn!("the API refused a credential that was good; trying once more");
            tokio::time::sleep(shared.longest_pause).await;
            let again = self.get_patiently(endpoint, query).await;
            if matches!(again, Err(Error::Unauthorized { .. })) {
                shared.is_refused.store(true, Ordering::Relaxed);
            }
            return again;
        }
        shared.is_refused.store(true, Ordering::Relaxed);
        answer
    }

    async fn get_patiently(
        &self,
        endpoint: &str,
        query: &[(&str, String)],
    ) -> Result<Answer, Error> {
        let longest = self.shared.longest_pause;
        (|| self.attempt(endpoint, query))
            .retry(self.shared.backoff)
            .when(Error::is_transient)
            .adjust(|error, pause| {
                let asked = error.retry_after().unwrap_or_default();
                pause.map(|own| own.max(asked).min(longest))
            })
            .notify(|error, pause| {
                self.shared.counters.retried();
                tracing::debug!(
                    http.endpoint = endpoint,
                    pause_ms = pause.as_millis(),
                    "retrying: {error}"
                );
            })
            .await
    }

    async fn attempt(&self, endpoint: &str, query: &[(&str, String)]) -> Result<Answer, Error> {
        let shared = &self.shared;
        let _permit = shared
            .in_flight
            .acquire()
            .await
            .expect("the semaphore is never closed");
        shared.pace.ready().await;
        if shared.is_refused.load(Ordering::Relaxed) {
            return Err(Error::Unauthorized {
                endpoint: endpoint.to_owned(),
                message: "refused before".to_owned(),
            });
        }
        let is_late = shared
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline);
        if is_late || !shared.counters.request(shared.limit_requests) {
            return Err(Error::OverLimit);
        }
        let verdict = attempt::send(&shared.http, self.request(endpoint, query), endpoint).await;
        match &verdict {
            Ok(Verdict { status, body, date }) => {
                shared.was_admitted.store(true, Ordering::Relaxed);
                shared.pace.speed_up(Instant::now());
                shared.counters.received(body.len());
                if let Some(date) = date {
                    shared.counters.told_time(Utc::now() - *date);
                }
                tracing::debug!(
                    http.endpoint = endpoint,
                    http.status = status,
                    size_bytes = body.len(),
                    "the API answered"
                );
            }
            Err(Error::RateLimited { retry_after, .. }) => {
                shared.counters.rate_limited();
                let asked = retry_after.unwrap_or_default();
                let pause = asked.min(shared.longest_pause);
                shared.pace.slow_down(Instant::now(), pause);
            }
            Err(_) => {}
        }
        verdict.map(|Verdict { status, body, .. }| Answer {
            status,
            body,
            fetched_at: shared.clock.now(),
        })
    }

    fn request(&self, endpoint: &str, query: &[(&str, String)]) -> Request {
        let mut url = self.shared.base_url.clone();
        let path = format!("{}{endpoint}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        if self.shared.api_key.is_some() || !query.is_empty() {
            let mut pairs = url.query_pairs_mut();
            if let Some(api_key) = &self.shared.api_key {
                pairs.append_pair("api_key", api_key);
            }
            pairs.extend_pairs(query);
        }
        Request::new(Method::GET, url)
    }
}

pub(crate) fn existing(endpoint: &str, answer: Answer) -> Result<Answer, Error> {
    if answer.is_found() {
        return Ok(answer);
    }
    Err(Error::Refused {
        endpoint: endpoint.to_owned(),
        http_status: answer.status,
        message: "there is no such resource".to_owned(),
    })
}

fn parse_base_url(text: &str) -> Result<Url, Error> {
    let mut url = parse_http_url(text)?;
    if url.path() == "/" {
        url.set_path("/3");
    }
    Ok(url)
}

pub(crate) fn parse_http_url(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
        .ok_or_else(|| Error::BaseUrl {
            base_url: text.to_owned(),
        })
}

fn credential(credential: Credential) -> Result<(HeaderMap, Option<String>), Error> {
    let mut headers = HeaderMap::new();
    match credential {
        Credential::ApiKey(key) => Ok((headers, Some(key))),
        Credential::Token(token) => {
            let mut value =
                HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| Error::Credential)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
            Ok((headers, None))
        }
    }
}

fn http_client(
    base_url: &Url,
    headers: HeaderMap,
    attempt_timeout: Duration,
) -> Result<reqwest::Client, Error> {
    base_client(base_url, attempt_timeout)
        .default_headers(headers)
        .gzip(true)
        .timeout(attempt_timeout)
        // A redirect would carry the key to another host.
        .redirect(Policy::none())
        .build()
        .map_err(|error| Error::Build(error.without_url()))
}

/// What every connection of ours has in common.
pub(crate) fn base_client(url: &Url, attempt_timeout: Duration) -> reqwest::ClientBuilder {
    // Fails when a provider is there already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("filmstar/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10).min(attempt_timeout));
    if is_loopback(url) {
        return builder.no_proxy();
    }
    builder
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

#[cfg(test)]
mod tests;
