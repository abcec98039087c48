//! What happens to films and people from day to day: when something is edited, deleted, merged or made.
//!
//! A thing is known here by its slot alone, and all of it is a pure function of seed, slot and time.
//! Times are seconds since the catalogue's first day.

use super::draw::{Draw, Purpose};

pub(super) const DAY: i64 = 86_400;

/// At most one thing happens to a slot of its own accord in such a stretch of time.
pub(super) const STRETCH: i64 = 8 * DAY;

/// One in so many events is a deletion.
const DELETIONS: f64 = 0.03;

/// Something that happened to a slot.
#[derive(Clone)]
pub(super) struct Event {
    pub(super) at: i64,
    pub(super) what: What,
    /// Decides the rest.
    pub(super) draw: Draw,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    Edited,
    /// Somebody found that another one is the same, and this one takes over.
    Absorbed,
    Deleted(Fate),
    /// Deleted before, and there again under the same id.
    Returned,
}

/// What becomes of something that is deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It stays away.
    Gone,
    /// It comes back at this time.
    Back(i64),
    /// It is made anew at this time under another id.
    Renewed(i64),
}

/// All that happened to a slot up to a time.
#[derive(Default)]
pub(super) struct Story {
    pub(super) is_gone: bool,
    pub(super) renewed_at: Option<i64>,
    pub(super) events: Vec<Event>,
}

/// How much happens.
#[derive(Clone, Copy)]
pub(super) struct Life {
    seed: u64,
    /// How likely something happens to a slot in a stretch.
    eventful: f64,
    /// How likely a slot is merged with its neighbour in a stretch.
    merging: f64,
}

impl Life {
    /// So many of a million things change a day, and so many are merged into another.
    pub(super) fn new(seed: u64, changed_a_day: f64, merged_a_day: f64) -> Self {
        let days = (STRETCH / DAY) as f64;
        Self {
            seed,
            eventful: (changed_a_day * days).min(0.95),
            merging: (merged_a_day * days).min(0.2),
        }
    }

    /// What happens to the slot of its own accord in a stretch, whether it is there or not.
    pub(super) fn own(&self, slot: u64, stretch: i64) -> Option<Event> {
        let mut draw = self.draw(Purpose::Edit, slot, stretch);
        if !draw.chance(self.eventful) {
            return None;
        }
        let at = stretch * STRETCH + draw.below(STRETCH as u64) as i64;
        let what = if draw.chance(DELETIONS) {
            // Within the stretch that follows at the latest.
            let later = at + DAY + draw.below(4 * DAY as u64) as i64;
            What::Deleted(match draw.below(10) {
                0..4 => Fate::Renewed(later),
                4..6 => Fate::Back(later),
                _ => Fate::Gone,
            })
        } else {
            What::Edited
        };
        Some(Event { at, what, draw })
    }

    /// The merge of a slot with its neighbour: the even one stays.
    pub(super) fn merge(&self, slot: u64, stretch: i64) -> Option<Event> {
        let mut draw = self.draw(Purpose::Merge, slot >> 1, stretch);
        if !draw.chance(self.merging) {
            return None;
        }
        let at = stretch * STRETCH + draw.below(STRETCH as u64) as i64;
        let what = match slot % 2 {
            0 => What::Absorbed,
            _ => What::Deleted(Fate::Gone),
        };
        Some(Event { at, what, draw })
    }

    fn draw(&self, purpose: Purpose, slot: u64, stretch: i64) -> Draw {
        Draw::new(self.seed, purpose, slot ^ ((stretch as u64) << 40))
    }

    /// What happened to a slot that has been there since `since`, up to and with `now`.
    pub(super) fn story(&self, slot: u64, since: i64, now: i64) -> Story {
        let mut story = Story::default();
        let mut away_until = i64::MIN;
        for stretch in since.max(0) / STRETCH..=now.div_euclid(STRETCH) {
            let mut events = [self.own(slot, stretch), self.merge(slot, stretch)];
            events.sort_by_key(|event| event.as_ref().map_or(i64::MAX, |event| event.at));
            for event in events.into_iter().flatten() {
                if event.at <= since || event.at > now || event.at < away_until {
                    continue;
                }
                story.come_back(away_until, event.at, &event.draw);
                if let What::Deleted(fate) = event.what {
                    story.is_gone = true;
                    away_until = match fate {
                        Fate::Back(at) => at,
                        Fate::Gone | Fate::Renewed(_) => i64::MAX,
                    };
                    if let Fate::Renewed(at) = fate {
                        story.renewed_at = (at <= now).then_some(at);
                    }
                }
                story.events.push(event);
            }
        }
        let draw = self.draw(Purpose::Edit, slot, -1);
        story.come_back(away_until, now, &draw);
        story
    }
}

impl Story {
    fn come_back(&mut self, away_until: i64, now: i64, draw: &Draw) {
        if self.is_gone && away_until <= now {
            self.is_gone = false;
            self.events.push(Event {
                at: away_until,
                what: What::Returned,
                draw: draw.clone(),
            });
        }
    }

    /// The events that changed what is said of the thing.
    pub(super) fn edits(&self) -> impl Iterator<Item = &Event> {
        let changes = |event: &&Event| matches!(event.what, What::Edited | What::Absorbed);
        self.events.iter().filter(changes)
    }
}

/// When new things are made, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Births {
    seed: u64,
    a_day: f64,
}

impl Births {
    pub(super) fn new(seed: u64, a_day: f64) -> Self {
        Self { seed, a_day }
    }

    /// When the `n`-th one is made, counted from 0; later than the one before it.
    pub(super) fn at(&self, n: u32) -> i64 {
        let within = Draw::new(self.seed, Purpose::Birth, u64::from(n)).unit();
        ((f64::from(n) + within) / self.a_day * DAY as f64) as i64
    }

    /// How many are made up to and with `now`.
    pub(super) fn count(&self, now: i64) -> u32 {
        if now < 0 {
            return 0;
        }
        let whole = (now as f64 / DAY as f64 * self.a_day) as u32;
        let mut n = whole.saturating_sub(1);
        while self.at(n) <= now {
            n += 1;
        }
        n
    }
}
