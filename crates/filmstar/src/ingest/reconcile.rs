//! The lake beside a day's export: what it lacks, and what it has that is there no more.

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use lake::{Kind, Lake, Listed, Newest};

use crate::config::Ingest;

/// A day's export tells what there was at this hour of it, UTC.
const MADE_AT: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).expect("the day has such a time");
/// An export that lacks more than this, and more than the share below, of what the lake has is not believed.
const BELIEVED_ABSENT: usize = 1_000;
const BELIEVED_SHARE: f64 = 0.1;

/// Which things of an export are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Floors {
    pub(super) include_adult: bool,
    pub(super) include_video: bool,
    pub(super) min_popularity: f64,
    /// Whether what the lake does not know is wanted at all.
    pub(super) brings_new: bool,
}

impl Floors {
    pub(super) fn of(ingest: &Ingest, brings_new: bool) -> Self {
        Self {
            include_adult: ingest.include_adult,
            include_video: ingest.include_video,
            min_popularity: ingest.min_popularity,
            brings_new,
        }
    }

    fn let_pass(&self, listed: &Listed) -> bool {
        self.brings_new
            && (self.include_adult || listed.adult != Some(true))
            && (self.include_video || listed.video != Some(true))
            // Who does not say is not below.
            && listed
                .popularity
                .is_none_or(|popularity| popularity >= self.min_popularity)
    }
}

/// What is to be asked for, so that the lake has what the export lists.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Comparison {
    /// New, re-created or seen too long ago; the most popular first.
    pub(super) lacking: Vec<i64>,
    /// In the lake, and not in the export: gone, or not meant for it.
    pub(super) absent: Vec<i64>,
    /// Listed, in the lake, and young enough.
    pub(super) n_fresh: u64,
    /// Whether so much is absent that the export is to be doubted rather than the lake.
    pub(super) is_doubtful: bool,
}

/// A comparison under way.
struct Sides {
    newest: Newest,
    is_listed: Vec<bool>,
    lacking: Vec<(f64, i64)>,
    n_fresh: u64,
    floors: Floors,
    made_at: DateTime<Utc>,
    oldest: DateTime<Utc>,
}

impl Sides {
    fn new(newest: Newest, floors: Floors, made_at: DateTime<Utc>, oldest: DateTime<Utc>) -> Self {
        Self {
            is_listed: vec![false; newest.len()],
            newest,
            lacking: Vec::new(),
            n_fresh: 0,
            floors,
            made_at,
            oldest,
        }
    }

    fn add(&mut self, listed: Listed) {
        let Some(position) = self.newest.position(listed.id) else {
            if self.floors.let_pass(&listed) {
                self.lacking
                    .push((listed.popularity.unwrap_or_default(), listed.id));
            }
            return;
        };
        // Some exports have had an id twice.
        if std::mem::replace(&mut self.is_listed[position], true) {
            return;
        }
        let is_fresh = self.newest.get(listed.id).is_some_and(|seen| {
            // A tombstone from before the export was made was the end of an earlier life.
            let since = if seen.is_gone() {
                self.made_at
            } else {
                self.oldest
            };
            seen.fetched_at >= since
        });
        if is_fresh {
            self.n_fresh += 1;
        } else {
            self.lacking
                .push((listed.popularity.unwrap_or_default(), listed.id));
        }
    }

    fn finish(mut self) -> Comparison {
        self.lacking
            .sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        self.lacking.dedup_by_key(|(_, id)| *id);
        let mut n_alive = 0;
        let mut absent = Vec::new();
        for ((id, seen), is_listed) in self.newest.iter().zip(&self.is_listed) {
            n_alive += usize::from(!seen.is_gone());
            // What was seen after the export was made may be newer than it.
            if !seen.is_gone() && !is_listed && seen.fetched_at < self.made_at {
                absent.push(id);
            }
        }
        let share = absent.len() as f64 / n_alive.max(1) as f64;
        Comparison {
            is_doubtful: absent.len() > BELIEVED_ABSENT && share > BELIEVED_SHARE,
            lacking: self.lacking.into_iter().map(|(_, id)| id).collect(),
            absent,
            n_fresh: self.n_fresh,
        }
    }
}

/// Compares the `newest` that the lake has with the export of a day that has landed, and with `more` that another file lists.
pub(super) async fn compare(
    lake: &Lake,
    newest: Newest,
    exports: Kind,
    day: NaiveDate,
    more: Vec<(i64, Option<f64>)>,
    floors: Floors,
    oldest: DateTime<Utc>,
) -> anyhow::Result<Comparison> {
    let mut sides = Sides::new(newest, floors, day.and_time(MADE_AT).and_utc(), oldest);
    for (id, popularity) in more {
        sides.add(Listed {
            id,
            popularity,
            adult: Some(true),
            video: None,
        });
    }
    let sides = lake.fold_listed(exports, day, sides, Sides::add).await;
    let sides = sides.with_context(|| format!("failed to read the daily export of {day}"))?;
    Ok(sides.finish())
}

#[cfg(test)]
mod tests;
