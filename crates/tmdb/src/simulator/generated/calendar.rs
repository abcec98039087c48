use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};

/// Growth of the yearly output from 1920 to today, as a power of e.
const GROWTH: f64 = 3.4;

/// The part of dated films that is out already.
const RELEASED: f64 = 0.993;

const DAYS_PER_YEAR: f64 = 365.2425;

/// How much of a year's films each month gets.
const MONTHS: [f64; 12] = [
    0.95, 0.95, 1.0, 1.0, 1.0, 0.95, 0.9, 0.95, 1.1, 1.2, 1.1, 0.9,
];

/// How much of a week's films each day gets, from Monday on.
const WEEKDAYS: [f64; 7] = [0.08, 0.08, 0.14, 0.16, 0.32, 0.12, 0.10];

/// Which position came out when: the undated first, then in order of date.
#[derive(Clone, Copy)]
pub(super) struct Calendar {
    n_films: u32,
    n_undated: u32,
    start: NaiveDate,
    today: NaiveDate,
}

impl Calendar {
    pub(super) fn new(n_films: u32, today: NaiveDate) -> Self {
        Self {
            n_films,
            n_undated: n_films / 200,
            start: NaiveDate::from_ymd_opt(1920, 1, 5).expect("it is a Monday"),
            today,
        }
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.today
    }

    /// The films that have a date, counted from the oldest; `None` for the others.
    pub(super) fn dated_index(&self, position: u32) -> Option<u32> {
        position.checked_sub(self.n_undated)
    }

    /// The other way round.
    pub(super) fn position_of(&self, dated_index: u32) -> Option<u32> {
        (dated_index < self.n_dated()).then_some(self.n_undated + dated_index)
    }

    pub(super) fn n_dated(&self) -> u32 {
        self.n_films - self.n_undated
    }

    pub(super) fn date(&self, position: u32) -> Option<NaiveDate> {
        let index = self.dated_index(position)?;
        let quantile = (f64::from(index) + 0.5) / f64::from(self.n_dated());
        let past_days = (self.today - self.start).num_days() as f64;
        if quantile >= RELEASED {
            let ahead = (quantile - RELEASED) / (1.0 - RELEASED) * 500.0;
            return self.today.checked_add_days(Days::new(1 + ahead as u64));
        }
        let quantile = quantile / RELEASED;
        let part = (1.0 + quantile * (GROWTH.exp() - 1.0)).ln() / GROWTH;
        let days = self.weekday(self.season(part * past_days, past_days));
        let date = self.start.checked_add_days(Days::new(days as u64))?;
        Some(date.min(self.today))
    }

    /// Shifts a day within its year; the last year is left alone because it is not whole.
    fn season(&self, days: f64, past_days: f64) -> f64 {
        let year = (days / DAYS_PER_YEAR).floor();
        if (year + 1.0) * DAYS_PER_YEAR > past_days {
            return days;
        }
        let part = quantile(&MONTHS, days / DAYS_PER_YEAR - year);
        (year + part) * DAYS_PER_YEAR
    }

    fn weekday(&self, days: f64) -> f64 {
        let week = (days / 7.0).floor();
        (week + quantile(&WEEKDAYS, days / 7.0 - week)) * 7.0
    }

    /// The positions of the films from `first` to `last`, where given.
    pub(super) fn released(&self, first: Option<NaiveDate>, last: Option<NaiveDate>) -> Range<u32> {
        let start = self.position(|date| first.is_some_and(|first| date < first));
        let end = self.position(|date| last.is_none_or(|last| date <= last));
        start..end.max(start)
    }

    /// The first dated position whose date `is_before` does not hold for.
    fn position(&self, is_before: impl Fn(NaiveDate) -> bool) -> u32 {
        let (mut low, mut high) = (self.n_undated, self.n_films);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.date(middle).is_some_and(&is_before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Films of the decades from 1900 on.
    pub(super) fn films_per_decade(&self) -> [u32; 13] {
        std::array::from_fn(|decade| {
            let year = 1900 + 10 * i32::try_from(decade).unwrap_or_default();
            let range = self.released(
                NaiveDate::from_ymd_opt(year, 1, 1),
                NaiveDate::from_ymd_opt(year + 9, 12, 31),
            );
            range.end - range.start
        })
    }

    /// The year a film came out; one without a date is taken to be underway.
    pub(super) fn year(&self, position: u32) -> i32 {
        self.date(position).unwrap_or(self.today).year()
    }
}

/// Where in 0..1 the part `share` of the whole lies, when each step has its weight.
fn quantile(weights: &[f64], share: f64) -> f64 {
    let mut left = share * weights.iter().sum::<f64>();
    for (step, weight) in weights.iter().enumerate() {
        if left < *weight {
            return (step as f64 + left / weight) / weights.len() as f64;
        }
        left -= weight;
    }
    // Rounding may leave a crumb; the next week is not to begin early.
    1.0 - 1e-9
}
