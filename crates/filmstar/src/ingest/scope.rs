//! A part of the catalogue that a run is to fill, when the user names one.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use chrono::NaiveDate;
use clap::Args;
use figment::value::Value;

use crate::{clock, failure::Failure};

#[cfg(test)]
mod tests;

/// Arguments that make a run one of a part alone: to fill a gap, or to ask again.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Back-fill: a part alone, and who is credited in it")]
pub(crate) struct Scope {
    /// The films with these ids, such as `603,1000-1999`, whatever the other filters say
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    ids: Vec<Ids>,
    /// The films released on these days, such as `1990-01-01..1999-12-31`, that pass the other filters
    #[arg(long, value_name = "FIRST..LAST")]
    pub(super) released: Option<Span>,
    /// The daily exports of this day and those after it; TMDB keeps 90
    #[arg(long, value_name = "DATE")]
    exports_since: Option<NaiveDate>,
    /// Ask for films that the lake has fresh already, too
    #[arg(long)]
    pub(super) again: bool,
}

impl Scope {
    /// Whether a part is named.
    pub(crate) fn is_some(&self) -> bool {
        self.names_films() || self.exports_since.is_some()
    }

    /// Whether films are.
    pub(super) fn names_films(&self) -> bool {
        !self.ids.is_empty() || self.released.is_some()
    }

    /// What follows from it, as overrides of the configuration.
    ///
    /// # Errors
    /// When no export that TMDB still has is from then on, or `--again` has nothing to ask for again.
    pub(crate) fn flags(&self) -> Result<Vec<(&'static str, Value)>, Failure> {
        if self.again && !self.names_films() {
            return Err(Failure::usage("--again is for films, and none are named")
                .hint("name them by --ids or --released"));
        }
        let Some(since) = self.exports_since else {
            return Ok(Vec::new());
        };
        let days: Vec<_> = tmdb::export_days(clock::now(), u32::MAX).collect();
        let n_days = days.iter().filter(|day| **day >= since).count();
        match (days.first(), days.last()) {
            (Some(newest), Some(oldest)) if since > *newest || since < *oldest => {
                Err(Failure::usage(format!(
                    "no daily export of {since} can be had: there are those of {oldest} to {newest}"
                ))
                .hint(format!("--exports-since {oldest} takes all of them")))
            }
            _ => Ok(vec![("ingest.exports_days", n_days.into())]),
        }
    }

    /// The ids, each once and in order.
    pub(super) fn ids(&self) -> Vec<RangeInclusive<i64>> {
        let mut ranges: Vec<_> = self.ids.iter().map(|ids| ids.0.clone()).collect();
        ranges.sort_by_key(|range| *range.start());
        let mut apart: Vec<RangeInclusive<i64>> = Vec::new();
        for range in ranges {
            match apart.last_mut() {
                Some(last) if range.start() <= last.end() => {
                    *last = *last.start()..=*last.end().max(range.end());
                }
                _ => apart.push(range),
            }
        }
        apart
    }

    /// Whether exports are.
    pub(super) fn names_exports(&self) -> bool {
        self.exports_since.is_some()
    }
}

/// As the user types it, behind the command.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.ids.is_empty() {
            let ids: Vec<_> = self.ids.iter().map(ToString::to_string).collect();
            write!(f, " --ids {}", ids.join(","))?;
        }
        if let Some(Span { first, last }) = self.released {
            write!(f, " --released {first}..{last}")?;
        }
        if let Some(since) = self.exports_since {
            write!(f, " --exports-since {since}")?;
        }
        f.write_str(if self.again { " --again" } else { "" })
    }
}

/// An id, or a range of them with both ends: `603`, `1000-1999`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ids(RangeInclusive<i64>);

impl FromStr for Ids {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let id = |text: &str| {
            let id = text.trim().parse::<i64>().ok().filter(|id| *id > 0);
            id.ok_or("write an id or a range of them, such as `603` or `1000-1999`")
        };
        let (first, last) = (id(first)?, id(last)?);
        if first > last {
            return Err("the first id of a range must not be above its last");
        }
        Ok(Self(first..=last))
    }
}

impl fmt::Display for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.start(), self.0.end()) {
            (first, last) if first == last => write!(f, "{first}"),
            (first, last) => write!(f, "{first}-{last}"),
        }
    }
}

/// Days from a first to a last one, both included; a day alone is both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
}

impl FromStr for Span {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let day = |text: &str| {
            let day = text.trim().parse::<NaiveDate>().ok();
            day.ok_or("write a day or two, such as `1999-03-31` or `1990-01-01..1999-12-31`")
        };
        let (first, last) = (day(first)?, day(last)?);
        if first > last {
            return Err("the first day must not be after the last");
        }
        Ok(Self { first, last })
    }
}
