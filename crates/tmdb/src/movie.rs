use chrono::{NaiveDate, NaiveDateTime};
use serde::Deserialize;

/// A film as `/movie/{id}` tells it, with the blocks that were appended.
///
/// Nearly everything is optional because every generation of the API has left something out:
/// `None` means that the body did not say. Money is as given: 0 means unknown.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Movie {
    pub id: i64,
    pub imdb_id: Option<String>,
    pub title: Option<String>,
    pub original_title: Option<String>,
    pub original_language: Option<String>,
    pub tagline: Option<String>,
    pub overview: Option<String>,
    pub homepage: Option<String>,
    pub status: Option<String>,
    #[serde(default, deserialize_with = "crate::decode::date")]
    pub release_date: Option<NaiveDate>,
    pub runtime: Option<i32>,
    pub budget: Option<i64>,
    pub revenue: Option<i64>,
    #[serde(default, deserialize_with = "crate::decode::number")]
    pub popularity: Option<f64>,
    #[serde(default, deserialize_with = "crate::decode::number")]
    pub vote_average: Option<f64>,
    pub vote_count: Option<i64>,
    pub adult: Option<bool>,
    pub video: Option<bool>,
    pub softcore: Option<bool>,
    pub poster_path: Option<String>,
    pub backdrop_path: Option<String>,
    pub belongs_to_collection: Option<Collection>,
    pub genres: Option<Vec<Genre>>,
    pub production_companies: Option<Vec<Company>>,
    pub production_countries: Option<Vec<Country>>,
    pub spoken_languages: Option<Vec<Language>>,
    pub origin_country: Option<Vec<String>>,
    pub credits: Option<Credits>,
    pub keywords: Option<Keywords>,
    pub release_dates: Option<ReleaseDates>,
    pub external_ids: Option<ExternalIds>,
}

/// The franchise that a film is part of.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Collection {
    pub id: i64,
    pub name: Option<String>,
    pub poster_path: Option<String>,
    pub backdrop_path: Option<String>,
}

/// One of a film's genres, in the API's order: the first is the main one.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Genre {
    pub id: i64,
    pub name: Option<String>,
}

/// A production company; one company may go by several ids.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Company {
    pub id: i64,
    pub name: Option<String>,
    pub logo_path: Option<String>,
    pub origin_country: Option<String>,
}

/// A production country; the code may be historic or TMDB's own.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Country {
    pub iso_3166_1: Option<String>,
    pub name: Option<String>,
}

/// A language, spoken in a film or listed by `/configuration/languages`.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Language {
    pub iso_639_1: Option<String>,
    pub english_name: Option<String>,
    pub name: Option<String>,
}

/// The `credits` block.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Credits {
    pub cast: Option<Vec<CastMember>>,
    pub crew: Option<Vec<CrewMember>>,
}

/// One role of one person; a person may have several in one film.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CastMember {
    pub id: Option<i64>,
    pub cast_id: Option<i64>,
    pub credit_id: Option<String>,
    pub order: Option<i32>,
    pub character: Option<String>,
    pub name: Option<String>,
    pub original_name: Option<String>,
    pub gender: Option<i32>,
    pub adult: Option<bool>,
    pub known_for_department: Option<String>,
    #[serde(default, deserialize_with = "crate::decode::number")]
    pub popularity: Option<f64>,
    pub profile_path: Option<String>,
}

/// One job of one person behind the camera.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CrewMember {
    pub id: Option<i64>,
    pub credit_id: Option<String>,
    pub department: Option<String>,
    pub job: Option<String>,
    pub name: Option<String>,
    pub original_name: Option<String>,
    pub gender: Option<i32>,
    pub adult: Option<bool>,
    pub known_for_department: Option<String>,
    #[serde(default, deserialize_with = "crate::decode::number")]
    pub popularity: Option<f64>,
    pub profile_path: Option<String>,
}

/// The `keywords` block.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Keywords {
    pub keywords: Option<Vec<Keyword>>,
}

/// A keyword that users gave a film.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Keyword {
    pub id: i64,
    pub name: Option<String>,
}

/// The `release_dates` block.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReleaseDates {
    pub results: Option<Vec<RegionalReleases>>,
}

/// A film's releases in one country.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RegionalReleases {
    pub iso_3166_1: Option<String>,
    pub release_dates: Option<Vec<Release>>,
}

/// One release: 1 premiere, 2 limited, 3 theatrical, 4 digital, 5 physical, 6 TV.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Release {
    pub iso_639_1: Option<String>,
    pub certification: Option<String>,
    pub note: Option<String>,
    #[serde(default, deserialize_with = "crate::decode::time")]
    pub release_date: Option<NaiveDateTime>,
    #[serde(rename = "type")]
    pub release_type: Option<i32>,
}

/// The `external_ids` block.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ExternalIds {
    pub imdb_id: Option<String>,
    pub wikidata_id: Option<String>,
    pub facebook_id: Option<String>,
    pub instagram_id: Option<String>,
    pub twitter_id: Option<String>,
}
