//! From the API to the lake: what to fetch, in which order, and what to do when something fails.

pub(crate) mod drift;
mod exports;
mod fetch;
mod marks;
mod plan;
mod reconcile;
mod scope;
mod search;
mod stages;
mod strategy;
mod sync;

use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::SubsecRound as _;
use lake::Lake;
use tmdb::{Client, Credential, Feed};

use crate::{
    clock,
    config::{Config, environment, is_loopback},
    failure::Failure,
    interrupt::Interrupt,
    printer::{self, Printer},
};
use exports::Desk;
pub(crate) use exports::ExportCounts;
pub(crate) use fetch::Counts;
use fetch::Fetcher;
use marks::Marks;
pub(crate) use plan::plan;
pub(crate) use scope::Scope;
use stages::Run;
pub(crate) use strategy::Strategy;
pub(crate) use sync::Synced;

const TOKEN: &str = "TMDB_API_TOKEN";
const KEY: &str = "TMDB_API_KEY";
/// What a simulator on this machine is sent when no credential is set.
const LOCAL_TOKEN: &str = "filmstar-on-this-machine";
/// Answers from a cache bear a time of hours ago.
const WRONG_CLOCK_SECONDS: i64 = 12 * 3_600;
/// Retries of the very first request.
const RETRIES_AT_FIRST: usize = 2;

/// What one ingest did.
#[derive(Debug)]
pub(crate) struct Ingested {
    /// The ways it took.
    pub(crate) strategies: Vec<&'static str>,
    pub(crate) movies: Counts,
    pub(crate) people: Counts,
    pub(crate) lists: Counts,
    pub(crate) exports: ExportCounts,
    pub(crate) discovered: tmdb::Discovered,
    pub(crate) synced_movies: Synced,
    pub(crate) synced_people: Synced,
    pub(crate) requests: tmdb::Statistics,
    pub(crate) drift: Vec<(String, u64)>,
    /// Keys that nothing here knows, by raw table and path.
    pub(crate) unknown_keys: Vec<(String, u64)>,
    pub(crate) recovered: u64,
    pub(crate) seconds: f64,
    pub(crate) is_interrupted: bool,
    /// Whether it used up the calls or minutes that it was allowed.
    pub(crate) is_partial: bool,
}

/// The credential in the environment and the variable that holds it.
pub(crate) fn credential_from_environment() -> Option<(&'static str, Credential)> {
    let read = |variable| {
        environment::variable(variable)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    read(TOKEN)
        .map(|token| (TOKEN, Credential::Token(token)))
        .or_else(|| read(KEY).map(|key| (KEY, Credential::ApiKey(key))))
}

/// Asks the API one thing without much patience, so that a wrong address or key is told at once.
pub(crate) async fn greet(config: &Config) -> Result<(), Failure> {
    let client = patient_client(config, RETRIES_AT_FIRST)?;
    client
        .genres()
        .await
        .map(drop)
        .map_err(|error| explain(error, config))
}

/// A client for the configured API.
pub(crate) fn client(config: &Config) -> Result<Client, Failure> {
    patient_client(config, tmdb::Patience::default().retries)
}

fn patient_client(config: &Config, retries: usize) -> Result<Client, Failure> {
    let credential = match credential_from_environment() {
        Some((_, credential)) => credential,
        None if is_loopback(&config.tmdb.base_url) => Credential::Token(LOCAL_TOKEN.to_owned()),
        None => {
            return Err(Failure::usage(format!("no TMDB credential: neither {TOKEN} nor {KEY} is set"))
                .hint(format!("get one free at themoviedb.org (Settings → API), then `export {TOKEN}=…`; `filmstar demo` needs none")));
        }
    };
    let mut settings = tmdb::Config::new(credential);
    settings.patience.retries = retries;
    settings.base_url.clone_from(&config.tmdb.base_url);
    settings.requests_per_second = config.tmdb.requests_per_second;
    settings.max_in_flight = config.tmdb.max_in_flight;
    settings.clock = clock::clock();
    let some = |limit: u64| (limit > 0).then_some(limit);
    settings.limit_requests = some(config.ingest.limit_calls);
    let minutes = some(config.ingest.limit_minutes.into());
    settings.limit_time = minutes.map(|minutes| Duration::from_secs(minutes * 60));
    Client::new(settings).map_err(|error| explain(error, config))
}

/// Fetches what is missing or stale. Everything fetched is in the lake when this returns, whatever it returns.
pub(crate) async fn ingest(
    config: &Config,
    scope: &Scope,
    client: &Client,
    lake: &Lake,
    run_id: &str,
    interrupt: &Interrupt,
    printer: Printer,
) -> anyhow::Result<Ingested> {
    let started = Instant::now();
    let recovered = lake
        .recover()
        .await
        .context("failed to recover the journal of an earlier run")?;
    if recovered.observations > 0 {
        printer.note(format!(
            "recovered {} observations of a run that was killed",
            recovered.observations
        ));
    }
    let started_at = clock::now().trunc_subsecs(6);
    let marks = Marks::of(lake, Feed::Movies).await?;
    let chosen = strategy::choose(config, scope, marks.in_step_since.is_some());
    let mut fetcher = Fetcher::new(
        client.clone(),
        lake,
        run_id,
        config.tmdb.max_in_flight,
        interrupt.clone(),
        printer,
    )?;
    let mut run = Run {
        config,
        scope,
        client,
        lake,
        fetcher: &mut fetcher,
        desk: Desk::open(config, lake, printer)?,
        printer,
        started_at,
        chosen,
        discovered: tmdb::Discovered::default(),
        synced_movies: Synced::default(),
        synced_people: Synced::default(),
    };
    let mut outcome = Box::pin(run.go()).await;
    let (exports, chosen, discovered) = (run.desk.counts(), run.chosen, run.discovered);
    let synced = (run.synced_movies, run.synced_people);
    tell_of_clock(client.statistics().clock_ahead_seconds, printer);
    let is_partial = is_over_limit(&outcome);
    if is_partial {
        outcome = Ok(());
    }
    let (movies, people, lists) = fetcher.counts();
    let unknown_keys = fetcher.unknown_keys();
    // The journal holds everything in any case; parts are what builds read.
    let written = fetcher.finish().await;
    let written = written.map_err(|error| in_plain_words(error, config));
    let written = match &outcome {
        // What went wrong first is told.
        Err(_) => written.unwrap_or_default(),
        Ok(()) => written?,
    };
    drift::keep(lake, run_id, &unknown_keys, &written.drift).await?;
    outcome.map_err(|error| in_plain_words(error, config))?;
    Ok(Ingested {
        strategies: chosen.into_iter().map(Strategy::name).collect(),
        movies,
        people,
        lists,
        exports,
        discovered,
        synced_movies: synced.0,
        synced_people: synced.1,
        requests: client.statistics(),
        drift: written.drift,
        unknown_keys,
        recovered: recovered.observations,
        seconds: started.elapsed().as_secs_f64(),
        is_interrupted: interrupt.is_raised(),
        is_partial,
    })
}

/// A clock that is off dates observations wrongly and asks for the wrong days.
fn tell_of_clock(ahead_seconds: i64, printer: Printer) {
    if ahead_seconds.abs() > WRONG_CLOCK_SECONDS {
        let way = if ahead_seconds > 0 {
            "ahead of"
        } else {
            "behind"
        };
        let off = printer::duration(Duration::from_secs(ahead_seconds.unsigned_abs()));
        printer.warn(format!(
            "this machine's clock is {off} {way} the API's: observations bear its time; set it, for example with `timedatectl set-ntp true`"
        ));
    }
}

/// Whether a run has used up what it was allowed.
fn is_over_limit(outcome: &anyhow::Result<()>) -> bool {
    let error = outcome.as_ref().err();
    let error = error.and_then(|error| error.downcast_ref::<tmdb::Error>());
    matches!(error, Some(tmdb::Error::OverLimit))
}

/// The error with whose fault it is, where the API's or the disk's is known.
fn in_plain_words(error: anyhow::Error, config: &Config) -> anyhow::Error {
    let error = match error.downcast::<tmdb::Error>() {
        Ok(error) => return explain(error, config).into(),
        Err(error) => error,
    };
    match error.downcast::<lake::Error>() {
        Ok(error @ (lake::Error::Journal { .. } | lake::Error::File(_))) => {
            Failure::world("the lake cannot be written any more")
                .hint("check the free space and the owner of its folder; what was fetched before is kept, and `filmstar ingest` resumes")
                .because(error)
                .into()
        }
        Ok(error) => anyhow::Error::from(error).context("failed to write the lake"),
        Err(error) => error,
    }
}

/// The API's error with the fault and the remedy that fit this configuration.
fn explain(error: tmdb::Error, config: &Config) -> Failure {
    let base_url = &config.tmdb.base_url;
    let variable = credential_from_environment().map_or(TOKEN, |(variable, _)| variable);
    match error {
        tmdb::Error::Unauthorized { .. } | tmdb::Error::Credential => {
            Failure::usage(format!("the API refused the credential in {variable}")).hint(format!(
                "check {variable} at themoviedb.org (Settings → API); a v3 key belongs in {KEY}, a v4 token in {TOKEN}"
            ))
        }
        tmdb::Error::BaseUrl { .. } => Failure::usage(format!("`tmdb.base_url` is not an address: `{base_url}`"))
            .hint("it looks like `https://api.themoviedb.org/3`"),
        tmdb::Error::Transport { .. } => Failure::world(format!("no answer from `{base_url}`"))
            .hint("check the network, the clock of this machine and `tmdb.base_url`; what was fetched is kept, and `filmstar ingest` resumes"),
        tmdb::Error::NotJson { .. } => Failure::world(format!("`{base_url}` answers with something else than JSON"))
            .hint("a proxy or the sign-in page of a network may stand between: check `tmdb.base_url` and HTTPS_PROXY; `filmstar ingest` resumes"),
        tmdb::Error::RateLimited { .. } => Failure::world("the API kept saying that there were too many requests")
            .hint("lower `tmdb.requests_per_second`; `filmstar ingest` resumes"),
        tmdb::Error::Refused { http_status: 404, .. } => {
            Failure::usage(format!("`{base_url}` does not answer as the TMDB API does (HTTP 404)"))
                .hint("`tmdb.base_url` looks like `https://api.themoviedb.org/3`")
        }
        _ => Failure::world("the API is out of order").hint("try again later; `filmstar ingest` resumes"),
    }
    .because(error)
}
