//! How far the lake is in step with the changes feeds, kept as observations in the lake itself.

use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use lake::{Kind, Lake, Observation};
use serde_json::json;
use tmdb::{Feed, WINDOW_DAYS};

/// TMDB's caches may show an old body for so long after the feed has named its change.
const CACHED_HOURS: i64 = 6;
/// A sync that was begun longer ago is begun anew, because its beginning is how far it brings the lake.
const RESUMED_FOR_HOURS: i64 = 12;
/// A day is read once more than it needs to be, for rows that shifted past all readings.
const READ_AGAIN_DAYS: u64 = 1;
/// Later than this a lake that was out of step is worth a word.
pub(super) const GAP_DAYS: i64 = 14;

/// Two observations a feed: when the sync under way was begun, and since when the lake is in step.
fn ids(feed: Feed) -> (i64, i64) {
    match feed {
        Feed::Movies => (1, 2),
        Feed::People => (3, 4),
    }
}

/// Where a sync stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    /// When a sync was begun that has not ended.
    pub(super) begun_at: Option<DateTime<Utc>>,
    /// Everything that changed before is in the lake.
    pub(super) in_step_since: Option<DateTime<Utc>>,
}

impl Marks {
    /// Reads them.
    pub(super) async fn of(lake: &Lake, feed: Feed) -> anyhow::Result<Self> {
        let seen = lake.newest(Kind::Syncs).await;
        let seen = seen.context("failed to read how far the lake is in step")?;
        let (begun, done) = ids(feed);
        let at = |id| seen.get(id).map(|seen| seen.fetched_at);
        let in_step_since = at(done);
        Ok(Self {
            // The end of a sync bears the time of its beginning.
            begun_at: at(begun).filter(|begun| in_step_since.is_none_or(|done| done < *begun)),
            in_step_since,
        })
    }

    /// The beginning of the sync to go on with, if there is one: what was fetched since is done.
    pub(super) fn resumable(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let oldest = now - TimeDelta::hours(RESUMED_FOR_HOURS);
        self.begun_at
            .filter(|begun| *begun <= now && *begun >= oldest)
    }
}

/// The observation that a sync was begun.
pub(super) fn begun(feed: Feed, begun_at: DateTime<Utc>) -> Observation {
    let payload = json!({ "feed": name(feed), "state": "begun" });
    mark(ids(feed).0, begun_at, &payload)
}

/// The observation that everything before the sync's beginning is in the lake.
pub(super) fn done(
    feed: Feed,
    begun_at: DateTime<Utc>,
    days: (NaiveDate, NaiveDate),
    n_listed: u64,
    n_fetched: u64,
) -> Observation {
    let payload = json!({
        "feed": name(feed), "state": "done", "first_day": days.0, "last_day": days.1,
        "n_listed": n_listed, "n_fetched": n_fetched,
    });
    mark(ids(feed).1, begun_at, &payload)
}

fn mark(id: i64, at: DateTime<Utc>, payload: &serde_json::Value) -> Observation {
    Observation {
        kind: Kind::Syncs,
        id,
        fetched_at: at,
        http_status: 200,
        payload: payload.to_string(),
        rejected: None,
    }
}

pub(super) fn name(feed: Feed) -> &'static str {
    match feed {
        Feed::Movies => "movies",
        Feed::People => "people",
    }
}

/// Days to ask the feed for, and when a thing that is listed there must have been fetched to be left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    pub(super) fresh_since: DateTime<Utc>,
}

/// The windows that bring a lake in step that has everything from before `since`, by a sync begun at `begun_at`.
///
/// First the day that is read again, whose changes the last sync has fetched but for what it overlooked; then the
/// days whose changes are over, so that what was fetched after them needs no second time; at last the day of the
/// beginning, of which nothing is sure to be in the lake.
pub(super) fn windows(
    since: DateTime<Utc>,
    begun_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Window> {
    let since = since.min(begun_at) - TimeDelta::hours(CACHED_HOURS);
    let since = since.date_naive();
    let (begun_on, today) = (begun_at.date_naive(), now.date_naive());
    let again = since.checked_sub_days(Days::new(READ_AGAIN_DAYS));
    let mut first = again.unwrap_or(since);
    let mut windows = Vec::new();
    while first <= today {
        let next = [since, begun_on].into_iter().find(|next| first < *next);
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(today);
        let longest = first.checked_add_days(Days::new(WINDOW_DAYS - 1));
        let last = last.min(longest.unwrap_or(last));
        windows.push(Window {
            first,
            last,
            fresh_since: midnight_after(last).map_or(begun_at, |end| {
                begun_at.min(end + TimeDelta::hours(CACHED_HOURS))
            }),
        });
        let Some(next) = last.succ_opt() else { break };
        first = next;
    }
    windows
}

fn midnight_after(day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests;
