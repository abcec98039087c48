//! `/movie/changes` and `/person/changes`: what changed in a window of days, a hundred a page.

use std::ops::Range;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::films::Films;
use super::query::Parameters;
use super::reply::Failure;

const ROWS_PER_PAGE: usize = 100;
/// From the first to the last day.
const LONGEST_WINDOW_DAYS: i64 = 14;

/// The body of one page; `shift` rows have been lost from before it.
pub(super) fn page(
    films: &dyn Films,
    of_people: bool,
    parameters: &Parameters,
    today: NaiveDate,
    shift: usize,
) -> Result<String, Failure> {
    let page = parameters.page()?;
    let changed = match window(parameters, today)? {
        Some(days) => films.changed(of_people, days),
        None => films.changed_lately(of_people),
    };
    let start = ((page - 1) * ROWS_PER_PAGE + shift).min(changed.len());
    let end = (page * ROWS_PER_PAGE + shift).min(changed.len());
    let rows: Vec<Value> = changed[start..end]
        .iter()
        .map(|row| {
            // Of what is gone the API knows no more than the id.
            let softcore = row.is_adult.map(|_| false);
            json!({"id": row.id, "adult": row.is_adult, "softcore": softcore})
        })
        .collect();
    Ok(json!({
        "results": rows,
        "page": page,
        "total_pages": changed.len().div_ceil(ROWS_PER_PAGE).max(1),
        "total_results": changed.len(),
    })
    .to_string())
}

/// The days asked for, the last one excluded; `None` for the last 24 hours.
fn window(parameters: &Parameters, today: NaiveDate) -> Result<Option<Range<NaiveDate>>, Failure> {
    let (start, end) = (parameters.day("start_date")?, parameters.day("end_date")?);
    let (first, last) = match (start, end) {
        (None, None) => return Ok(None),
        (Some(start), None) => (start, today.max(start)),
        (None, Some(end)) => (end, end),
        (Some(start), Some(end)) => (start, end),
    };
    if (last - first).num_days() > LONGEST_WINDOW_DAYS {
        return Err(Failure::LONG_WINDOW);
    }
    let end = last.checked_add_days(Days::new(1)).unwrap_or(last);
    Ok(Some(first..end.max(first)))
}
