use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::de::StrRead;

use crate::{Configuration, DepartmentJobs, GenreList, Language, ListedCountry, Movie, Person};

/// A body that is not of the shape the API is known for.
#[derive(Debug, thiserror::Error)]
#[error("decode `{path}`: {reason}")]
pub struct DecodeError {
    /// The JSON path of the value at fault; `.` is the body itself.
    pub path: String,
    /// What was found there, and what was expected.
    pub reason: String,
}

/// Reads the body of `/movie/{id}`, of any generation of the API, with whatever blocks it has.
pub fn decode_movie(body: &str) -> Result<Movie, DecodeError> {
    decode(body)
}

/// Reads the body of `/person/{id}`.
pub fn decode_person(body: &str) -> Result<Person, DecodeError> {
    decode(body)
}

/// Keys that a body held and nothing here knows, by dotted path, with `[]` for any place of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownKeys(BTreeMap<String, u64>);

/// More different ones are no drift but another sort of body.
const MOST_UNKNOWN: usize = 1_000;

/// Keys that the API is known to send and that nobody asks for.
const LEFT_OUT: [&str; 1] = ["release_dates.results[].release_dates[].descriptors"];

impl UnknownKeys {
    /// Each path with how often it came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(path, n)| (path.as_str(), *n))
    }

    fn add(&mut self, path: &str) {
        let places = path.split('.').filter(|key| *key != "?").map(|key| {
            if key.parse::<usize>().is_ok() {
                "[]"
            } else {
                key
            }
        });
        let path = places.collect::<Vec<_>>().join(".").replace(".[]", "[]");
        if LEFT_OUT.contains(&path.as_str()) {
            return;
        }
        let is_full = self.0.len() >= MOST_UNKNOWN;
        match self.0.get_mut(&path) {
            Some(n) => *n += 1,
            None if is_full => {}
            None => drop(self.0.insert(path, 1)),
        }
    }
}

/// Reads the body of `/movie/{id}` and counts the keys that nothing here knows.
pub fn inspect_movie(body: &str, unknown: &mut UnknownKeys) -> Result<Movie, DecodeError> {
    inspect(body, unknown)
}

/// Reads the body of `/person/{id}` and counts the keys that nothing here knows.
pub fn inspect_person(body: &str, unknown: &mut UnknownKeys) -> Result<Person, DecodeError> {
    inspect(body, unknown)
}

/// Reads the body of `/genre/movie/list`.
pub fn decode_genres(body: &str) -> Result<GenreList, DecodeError> {
    decode(body)
}

/// Reads the body of `/configuration/countries`.
pub fn decode_countries(body: &str) -> Result<Vec<ListedCountry>, DecodeError> {
    decode(body)
}

/// Reads the body of `/configuration/languages`.
pub fn decode_languages(body: &str) -> Result<Vec<Language>, DecodeError> {
    decode(body)
}

/// Reads the body of `/configuration/jobs`.
pub fn decode_jobs(body: &str) -> Result<Vec<DepartmentJobs>, DecodeError> {
    decode(body)
}

/// Reads the body of `/configuration`.
pub fn decode_configuration(body: &str) -> Result<Configuration, DecodeError> {
    decode(body)
}

pub(crate) fn decode<T: DeserializeOwned>(body: &str) -> Result<T, DecodeError> {
    whole(body, |json| serde_path_to_error::deserialize(json))
}

fn inspect<T: DeserializeOwned>(body: &str, unknown: &mut UnknownKeys) -> Result<T, DecodeError> {
    whole(body, |json| {
        let mut track = serde_path_to_error::Track::new();
        let deserializer = serde_path_to_error::Deserializer::new(json, &mut track);
        serde_ignored::deserialize(deserializer, |path| unknown.add(&path.to_string()))
            .map_err(|error| serde_path_to_error::Error::new(track.path(), error))
    })
}

/// Reads a body that is one value and no more.
fn whole<'a, T>(
    body: &'a str,
    read: impl FnOnce(
        &mut serde_json::Deserializer<StrRead<'a>>,
    ) -> Result<T, serde_path_to_error::Error<serde_json::Error>>,
) -> Result<T, DecodeError> {
    let mut json = serde_json::Deserializer::from_str(body);
    let value = read(&mut json).map_err(|error| DecodeError {
        path: error.path().to_string(),
        reason: error.inner().to_string(),
    })?;
    json.end().map_err(|error| DecodeError {
        path: ".".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(value)
}

/// A date; empty, missing or unreadable text is none.
pub(crate) fn date<'de, D: Deserializer<'de>>(source: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(source)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// A number; some older bodies have it as text.
pub(crate) fn number<'de, D: Deserializer<'de>>(source: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number")]
    enum Spelling {
        Number(f64),
        Text(String),
    }
    Ok(match Option::<Spelling>::deserialize(source)? {
        Some(Spelling::Number(number)) => Some(number),
        Some(Spelling::Text(text)) => text.parse().ok(),
        None => None,
    })
}

/// A point in time in any of the three spellings that the API has used.
pub(crate) fn time<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<NaiveDateTime>, D::Error> {
    let text = Option::<String>::deserialize(source)?;
    Ok(text.as_deref().and_then(parse_time))
}

fn parse_time(text: &str) -> Option<NaiveDateTime> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.naive_utc());
    }
    if let Ok(time) = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S UTC") {
        return Some(time);
    }
    text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)
}

#[cfg(test)]
pub(crate) mod tests;
