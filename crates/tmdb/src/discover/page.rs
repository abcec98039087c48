use chrono::NaiveDate;
use serde::Deserialize;

use super::DiscoverFilter;

/// Dates are what films with the same rank seldom share, so this order shifts least.
const FIRST_SORT: &str = "primary_release_date.asc";

/// Read in turn while films are missing: a page that comes from a cache would miss them again.
pub(super) const OTHER_SORTS: [&str; 2] = ["original_title.asc", "vote_count.desc"];

/// More votes than any film has: a filter that changes the query and nothing else.
const ANY_VOTES: u32 = 1_000_000_000;

/// A page of `/discover/movie`; `total_pages` is left out because it is not capped.
#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) results: Vec<ListedMovie>,
    pub(super) total_results: u64,
}

#[derive(Deserialize)]
pub(super) struct ListedMovie {
    pub(super) id: i64,
    #[serde(default, deserialize_with = "crate::decode::date")]
    pub(super) release_date: Option<NaiveDate>,
    #[serde(default, deserialize_with = "crate::decode::number")]
    popularity: Option<f64>,
    original_language: Option<String>,
}

impl ListedMovie {
    /// Whether it is above the floors that the API does not know or, as a cache of another query, may forget.
    pub(super) fn is_wanted(&self, filter: &DiscoverFilter) -> bool {
        let languages = &filter.languages;
        // Who does not say is not below.
        self.popularity
            .is_none_or(|popularity| popularity >= filter.min_popularity)
            && self
                .original_language
                .as_ref()
                .is_none_or(|language| languages.is_empty() || languages.contains(language))
    }
}

/// A query of `/discover/movie`, but for its page.
#[derive(Clone)]
pub(super) struct Query {
    parameters: Vec<(&'static str, String)>,
    sort: &'static str,
}

impl Query {
    /// Whatever the date, the undated first.
    pub(super) fn everything(filter: &DiscoverFilter) -> Self {
        let mut parameters = vec![
            ("include_adult", filter.include_adult.to_string()),
            ("include_video", filter.include_video.to_string()),
        ];
        if filter.min_votes > 0 {
            parameters.push(("vote_count.gte", filter.min_votes.to_string()));
        }
        if !filter.languages.is_empty() {
            parameters.push(("with_original_language", filter.languages.join("|")));
        }
        Self {
            parameters,
            sort: FIRST_SORT,
        }
    }

    pub(super) fn window(filter: &DiscoverFilter, first: NaiveDate, last: NaiveDate) -> Self {
        Self::everything(filter)
            .with("primary_release_date.gte", first.to_string())
            .with("primary_release_date.lte", last.to_string())
    }

    /// Every film that has a date.
    pub(super) fn dated(filter: &DiscoverFilter) -> Self {
        Self::everything(filter).with("primary_release_date.gte", "1800-01-01".to_owned())
    }

    /// Queries that start with the undated films, if the API sorts them to either end.
    pub(super) fn undated(filter: &DiscoverFilter) -> [Self; 3] {
        let first = Self::everything(filter);
        [
            first.clone(),
            first.clone().with("vote_count.lte", ANY_VOTES.to_string()),
            first.sorted("primary_release_date.desc"),
        ]
    }

    pub(super) fn sorted(&self, sort: &'static str) -> Self {
        Self {
            parameters: self.parameters.clone(),
            sort,
        }
    }

    pub(super) fn page(&self, page: u64) -> Vec<(&'static str, String)> {
        let mut parameters = self.parameters.clone();
        parameters.push(("sort_by", self.sort.to_owned()));
        parameters.push(("page", page.to_string()));
        parameters
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.parameters.push((name, value));
        self
    }
}
