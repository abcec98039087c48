//! Films and people out of a file of recorded bodies.

mod composed;
mod shared;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use chrono::NaiveDate;
use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Error;
use super::films::{Each, EachName, Facts, Films, LanguageCode, Listed, Named};
use super::lists::Lists;
use crate::raw_object::RawObject;
use crate::{Country, Genre, Language};
use composed::Person;
use shared::Shared;

/// Keys of a body that are there only because somebody asked for them.
const BLOCKS: [&str; 16] = [
    "account_states",
    "alternative_titles",
    "changes",
    "credits",
    "external_ids",
    "images",
    "keywords",
    "lists",
    "recommendations",
    "release_dates",
    "releases",
    "reviews",
    "similar",
    "translations",
    "videos",
    "watch/providers",
];

/// What is kept of a body besides its text.
#[derive(Deserialize)]
struct Index {
    id: i64,
    title: Option<String>,
    original_title: Option<String>,
    original_language: Option<String>,
    overview: Option<String>,
    #[serde(default, deserialize_with = "crate::decode::date")]
    release_date: Option<NaiveDate>,
    popularity: Option<f64>,
    vote_average: Option<f64>,
    vote_count: Option<i64>,
    revenue: Option<i64>,
    adult: Option<bool>,
    video: Option<bool>,
    poster_path: Option<String>,
    backdrop_path: Option<String>,
    genres: Option<Vec<Genre>>,
    production_countries: Option<Vec<Country>>,
    spoken_languages: Option<Vec<Language>>,
}

/// What an export says of a person.
#[derive(Deserialize)]
struct ListedPerson {
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::decode::number")]
    popularity: Option<f64>,
    adult: Option<bool>,
}

impl ListedPerson {
    fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            popularity: person.popularity,
            adult: None,
        }
    }
}

struct Film {
    index: Index,
    body: Box<str>,
}

/// Recorded bodies, in memory.
#[derive(Default)]
pub(super) struct Replay {
    /// In order of release.
    films: Vec<Film>,
    positions: HashMap<i64, usize>,
    people: HashMap<i64, Box<str>>,
    composed: OnceLock<HashMap<i64, Person>>,
    lists: Lists,
}

impl Replay {
    pub(super) fn load(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        let mut films = HashMap::new();
        let mut replay = Self::default();
        for (number, line) in open(path).map_err(failed)?.lines().enumerate() {
            let body = line.map_err(failed)?.into_boxed_str();
            if body.trim().is_empty() {
                continue;
            }
            let index: Index = serde_json::from_str(&body).map_err(|source| Error::Line {
                path: path.to_owned(),
                line: number + 1,
                source,
            })?;
            if index.title.is_none() {
                replay.people.insert(index.id, body);
            } else {
                replay.list_codes(&index);
                films.insert(index.id, Film { index, body });
            }
        }
        replay.films = films.into_values().collect();
        let by_release = |film: &Film| (film.index.release_date, film.index.id);
        replay.films.sort_unstable_by_key(by_release);
        let ids = replay.films.iter().map(|film| film.index.id);
        replay.positions = ids
            .enumerate()
            .map(|(position, id)| (id, position))
            .collect();
        Ok(replay)
    }

    fn list_codes(&mut self, index: &Index) {
        for country in index.production_countries.iter().flatten() {
            let code = country.iso_3166_1.as_deref().unwrap_or_default();
            self.lists
                .add_country(code, country.name.as_deref().unwrap_or_default());
        }
        for language in index.spoken_languages.iter().flatten() {
            let code = language.iso_639_1.as_deref().unwrap_or_default();
            self.lists
                .add_language(code, language.name.as_deref().unwrap_or_default());
        }
        let code = index.original_language.as_deref().unwrap_or_default();
        self.lists.add_language(code, "");
    }

    /// Those who are in credits and have no body of their own.
    fn composed(&self) -> &HashMap<i64, Person> {
        self.composed.get_or_init(|| {
            let bodies: HashSet<i64> = self.people.keys().copied().collect();
            let films = self.films.iter().map(|film| film.body.as_ref());
            composed::people(films, &bodies)
        })
    }

    fn film(&self, id: i64) -> Option<&Film> {
        self.positions
            .get(&id)
            .map(|position| &self.films[*position])
    }
}

/// Unpacks by what the file starts with, not by its name.
fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(path)?);
    let start = file.fill_buf()?;
    if start.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::new(MultiGzDecoder::new(file))));
    }
    if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let decoder = zstd::stream::read::Decoder::with_buffer(file)?;
        return Ok(Box::new(BufReader::new(decoder)));
    }
    Ok(Box::new(file))
}

impl Films for Replay {
    fn count(&self) -> u32 {
        u32::try_from(self.films.len()).unwrap_or(u32::MAX)
    }

    fn released(&self, first: Option<NaiveDate>, last: Option<NaiveDate>) -> Range<u32> {
        let position = |is_before: &dyn Fn(NaiveDate) -> bool| {
            let films = &self.films;
            let end = films.partition_point(|film| film.index.release_date.is_none_or(is_before));
            u32::try_from(end).unwrap_or(u32::MAX)
        };
        let start = position(&|date| first.is_some_and(|first| date < first));
        let end = position(&|date| last.is_none_or(|last| date <= last));
        start..end.max(start)
    }

    fn facts(&self, position: u32) -> Facts {
        let index = &self.films[position as usize].index;
        Facts {
            is_adult: index.adult.unwrap_or_default(),
            is_video: index.video.unwrap_or_default(),
            votes: index.vote_count.unwrap_or_default(),
            vote_average: index.vote_average.unwrap_or_default(),
            popularity: index.popularity.unwrap_or_default(),
            language: LanguageCode::new(index.original_language.as_deref().unwrap_or_default()),
        }
    }

    fn revenue(&self, position: u32) -> i64 {
        self.films[position as usize]
            .index
            .revenue
            .unwrap_or_default()
    }

    fn genre_ids(&self, position: u32) -> Vec<i64> {
        let genres = &self.films[position as usize].index.genres;
        genres.iter().flatten().map(|genre| genre.id).collect()
    }

    fn titles(&self, position: u32) -> (String, String) {
        let index = &self.films[position as usize].index;
        let title = index.title.clone().unwrap_or_default();
        let original = index
            .original_title
            .clone()
            .unwrap_or_else(|| title.clone());
        (title, original)
    }

    fn row(&self, position: u32) -> Value {
        let index = &self.films[position as usize].index;
        let date = index.release_date.map(|date| date.to_string());
        json!({
            "adult": index.adult.unwrap_or_default(),
            "backdrop_path": index.backdrop_path,
            "genre_ids": self.genre_ids(position),
            "id": index.id,
            "original_language": index.original_language,
            "original_title": index.original_title,
            "overview": index.overview,
            "popularity": index.popularity,
            "poster_path": index.poster_path,
            "release_date": date.unwrap_or_default(),
            "softcore": false,
            "title": index.title,
            "video": index.video.unwrap_or_default(),
            "vote_average": index.vote_average,
            "vote_count": index.vote_count,
        })
    }

    fn movie(&self, id: i64, blocks: &[&str]) -> Option<String> {
        let film = self.film(id)?;
        let mut body = RawObject::parse(&film.body).ok()?;
        let n_keys = body.len();
        body.retain(|key| !BLOCKS.contains(&key) || blocks.contains(&key));
        if body.len() == n_keys {
            return Some(film.body.to_string());
        }
        Some(body.to_json())
    }

    fn block(&self, id: i64, block: &str) -> Option<String> {
        if !BLOCKS.contains(&block) {
            return None;
        }
        let body = RawObject::parse(&self.film(id)?.body).ok()?;
        let id = id.to_string();
        let mut alone = RawObject::parse(body.get(block)?).ok()?;
        alone.set("id", &id);
        Some(alone.to_json())
    }

    fn person(&self, id: i64) -> Option<String> {
        if let Some(body) = self.people.get(&id) {
            return Some(body.to_string());
        }
        self.composed().get(&id).map(|person| person.body(id))
    }

    fn films_by_id(&self, each: &mut Each<'_>) -> io::Result<()> {
        let mut films: Vec<_> = self.films.iter().map(|film| &film.index).collect();
        films.sort_unstable_by_key(|film| film.id);
        for film in films {
            let title = film.original_title.as_ref().or(film.title.as_ref());
            each(&Listed {
                id: film.id,
                name: title.map_or("", String::as_str),
                popularity: film.popularity,
                is_adult: film.adult.unwrap_or_default(),
                is_video: film.video.unwrap_or_default(),
            })?;
        }
        Ok(())
    }

    fn people_by_id(&self, each: &mut Each<'_>) -> io::Result<()> {
        let composed = self.composed();
        let mut ids: Vec<i64> = self.people.keys().chain(composed.keys()).copied().collect();
        ids.sort_unstable();
        for id in ids {
            let person = match self.people.get(&id) {
                Some(body) => serde_json::from_str(body)?,
                None => ListedPerson::of(&composed[&id]),
            };
            each(&Listed {
                id,
                name: person.name.as_deref().unwrap_or_default(),
                popularity: person.popularity,
                is_adult: person.adult.unwrap_or_default(),
                is_video: false,
            })?;
        }
        Ok(())
    }

    fn names_by_id(&self, named: Named, each: &mut EachName<'_>) -> io::Result<()> {
        let mut names = BTreeMap::new();
        for film in &self.films {
            let shared: Shared = serde_json::from_str(&film.body)?;
            names.extend(shared.named(named));
        }
        for (id, name) in names {
            each(id, &name)?;
        }
        Ok(())
    }

    fn date(&self, position: u32) -> Option<NaiveDate> {
        self.films[position as usize].index.release_date
    }

    fn lists(&self) -> &Lists {
        &self.lists
    }
}

#[cfg(test)]
mod tests;
