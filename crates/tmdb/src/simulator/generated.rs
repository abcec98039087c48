//! Fictional films: each a pure function of the seed and its position, none of them stored.

mod body;
mod calendar;
mod credits;
pub(super) mod draw;
mod extras;
mod film;
mod franchise;
mod genres;
mod ids;
mod money;
mod people;
mod titles;
mod tongues;
// The formatter would give every word its own line.
#[rustfmt::skip]
mod words;

use std::io;
use std::ops::Range;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::films::{Each, Facts, Films, LanguageCode, Listed};
use super::lists::{GENRES, Lists};
use body::Body;
use calendar::Calendar;
use credits::Credits;
use extras::{ExternalIds, Keywords, ReleaseDates};
use film::Film;
use ids::Ids;
use money::Money;
use people::People;

/// A catalogue of any size in constant memory.
pub(super) struct Generated {
    seed: u64,
    n_films: u32,
    /// The logarithm of a middling film's votes: a small catalogue is one of well-known films.
    fame: f64,
    calendar: Calendar,
    ids: Ids,
    people: People,
    lists: Lists,
}

/// A film with those blocks that were asked for.
#[derive(Serialize)]
struct WithBlocks {
    #[serde(flatten)]
    body: Body,
    #[serde(skip_serializing_if = "Option::is_none")]
    credits: Option<Credits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keywords: Option<Keywords>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release_dates: Option<ReleaseDates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_ids: Option<ExternalIds>,
}

impl Generated {
    pub(super) fn new(n_films: u32, seed: u64, today: NaiveDate) -> Self {
        let calendar = Calendar::new(n_films, today);
        let size = f64::from(n_films.max(1)) / 4_000.0;
        Self {
            seed,
            n_films,
            fame: (4.6 - 0.6 * size.ln()).clamp(0.4, 4.6),
            people: People::new(seed, calendar.films_per_decade()),
            ids: Ids::new(n_films),
            calendar,
            lists: Lists::default(),
        }
    }

    fn film(&self, id: i64) -> Option<Film> {
        let position = self
            .ids
            .position(id)
            .filter(|position| *position < self.n_films)?;
        Some(Film::new(self, position))
    }
}

impl Films for Generated {
    fn count(&self) -> u32 {
        self.n_films
    }

    fn released(&self, first: Option<NaiveDate>, last: Option<NaiveDate>) -> Range<u32> {
        self.calendar.released(first, last)
    }

    fn facts(&self, position: u32) -> Facts {
        let film = Film::new(self, position);
        Facts {
            is_adult: film.is_adult,
            is_video: film.is_video,
            votes: film.votes,
            vote_average: film.vote_average,
            popularity: film.popularity,
            language: LanguageCode::new(film.tongue.code),
        }
    }

    fn revenue(&self, position: u32) -> i64 {
        Money::of(self.seed, &Film::new(self, position)).revenue
    }

    fn genre_ids(&self, position: u32) -> Vec<i64> {
        let genres = Film::new(self, position).genres(self);
        genres.into_iter().map(|genre| GENRES[genre].0).collect()
    }

    fn titles(&self, position: u32) -> (String, String) {
        titles::titles(self.seed, &Film::new(self, position))
    }

    fn row(&self, position: u32) -> Value {
        Body::of(self, &Film::new(self, position)).into_row()
    }

    fn movie(&self, id: i64, blocks: &[&str]) -> Option<String> {
        let film = self.film(id)?;
        let has = |block: &str| blocks.contains(&block);
        json(&WithBlocks {
            body: Body::of(self, &film),
            credits: has("credits").then(|| Credits::of(self, &film)),
            keywords: has("keywords").then(|| Keywords::of(self, &film)),
            release_dates: has("release_dates").then(|| ReleaseDates::of(self, &film)),
            external_ids: has("external_ids").then(|| ExternalIds::of(self, &film)),
        })
    }

    fn block(&self, id: i64, block: &str) -> Option<String> {
        let film = self.film(id)?;
        match block {
            "credits" => alone(id, Credits::of(self, &film)),
            "keywords" => alone(id, Keywords::of(self, &film)),
            "release_dates" => alone(id, ReleaseDates::of(self, &film)),
            "external_ids" => alone(id, ExternalIds::of(self, &film)),
            _ => None,
        }
    }

    fn person(&self, id: i64) -> Option<String> {
        self.people.body(id, self.calendar.today())
    }

    fn films_by_id(&self, each: &mut Each<'_>) -> io::Result<()> {
        // A catalogue without films still has a first id.
        for position in self.ids.positions().take(self.n_films as usize) {
            let film = Film::new(self, position);
            let (_, original_title) = titles::titles(self.seed, &film);
            each(&Listed {
                id: film.id,
                name: &original_title,
                popularity: Some(film.popularity),
                is_adult: film.is_adult,
                is_video: film.is_video,
            })?;
        }
        Ok(())
    }

    fn people_by_id(&self, each: &mut Each<'_>) -> io::Result<()> {
        for id in self.people.ids() {
            let Some(person) = self.people.person(id) else {
                continue;
            };
            each(&Listed {
                id,
                name: &person.name,
                popularity: Some(person.popularity),
                is_adult: false,
                is_video: false,
            })?;
        }
        Ok(())
    }

    fn lists(&self) -> &Lists {
        &self.lists
    }
}

/// A block as its own path serves it.
#[derive(Serialize)]
struct Alone<T> {
    id: i64,
    #[serde(flatten)]
    block: T,
}

fn alone(id: i64, block: impl Serialize) -> Option<String> {
    json(&Alone { id, block })
}

fn json(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).ok()
}

#[cfg(test)]
mod tests;
