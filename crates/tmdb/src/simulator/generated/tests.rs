use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::{Films, Generated};
use crate::{Block, Movie, decode_movie, decode_person};

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();

fn catalogue(n_films: u32) -> Generated {
    Generated::new(n_films, 7, TODAY)
}

fn body(catalogue: &Generated, position: u32) -> String {
    let blocks = Block::ALL.map(Block::name);
    catalogue
        .movie(catalogue.ids.id(position), &blocks)
        .unwrap()
}

fn movies(catalogue: &Generated, step: usize) -> Vec<Movie> {
    let positions = (0..catalogue.count()).step_by(step);
    positions
        .map(|position| decode_movie(&body(catalogue, position)).unwrap())
        .collect()
}

fn share(movies: &[Movie], is_so: impl Fn(&Movie) -> bool) -> f64 {
    movies.iter().filter(|movie| is_so(movie)).count() as f64 / movies.len() as f64
}

#[test]
fn ids_are_a_bijection_with_gaps() {
    for n_films in [1, 2, 45, 20_000] {
        let catalogue = catalogue(n_films);
        let ids: HashSet<i64> = (0..n_films)
            .map(|position| catalogue.ids.id(position))
            .collect();
        assert_eq!(ids.len(), n_films as usize);
        for position in 0..n_films {
            assert_eq!(
                catalogue.ids.position(catalogue.ids.id(position)),
                Some(position)
            );
        }
        let n_found = (-5..i64::from(n_films) * 2 + 10)
            .filter(|id| catalogue.film(*id).is_some())
            .count();
        assert_eq!(n_found, n_films as usize);
    }
}

#[test]
fn dates_never_run_backwards() {
    let catalogue = catalogue(20_000);
    let dates: Vec<_> = (0..20_000)
        .map(|position| catalogue.calendar.date(position))
        .collect();
    assert!(dates.is_sorted());
    assert_eq!(dates.iter().filter(|date| date.is_none()).count(), 100);
    let day = NaiveDate::from_ymd_opt(2019, 5, 3);
    let range = catalogue.released(day, day);
    let n_films = dates.iter().filter(|date| **date == day).count();
    assert_eq!(range.len(), n_films);
    assert!(
        range
            .into_iter()
            .all(|position| dates[position as usize] == day)
    );
}

#[test]
fn a_catalogue_of_a_million_starts_at_once() {
    let catalogue = catalogue(1_200_000);
    assert!(decode_movie(&body(&catalogue, 1_199_999)).is_ok());
}

#[test]
fn the_same_seed_gives_the_same_films() {
    let bodies = |seed| {
        let catalogue = Generated::new(1_000, seed, TODAY);
        [400, 700, 990]
            .map(|position| body(&catalogue, position))
            .concat()
    };
    assert_eq!(bodies(7), bodies(7));
    assert_ne!(bodies(7), bodies(8));
    let checksum = bodies(7)
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
    assert_eq!(
        checksum, 9_603_989_055_006_301_026,
        "a change of words or weights changes every catalogue"
    );
}

#[test]
fn every_body_decodes_and_every_person_exists() {
    let catalogue = catalogue(300);
    for movie in movies(&catalogue, 1) {
        let credits = movie.credits.unwrap();
        let cast = credits
            .cast
            .unwrap()
            .into_iter()
            .map(|member| (member.id, member.name));
        let crew = credits
            .crew
            .unwrap()
            .into_iter()
            .map(|member| (member.id, member.name));
        for (id, name) in cast.chain(crew).step_by(9) {
            let person = decode_person(&catalogue.person(id.unwrap()).unwrap()).unwrap();
            assert_eq!((Some(person.id), person.name), (id, name));
        }
        let position = catalogue.ids.position(movie.id).unwrap();
        assert_eq!(movie.title.unwrap(), catalogue.titles(position).0);
        assert_eq!(movie.vote_count.unwrap(), catalogue.facts(position).votes);
        assert_eq!(movie.revenue.unwrap(), catalogue.revenue(position));
    }
}

#[test]
fn a_block_alone_is_the_appended_one_with_an_id() {
    let catalogue = catalogue(100);
    let id = catalogue.ids.id(80);
    let whole: serde_json::Value = serde_json::from_str(&body(&catalogue, 80)).unwrap();
    for block in Block::ALL.map(Block::name) {
        let alone = catalogue.block(id, block).unwrap();
        let mut alone: serde_json::Value = serde_json::from_str(&alone).unwrap();
        assert_eq!(
            alone.as_object_mut().unwrap().shift_remove("id"),
            Some(id.into())
        );
        assert_eq!(alone, whole[block]);
    }
    assert_eq!(catalogue.block(id, "videos"), None);
}

#[test]
fn money_is_known_as_often_as_measured() {
    let movies = movies(&catalogue(20_000), 8);
    let known = |movie: &Movie| movie.budget != Some(0) && movie.revenue != Some(0);
    let seen: Vec<Movie> = movies
        .iter()
        .filter(|m| m.vote_count >= Some(100))
        .cloned()
        .collect();
    let tail: Vec<Movie> = movies
        .iter()
        .filter(|m| m.vote_count <= Some(20))
        .cloned()
        .collect();
    assert!(share(&seen, known) > 0.6);
    assert!((0.6..0.8).contains(&share(&tail, |movie| movie.budget == Some(0))));
    let tiny = |movie: &Movie| (1..10_000).contains(&movie.budget.unwrap());
    assert!((0.008..0.025).contains(&share(&movies, tiny)));
    let median = |genre: i64| {
        let films = seen.iter().filter(|m| known(m) && m.budget > Some(100_000));
        let films = films.filter(|m| {
            m.genres
                .iter()
                .flatten()
                .next()
                .is_some_and(|g| g.id == genre)
        });
        let mut multiples: Vec<f64> = films
            .map(|m| m.revenue.unwrap() as f64 / m.budget.unwrap() as f64)
            .collect();
        multiples.sort_by(f64::total_cmp);
        (multiples.len(), multiples[multiples.len() / 2])
    };
    assert!(median(27).1 > median(18).1, "horror pays better than drama");
}

#[test]
fn credits_are_as_many_and_as_odd_as_measured() {
    let movies = movies(&catalogue(20_000), 10);
    let mut careers: HashMap<i64, u32> = HashMap::new();
    let (mut n_cast, mut n_crew, mut no_gender) = (0, 0, 0);
    for movie in &movies {
        let credits = movie.credits.as_ref().unwrap();
        for member in credits.cast.as_ref().unwrap() {
            n_cast += 1;
            no_gender += u32::from(member.gender == Some(0));
            *careers.entry(member.id.unwrap()).or_default() += 1;
        }
        n_crew += credits.crew.as_ref().unwrap().len();
    }
    let n_movies = movies.len() as f64;
    let longest = *careers.values().max().unwrap();
    assert!(
        (5..40).contains(&longest),
        "in a tenth of the films: {longest}"
    );
    assert!((9.0..15.0).contains(&(f64::from(n_cast) / n_movies)));
    assert!((7.0..13.0).contains(&(n_crew as f64 / n_movies)));
    assert!((0.15..0.30).contains(&(f64::from(no_gender) / f64::from(n_cast))));
    let series: HashSet<_> = movies
        .iter()
        .filter_map(|m| m.belongs_to_collection.as_ref())
        .collect::<Vec<_>>()
        .into_iter()
        .map(|c| (c.id, c.name.clone()))
        .collect();
    let ids: HashSet<i64> = series.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids.len(), series.len(), "a collection has one name");
}
