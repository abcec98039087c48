//! One ingest, way by way: each only as far as nobody interrupts.

use std::ops::RangeInclusive;

use anyhow::Context as _;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use lake::{Kind, Lake, Newest};
use tmdb::{Client, DiscoverFilter, Found};

use super::{
    exports::Desk,
    fetch::{Fetcher, Thing},
    reconcile::{self, Floors},
    scope::{Scope, Span},
    search::Search,
    strategy::{self, Strategy},
    sync::Synced,
};
use crate::{
    config::{Config, ExportKind, People},
    printer::{Printer, Progress, count},
};

/// Reference lists change a few times a year.
const REFERENCE_DAYS: u64 = 7;
const LISTS: [Kind; 5] = [
    Kind::Genres,
    Kind::Countries,
    Kind::Languages,
    Kind::Jobs,
    Kind::Configuration,
];

/// An ingest under way.
pub(super) struct Run<'a> {
    pub(super) config: &'a Config,
    pub(super) scope: &'a Scope,
    pub(super) client: &'a Client,
    pub(super) lake: &'a Lake,
    pub(super) fetcher: &'a mut Fetcher,
    pub(super) desk: Desk<'a>,
    pub(super) printer: Printer,
    pub(super) started_at: DateTime<Utc>,
    pub(super) chosen: Vec<Strategy>,
    pub(super) discovered: tmdb::Discovered,
    pub(super) synced_movies: Synced,
    pub(super) synced_people: Synced,
}

impl Run<'_> {
    /// Takes the chosen ways in their order.
    pub(super) async fn go(&mut self) -> anyhow::Result<()> {
        for strategy in self.chosen.clone() {
            if self.fetcher.is_interrupted() {
                return Ok(());
            }
            match strategy {
                Strategy::Named => self.named().await?,
                Strategy::Reference => self.lists().await?,
                Strategy::Discover => self.discover().await?,
                Strategy::Catalogue => {
                    if !self.compare_movies(true).await? {
                        self.printer.warn(
                            "there is no daily export to take the catalogue from; films are discovered instead",
                        );
                        self.discover().await?;
                    }
                }
                Strategy::Changes => {
                    // No short circuit: each feed is to be read.
                    let is_doubtful =
                        self.sync(Thing::Movie).await? | self.sync(Thing::Person).await?;
                    if is_doubtful && !self.chosen.contains(&Strategy::Reconcile) {
                        self.reconcile().await?;
                    }
                }
                Strategy::Reconcile => self.reconcile().await?,
                Strategy::Details => self.refresh().await?,
                Strategy::People => self.people().await?,
                Strategy::Exports => self.desk.all(self.fetcher).await?,
            }
        }
        Ok(())
    }

    async fn lists(&mut self) -> anyhow::Result<()> {
        let oldest = days_before(self.started_at, REFERENCE_DAYS);
        for kind in LISTS {
            let seen = self.newest(kind).await?;
            let is_fresh = seen.get(0).is_some_and(|seen| seen.fetched_at >= oldest);
            self.fetcher.list(kind, is_fresh).await?;
        }
        Ok(())
    }

    /// The films whose ids the user names, one by one.
    async fn named(&mut self) -> anyhow::Result<()> {
        let seen = self.newest(Kind::Movies).await?;
        let oldest = self.fresh_since();
        let ranges = self.scope.ids();
        self.fetcher.expect(n_ids(&ranges));
        let mut ids = ranges.into_iter().flatten();
        let is_fresh = |id| seen.get(id).is_some_and(|seen| seen.fetched_at >= oldest);
        self.fetcher
            .all(Thing::Movie, is_fresh, async || ids.next().map(Ok))
            .await
    }

    async fn discover(&mut self) -> anyhow::Result<()> {
        let seen = self.newest(Kind::Movies).await?;
        let (oldest, started_at) = (self.fresh_since(), self.started_at);
        let filter = filter(self.config, self.scope, started_at);
        self.fetcher
            .expect(tmdb::count(self.client, &filter).await?);
        let is_fresh = |id| {
            seen.get(id).is_some_and(|seen| {
                // What is listed should be there: a tombstone from before this run is asked for.
                seen.fetched_at >= if seen.is_gone() { started_at } else { oldest }
            })
        };
        let search = match self.scope.again {
            // What another search has been through is asked for too.
            true => Search::new(started_at),
            false => Search::of(self.lake, &filter, started_at).await?,
        };
        if search.begun_at == started_at {
            self.fetcher.note(search.begun(&filter)).await?;
        }
        let mut discovery = tmdb::resume(self.client, filter, search.read.clone());
        let progress = self.fetcher.progress(Thing::Movie);
        let outcome = self.follow(&mut discovery, &search, is_fresh, &progress);
        let outcome = Box::pin(outcome).await;
        progress.finish();
        outcome?;
        self.discovered = discovery.finish().await;
        Ok(())
    }

    /// Fetches what a search finds, and keeps how far it has come.
    async fn follow(
        &mut self,
        discovery: &mut tmdb::Discovery,
        search: &Search,
        is_fresh: impl Fn(i64) -> bool,
        progress: &Progress,
    ) -> anyhow::Result<()> {
        loop {
            let mut end = None;
            let failed_before = self.fetcher.of(Thing::Movie).failed;
            let next = async || match discovery.step().await? {
                Ok(Found::Film(id)) => Some(Ok(id)),
                Ok(Found::End(stretch)) => {
                    end = Some(stretch);
                    None
                }
                Err(error) => Some(Err(error)),
            };
            self.fetcher
                .drain(Thing::Movie, &is_fresh, next, progress)
                .await?;
            if self.fetcher.is_interrupted() {
                return Ok(());
            }
            let Some(stretch) = end else {
                // What failed is asked for by the next search, which begins anew.
                return self.fetcher.note(search.done()).await;
            };
            if self.fetcher.of(Thing::Movie).failed == failed_before {
                self.fetcher.note(search.has_read(stretch)).await?;
            }
        }
    }

    /// Films and people beside their newest exports.
    async fn reconcile(&mut self) -> anyhow::Result<()> {
        let ingest = &self.config.ingest;
        // Who names it wants it, whatever exports land day by day.
        let is_named = ingest.strategies.contains(&Strategy::Reconcile);
        let is_wanted = |kind| is_named || strategy::uses_exports(ingest, kind);
        if is_wanted(ExportKind::Movies) {
            self.compare_movies(!strategy::has_floors(ingest)).await?;
        }
        if is_wanted(ExportKind::People) && ingest.people != People::None {
            self.compare(Thing::Person, Vec::new(), false).await?;
        }
        Ok(())
    }

    /// Whether there is an export to compare with.
    async fn compare_movies(&mut self, brings_new: bool) -> anyhow::Result<bool> {
        let mut adult = Vec::new();
        if self.config.ingest.include_adult
            && let Some(day) = self.desk.newest(self.fetcher, ExportKind::Movies).await?
        {
            match self.desk.adult_movies(day).await {
                Ok(listed) => adult = listed,
                Err(error) => {
                    self.printer.warn(format!(
                        "no daily export of the films for adults ({error}); the lake is compared without it by the next run"
                    ));
                    return Ok(false);
                }
            }
        }
        self.compare(Thing::Movie, adult, brings_new).await
    }

    async fn compare(
        &mut self,
        thing: Thing,
        more: Vec<(i64, Option<f64>)>,
        brings_new: bool,
    ) -> anyhow::Result<bool> {
        let (export, what, exports) = match thing {
            Thing::Movie => (ExportKind::Movies, "films", Kind::MovieExports),
            Thing::Person => (ExportKind::People, "people", Kind::PersonExports),
        };
        let Some(day) = self.desk.newest(self.fetcher, export).await? else {
            return Ok(false);
        };
        let floors = Floors::of(&self.config.ingest, brings_new);
        let newest = self.newest(thing.kind()).await?;
        let oldest = self.stale_before();
        let found =
            reconcile::compare(self.lake, newest, exports, day, more, floors, oldest).await?;
        if !self.is_counted(thing) {
            self.fetcher.are_fresh(thing, found.n_fresh);
        }
        self.fetcher.each(thing, found.lacking).await?;
        if found.is_doubtful {
            self.printer.warn(format!(
                "the daily export of the {what} of {day} lacks {} that the lake has: too many to be gone, so none of them is asked about",
                count(found.absent.len() as u64)
            ));
        } else if !self.fetcher.is_interrupted() {
            self.fetcher.each(thing, found.absent).await?;
        }
        Ok(true)
    }

    /// Whether an earlier way of this run has told already how much the lake has.
    fn is_counted(&self, thing: Thing) -> bool {
        let counts = self.fetcher.of(thing);
        counts.fetched + counts.fresh > 0
    }

    /// What was seen too long ago, and what could not be decoded when it came.
    async fn refresh(&mut self) -> anyhow::Result<()> {
        for thing in [Thing::Movie, Thing::Person] {
            let newest = self.newest(thing.kind()).await?;
            let rejected = self.lake.rejected(thing.kind()).await;
            let rejected = rejected.context("failed to read what is in quarantine")?;
            let (oldest, started_at) = (self.stale_before(), self.started_at);
            let stale = newest
                .iter()
                .filter(|(_, seen)| !seen.is_gone() && seen.fetched_at < oldest)
                .map(|(id, _)| id);
            let in_quarantine = rejected
                .iter()
                .filter(|(id, seen)| {
                    seen.fetched_at < started_at
                        && newest
                            .get(*id)
                            .is_none_or(|known| known.fetched_at < seen.fetched_at)
                })
                .map(|(id, _)| id);
            let mut due: Vec<i64> = stale.chain(in_quarantine).collect();
            due.sort_unstable();
            due.dedup();
            self.fetcher.each(thing, due).await?;
        }
        Ok(())
    }

    async fn people(&mut self) -> anyhow::Result<()> {
        let Some(first_billed) = billing(self.config.ingest.people) else {
            return Ok(());
        };
        self.fetcher.roll().await?;
        let wanted = self.lake.credited(first_billed).await;
        let wanted = wanted.context("failed to list the people credited in the lake's films")?;
        let seen = self.newest(Kind::People).await?;
        let (oldest, started_at) = (self.stale_before(), self.started_at);
        let mut n_fresh = 0;
        let mut lacking = Vec::new();
        for id in wanted {
            match seen.get(id) {
                Some(seen) if seen.fetched_at >= oldest => {
                    n_fresh += u64::from(seen.fetched_at < started_at);
                }
                _ => lacking.push(id),
            }
        }
        self.fetcher.are_fresh(Thing::Person, n_fresh);
        self.fetcher.each(Thing::Person, lacking).await
    }

    /// What the lake has of a kind by now.
    pub(super) async fn newest(&self, kind: Kind) -> anyhow::Result<Newest> {
        let newest = self.lake.newest(kind).await;
        newest.with_context(|| format!("failed to read what the lake has of `{}`", kind.name()))
    }

    /// What was seen before this is fetched again.
    pub(super) fn stale_before(&self) -> DateTime<Utc> {
        stale_before(self.config, self.started_at)
    }

    /// Films of the part that is filled are asked for again when they were seen before this.
    fn fresh_since(&self) -> DateTime<Utc> {
        if self.scope.again {
            self.started_at
        } else {
            self.stale_before()
        }
    }

    pub(super) fn synced(&mut self, thing: Thing) -> &mut Synced {
        match thing {
            Thing::Movie => &mut self.synced_movies,
            Thing::Person => &mut self.synced_people,
        }
    }
}

pub(super) fn stale_before(config: &Config, now: DateTime<Utc>) -> DateTime<Utc> {
    days_before(now, config.ingest.refresh_after_days.into())
}

fn days_before(now: DateTime<Utc>, days: u64) -> DateTime<Utc> {
    now.checked_sub_days(Days::new(days))
        .unwrap_or(DateTime::UNIX_EPOCH)
}

pub(super) fn filter(config: &Config, scope: &Scope, now: DateTime<Utc>) -> DiscoverFilter {
    let ingest = &config.ingest;
    let last_year = ingest.last_year.unwrap_or(now.year() + 2);
    let first_year = ingest.first_year.min(last_year);
    let of_years = Span {
        first: NaiveDate::from_ymd_opt(first_year, 1, 1).unwrap_or(NaiveDate::MIN),
        last: NaiveDate::from_ymd_opt(last_year, 12, 31).unwrap_or(NaiveDate::MAX),
    };
    let Span { first, last } = scope.released.unwrap_or(of_years);
    DiscoverFilter {
        first_release: first,
        last_release: last,
        min_votes: ingest.min_votes,
        min_popularity: ingest.min_popularity,
        languages: ingest.languages.clone(),
        include_adult: ingest.include_adult,
        include_video: ingest.include_video,
    }
}

/// How many ids there are in ranges that do not overlap.
pub(super) fn n_ids(ranges: &[RangeInclusive<i64>]) -> u64 {
    let lengths = ranges
        .iter()
        .map(|ids| (ids.end() - ids.start()) as u64 + 1);
    lengths.sum()
}

/// How far down the cast people's details are wanted; `None` for nobody's.
pub(super) fn billing(people: People) -> Option<i32> {
    match people {
        People::None => None,
        People::Leads => Some(2),
        People::Principal => Some(5),
        People::All => Some(i32::MAX),
    }
}
