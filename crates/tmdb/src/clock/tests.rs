use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Clock;

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_rehearsal_begins_where_it_is_told_and_runs_as_fast() {
    let clock: Clock = "2026-11-01T08:00:00Z*1440@2026-01-01T00:00:00Z"
        .parse()
        .unwrap();
    let check = |real: &str, shown: &str| assert_eq!(clock.at(time(real)), time(shown), "{real}");
    check("2026-01-01T00:00:00Z", "2026-11-01T08:00:00Z");
    check("2026-01-01T00:01:00Z", "2026-11-02T08:00:00Z");
    check("2026-01-01T00:30:00Z", "2026-12-01T08:00:00Z");
}

#[test]
fn a_date_is_its_midnight_and_a_speed_of_none_stands_still() {
    let clock: Clock = "2026-11-01*0".parse().unwrap();
    assert_eq!(clock.now(), time("2026-11-01T00:00:00Z"));
    assert_eq!(
        clock.time_until(time("2026-11-01T00:00:01Z")),
        Duration::MAX
    );
    assert_eq!(clock.time_until(clock.now()), Duration::ZERO);
    assert_eq!(Clock::fixed(clock.now()).now(), clock.now());
}

#[test]
fn without_a_beginning_of_its_own_it_begins_now() {
    let clock: Clock = "2026-11-01".parse().unwrap();
    let passed = clock.now() - time("2026-11-01T00:00:00Z");
    assert!(passed >= TimeDelta::zero() && passed < TimeDelta::hours(1));
    let system = Clock::default().now() - Utc::now();
    assert!(system.abs() < TimeDelta::hours(1));
}

#[test]
fn waits_are_as_much_shorter_as_it_runs_faster() {
    let clock: Clock = "2026-11-01*1440".parse().unwrap();
    let wait = clock.time_until(clock.now() + TimeDelta::days(10));
    assert!(wait > Duration::from_secs(500) && wait <= Duration::from_secs(600));
}

#[test]
fn what_is_no_clock_is_named() {
    for text in [
        "",
        "soon",
        "2026-13-01",
        "2026-11-01*fast",
        "2026-11-01*-1",
        "2026-11-01*NaN",
        "2026-11-01@then",
    ] {
        let refused = text.parse::<Clock>().unwrap_err().to_string();
        assert_eq!(refused, format!("`{text}` is no clock"));
    }
}
