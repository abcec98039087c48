use chrono::TimeDelta;
use transform::{Age, Limit, NodeResult, Status};

/// `2 of 8  ERROR STALE  tmdb.movies  newest row 9 d 3 h old, error after 7 days`.
pub(super) fn line(index: usize, total: usize, result: &NodeResult) -> String {
    let width = total.to_string().len();
    let verdict = match (&result.age, result.status) {
        (Some(_), Status::Pass) => "PASS",
        (Some(_), Status::Warn) => "WARN",
        (Some(_), _) => "ERROR STALE",
        (None, Status::Skipped) => "SKIPPED",
        (None, _) => "ERROR",
    };
    let found = match &result.age {
        Some(age) => described(age, result.status),
        None => result.message.clone(),
    };
    format!(
        "{index:width$} of {total}  {verdict:11}  {}  {found}",
        result.relation
    )
}

fn described(age: &Age, status: Status) -> String {
    let elapsed = age.elapsed();
    let newest = if elapsed > TimeDelta::days(365 * 1000) {
        "no rows".to_owned()
    } else if elapsed < TimeDelta::zero() {
        "newest row is of the future".to_owned()
    } else {
        format!("newest row {} old", length(elapsed))
    };
    let limit = match status {
        Status::Error => ("error", age.freshness.error_after),
        Status::Warn => ("warn", age.freshness.warn_after),
        _ => return newest,
    };
    match limit {
        (word, Some(limit)) => format!("{newest}, {word} after {}", written(limit)),
        (_, None) => newest,
    }
}

/// The two largest units.
fn length(elapsed: TimeDelta) -> String {
    let (days, hours, minutes) = (
        elapsed.num_days(),
        elapsed.num_hours() % 24,
        elapsed.num_minutes() % 60,
    );
    match (days, elapsed.num_hours(), elapsed.num_minutes()) {
        (1.., _, _) => format!("{days} d {hours} h"),
        (_, 1.., _) => format!("{hours} h {minutes:02} m"),
        (_, _, 1..) => format!("{minutes} m"),
        _ => format!("{} s", elapsed.num_seconds()),
    }
}

fn written(limit: Limit) -> String {
    let plural = if limit.count == 1 { "" } else { "s" };
    format!("{} {}{plural}", limit.count, limit.period.name())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::length;

    #[test]
    fn ages_are_told_in_their_two_largest_units() {
        let check = |seconds: i64, expect: &str| {
            assert_eq!(length(TimeDelta::seconds(seconds)), expect);
        };
        check(12, "12 s");
        check(190, "3 m");
        check(3 * 3600 + 300, "3 h 05 m");
        check(9 * 86_400 + 3 * 3600, "9 d 3 h");
    }
}
