use chrono::NaiveDate;
use serde::Deserialize;

/// A person as `/person/{id}` tells it; `None` means that the body did not say.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Person {
    pub id: i64,
    pub name: Option<String>,
    pub also_known_as: Option<Vec<String>>,
    pub biography: Option<String>,
    pub homepage: Option<String>,
    pub imdb_id: Option<String>,
    pub known_for_department: Option<String>,
    pub place_of_birth: Option<String>,
    pub profile_path: Option<String>,
    #[serde(default, deserialize_with = "crate::decode::date")]
    pub birthday: Option<NaiveDate>,
    #[serde(default, deserialize_with = "crate::decode::date")]
    pub deathday: Option<NaiveDate>,
    pub gender: Option<i32>,
    pub adult: Option<bool>,
    #[serde(default, deserialize_with = "crate::decode::number")]
    pub popularity: Option<f64>,
}
