//! How far a search has come, kept as observations in the lake itself, so that one that was cut short goes on.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use lake::{Kind, Lake, Note, Observation};
use serde::{Deserialize, Serialize};
use tmdb::{DiscoverFilter, Stretch};

/// A search that was begun longer ago is begun anew, because films come into stretches that it has read. Long enough
/// for one that may make so many calls a day.
const RESUMED_FOR_DAYS: i64 = 30;
/// When a search was begun, when one came to its end, and that films without a date have been read; beside the
/// marks of the feeds. Days that were read have the number of the first of them, which is far from these.
const BEGUN: i64 = 5;
const DONE: i64 = 6;
const UNDATED: i64 = 7;

/// A search to go on with, or a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) begun_at: DateTime<Utc>,
    /// What it has read: every film there has been fetched, or was fresh.
    pub(super) read: Vec<Stretch>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    feed: String,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_day: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_day: Option<NaiveDate>,
}

impl Body {
    fn new(state: &str) -> Self {
        Self {
            feed: "discover".to_owned(),
            state: state.to_owned(),
            filter: None,
            first_day: None,
            last_day: None,
        }
    }
}

impl Search {
    /// One that has read nothing.
    pub(super) fn new(begun_at: DateTime<Utc>) -> Self {
        Self {
            begun_at,
            read: Vec::new(),
        }
    }

    /// The one that was cut short, if it looked for the same and was begun not long ago; else a new one.
    pub(super) async fn of(
        lake: &Lake,
        filter: &DiscoverFilter,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Self> {
        let notes = lake.notes(Kind::Syncs).await;
        let notes = notes.context("failed to read how far the search for films has come")?;
        Ok(resumable(&notes, filter, now).unwrap_or_else(|| Self::new(now)))
    }

    /// The observation that it was begun.
    pub(super) fn begun(&self, filter: &DiscoverFilter) -> Observation {
        let body = Body {
            filter: Some(named(filter)),
            ..Body::new("begun")
        };
        self.note(BEGUN, &body)
    }

    /// The observation that a stretch has been read, and all that is in it is in the lake.
    pub(super) fn has_read(&self, stretch: Stretch) -> Observation {
        match stretch {
            Stretch::Undated => self.note(UNDATED, &Body::new("read")),
            Stretch::Days { first, last } => {
                let body = Body {
                    first_day: Some(first),
                    last_day: Some(last),
                    ..Body::new("read")
                };
                self.note(first.num_days_from_ce().into(), &body)
            }
        }
    }

    /// The observation that it came to its end.
    pub(super) fn done(&self) -> Observation {
        self.note(DONE, &Body::new("done"))
    }

    /// Everything bears the time of the beginning, which is how one knows what belongs together.
    fn note(&self, id: i64, body: &Body) -> Observation {
        Observation {
            kind: Kind::Syncs,
            id,
            fetched_at: self.begun_at,
            http_status: 200,
            payload: serde_json::to_string(body).expect("it is text and dates"),
            rejected: None,
        }
    }
}

/// The filter as text, to know it again by.
fn named(filter: &DiscoverFilter) -> String {
    format!("{filter:?}")
}

fn resumable(
    notes: &BTreeMap<i64, Note>,
    filter: &DiscoverFilter,
    now: DateTime<Utc>,
) -> Option<Search> {
    let (begun_at, body) = notes.get(&BEGUN)?;
    let body: Body = serde_json::from_str(body).ok()?;
    let is_done = notes.get(&DONE).is_some_and(|(done, _)| done >= begun_at);
    let is_young = *begun_at <= now && *begun_at >= now - TimeDelta::days(RESUMED_FOR_DAYS);
    if is_done || !is_young || body.filter != Some(named(filter)) {
        return None;
    }
    let ours = notes.iter().filter(|(_, (at, _))| at == begun_at);
    let read = ours.filter_map(|(id, (_, body))| {
        if *id == UNDATED {
            return Some(Stretch::Undated);
        }
        let body: Body = serde_json::from_str(body).ok()?;
        let (first, last) = body.first_day.zip(body.last_day)?;
        (body.state == "read").then_some(Stretch::Days { first, last })
    });
    Some(Search {
        begun_at: *begun_at,
        read: read.collect(),
    })
}

#[cfg(test)]
mod tests;
