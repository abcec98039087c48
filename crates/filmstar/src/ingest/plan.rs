//! What an ingest would do, without doing it.

use chrono::TimeDelta;
use lake::{Kind, Lake, Newest};
use tmdb::{Client, Feed};

use super::{
    explain, exports,
    marks::{self, Marks},
    scope::Scope,
    stages,
    strategy::{self, Strategy},
};
use crate::{clock, config::Config};

/// How many films a page of `/discover/movie` lists.
const FILMS_PER_PAGE: u64 = 20;
/// How many ids a page of changes lists.
const CHANGES_PER_PAGE: u64 = 100;
/// Bytes of an answer as they come, packed: the middle of recorded ones.
const MOVIE_BYTES: u64 = 6_000;
const PERSON_BYTES: u64 = 900;
const PAGE_BYTES: u64 = 4_000;
/// Of a day's exports, as TMDB publishes them.
const EXPORT_BYTES: u64 = 60 << 20;
/// Leads of a film who are in no other one.
const PEOPLE_PER_FILM: f64 = 2.5;

/// What one way would take.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct PlannedWay {
    pub(crate) strategy: &'static str,
    pub(crate) calls: u64,
    pub(crate) bytes: u64,
    /// Why so many.
    pub(crate) why: String,
}

/// What an ingest would fetch.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) ways: Vec<PlannedWay>,
    /// Films that match, as the API counts them, or the ids that are named.
    pub(crate) films: u64,
    /// Films that the lake has, and young enough.
    pub(crate) fresh: u64,
    /// At the configured rate; `None` without one.
    pub(crate) seconds: Option<u64>,
}

impl Plan {
    pub(crate) fn calls(&self) -> u64 {
        self.ways.iter().map(|way| way.calls).sum()
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.ways.iter().map(|way| way.bytes).sum()
    }
}

/// Counts what matches, without fetching any of it.
pub(crate) async fn plan(
    config: &Config,
    scope: &Scope,
    client: &Client,
    lake: Option<&Lake>,
) -> anyhow::Result<Plan> {
    let known = Known::of(config, scope, lake).await?;
    let mut films = stages::n_ids(&scope.ids());
    if !scope.is_some() || scope.released.is_some() {
        let filter = stages::filter(config, scope, clock::now());
        let listed = tmdb::count(client, &filter).await;
        films += listed.map_err(|error| explain(error, config))?;
    }
    let mut plan = Plan {
        ways: Vec::new(),
        films,
        fresh: known.fresh,
        seconds: None,
    };
    for strategy in strategy::choose(config, scope, known.movies.in_step_since.is_some()) {
        let way = known.way(strategy, config, scope, client, films).await;
        plan.ways.push(way.map_err(|error| explain(error, config))?);
    }
    let rate = u64::from(config.tmdb.requests_per_second);
    plan.seconds = (rate > 0).then(|| plan.calls() / rate.max(1));
    Ok(plan)
}

/// What the lake says.
struct Known {
    movies: Marks,
    people: Marks,
    fresh: u64,
    /// Of the films that are named, those that need not be asked for.
    named_fresh: u64,
    stale: u64,
    n_people: u64,
    oldest: chrono::DateTime<chrono::Utc>,
    exports: u64,
}

impl Known {
    async fn of(config: &Config, scope: &Scope, lake: Option<&Lake>) -> anyhow::Result<Self> {
        let now = clock::now();
        let stale_before = stages::stale_before(config, now);
        let nothing = Marks {
            begun_at: None,
            in_step_since: None,
        };
        let Some(lake) = lake else {
            return Ok(Self {
                movies: nothing,
                people: nothing,
                fresh: 0,
                named_fresh: 0,
                stale: 0,
                n_people: 0,
                oldest: now,
                exports: exports::count_wanted(config, None).await?,
            });
        };
        let newest = lake.newest(Kind::Movies).await?;
        let is_fresh = |newest: &Newest| {
            let fresh = newest
                .iter()
                .filter(|(_, seen)| seen.fetched_at >= stale_before);
            fresh.count() as u64
        };
        let fresh = is_fresh(&newest);
        let ranges = scope.ids();
        let is_named = |id: i64| ranges.iter().any(|ids| ids.contains(&id));
        let named_fresh = newest
            .iter()
            .filter(|(id, seen)| seen.fetched_at >= stale_before && is_named(*id))
            .count();
        let oldest = newest.iter().map(|(_, seen)| seen.fetched_at).min();
        Ok(Self {
            movies: Marks::of(lake, Feed::Movies).await?,
            people: Marks::of(lake, Feed::People).await?,
            fresh,
            named_fresh: if scope.again { 0 } else { named_fresh as u64 },
            stale: newest.len() as u64 - fresh,
            n_people: is_fresh(&lake.newest(Kind::People).await?),
            oldest: oldest.unwrap_or(now).max(stale_before),
            exports: exports::count_wanted(config, Some(lake)).await?,
        })
    }

    async fn way(
        &self,
        strategy: Strategy,
        config: &Config,
        scope: &Scope,
        client: &Client,
        films: u64,
    ) -> Result<PlannedWay, tmdb::Error> {
        let named = stages::n_ids(&scope.ids());
        let lacking = match scope.is_some() {
            // Which of them the lake has shows once they are listed.
            true => films - named,
            false => films.saturating_sub(self.fresh),
        };
        let (calls, bytes, why) = match strategy {
            Strategy::Named => {
                let lacking = named - self.named_fresh;
                let why = format!("{lacking} of the {named} that are named; the lake has the rest");
                (lacking, lacking * MOVIE_BYTES, why)
            }
            Strategy::Reference => (5, 5 * PAGE_BYTES, "lists, unless they are fresh".to_owned()),
            Strategy::Discover => {
                let pages = (films - named).div_ceil(FILMS_PER_PAGE);
                let bytes = pages * PAGE_BYTES + lacking * MOVIE_BYTES;
                let most = if scope.is_some() { "at most " } else { "" };
                let why = format!(
                    "{pages} pages of lists, and {most}{lacking} films that the lake lacks"
                );
                (pages + lacking, bytes, why)
            }
            Strategy::Catalogue => {
                let why = format!("about {lacking} films of the newest export that the lake lacks");
                (lacking, lacking * MOVIE_BYTES, why)
            }
            Strategy::Changes => self.changes(client).await?,
            Strategy::Reconcile => {
                let why = "what the newest exports have more or less than the lake, a few hundred films a day".to_owned();
                (0, 0, why)
            }
            Strategy::Details => {
                let days = config.ingest.refresh_after_days;
                let why = format!("{} films last seen more than {days} days ago", self.stale);
                (self.stale, self.stale * MOVIE_BYTES, why)
            }
            Strategy::People => {
                let credited = (films as f64 * PEOPLE_PER_FILM) as u64;
                let lacking = credited.saturating_sub(self.n_people);
                let why = "a guess: who is credited is known once the films are there".to_owned();
                (lacking, lacking * PERSON_BYTES, why)
            }
            Strategy::Exports => {
                let why = format!("{} files, which count as no calls", self.exports);
                (0, self.exports * EXPORT_BYTES, why)
            }
        };
        Ok(PlannedWay {
            strategy: strategy.name(),
            calls,
            bytes,
            why,
        })
    }

    async fn changes(&self, client: &Client) -> Result<(u64, u64, String), tmdb::Error> {
        let now = clock::now();
        if self.fresh + self.stale == 0 {
            let why = "what changes while the first run is under way".to_owned();
            return Ok((0, 0, why));
        }
        let (mut listed, mut pages) = (0, 0);
        for (feed, marks) in [(Feed::Movies, self.movies), (Feed::People, self.people)] {
            let since = marks.in_step_since.unwrap_or(self.oldest);
            for window in marks::windows(since, now, now) {
                let n = match tmdb::count_changes(client, feed, window.first, window.last).await {
                    Ok(n) => n,
                    // A server without the feed: nothing is asked for then.
                    Err(tmdb::Error::Refused { .. }) => 0,
                    Err(error) => return Err(error),
                };
                pages += n.div_ceil(CHANGES_PER_PAGE);
                listed += n;
            }
        }
        let since = self.movies.in_step_since.unwrap_or(self.oldest);
        let age = (now - since).max(TimeDelta::zero());
        let why = format!(
            "in step {} h ago; at most {listed} ids have changed since, on {pages} pages",
            age.num_hours()
        );
        Ok((
            pages + listed,
            pages * PAGE_BYTES + listed * MOVIE_BYTES,
            why,
        ))
    }
}
