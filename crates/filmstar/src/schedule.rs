//! When runs are due. The clock is an input: nothing here asks what time it is.

use std::fmt;

use chrono::{DateTime, NaiveTime, TimeDelta, Timelike as _, Utc};
use chrono_tz::Tz;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Minutes from a failed run to the next try; the last goes on.
const PATIENCE: [i64; 4] = [1, 5, 15, 60];

/// When runs are due, in some time zone.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pattern: Pattern,
    zone: Tz,
}

impl Schedule {
    /// What the configuration says: its pattern, or else its time of day.
    pub(crate) fn new(at: TimeOfDay, pattern: Option<&Pattern>, zone: Zone) -> Self {
        Self {
            pattern: pattern.cloned().unwrap_or_else(|| at.daily()),
            zone: zone.0,
        }
    }

    /// The latest time that was due: `now` itself, or the last one before it.
    pub(crate) fn latest(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let now = now.with_timezone(&self.zone);
        let found = self.pattern.cron.find_previous_occurrence(&now, true);
        found.map_or(DateTime::<Utc>::MIN_UTC, |time| time.to_utc())
    }

    /// The first time that is due after `now`.
    pub(crate) fn next(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let now = now.with_timezone(&self.zone);
        let found = self.pattern.cron.find_next_occurrence(&now, false);
        found.map_or(DateTime::<Utc>::MAX_UTC, |time| time.to_utc())
    }

    /// Whether what readers see is from before the latest time that was due. However many times were missed,
    /// one run makes up for all of them.
    pub(crate) fn is_due(&self, now: DateTime<Utc>, published_at: Option<DateTime<Utc>>) -> bool {
        published_at.is_none_or(|published_at| published_at < self.latest(now))
    }
}

/// A time of each day: `08:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct TimeOfDay(NaiveTime);

impl TimeOfDay {
    fn daily(self) -> Pattern {
        let text = format!("{} {} * * *", self.0.minute(), self.0.hour());
        Pattern::try_from(text).expect("every time of day is a pattern")
    }
}

impl Default for TimeOfDay {
    /// TMDB has written its daily exports by eight.
    fn default() -> Self {
        Self(NaiveTime::from_hms_opt(8, 30, 0).expect("the day has such a time"))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map(Self)
            .ok()
            // The parser lets `8:30` pass.
            .filter(|time| String::from(*time) == text)
            .ok_or_else(|| {
                format!("`{text}` is not a time of day; write hours and minutes as \"08:30\"")
            })
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.0.format("%H:%M").to_string()
    }
}

/// A cron expression of five fields: `30 8 * * 1-5`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Pattern {
    text: String,
    cron: Cron,
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let fault = |why: &dyn fmt::Display| {
            format!(
                "`{text}` is not a cron expression ({why}); write minute, hour, day, month and weekday as \"30 8 * * *\""
            )
        };
        let cron = parser.parse(&text).map_err(|error| fault(&error))?;
        cron.find_next_occurrence(&DateTime::UNIX_EPOCH, true)
            .map_err(|_| fault(&"it names no day there is"))?;
        Ok(Self { text, cron })
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.text
    }
}

/// A time zone of the IANA database: `Europe/Berlin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::UTC)
    }
}

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| {
            format!("`{text}` is not a time zone; write a name of the IANA database as \"Europe/Berlin\" or \"UTC\"")
        })
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.name().to_owned()
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
    pub(crate) fn add(&mut self, schedule: &Schedule, now: DateTime<Utc>) -> DateTime<Utc> {
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
