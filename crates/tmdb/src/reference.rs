use serde::Deserialize;

use crate::Genre;

/// The answer of `/genre/movie/list`.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GenreList {
    pub genres: Vec<Genre>,
}

/// A row of `/configuration/countries`; two rows may share an English name, never a code.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ListedCountry {
    pub iso_3166_1: String,
    pub english_name: Option<String>,
    pub native_name: Option<String>,
}

/// A row of `/configuration/jobs`.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DepartmentJobs {
    pub department: String,
    pub jobs: Vec<String>,
}

/// The answer of `/configuration`.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Configuration {
    pub images: Images,
    pub change_keys: Option<Vec<String>>,
}

/// Where images are; an image's URL is a base URL, a size and a path.
#[expect(
    missing_docs,
    reason = "the fields carry the API's own names and meanings"
)]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Images {
    pub base_url: Option<String>,
    pub secure_base_url: Option<String>,
}
