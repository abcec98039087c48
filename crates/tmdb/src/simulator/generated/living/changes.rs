use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Living, NEW, RENEWED};
use crate::simulator::generated::life::{Event, Fate, Life, STRETCH, What};

/// Stretches whose changes are kept: windows of two weeks touch three.
const KEPT: usize = 8;

/// That something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    pub(super) at: i64,
    pub(super) id: i64,
}

/// All changes of a stretch of time, in their order, those that are still to come included.
#[derive(Default)]
pub(super) struct Stretch {
    pub(super) changes: Vec<Change>,
    /// Films that were made anew: when, and their slot.
    pub(super) renewed: Vec<(i64, u32)>,
}

/// Stretches that were looked at lately, and of the others what was made anew.
#[derive(Default)]
pub(super) struct Stretches {
    kept: VecDeque<(i64, Arc<Stretch>)>,
    renewed: BTreeMap<i64, Arc<[(i64, u32)]>>,
}

impl Stretches {
    fn get(&self, number: i64) -> Option<Arc<Stretch>> {
        let mut kept = self.kept.iter();
        let found = kept.find(|(kept, _)| *kept == number)?;
        Some(Arc::clone(&found.1))
    }

    fn keep(&mut self, number: i64, stretch: &Arc<Stretch>) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((number, Arc::clone(stretch)));
        let renewed = stretch.renewed.as_slice().into();
        self.renewed.insert(number, renewed);
    }
}

/// A stretch that was looked at lately, or a new look at it.
fn kept(stretches: &Mutex<Stretches>, number: i64, look: impl FnOnce() -> Stretch) -> Arc<Stretch> {
    if let Some(known) = lock(stretches).get(number) {
        return known;
    }
    let stretch = Arc::new(look());
    lock(stretches).keep(number, &stretch);
    stretch
}

fn lock(stretches: &Mutex<Stretches>) -> MutexGuard<'_, Stretches> {
    stretches.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Living {
    /// What happened to films in a stretch.
    pub(super) fn film_stretch(&self, number: i64) -> Arc<Stretch> {
        kept(&self.film_stretches, number, || {
            self.new_film_stretch(number)
        })
    }

    fn new_film_stretch(&self, number: i64) -> Stretch {
        let end = (number + 1) * STRETCH - 1;
        let mut stretch = Stretch::default();
        let mut look = |slot: u32| {
            if !may_change(&self.films, u64::from(slot), number) {
                return;
            }
            let Some(story) = self.film_story(slot, end) else {
                return;
            };
            let id = self.film_id(slot);
            stretch.add(id, &story.events, number);
            if slot < NEW && story.renewed_at.is_some_and(|at| is_in(at, number)) {
                let at = story.renewed_at.unwrap_or_default();
                stretch.renewed.push((at, RENEWED + slot));
            }
        };
        for slot in 0..self.base.n_films {
            look(slot);
        }
        // Those made anew before; the ones of this stretch have only just begun.
        for earlier in 0..number {
            for (_, slot) in self.renewed_in(earlier).iter() {
                look(*slot);
            }
        }
        for n in 0..self.new_films.count(end) {
            look(NEW + n);
        }
        let births = (0..self.new_films.count(end)).map(|n| Change {
            at: self.new_films.at(n),
            id: self.film_id(NEW + n),
        });
        let births = births.filter(|birth| is_in(birth.at, number));
        stretch.changes.extend(births);
        for (at, slot) in stretch.renewed.clone() {
            let id = self.film_id(slot);
            stretch.changes.push(Change { at, id });
            if let Some(story) = self.film_story(slot, end) {
                stretch.add(id, &story.events, number);
            }
        }
        stretch.sorted()
    }

    /// The films that were made anew in a stretch.
    pub(super) fn renewed_in(&self, number: i64) -> Arc<[(i64, u32)]> {
        if let Some(known) = lock(&self.film_stretches).renewed.get(&number) {
            return Arc::clone(known);
        }
        self.film_stretch(number).renewed.as_slice().into()
    }

    /// What happened to people in a stretch.
    pub(super) fn person_stretch(&self, number: i64) -> Arc<Stretch> {
        kept(&self.person_stretches, number, || {
            self.new_person_stretch(number)
        })
    }

    fn new_person_stretch(&self, number: i64) -> Stretch {
        let end = (number + 1) * STRETCH - 1;
        let mut stretch = Stretch::default();
        let n_new = i64::from(self.new_people.count(end));
        let new = (0..n_new).map(|n| self.first_new_person + n);
        for id in self.base.people.ids().chain(new) {
            if !may_change(&self.people, id as u64, number) {
                continue;
            }
            if let Some(story) = self.person_story(id, end) {
                stretch.add(id, &story.events, number);
            }
        }
        for n in 0..self.new_people.count(end) {
            let (at, id) = (self.new_people.at(n), self.first_new_person + i64::from(n));
            if is_in(at, number) {
                stretch.changes.push(Change { at, id });
            }
        }
        stretch.sorted()
    }
}

impl Stretch {
    fn add(&mut self, id: i64, events: &[Event], number: i64) {
        let within = events.iter().filter(|event| is_in(event.at, number));
        let changes = within.map(|event| Change { at: event.at, id });
        self.changes.extend(changes);
    }

    fn sorted(mut self) -> Self {
        self.changes.sort_unstable();
        self.changes.shrink_to_fit();
        self.renewed.sort_unstable();
        self
    }
}

fn is_in(at: i64, stretch: i64) -> bool {
    at.div_euclid(STRETCH) == stretch
}

/// Whether to look closer at a slot: most are quiet, which is quick to see.
fn may_change(life: &Life, slot: u64, stretch: i64) -> bool {
    if life.own(slot, stretch).is_some() || life.merge(slot, stretch).is_some() {
        return true;
    }
    let before = life.own(slot, stretch - 1);
    before.is_some_and(|event| match event.what {
        What::Deleted(Fate::Back(at) | Fate::Renewed(at)) => is_in(at, stretch),
        _ => false,
    })
}
