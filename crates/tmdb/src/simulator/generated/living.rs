//! The generated catalogue on the move: as it is at a moment, with all that has happened up to then.

mod changes;
mod snapshot;

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveTime, Utc};

use super::Generated;
use super::draw::{Draw, Purpose};
use super::film::Film;
use super::life::{Births, Life, Story};
use changes::Stretches;

pub(in crate::simulator) use snapshot::Snapshot;

/// Slots of films from here on are those of films that were not there at first …
const NEW: u32 = 1 << 30;
/// … and from here on those of deleted films that were made anew; the rest is the first one's position.
const RENEWED: u32 = 1 << 31;

/// The part of all films, and of all people, that changes a day.
const FILMS_CHANGED: f64 = 0.006;
const PEOPLE_CHANGED: f64 = 0.0014;
/// The part of all films that turns out to be another film.
const FILMS_MERGED: f64 = 0.000_03;
/// New ones a day, as a part of those that were there at first.
const FILMS_MADE: f64 = 0.0003;
const PEOPLE_MADE: f64 = 0.0002;

/// A catalogue whose first day is the present that it was generated with.
pub(in crate::simulator) struct Living {
    base: Generated,
    zero: DateTime<Utc>,
    films: Life,
    people: Life,
    new_films: Births,
    new_people: Births,
    first_new_film: i64,
    first_new_person: i64,
    film_stretches: Mutex<Stretches>,
    person_stretches: Mutex<Stretches>,
}

impl Living {
    /// At a `pace` of 1 as much happens as was measured at TMDB.
    pub(in crate::simulator) fn new(base: Generated, pace: f64) -> Self {
        let seed = Draw::new(base.seed, Purpose::Birth, 0).bits();
        let n_people = base.people.ids().count() as f64;
        let n_films = f64::from(base.n_films);
        Self {
            zero: base.calendar.today().and_time(NaiveTime::MIN).and_utc(),
            films: Life::new(seed, FILMS_CHANGED * pace, FILMS_MERGED * pace),
            people: Life::new(!seed, PEOPLE_CHANGED * pace, 0.0),
            new_films: Births::new(seed, (n_films * FILMS_MADE * pace).max(1.0)),
            new_people: Births::new(!seed, (n_people * PEOPLE_MADE * pace).max(1.0)),
            first_new_film: base.ids.end(),
            first_new_person: base.people.end(),
            film_stretches: Mutex::default(),
            person_stretches: Mutex::default(),
            base,
        }
    }

    /// The catalogue as it is at a time.
    pub(in crate::simulator) fn at(self: &Arc<Self>, now: DateTime<Utc>) -> Snapshot {
        Snapshot {
            now: (now - self.zero).num_seconds(),
            living: Arc::clone(self),
        }
    }

    fn film_id(&self, slot: u32) -> i64 {
        match slot {
            RENEWED.. => {
                let rank = self.base.ids.rank(slot - RENEWED);
                self.first_new_film + 2 * rank as i64 + 1
            }
            NEW.. => self.first_new_film + 2 * i64::from(slot - NEW),
            _ => self.base.ids.id(slot),
        }
    }

    /// The slot that an id belongs to, whether anything is there or not.
    fn film_slot(&self, id: i64) -> Option<u32> {
        let n_films = self.base.n_films;
        if id < self.first_new_film {
            let position = self.base.ids.position(id);
            return position.filter(|position| *position < n_films);
        }
        let beyond = (id - self.first_new_film) as u64;
        if beyond.is_multiple_of(2) {
            let n = u32::try_from(beyond / 2).ok();
            return n.filter(|n| *n < NEW).map(|n| NEW + n);
        }
        let position = self.base.ids.at_rank(beyond / 2);
        let position = position.filter(|position| *position < n_films);
        position.map(|position| RENEWED + position)
    }

    /// When a film was made; one that was there at first has been there for ever.
    fn film_since(&self, slot: u32, now: i64) -> Option<i64> {
        let since = match slot {
            RENEWED.. => {
                let first = u64::from(slot - RENEWED);
                self.films.story(first, i64::MIN, now).renewed_at?
            }
            NEW.. => self.new_films.at(slot - NEW),
            _ => i64::MIN,
        };
        (since <= now).then_some(since)
    }

    /// What happened to a film; `None` before it was made.
    fn film_story(&self, slot: u32, now: i64) -> Option<Story> {
        let since = self.film_since(slot, now)?;
        Some(self.films.story(u64::from(slot), since, now))
    }

    /// A film as it was made, and the catalogue it belongs to.
    fn film(&self, slot: u32) -> (Cow<'_, Generated>, Film) {
        match slot {
            RENEWED.. => {
                let mut film = Film::new(&self.base, slot - RENEWED);
                film.id = self.film_id(slot);
                (Cow::Borrowed(&self.base), film)
            }
            NEW.. => {
                let mut draw = Draw::new(self.base.seed, Purpose::Birth, u64::from(slot));
                let catalogue = self.base.sibling(draw.bits());
                let n_films = u64::from(self.base.n_films);
                // Half of what is entered is of these years.
                let n_recent = if draw.chance(0.5) {
                    n_films / 30 + 1
                } else {
                    n_films
                };
                let position = n_films - 1 - draw.below(n_recent.min(n_films));
                let mut film = Film::new(&catalogue, position as u32);
                film.id = self.film_id(slot);
                (Cow::Owned(catalogue), film)
            }
            _ => (Cow::Borrowed(&self.base), Film::new(&self.base, slot)),
        }
    }

    /// When a person was entered.
    fn person_since(&self, id: i64, now: i64) -> Option<i64> {
        if id < self.first_new_person {
            return self.base.people.has(id).then_some(i64::MIN);
        }
        let n = u32::try_from(id - self.first_new_person).ok()?;
        Some(self.new_people.at(n)).filter(|since| *since <= now)
    }

    fn person_story(&self, id: i64, now: i64) -> Option<Story> {
        let since = self.person_since(id, now)?;
        Some(self.people.story(id as u64, since, now))
    }

    /// Somebody who was entered before `now` and may join a cast.
    fn newcomer(&self, draw: &mut Draw, now: i64) -> Option<i64> {
        let n = u64::from(self.new_people.count(now));
        (n > 0 && draw.chance(0.4)).then(|| self.first_new_person + draw.below(n) as i64)
    }
}

#[cfg(test)]
mod tests;
