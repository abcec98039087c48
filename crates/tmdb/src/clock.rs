//! The clock that everything which asks for the time shares: the system's, or one for a rehearsal.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Tells the time: the system's by default, or one that begins elsewhere and runs faster.
///
/// Spelt `START[*SPEED][@SINCE]`: `2026-11-01T08:00:00Z*1440` begins there and makes a day of each
/// minute; a date alone is its midnight; a speed of 0 stands still. Two processes whose clocks name
/// the same `SINCE`, the real moment at which it is `START`, are in step; without it a clock begins
/// when it is read.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Clock {
    rehearsal: Option<Rehearsal>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Rehearsal {
    start: DateTime<Utc>,
    speed: f64,
    since: DateTime<Utc>,
}

/// A text that is no clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no clock")]
pub struct NotAClock(
    /// The text.
    pub String,
);

impl NotAClock {
    /// How one is spelt.
    pub const HINT: &str =
        "write START[*SPEED][@SINCE], such as `2026-11-01T08:00:00Z*1440` for a day a minute";
}

impl Clock {
    /// A clock that stands still.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self {
            rehearsal: Some(Rehearsal {
                start: at,
                speed: 0.0,
                since: at,
            }),
        }
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        self.at(Utc::now())
    }

    /// What time it is at a real moment.
    fn at(&self, real: DateTime<Utc>) -> DateTime<Utc> {
        let Some(Rehearsal {
            start,
            speed,
            since,
        }) = self.rehearsal
        else {
            return real;
        };
        let passed_us = (real - since).num_microseconds().unwrap_or(i64::MAX) as f64;
        let passed = TimeDelta::microseconds((passed_us * speed) as i64);
        start.checked_add_signed(passed).unwrap_or(start)
    }

    /// How long it really takes until this clock shows `then`; zero when it has, [`Duration::MAX`] when it never will.
    pub fn time_until(&self, then: DateTime<Utc>) -> Duration {
        let left = (then - self.now()).to_std().unwrap_or_default();
        let speed = self.rehearsal.map_or(1.0, |rehearsal| rehearsal.speed);
        if left.is_zero() {
            return left;
        }
        Duration::try_from_secs_f64(left.as_secs_f64() / speed).unwrap_or(Duration::MAX)
    }
}

impl FromStr for Clock {
    type Err = NotAClock;

    fn from_str(text: &str) -> Result<Self, NotAClock> {
        let fault = || NotAClock(text.to_owned());
        let (rest, since) = match text.split_once('@') {
            Some((rest, since)) => (rest, moment(since).ok_or_else(fault)?),
            None => (text, Utc::now()),
        };
        let (start, speed) = match rest.split_once('*') {
            Some((start, speed)) => (start, speed.trim().parse().map_err(|_| fault())?),
            None => (rest, 1.0_f64),
        };
        // Backwards would fetch what is to come before what was.
        if !(0.0..=1e6).contains(&speed) {
            return Err(fault());
        }
        Ok(Self {
            rehearsal: Some(Rehearsal {
                start: moment(start).ok_or_else(fault)?,
                speed,
                since,
            }),
        })
    }
}

/// An instant of RFC 3339, or the midnight of a date.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc());
    }
    let midnight = text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?;
    Some(midnight.and_utc())
}

#[cfg(test)]
mod tests;
