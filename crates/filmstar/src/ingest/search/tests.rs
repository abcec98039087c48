use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use lake::{Lake, Observation, WriterOptions};
use tmdb::{DiscoverFilter, Stretch};

use super::Search;

fn now() -> DateTime<Utc> {
    "2026-08-10T09:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn filter(min_votes: u32) -> DiscoverFilter {
    DiscoverFilter {
        first_release: day("1870-01-01"),
        last_release: day("2028-12-31"),
        min_votes,
        min_popularity: 0.0,
        languages: vec!["de".to_owned()],
        include_adult: false,
        include_video: false,
    }
}

async fn keep(lake: &Lake, run_id: &str, notes: Vec<Observation>) {
    let mut writer = lake.writer(run_id, WriterOptions::default()).unwrap();
    for note in notes {
        writer.append(note).await.unwrap();
    }
    writer.finish().await.unwrap();
}

#[tokio::test]
async fn a_search_goes_on_until_it_is_done_or_old_or_another() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let begun_at = now() - TimeDelta::hours(3);
    let earlier = Search::new(begun_at - TimeDelta::hours(1));
    let search = Search::new(begun_at);
    let stretch = |first, last| Stretch::Days {
        first: day(first),
        last: day(last),
    };
    let (one, other) = (
        stretch("1870-01-01", "1969-12-31"),
        stretch("1970-01-01", "1970-12-31"),
    );
    keep(
        &lake,
        "first",
        vec![
            earlier.begun(&filter(10)),
            earlier.has_read(stretch("1971-01-01", "1999-12-31")),
            earlier.done(),
            search.begun(&filter(10)),
            search.has_read(Stretch::Undated),
            search.has_read(one),
        ],
    )
    .await;
    keep(&lake, "second", vec![search.has_read(other)]).await;

    let of = async |votes, now| Search::of(&lake, &filter(votes), now).await.unwrap();
    let found = of(10, now()).await;
    assert_eq!(found.begun_at, begun_at);
    assert_eq!(found.read, [Stretch::Undated, one, other]);
    let new = Search::new(now());
    assert_eq!(of(20, now()).await, new);
    let late = now() + TimeDelta::days(30);
    assert_eq!(of(10, late).await.begun_at, late);
    let before = begun_at - TimeDelta::seconds(1);
    assert_eq!(of(10, before).await.begun_at, before);

    keep(&lake, "third", vec![search.done()]).await;
    assert_eq!(of(10, now()).await, new);
}
