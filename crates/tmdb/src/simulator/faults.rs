//! What goes wrong on purpose: the faults of the real API, for some requests or between some times.

mod distort;
mod strike;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Deserializer};

pub(super) use distort::{Delivery, distorted};
pub(super) use strike::{Faults, Strike};

/// A script of what goes wrong and when.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Decides which requests are struck; the catalogue's seed if it is missing.
    pub seed: Option<u64>,
    /// How much changes from day to day, as a multiple of what was measured at TMDB; takes a clock.
    pub pace: Option<f64>,
    /// The faults; the first that strikes a request is the one it gets.
    #[serde(default)]
    pub faults: Vec<Fault>,
}

/// One fault, and which requests it strikes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// The part of all requests it can strike, 0 to 1; without it and `at`, all of them.
    pub share: Option<f64>,
    /// The requests by their number, from 1.
    pub at: Option<Vec<u64>>,
    /// Not before this time of the clock.
    #[serde(default, deserialize_with = "moment")]
    pub from: Option<DateTime<Utc>>,
    /// Before this time of the clock.
    #[serde(default, deserialize_with = "moment")]
    pub until: Option<DateTime<Utc>>,
    /// Paths that begin so, such as `/movie/`.
    pub path: Option<String>,
    /// `rate-limit`: the `Retry-After` that comes with it.
    pub retry_after_s: Option<u64>,
    /// `latency` and `slow-body`: how long it takes, 1,000 by default.
    pub ms: Option<u64>,
    /// `stale` and `export-late`: how much, 5 by default.
    pub hours: Option<u32>,
    /// `missing-block` and `empty-block`: which; one of those asked for by default.
    pub blocks: Option<Vec<String>>,
}

impl Fault {
    /// A fault that strikes some part of all requests.
    pub fn new(kind: FaultKind, share: f64) -> Self {
        Self {
            kind,
            share: Some(share),
            at: None,
            from: None,
            until: None,
            path: None,
            retry_after_s: None,
            ms: None,
            hours: None,
            blocks: None,
        }
    }
}

macro_rules! kinds {
    ($($(#[doc = $what:literal])+ $kind:ident = $name:literal,)+) => {
        /// What can go wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        pub enum FaultKind {
            $($(#[doc = $what])+ #[serde(rename = $name)] $kind,)+
        }

        impl FaultKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// As it is spelt in a scenario.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// HTTP 429, code 25.
    RateLimit = "rate-limit",
    /// HTTP 401, code 7, for a good credential.
    Unauthorized = "unauthorized",
    /// HTTP 500, code 11.
    InternalError = "internal-error",
    /// HTTP 502, code 43.
    BadGateway = "bad-gateway",
    /// HTTP 502 as a page of HTML.
    BadGatewayHtml = "bad-gateway-html",
    /// HTTP 503, code 9.
    Offline = "offline",
    /// HTTP 503, code 46.
    Maintenance = "maintenance",
    /// HTTP 504, code 24.
    Timeout = "timeout",
    /// HTTP 504 as a page of HTML.
    TimeoutHtml = "timeout-html",
    /// HTTP 200 with a page of HTML.
    Html = "html",
    /// Half of a body, and the connection closed.
    Truncated = "truncated",
    /// Half of a body that says it is whole.
    HalfBody = "half-body",
    /// The connection closed before any of the body.
    Reset = "reset",
    /// The body in drops.
    SlowBody = "slow-body",
    /// The right answer, late.
    Latency = "latency",
    /// An appended block is not there.
    MissingBlock = "missing-block",
    /// An appended block is an empty object.
    EmptyBlock = "empty-block",
    /// A key that nobody has heard of.
    ExtraKey = "extra-key",
    /// Dates of releases in another format.
    OtherDates = "other-dates",
    /// Null for a yes or no.
    NullFlags = "null-flags",
    /// The body of before 2026, without `softcore`.
    NoSoftcore = "no-softcore",
    /// A number as text.
    ChangedType = "changed-type",
    /// A body that is JSON and no film.
    Garbled = "garbled",
    /// A page whose rows have moved up, so that some are missed and some come twice.
    Reranked = "reranked",
    /// The thing as it was some hours ago.
    Stale = "stale",
    /// No such daily export.
    ExportMissing = "export-missing",
    /// A daily export without its end.
    ExportTruncated = "export-truncated",
    /// The daily exports some hours late.
    ExportLate = "export-late",
}

impl FaultKind {
    /// Whether it is one of the daily exports.
    pub(super) fn is_of_exports(self) -> bool {
        matches!(
            self,
            Self::ExportMissing | Self::ExportTruncated | Self::ExportLate
        )
    }

    /// Whether it can only strike the details of a film.
    fn is_of_details(self) -> bool {
        matches!(
            self,
            Self::MissingBlock
                | Self::EmptyBlock
                | Self::ExtraKey
                | Self::OtherDates
                | Self::NullFlags
                | Self::NoSoftcore
                | Self::ChangedType
                | Self::Garbled
        )
    }

    /// Whether it can only strike a list.
    fn is_of_lists(self) -> bool {
        self == Self::Reranked
    }
}

/// A text that is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no fault")]
pub struct NotAFault(
    /// The text.
    pub String,
);

/// One or more faults, spelt `KIND[=SHARE]`; the kind `all` is every one, each with its part of the share.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultSwitch(
    /// The faults.
    pub Vec<Fault>,
);

impl FromStr for FaultSwitch {
    type Err = NotAFault;

    fn from_str(text: &str) -> Result<Self, NotAFault> {
        let fault = || NotAFault(text.to_owned());
        let (name, share) = match text.split_once('=') {
            Some((name, share)) => (name, share.parse().map_err(|_| fault())?),
            None => (text, 1.0),
        };
        if !(0.0..=1.0).contains(&share) {
            return Err(fault());
        }
        if name == "all" {
            return Ok(Self(everything(share)));
        }
        let mut kinds = FaultKind::ALL.iter();
        let kind = kinds.find(|kind| kind.name() == name).ok_or_else(fault)?;
        Ok(Self(vec![Fault::new(*kind, share)]))
    }
}

/// Every fault of the API, so that together they strike about this part of the details of films.
fn everything(share: f64) -> Vec<Fault> {
    let n_kinds = FaultKind::ALL.len() as f64;
    let faults = FaultKind::ALL.iter().map(|kind| Fault {
        ms: Some(200),
        ..Fault::new(
            *kind,
            if kind.is_of_exports() {
                share
            } else {
                share / n_kinds
            },
        )
    });
    faults.collect()
}

impl fmt::Display for FaultKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// An instant of RFC 3339, or the midnight of a date.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if let Ok(instant) = DateTime::parse_from_rfc3339(&text) {
        return Ok(Some(instant.to_utc()));
    }
    match text.parse::<NaiveDate>() {
        Ok(date) => Ok(Some(date.and_time(NaiveTime::MIN).and_utc())),
        Err(_) => Err(serde::de::Error::custom(format!(
            "`{text}` is no date and no instant such as 2026-11-01T08:00:00Z"
        ))),
    }
}

#[cfg(test)]
mod tests;
