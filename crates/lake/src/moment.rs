//! Dates and moments in the forms the API has used.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// Days since 1970 of `2013-02-14`, alone or before a time of day.
pub(crate) fn day(text: &str) -> Option<i32> {
    let date = match text.get(10..11) {
        None => text,
        Some("T" | " ") => &text[..10],
        Some(_) => return None,
    };
    parse_date(date).map(days)
}

/// Days since 1970.
pub(crate) fn days(date: NaiveDate) -> i32 {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).expect("chrono's dates are some hundred million days at most")
}

/// Microseconds since 1970, UTC, of `2013-02-14T00:00:00.000Z`, `2013-02-14 00:00:00 UTC` or `2013-02-14`.
pub(crate) fn microseconds(text: &str) -> Option<i64> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.timestamp_micros());
    }
    let moment = match text.strip_suffix(" UTC") {
        Some(text) => NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?,
        None => parse_date(text)?.and_hms_opt(0, 0, 0)?,
    };
    Some(moment.and_utc().timestamp_micros())
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    // Else "24-1-2" would pass for a day of the year 24.
    if text.len() != 10 {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}
