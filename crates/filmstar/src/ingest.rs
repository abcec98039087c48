//! From the API to the lake: what to fetch, in which order, and what to do when something fails.

mod exports;
mod fetch;

use std::{collections::HashMap, path::Path, time::Instant};

use anyhow::Context as _;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use lake::{Kind, Lake, Seen};
use tmdb::{Client, Credential, DiscoverFilter};

use crate::{
    clock,
    config::{Config, People, environment, is_loopback},
    failure::Failure,
    interrupt::Interrupt,
    printer::Printer,
};
pub(crate) use exports::ExportCounts;
pub(crate) use fetch::Counts;
use fetch::{Fetcher, Thing};

const TOKEN: &str = "TMDB_API_TOKEN";
const KEY: &str = "TMDB_API_KEY";
/// What a simulator on this machine is sent when no credential is set.
const LOCAL_TOKEN: &str = "filmstar-on-this-machine";
/// Reference lists change a few times a year.
const REFERENCE_DAYS: u64 = 7;
/// Retries of the very first request.
const RETRIES_AT_FIRST: usize = 2;
/// How many films a page of `/discover/movie` lists.
const FILMS_PER_PAGE: u64 = 20;

/// What one ingest did.
#[derive(Debug)]
pub(crate) struct Ingested {
    pub(crate) movies: Counts,
    pub(crate) people: Counts,
    pub(crate) lists: Counts,
    pub(crate) exports: ExportCounts,
    pub(crate) discovered: tmdb::Discovered,
    pub(crate) requests: tmdb::Statistics,
    pub(crate) drift: Vec<(String, u64)>,
    pub(crate) recovered: u64,
    pub(crate) seconds: f64,
    pub(crate) is_interrupted: bool,
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
    Client::new(settings).map_err(|error| explain(error, config))
}

/// Fetches what is missing or stale. Everything fetched is in the lake when this returns, whatever it returns.
pub(crate) async fn ingest(
    config: &Config,
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
    let mut fetcher = Fetcher::new(
        client.clone(),
        lake,
        run_id,
        config.tmdb.max_in_flight,
        interrupt.clone(),
        printer,
    )?;
    let mut discovered = tmdb::Discovered::default();
    let mut outcome = stages(config, client, lake, &mut fetcher, &mut discovered).await;
    let mut exports = ExportCounts::default();
    if outcome.is_ok() && !fetcher.is_interrupted() {
        match exports::fetch(config, lake, &mut fetcher, printer).await {
            Ok(counts) => exports = counts,
            Err(error) => outcome = Err(error),
        }
    }
    let (movies, people, lists) = fetcher.counts();
    // The journal holds everything in any case; parts are what builds read.
    let written = fetcher.finish().await.context("failed to write the lake")?;
    outcome.map_err(|error| match error.downcast::<tmdb::Error>() {
        Ok(error) => anyhow::Error::from(explain(error, config)),
        Err(error) => error,
    })?;
    Ok(Ingested {
        movies,
        people,
        lists,
        exports,
        discovered,
        requests: client.statistics(),
        drift: written.drift,
        recovered: recovered.observations,
        seconds: started.elapsed().as_secs_f64(),
        is_interrupted: interrupt.is_raised(),
    })
}

/// Lists, films, then people: each only as far as nobody interrupts.
async fn stages(
    config: &Config,
    client: &Client,
    lake: &Lake,
    fetcher: &mut Fetcher,
    discovered: &mut tmdb::Discovered,
) -> anyhow::Result<()> {
    let now = clock::now();
    let lists = [
        Kind::Genres,
        Kind::Countries,
        Kind::Languages,
        Kind::Jobs,
        Kind::Configuration,
    ];
    for kind in lists {
        let seen = fresh(lake, kind, now, REFERENCE_DAYS).await?;
        fetcher.list(kind, seen.contains_key(&0)).await?;
    }

    let days = u64::from(config.ingest.refresh_after_days);
    let seen = fresh(lake, Kind::Movies, now, days).await?;
    let matching = tmdb::count(client, &filter(config, now)).await?;
    fetcher.expect(matching);
    let mut discovery = tmdb::discover(client, filter(config, now));
    fetcher
        .all(Thing::Movie, &seen, async || discovery.next().await)
        .await?;
    *discovered = discovery.finish().await;

    let Some(first_billed) = billing(config.ingest.people) else {
        return Ok(());
    };
    if fetcher.is_interrupted() {
        return Ok(());
    }
    fetcher.roll().await?;
    let wanted = credited(lake, first_billed).await?;
    let seen = fresh(lake, Kind::People, now, days).await?;
    fetcher.expect(wanted.len() as u64);
    let mut wanted = wanted.into_iter();
    fetcher
        .all(Thing::Person, &seen, async || wanted.next().map(Ok))
        .await
}

/// What an ingest would fetch.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) films: u64,
    pub(crate) fresh: u64,
    pub(crate) requests: u64,
    /// Files of daily exports.
    pub(crate) exports: u64,
    /// At the configured rate; `None` without one.
    pub(crate) seconds: Option<u64>,
}

/// Counts what matches, without fetching any of it.
pub(crate) async fn plan(config: &Config, client: &Client, lake: &Path) -> anyhow::Result<Plan> {
    let now = clock::now();
    let films = tmdb::count(client, &filter(config, now))
        .await
        .map_err(|error| explain(error, config))?;
    let (fresh, exports) = if lake.is_dir() {
        let lake = Lake::open(lake)?;
        let days = u64::from(config.ingest.refresh_after_days);
        let fresh = fresh(&lake, Kind::Movies, now, days).await?;
        let exports = exports::count_wanted(config, &lake).await?;
        (fresh.len() as u64, exports)
    } else {
        let days = tmdb::export_days(now, config.ingest.exports_days).count();
        (0, (days * config.ingest.exports.len()) as u64)
    };
    let requests = films.saturating_sub(fresh) + films.div_ceil(FILMS_PER_PAGE);
    let rate = u64::from(config.tmdb.requests_per_second);
    Ok(Plan {
        films,
        fresh,
        requests,
        exports,
        seconds: (rate > 0).then(|| requests / rate.max(1)),
    })
}

/// What was observed recently enough to be left alone.
async fn fresh(
    lake: &Lake,
    kind: Kind,
    now: DateTime<Utc>,
    days: u64,
) -> anyhow::Result<HashMap<i64, Seen>> {
    let mut seen = lake
        .newest(kind)
        .await
        .with_context(|| format!("failed to read what the lake has of `{}`", kind.name()))?;
    if let Some(oldest) = now.checked_sub_days(Days::new(days)) {
        seen.retain(|_, seen| seen.fetched_at >= oldest);
    }
    Ok(seen)
}

fn filter(config: &Config, now: DateTime<Utc>) -> DiscoverFilter {
    let last_year = config.ingest.last_year.unwrap_or(now.year() + 2);
    let first_year = config.ingest.first_year.min(last_year);
    DiscoverFilter {
        first_release: NaiveDate::from_ymd_opt(first_year, 1, 1).unwrap_or(NaiveDate::MIN),
        last_release: NaiveDate::from_ymd_opt(last_year, 12, 31).unwrap_or(NaiveDate::MAX),
        min_votes: config.ingest.min_votes,
        include_adult: config.ingest.include_adult,
        include_video: config.ingest.include_video,
    }
}

/// How far down the cast people's details are wanted; `None` for nobody's.
fn billing(people: People) -> Option<i32> {
    match people {
        People::None => None,
        People::Leads => Some(2),
        People::Principal => Some(5),
        People::All => Some(i32::MAX),
    }
}

/// Directors and those billed before `first_billed` in films of the lake; with `i32::MAX` everybody credited.
async fn credited(lake: &Lake, first_billed: i32) -> anyhow::Result<Vec<i64>> {
    let table = crate::commands::load::raw_table(lake, Kind::Movies).await?;
    tokio::task::spawn_blocking(move || warehouse::raw::people_credited(table, first_billed))
        .await
        .context("the query for credited people ended early")?
        .context("failed to list the people credited in the lake's films")
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
            .hint("check the network and `tmdb.base_url`; what was fetched is kept, and `filmstar ingest` resumes"),
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
