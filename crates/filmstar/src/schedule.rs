//! When runs are due. The clock is an input: nothing here asks what time it is.

use std::fmt;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Minutes from a failed run to the next try; the last goes on.
const PATIENCE: [i64; 4] = [1, 5, 15, 60];

/// A run each day at one time, UTC: `08:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Schedule {
    at: NaiveTime,
}

impl Schedule {
    /// The latest time that was due: `now` itself, or the last one before it.
    pub(crate) fn latest(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let today = now.date_naive().and_time(self.at).and_utc();
        if today <= now {
            today
        } else {
            today - Days::new(1)
        }
    }

    /// The first time that is due after `now`.
    pub(crate) fn next(self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.latest(now) + Days::new(1)
    }

    /// Whether what readers see is from before the latest time that was due. However many times were missed,
    /// one run makes up for all of them.
    pub(crate) fn is_due(self, now: DateTime<Utc>, published_at: Option<DateTime<Utc>>) -> bool {
        published_at.is_none_or(|published_at| published_at < self.latest(now))
    }
}

impl Default for Schedule {
    /// TMDB has written its daily exports by eight.
    fn default() -> Self {
        Self {
            at: NaiveTime::from_hms_opt(8, 30, 0).expect("the day has such a time"),
        }
    }
}

impl TryFrom<String> for Schedule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map(|at| Self { at })
            .ok()
            // The parser lets `8:30` pass.
            .filter(|schedule| schedule.to_string() == text)
            .ok_or_else(|| {
                format!(
                    "`{text}` is not a time of day; write hours and minutes in UTC as \"08:30\""
                )
            })
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.to_string()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.format("%H:%M").fmt(f)
    }
}

/// The runs that failed since a time that was due.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    due_at: Option<DateTime<Utc>>,
    n_failed: usize,
}

impl Failures {
    /// Counts a run that failed at `now` and says when to try again: ever later, until the next due time takes over.
    pub(crate) fn add(&mut self, schedule: Schedule, now: DateTime<Utc>) -> DateTime<Utc> {
        let due_at = Some(schedule.latest(now));
        if self.due_at != due_at {
            *self = Self {
                due_at,
                n_failed: 0,
            };
        }
        let minutes = PATIENCE[self.n_failed.min(PATIENCE.len() - 1)];
        self.n_failed += 1;
        schedule.next(now).min(now + TimeDelta::minutes(minutes))
    }
}
