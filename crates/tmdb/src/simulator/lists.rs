//! The reference lists: genres, countries, languages, jobs and the configuration.

mod countries;
mod jobs;
mod languages;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub(super) use countries::COUNTRIES;
pub(super) use jobs::JOBS;
pub(super) use languages::LANGUAGES;

/// Film genres and how many thousand films each has, which serves as a weight.
pub(super) const GENRES: [(i64, &str, u32); 19] = [
    (28, "Action", 49),
    (12, "Adventure", 27),
    (16, "Animation", 70),
    (35, "Comedy", 170),
    (80, "Crime", 41),
    (99, "Documentary", 219),
    (18, "Drama", 289),
    (10751, "Family", 32),
    (14, "Fantasy", 29),
    (36, "History", 22),
    (27, "Horror", 71),
    (10402, "Music", 53),
    (9648, "Mystery", 26),
    (10749, "Romance", 63),
    (878, "Science Fiction", 26),
    (10770, "TV Movie", 32),
    (53, "Thriller", 60),
    (10752, "War", 13),
    (37, "Western", 10),
];

/// Code and name pairs out of a table such as `AD Andorra|AE United Arab Emirates`.
pub(super) fn entries(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let entries = table.split(['|', '\n']).map(str::trim);
    entries.filter_map(|entry| entry.split_once(' '))
}

/// The English name of a country's code.
pub(super) fn country_name(code: &str) -> &'static str {
    let mut named = entries(COUNTRIES).filter(|(listed, _)| *listed == code);
    named.next().map_or("", |(_, name)| name)
}

/// What the API's list endpoints answer, with the codes that a replayed file adds.
pub(super) struct Lists {
    countries: BTreeMap<String, String>,
    /// English and native name.
    languages: BTreeMap<String, (String, String)>,
}

impl Default for Lists {
    fn default() -> Self {
        let own = |(code, name): (&str, &str)| (code.to_owned(), name.to_owned());
        let languages = entries(LANGUAGES).map(|(code, names)| {
            let (english, native) = names.split_once('/').unwrap_or((names, ""));
            (code.to_owned(), own((english, native)))
        });
        Self {
            countries: entries(COUNTRIES).map(own).collect(),
            languages: languages.collect(),
        }
    }
}

impl Lists {
    pub(super) fn add_country(&mut self, code: &str, name: &str) {
        if !code.is_empty() && !self.countries.contains_key(code) {
            self.countries.insert(code.to_owned(), name.to_owned());
        }
    }

    pub(super) fn add_language(&mut self, code: &str, name: &str) {
        if !code.is_empty() && !self.languages.contains_key(code) {
            let names = (name.to_owned(), name.to_owned());
            self.languages.insert(code.to_owned(), names);
        }
    }

    pub(super) fn genres(&self) -> String {
        let genres = GENRES.map(|(id, name, _)| json!({"id": id, "name": name}));
        json!({ "genres": genres }).to_string()
    }

    pub(super) fn countries(&self) -> String {
        let rows = self.countries.iter().map(
            |(code, name)| json!({"iso_3166_1": code, "english_name": name, "native_name": name}),
        );
        rows.collect::<Value>().to_string()
    }

    pub(super) fn languages(&self) -> String {
        let rows = self.languages.iter().map(|(code, (english, native))| {
            json!({"iso_639_1": code, "english_name": english, "name": native})
        });
        rows.collect::<Value>().to_string()
    }

    pub(super) fn jobs(&self) -> String {
        let rows = JOBS
            .iter()
            .map(|(department, jobs)| json!({"department": department, "jobs": jobs}));
        rows.collect::<Value>().to_string()
    }

    pub(super) fn configuration(&self) -> String {
        json!({
            "images": {
                "base_url": "http://image.tmdb.org/t/p/",
                "secure_base_url": "https://image.tmdb.org/t/p/",
                "backdrop_sizes": ["w300", "w780", "w1280", "original"],
                "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
                "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
                "profile_sizes": ["w45", "w185", "h632", "original"],
                "still_sizes": ["w92", "w185", "w300", "original"],
            },
            "change_keys": [
                "adult", "budget", "cast", "crew", "genres", "imdb_id", "original_title", "overview",
                "plot_keywords", "production_companies", "production_countries", "releases",
                "revenue", "runtime", "spoken_languages", "status", "tagline", "title",
            ],
        })
        .to_string()
    }
}
