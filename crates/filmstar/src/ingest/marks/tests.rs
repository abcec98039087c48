use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use lake::{Kind, Lake, WriterOptions};
use tmdb::{Feed, WINDOW_DAYS};

use super::{Marks, begun, done, windows};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_daily_sync_reads_the_days_since_the_last_and_one_more() {
    let begun_at = time("2026-11-05T08:30:00Z");
    let found = windows(time("2026-11-04T08:30:00Z"), begun_at, begun_at);
    let days: Vec<_> = found
        .iter()
        .map(|window| (window.first, window.last, window.fresh_since))
        .collect();
    assert_eq!(
        days,
        [
            // What was fetched by yesterday's sync was named for the third, and is not fetched again for that.
            (
                day("2026-11-03"),
                day("2026-11-03"),
                time("2026-11-04T06:00:00Z")
            ),
            (
                day("2026-11-04"),
                day("2026-11-04"),
                time("2026-11-05T06:00:00Z")
            ),
            (day("2026-11-05"), day("2026-11-05"), begun_at),
        ]
    );
}

#[test]
fn just_after_midnight_the_day_before_is_still_cached() {
    let begun_at = time("2026-11-05T00:10:00Z");
    let found = windows(time("2026-11-04T00:10:00Z"), begun_at, begun_at);
    assert_eq!(found[0].first, day("2026-11-02"));
    // Six in the morning is yet to come, so all of yesterday's changes count as not fetched.
    assert!(found.iter().all(|window| window.fresh_since <= begun_at));
    assert_eq!(found[found.len() - 2].fresh_since, begun_at);
}

#[test]
fn a_sync_that_goes_on_past_midnight_reads_the_new_day_too() {
    let begun_at = time("2026-11-05T23:50:00Z");
    let now = begun_at + TimeDelta::minutes(20);
    let found = windows(time("2026-11-04T23:50:00Z"), begun_at, now);
    let last = found.last().unwrap();
    assert_eq!(
        (last.first, last.last),
        (day("2026-11-05"), day("2026-11-06"))
    );
    assert_eq!(last.fresh_since, begun_at);
}

#[test]
fn a_gap_of_any_length_is_read_without_a_hole() {
    let begun_at = time("2026-11-05T08:30:00Z");
    for n_days in [0, 1, 12, 13, 14, 15, 27, 28, 29, 100, 365] {
        let since = begun_at - TimeDelta::days(n_days);
        let found = windows(since, begun_at, begun_at);
        assert!(found[0].first < since.date_naive());
        assert_eq!(found.last().unwrap().last, begun_at.date_naive());
        for pair in found.windows(2) {
            assert_eq!(pair[0].last.succ_opt(), Some(pair[1].first));
        }
        for window in found {
            let n_days = (window.last - window.first).num_days() + 1;
            assert!(n_days >= 1 && n_days <= WINDOW_DAYS as i64);
            // What changed at the window's end, or was cached then, must be fetched after.
            let end = window.last.and_hms_opt(23, 59, 59).unwrap().and_utc();
            assert!(window.fresh_since > end || window.fresh_since == begun_at);
        }
    }
}

#[tokio::test]
async fn a_sync_is_gone_on_with_until_it_is_done_and_then_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let none = Marks::of(&lake, Feed::Movies).await.unwrap();
    assert_eq!((none.begun_at, none.in_step_since), (None, None));
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    let first = time("2026-11-05T08:30:00Z");
    writer.append(begun(Feed::Movies, first)).await.unwrap();
    let marks = Marks::of(&lake, Feed::Movies).await.unwrap();
    assert_eq!(marks.resumable(first + TimeDelta::hours(3)), Some(first));
    assert_eq!(marks.resumable(first + TimeDelta::hours(13)), None);
    assert_eq!(
        Marks::of(&lake, Feed::People).await.unwrap(),
        none,
        "feeds are apart"
    );
    let days = (day("2026-11-04"), day("2026-11-05"));
    writer
        .append(done(Feed::Movies, first, days, 10, 7))
        .await
        .unwrap();
    writer.finish().await.unwrap();
    let marks = Marks::of(&lake, Feed::Movies).await.unwrap();
    assert_eq!((marks.begun_at, marks.in_step_since), (None, Some(first)));
    assert_eq!(lake.files(Kind::Syncs).await.unwrap().len(), 1);
}
