//! What the edits of a film make of it.

use super::draw::Draw;
use super::film::rounded;
use super::life::Story;
use super::words::SUBTITLES;
use crate::simulator::films::Facts;

/// A film's states, in the order it goes through them.
const STATES: [&str; 5] = [
    "Rumored",
    "Planned",
    "In Production",
    "Post Production",
    "Released",
];

/// All edits of a film, added up.
#[derive(Default)]
pub(super) struct Amendments {
    votes: i64,
    average: f64,
    popularity: f64,
    budget: Option<Draw>,
    revenue: Option<Draw>,
    steps: usize,
    subtitle: Option<&'static str>,
    /// Those of the credits and when they were made, in order.
    pub(super) credits: Vec<(i64, Draw)>,
}

impl Amendments {
    pub(super) fn of(story: &Story) -> Self {
        let mut amended = Self::default();
        for event in story.edits() {
            let mut draw = event.draw.clone();
            amended.votes += 1 + draw.below(30) as i64;
            amended.average += 0.05 * draw.normal();
            amended.popularity += 0.25 * draw.normal();
            if draw.chance(0.2) {
                amended.budget = Some(draw.clone());
            }
            if draw.chance(0.2) {
                amended.revenue = Some(draw.clone());
            }
            amended.steps += usize::from(draw.chance(0.2));
            if draw.chance(0.1) {
                amended.subtitle = Some(draw.word(&SUBTITLES));
            }
            if draw.chance(0.4) {
                amended.credits.push((event.at, draw));
            }
        }
        amended
    }

    pub(super) fn votes(&self, votes: i64) -> i64 {
        votes + self.votes
    }

    pub(super) fn vote_average(&self, average: f64) -> f64 {
        match average {
            0.0 => 0.0,
            _ => rounded((average + self.average).clamp(1.0, 10.0), 3),
        }
    }

    pub(super) fn popularity(&self, popularity: f64) -> f64 {
        rounded(popularity * self.popularity.exp(), 4)
    }

    pub(super) fn facts(&self, facts: Facts) -> Facts {
        Facts {
            votes: self.votes(facts.votes),
            vote_average: self.vote_average(facts.vote_average),
            popularity: self.popularity(facts.popularity),
            ..facts
        }
    }

    pub(super) fn budget(&self, budget: i64) -> i64 {
        money(self.budget.as_ref(), budget)
    }

    pub(super) fn revenue(&self, revenue: i64, status: &str) -> i64 {
        let edit = self.revenue.as_ref();
        money(edit.filter(|_| status == "Released"), revenue)
    }

    pub(super) fn status(&self, status: &'static str) -> &'static str {
        let now = STATES.iter().position(|state| *state == status);
        now.map_or(status, |now| {
            STATES[(now + self.steps).min(STATES.len() - 1)]
        })
    }

    pub(super) fn title(&self, title: String) -> String {
        match self.subtitle {
            None => title,
            Some(subtitle) => {
                let stem = title.split_once(": ").map_or(&*title, |(stem, _)| stem);
                format!("{stem}: {subtitle}")
            }
        }
    }
}

/// An amount that becomes known, or is put right.
fn money(edit: Option<&Draw>, amount: i64) -> i64 {
    let Some(mut draw) = edit.cloned() else {
        return amount;
    };
    match amount {
        0 => (1 + draw.below(900) as i64) * 100_000,
        _ => (amount as f64 * (0.8 + 0.5 * draw.unit())) as i64,
    }
}
