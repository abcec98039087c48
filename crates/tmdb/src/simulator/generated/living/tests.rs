use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Living, NEW, Snapshot};
use crate::simulator::films::Films;
use crate::simulator::generated::Generated;
use crate::{Block, decode_movie, decode_person};

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
const PACE: f64 = 10.0;

fn living(n_films: u32) -> Arc<Living> {
    Arc::new(Living::new(Generated::new(n_films, 7, TODAY), PACE))
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Every film of the catalogue as its own page says it.
fn films(films: &Snapshot) -> BTreeMap<i64, String> {
    let mut ids = Vec::new();
    films
        .films_by_id(&mut |film| {
            ids.push(film.id);
            Ok(())
        })
        .unwrap();
    assert!(ids.is_sorted_by(|a, b| a < b), "exports are in order of id");
    let blocks = Block::ALL.map(Block::name);
    let body = |id: i64| (id, films.movie(id, &blocks).unwrap());
    ids.into_iter().map(body).collect()
}

#[test]
fn on_its_first_day_it_is_the_catalogue_that_stands_still() {
    let still = Generated::new(400, 7, TODAY);
    let living = living(400);
    let snapshot = living.at(time("2026-07-01T00:00:00Z"));
    let blocks = Block::ALL.map(Block::name);
    let found = films(&snapshot);
    assert_eq!(found.len(), 400);
    for (id, body) in found {
        assert_eq!(still.movie(id, &blocks).unwrap(), body);
    }
    assert!(snapshot.beyond().is_empty());
    let mut people = still.people.ids().step_by(50);
    assert!(people.all(|id| still.person(id) == snapshot.person(id)));
    let before = living.at(time("2026-05-01T00:00:00Z"));
    assert_eq!(before.changed_lately(false), []);
}

#[test]
fn what_differs_between_two_moments_is_what_the_feed_says() {
    let living = living(1_500);
    let (from, to) = (time("2026-07-04T09:30:00Z"), time("2026-07-17T21:15:00Z"));
    let (before, after) = (films(&living.at(from)), films(&living.at(to)));
    let fed = living.at(to).changed_between(
        false,
        (from - living.zero).num_seconds() + 1,
        (to - living.zero).num_seconds() + 1,
    );
    let ids: BTreeSet<i64> = fed.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), fed.len(), "each once");
    let all: BTreeSet<i64> = before.keys().chain(after.keys()).copied().collect();
    let differ: BTreeSet<i64> = all
        .into_iter()
        .filter(|id| before.get(id) != after.get(id))
        .collect();
    // Some were made and deleted, or deleted and made anew, in between.
    assert!(differ.is_subset(&ids), "{:?}", differ.difference(&ids));
    assert!(differ.len() > 300, "{}", differ.len());
    assert!(ids.len() - differ.len() < 20, "{}", ids.len());
    for row in fed {
        assert_eq!(row.is_adult.is_some(), after.contains_key(&row.id));
    }
    let count = |is_so: &dyn Fn(&i64) -> bool| differ.iter().filter(|id| is_so(id)).count();
    let gone = count(&|id| !after.contains_key(id));
    let made = count(&|id| !before.contains_key(id));
    assert!((5..80).contains(&gone), "{gone}");
    assert!((30..100).contains(&made), "{made}");
    for (id, body) in &after {
        assert_eq!(decode_movie(body).unwrap().id, *id);
    }
}

#[test]
fn a_moment_is_the_same_however_it_is_come_to() {
    let moment = time("2026-08-20T11:00:00Z");
    let step_by_step = living(600);
    for day in 0..51 {
        let snapshot = step_by_step.at(time("2026-07-01T12:00:00Z") + TimeDelta::days(day));
        snapshot.changed_lately(false);
        snapshot.changed_lately(true);
    }
    let (walked, at_once) = (step_by_step.at(moment), living(600).at(moment));
    assert_eq!(films(&walked), films(&at_once));
    assert_eq!(walked.changed_lately(false), at_once.changed_lately(false));
    assert_eq!(walked.changed_lately(true), at_once.changed_lately(true));
    assert_eq!(walked.beyond(), at_once.beyond());
}

#[test]
fn deleted_films_come_back_or_are_made_anew() {
    let living = living(3_000);
    let end = living.at(time("2026-09-15T00:00:00Z"));
    let now = end.now;
    let (mut returned, mut renewed, mut absorbed) = (0, 0, 0);
    for slot in 0..3_000 {
        let story = living.film_story(slot, now).unwrap();
        for event in &story.events {
            use crate::simulator::generated::life::What;
            returned += u32::from(event.what == What::Returned);
            absorbed += u32::from(event.what == What::Absorbed);
        }
        if story.renewed_at.is_some() {
            renewed += 1;
            let again = slot + super::RENEWED;
            assert!(end.beyond().contains(&again));
            if end.exists(again) {
                let id = living.film_id(again);
                assert_eq!(living.film_slot(id), Some(again));
                assert_eq!(end.date(again), living.base.date(slot));
                assert!(end.movie(id, &[]).is_some());
            }
            assert_eq!(end.movie(living.film_id(slot), &["credits"]), None);
            assert_eq!(end.block(living.film_id(slot), "credits"), None);
        }
    }
    assert!(
        returned > 5 && renewed > 10 && absorbed > 5,
        "{returned} {renewed} {absorbed}"
    );
    let new = living.film_id(NEW + 3);
    assert_eq!(living.film_slot(new), Some(NEW + 3));
    assert_eq!(living.film_slot(-1), None);
}

#[test]
fn people_change_too() {
    let living = living(300);
    let (from, to) = (time("2026-07-10T00:00:00Z"), time("2026-07-24T00:00:00Z"));
    let fed = living
        .at(to)
        .changed(true, from.date_naive()..to.date_naive());
    assert!(fed.len() > 20, "{}", fed.len());
    let (before, after) = (living.at(from), living.at(to));
    let (mut n_new, mut n_same) = (0, 0);
    for row in &fed {
        let (then, now) = (before.person(row.id), after.person(row.id));
        n_same += u32::from(then == now);
        assert_eq!(row.is_adult.is_some(), now.is_some());
        n_new += u32::from(then.is_none() && now.is_some());
        if let Some(body) = now {
            assert_eq!(decode_person(&body).unwrap().id, row.id);
        }
    }
    assert!(n_new > 10, "{n_new}");
    // Deleted and back within the window.
    assert!(n_same < 20, "{n_same}");
    let mut listed = BTreeSet::new();
    after
        .people_by_id(&mut |person| {
            assert!(listed.insert(person.id));
            Ok(())
        })
        .unwrap();
    for row in fed {
        assert_eq!(listed.contains(&row.id), after.person(row.id).is_some());
    }
}
