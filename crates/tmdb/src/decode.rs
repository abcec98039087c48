use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};

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
    let mut deserializer = serde_json::Deserializer::from_str(body);
    let value =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| DecodeError {
            path: error.path().to_string(),
            reason: error.inner().to_string(),
        })?;
    deserializer.end().map_err(|error| DecodeError {
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
