use chrono::DateTime;

use super::{FIRST_SIEVE, Newest, Seen};

fn seen(second: i64, http_status: u16) -> Seen {
    Seen {
        fetched_at: DateTime::from_timestamp(second, 5_000).unwrap(),
        http_status,
    }
}

#[test]
fn the_newest_stays_whatever_the_order() {
    let newest: Newest = [
        (7, seen(30, 404)),
        (3, seen(10, 200)),
        (7, seen(40, 200)),
        (7, seen(20, 200)),
    ]
    .into_iter()
    .collect();
    assert_eq!(newest.len(), 2);
    assert_eq!(newest.get(7), Some(seen(40, 200)));
    assert_eq!(newest.get(3), Some(seen(10, 200)));
    assert_eq!(newest.get(4), None);
    assert_eq!(newest.position(3), Some(0));
}

#[test]
fn of_one_moment_the_tombstone_stays() {
    let newest: Newest = [(7, seen(30, 404)), (7, seen(30, 200))]
        .into_iter()
        .collect();
    assert!(newest.get(7).unwrap().is_gone());
}

#[test]
fn many_observations_of_few_things_are_thrown_out_on_the_way() {
    let n_rounds = FIRST_SIEVE as i64 / 100 * 3;
    let newest: Newest = (0..n_rounds)
        .flat_map(|round| (0..100).map(move |id| (id, seen(round, 200))))
        .collect();
    assert_eq!(newest.len(), 100);
    assert!(
        newest
            .iter()
            .all(|(_, known)| known == seen(n_rounds - 1, 200))
    );
}
