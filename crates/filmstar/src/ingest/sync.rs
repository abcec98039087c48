//! Keeping in step: what the changes feeds name is asked for again.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use lake::Newest;
use tmdb::{Changed, Feed};

use super::{
    fetch::Thing,
    marks::{self, GAP_DAYS, Marks},
    stages::Run,
    strategy::{self, Strategy},
};
use crate::{config::ExportKind, printer::count};

/// How a sync with one feed ended.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub(crate) struct Synced {
    /// Ids that the feed named, by window.
    pub(crate) listed: u64,
    /// Asked for because of it.
    pub(crate) fetched: u64,
    /// Rows that the feed counted and never showed.
    pub(crate) missing: u64,
    /// Whether everything that changed before the run began is in the lake now.
    pub(crate) is_in_step: bool,
}

impl Thing {
    fn feed(self) -> Feed {
        match self {
            Self::Movie => Feed::Movies,
            Self::Person => Feed::People,
        }
    }
}

impl Run<'_> {
    /// Asks for what has changed since the lake was in step. Returns whether that may not be all, so that a look at
    /// the export is due.
    pub(super) async fn sync(&mut self, thing: Thing) -> anyhow::Result<bool> {
        let feed = thing.feed();
        let newest = self.newest(thing.kind()).await?;
        if newest.is_empty() {
            return Ok(false);
        }
        let marks = Marks::of(self.lake, feed).await?;
        let now = crate::clock::now();
        let begun_at = match marks.resumable(self.started_at) {
            Some(begun_at) => begun_at,
            None => {
                let begun = marks::begun(feed, self.started_at);
                self.fetcher.note(begun).await?;
                self.started_at
            }
        };
        let in_step_since = marks.in_step_since.filter(|since| *since <= now);
        if let Some(ahead) = marks.in_step_since.filter(|since| *since > now) {
            self.printer.warn(format!(
                "the {} are said to be in step until {}, which is to come: the clock of this machine is wrong, or was; everything since the oldest observation is asked for",
                marks::name(feed),
                ahead.format("%Y-%m-%d %H:%M UTC")
            ));
        }
        let since = in_step_since.unwrap_or_else(|| self.oldest(&newest));
        let has_gap = begun_at - since > TimeDelta::days(GAP_DAYS);
        if has_gap {
            self.printer.note(format!(
                "the {} are not known to be in step since {}; everything that has changed from then on is asked for",
                marks::name(feed),
                since.format("%Y-%m-%d")
            ));
        }
        let before = self.fetcher.of(thing);
        let windows = marks::windows(since, begun_at, now);
        let mut synced = Synced::default();
        let mut unreadable = Vec::new();
        let mut asked = HashSet::new();
        for window in &windows {
            let changes = match tmdb::changes(self.client, feed, window.first, window.last).await {
                Ok(changes) => changes,
                Err(error @ tmdb::Error::Refused { .. }) => {
                    self.printer.warn(format!(
                        "no changes of the {}: {error}; the next run asks again",
                        marks::name(feed)
                    ));
                    *self.synced(thing) = synced;
                    return Ok(true);
                }
                Err(error) => return Err(error.into()),
            };
            synced.listed += changes.rows.len() as u64;
            synced.missing += changes.missing;
            unreadable.extend(changes.unreadable_days);
            let is_due = |row: &Changed| match newest.get(row.id) {
                Some(seen) => seen.fetched_at < window.fresh_since,
                None => self.is_wanted(thing, *row),
            };
            let due: Vec<i64> = changes
                .rows
                .iter()
                .filter(|row| is_due(row))
                .map(|row| row.id)
                .filter(|id| asked.insert(*id))
                .collect();
            self.fetcher.each(thing, due).await?;
            if self.fetcher.is_interrupted() {
                break;
            }
        }
        synced.fetched = self.fetcher.of(thing).fetched - before.fetched;
        synced.is_in_step = !self.fetcher.is_interrupted()
            // What failed is named no more once the feed is read from today on.
            && self.fetcher.of(thing).failed == before.failed;
        if synced.is_in_step {
            let days = windows.first().zip(windows.last());
            let days = days.map_or((now.date_naive(), now.date_naive()), |(first, last)| {
                (first.first, last.last)
            });
            let done = marks::done(feed, begun_at, days, synced.listed, synced.fetched);
            self.fetcher.note(done).await?;
        }
        for day in &unreadable {
            self.printer.warn(format!(
                "on {day} more {} changed than TMDB lists ({} at most); the rest is compared with the daily export",
                marks::name(feed),
                count(tmdb::READABLE_CHANGES)
            ));
        }
        *self.synced(thing) = synced;
        Ok(has_gap || !unreadable.is_empty())
    }

    /// Whether something that the lake has never seen is to be fetched because the feed names it. Films come with
    /// the next export or discovery, which know whether they pass the floors; who has neither takes all.
    fn is_wanted(&self, thing: Thing, row: Changed) -> bool {
        let ingest = &self.config.ingest;
        thing == Thing::Movie
            && !strategy::has_floors(ingest)
            && !(strategy::uses_exports(ingest, ExportKind::Movies)
                && self.chosen.contains(&Strategy::Reconcile))
            && match row.is_adult {
                Some(is_adult) => ingest.include_adult || !is_adult,
                // Gone, and never known.
                None => false,
            }
    }

    /// Since when a lake without a mark can be in step at best.
    fn oldest(&self, newest: &Newest) -> DateTime<Utc> {
        let alive = newest.iter().filter(|(_, seen)| !seen.is_gone());
        let oldest = alive.map(|(_, seen)| seen.fetched_at).min();
        // What was seen before is fetched again in any case.
        oldest
            .unwrap_or(self.started_at)
            .clamp(self.stale_before().min(self.started_at), self.started_at)
    }
}
