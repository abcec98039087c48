use super::*;

fn time(text: &str) -> DateTime<Utc> {
    format!("{}:00Z", text.replace(' ', "T")).parse().unwrap()
}

fn schedule(at: &str) -> Schedule {
    let at = TimeOfDay::try_from(at.to_owned()).unwrap();
    Schedule::new(at, None, Zone::default())
}

fn cron(pattern: &str, zone: &str) -> Schedule {
    let pattern = Pattern::try_from(pattern.to_owned()).unwrap();
    let zone = Zone::try_from(zone.to_owned()).unwrap();
    Schedule::new(TimeOfDay::default(), Some(&pattern), zone)
}

#[test]
fn the_latest_and_the_next_due_time_lie_around_now() {
    for (at, now, latest, next) in [
        (
            "08:30",
            "2026-11-24 08:29",
            "2026-11-23 08:30",
            "2026-11-24 08:30",
        ),
        (
            "08:30",
            "2026-11-24 08:30",
            "2026-11-24 08:30",
            "2026-11-25 08:30",
        ),
        (
            "08:30",
            "2026-11-24 23:59",
            "2026-11-24 08:30",
            "2026-11-25 08:30",
        ),
        (
            "08:30",
            "2027-01-01 00:00",
            "2026-12-31 08:30",
            "2027-01-01 08:30",
        ),
        (
            "00:00",
            "2026-11-24 00:00",
            "2026-11-24 00:00",
            "2026-11-25 00:00",
        ),
        (
            "00:00",
            "2028-02-29 23:59",
            "2028-02-29 00:00",
            "2028-03-01 00:00",
        ),
        (
            "23:59",
            "2026-11-24 23:58",
            "2026-11-23 23:59",
            "2026-11-24 23:59",
        ),
    ] {
        let schedule = schedule(at);
        assert_eq!(schedule.latest(time(now)), time(latest), "{at}, {now}");
        assert_eq!(schedule.next(time(now)), time(next), "{at}, {now}");
    }
}

#[test]
fn a_run_is_due_while_readers_see_what_is_older_than_the_latest_due_time() {
    let schedule = schedule("08:30");
    let now = time("2026-11-24 12:00");
    for (published_at, is_due) in [
        (None, true),
        (Some("2026-11-20 09:00"), true),
        (Some("2026-11-24 08:29"), true),
        (Some("2026-11-24 08:30"), false),
        (Some("2026-11-24 11:00"), false),
    ] {
        assert_eq!(
            schedule.is_due(now, published_at.map(time)),
            is_due,
            "{published_at:?}"
        );
    }
    let before_breakfast = time("2026-11-24 08:00");
    let yesterday = Some(time("2026-11-23 08:40"));
    assert!(!schedule.is_due(before_breakfast, yesterday));
}

#[test]
fn one_run_makes_up_for_days_of_absence() {
    let schedule = schedule("08:30");
    let back = time("2026-11-24 12:00");
    assert!(schedule.is_due(back, Some(time("2026-11-20 08:45"))));
    let caught_up = time("2026-11-24 12:20");
    assert!(!schedule.is_due(caught_up, Some(caught_up)));
    assert_eq!(schedule.next(caught_up), time("2026-11-25 08:30"));
}

#[test]
fn failed_runs_are_tried_again_ever_later() {
    let schedule = schedule("08:30");
    let mut failures = Failures::default();
    let mut now = time("2026-11-24 08:31");
    for expected in [
        "2026-11-24 08:32",
        "2026-11-24 08:37",
        "2026-11-24 08:52",
        "2026-11-24 09:52",
        "2026-11-24 10:52",
    ] {
        now = failures.add(&schedule, now);
        assert_eq!(now, time(expected));
    }
}

#[test]
fn the_next_due_time_takes_over_from_failed_runs() {
    let schedule = schedule("08:30");
    let mut failures = Failures::default();
    let mut now = time("2026-11-24 08:30");
    let mut n_tries = 0;
    while now < time("2026-11-25 08:30") {
        now = failures.add(&schedule, now);
        n_tries += 1;
    }
    assert_eq!(now, time("2026-11-25 08:30"));
    assert_eq!(n_tries, 27, "after 1, 5 and 15 minutes, then hourly");
    assert_eq!(failures.add(&schedule, now), time("2026-11-25 08:31"));
}

#[test]
fn only_hours_and_minutes_are_a_time_of_day() {
    for text in [
        "8:30", "24:00", "08:60", "0830", " 8:30", "08:30:00", "+8:30", "", "noon",
    ] {
        let refused = TimeOfDay::try_from(text.to_owned()).unwrap_err();
        assert!(refused.contains(&format!("`{text}`")), "{refused}");
    }
    assert_eq!(String::from(TimeOfDay::default()), "08:30");
}

#[test]
fn a_pattern_counts_in_its_time_zone() {
    for (pattern, zone, now, latest, next) in [
        (
            "30 8 * * *",
            "Europe/Berlin",
            "2026-11-24 07:29",
            "2026-11-23 07:30",
            "2026-11-24 07:30",
        ),
        // Summer time.
        (
            "30 8 * * *",
            "Europe/Berlin",
            "2026-07-24 06:30",
            "2026-07-24 06:30",
            "2026-07-25 06:30",
        ),
        // Working days: the Monday after a Friday.
        (
            "0 9 * * 1-5",
            "UTC",
            "2026-11-28 12:00",
            "2026-11-27 09:00",
            "2026-11-30 09:00",
        ),
        (
            "0 */6 * * *",
            "UTC",
            "2026-11-24 12:01",
            "2026-11-24 12:00",
            "2026-11-24 18:00",
        ),
    ] {
        let schedule = cron(pattern, zone);
        assert_eq!(schedule.latest(time(now)), time(latest), "{pattern}, {now}");
        assert_eq!(schedule.next(time(now)), time(next), "{pattern}, {now}");
    }
}

#[test]
fn an_hour_that_the_clock_skips_or_repeats_has_one_run() {
    let schedule = cron("30 2 * * *", "Europe/Berlin");
    for (day_before, n_runs) in [("2026-03-28 12:00", 3), ("2026-10-24 12:00", 3)] {
        let (mut now, mut n) = (time(day_before), 0);
        let end = now + TimeDelta::days(3);
        while schedule.next(now) < end {
            now = schedule.next(now);
            n += 1;
        }
        assert_eq!(n, n_runs, "from {day_before}");
    }
}

#[test]
fn what_is_no_pattern_or_no_zone_is_refused() {
    for text in [
        "",
        "30 8",
        "61 8 * * *",
        "0 30 8 * * *",
        "0 0 30 2 *",
        "soon",
    ] {
        let refused = Pattern::try_from(text.to_owned()).unwrap_err();
        assert!(refused.contains(&format!("`{text}`")), "{refused}");
    }
    let refused = Zone::try_from("Middle-earth/Shire".to_owned()).unwrap_err();
    assert!(refused.contains("Europe/Berlin"), "{refused}");
}
