use chrono::{DateTime, Utc};
use lake::{Listed, Newest, Seen};

use super::{Comparison, Floors, Sides};

const FLOORS: Floors = Floors {
    include_adult: false,
    include_video: false,
    min_popularity: 0.0,
    brings_new: true,
};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn listed(id: i64) -> Listed {
    Listed {
        id,
        popularity: Some(1.0),
        adult: Some(false),
        video: Some(false),
    }
}

/// The lake as (id, time, status), beside the export that was made at eight on the fifth.
fn compare(lake: &[(i64, &str, u16)], floors: Floors, export: &[Listed]) -> Comparison {
    let newest: Newest = lake
        .iter()
        .map(|(id, at, http_status)| {
            let fetched_at = time(at);
            let http_status = *http_status;
            (
                *id,
                Seen {
                    fetched_at,
                    http_status,
                },
            )
        })
        .collect();
    let mut sides = Sides::new(
        newest,
        floors,
        time("2026-11-05T08:00:00Z"),
        time("2026-06-01T00:00:00Z"),
    );
    for listed in export {
        sides.add(*listed);
    }
    sides.finish()
}

#[test]
fn what_is_new_comes_most_popular_first_and_what_is_gone_is_asked_about() {
    let lake = [
        (1, "2026-11-04T09:00:00Z", 200),
        (2, "2026-11-04T09:00:00Z", 200),
        (3, "2026-01-04T09:00:00Z", 200),
    ];
    let popular = Listed {
        popularity: Some(9.0),
        ..listed(8)
    };
    let found = compare(&lake, FLOORS, &[listed(1), listed(3), listed(7), popular]);
    // Of three the last look is too long ago.
    assert_eq!(found.lacking, [8, 3, 7]);
    assert_eq!(found.absent, [2]);
    assert_eq!((found.n_fresh, found.is_doubtful), (1, false));
}

#[test]
fn a_tombstone_stands_until_a_later_export_lists_the_id_again() {
    let before = [(1, "2026-11-05T07:00:00Z", 404)];
    assert_eq!(compare(&before, FLOORS, &[listed(1)]).lacking, [1]);
    assert!(compare(&before, FLOORS, &[]).absent.is_empty());
    let after = [(1, "2026-11-05T08:30:00Z", 404)];
    assert!(compare(&after, FLOORS, &[listed(1)]).lacking.is_empty());
}

#[test]
fn what_was_seen_after_the_export_was_made_need_not_be_in_it() {
    let lake = [(1, "2026-11-05T08:30:00Z", 200)];
    assert!(compare(&lake, FLOORS, &[]).absent.is_empty());
}

#[test]
fn floors_keep_out_what_is_new_and_nothing_that_is_there() {
    let adult = Listed {
        adult: Some(true),
        ..listed(1)
    };
    let video = Listed {
        video: Some(true),
        ..listed(2)
    };
    let unpopular = Listed {
        popularity: Some(0.1),
        ..listed(3)
    };
    let unknown = Listed {
        popularity: None,
        adult: None,
        video: None,
        id: 4,
    };
    let floors = Floors {
        min_popularity: 0.5,
        ..FLOORS
    };
    let export = [adult, video, unpopular, unknown];
    assert_eq!(compare(&[], floors, &export).lacking, [4]);
    let all = Floors {
        include_adult: true,
        include_video: true,
        ..FLOORS
    };
    assert_eq!(compare(&[], all, &export).lacking.len(), 4);
    let none = Floors {
        brings_new: false,
        ..all
    };
    let lake = [(3, "2026-11-04T09:00:00Z", 200)];
    let found = compare(&lake, none, &export);
    assert_eq!((found.lacking, found.absent), (Vec::new(), Vec::new()));
}

#[test]
fn an_export_that_lacks_a_large_part_of_the_lake_is_doubted() {
    let lake: Vec<_> = (0..5_000)
        .map(|id| (id, "2026-11-04T09:00:00Z", 200))
        .collect();
    let whole: Vec<Listed> = (0..4_900).map(listed).collect();
    assert!(!compare(&lake, FLOORS, &whole).is_doubtful);
    let half: Vec<Listed> = (0..2_500).map(listed).collect();
    assert!(compare(&lake, FLOORS, &half).is_doubtful);
}

#[test]
fn an_id_that_is_listed_twice_is_asked_for_once() {
    assert_eq!(compare(&[], FLOORS, &[listed(1), listed(1)]).lacking, [1]);
}
