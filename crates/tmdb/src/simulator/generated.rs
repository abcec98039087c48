//! Fictional films: each a pure function of the seed and its position, none of them stored.

mod amend;
mod body;
mod calendar;
mod credits;
pub(super) mod draw;
mod extras;
mod film;
mod franchise;
mod genres;
mod ids;
mod life;
pub(super) mod living;
mod money;
mod people;
mod titles;
mod tongues;
// The formatter would give every word its own line.
#[rustfmt::skip]
mod words;

use std::io;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::films::{Each, EachName, Facts, Films, Listed, Named};
use super::lists::{GENRES, Lists};
use body::Body;
use calendar::Calendar;
use credits::Credits;
use extras::{ExternalIds, Keywords, ReleaseDates};
use film::Film;
use franchise::Franchise;
use ids::Ids;
use money::Money;
use people::People;

/// A catalogue of any size in constant memory.
#[derive(Clone)]
pub(super) struct Generated {
    seed: u64,
    /// The seed of what films share: companies.
    world: u64,
    has_series: bool,
    n_films: u32,
    /// The logarithm of a middling film's votes: a small catalogue is one of well-known films.
    fame: f64,
    calendar: Calendar,
    ids: Ids,
    people: People,
    lists: Arc<Lists>,
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
            world: seed,
            has_series: true,
            n_films,
            fame: (4.6 - 0.6 * size.ln()).clamp(0.4, 4.6),
            people: People::new(seed, calendar.films_per_decade()),
            ids: Ids::new(n_films),
            calendar,
            lists: Arc::default(),
        }
    }

    fn film(&self, id: i64) -> Option<Film> {
        let position = self
            .ids
            .position(id)
            .filter(|position| *position < self.n_films)?;
        Some(Film::new(self, position))
    }

    fn block_of(&self, film: &Film, block: &str) -> Option<String> {
        match block {
            "credits" => alone(film.id, Credits::of(self, film)),
            "keywords" => alone(film.id, Keywords::of(self, film)),
            "release_dates" => alone(film.id, ReleaseDates::of(self, film)),
            "external_ids" => alone(film.id, ExternalIds::of(self, film)),
            _ => None,
        }
    }

    /// Other films, of the same world.
    fn sibling(&self, seed: u64) -> Self {
        Self {
            seed,
            has_series: false,
            lists: Arc::clone(&self.lists),
            ..*self
        }
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
        Film::new(self, position).facts()
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
        self.block_of(&self.film(id)?, block)
    }

    fn person(&self, id: i64) -> Option<String> {
        Some(self.people.body(id, self.calendar.today())?.to_string())
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

    fn names_by_id(&self, named: Named, each: &mut EachName<'_>) -> io::Result<()> {
        match named {
            Named::Collections => {
                for (series, position) in Franchise::firsts(self.seed, &self.calendar) {
                    let film = Film::new(self, position);
                    let name = titles::collection(self.seed, &film, series.column);
                    each(series.collection_id(), &name)?;
                }
                Ok(())
            }
            Named::Companies => body::each_company(self, each),
            Named::Keywords => extras::each_keyword(each),
        }
    }

    fn date(&self, position: u32) -> Option<NaiveDate> {
        self.calendar.date(position)
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
