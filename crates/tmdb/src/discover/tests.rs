use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{DiscoverFilter, Found, Stretch, covers, resume};
use crate::simulator::{Catalogue, Options, Simulator};
use crate::{Client, Config, Credential};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(first: &str, last: &str) -> Stretch {
    Stretch::Days {
        first: day(first),
        last: day(last),
    }
}

#[test]
fn a_window_is_covered_when_none_of_its_days_is_left() {
    let read = [
        Stretch::Undated,
        days("2000-01-01", "2000-01-31"),
        days("2000-02-01", "2000-02-01"),
        days("2001-01-01", "2001-12-31"),
    ];
    let check =
        |first: &str, last: &str, expect| assert_eq!(covers(&read, day(first), day(last)), expect);
    check("2000-01-01", "2000-01-31", true);
    check("2000-01-15", "2000-02-01", true);
    check("2000-01-15", "2000-02-02", false);
    check("1999-12-31", "2000-01-15", false);
    check("2000-02-02", "2001-06-01", false);
    check("2001-03-01", "2001-03-01", true);
}

#[tokio::test]
async fn a_search_goes_on_past_what_it_had_read() {
    // More than the API shows of one query, so that there are windows.
    let catalogue = Catalogue::Generated {
        films: 25_000,
        seed: 1,
    };
    let simulator = Simulator::start(Options::new(catalogue)).await.unwrap();
    let client = || {
        let mut config = Config::new(Credential::Token("any".to_owned()));
        config.base_url = simulator.url();
        config.requests_per_second = 0;
        Client::new(config).unwrap()
    };
    let filter = DiscoverFilter {
        first_release: day("1870-01-01"),
        last_release: day("2100-12-31"),
        min_votes: 0,
        min_popularity: 0.0,
        languages: Vec::new(),
        include_adult: true,
        include_video: true,
    };
    let whole = client();
    let mut search = resume(&whole, filter.clone(), Vec::new());
    let mut stretches = Vec::new();
    let (mut early, mut late) = (BTreeSet::new(), BTreeSet::new());
    while let Some(found) = search.step().await {
        match found.unwrap() {
            Found::End(stretch) => stretches.push(stretch),
            Found::Film(id) if stretches.len() < 3 => drop(early.insert(id)),
            Found::Film(id) => drop(late.insert(id)),
        }
    }
    assert_eq!(stretches[0], Stretch::Undated);
    assert!(stretches.len() > 4, "{stretches:?}");
    assert!(!early.is_empty() && !late.is_empty());

    let rest = client();
    let mut search = resume(&rest, filter, stretches[..3].to_vec());
    let mut ids = BTreeSet::new();
    while let Some(found) = search.next().await {
        ids.insert(found.unwrap());
    }
    assert_eq!(ids, late);
    let saved = whole.statistics().requests - rest.statistics().requests;
    assert!(
        saved as usize > early.len() / 20 / 2,
        "{saved} requests saved of {}",
        whole.statistics().requests
    );
    simulator.shutdown().await;
}
