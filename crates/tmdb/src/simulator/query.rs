use std::fmt::Write;

use chrono::NaiveDate;

use super::films::LanguageCode;
use super::reply::Failure;

/// The parameters of a request, in its order; unknown ones are ignored, as the API does.
#[derive(Default)]
pub(super) struct Parameters(pub(super) Vec<(String, String)>);

impl Parameters {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().rev().filter(|(key, _)| key == name);
        values
            .next()
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    fn date(&self, name: &str) -> Result<Option<NaiveDate>, Failure> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| Failure::BAD_DATE)
    }

    /// A date; a time that follows it is ignored.
    pub(super) fn day(&self, name: &str) -> Result<Option<NaiveDate>, Failure> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let date = text.get(..10).unwrap_or(text);
        date.parse().map(Some).map_err(|_| Failure::BAD_DATE)
    }

    /// The page asked for, 1 to 500.
    pub(super) fn page(&self) -> Result<usize, Failure> {
        let page = self.get("page").unwrap_or("1");
        let page = page.parse().map_err(|_| Failure::BAD_PAGE)?;
        if (1..=500).contains(&page) {
            Ok(page)
        } else {
            Err(Failure::BAD_PAGE)
        }
    }
}

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Order {
    OriginalTitle,
    Popularity,
    ReleaseDate,
    Revenue,
    Title,
    VoteAverage,
    VoteCount,
}

/// A query of `/discover/movie`, but for its page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Query {
    pub(super) order: Order,
    pub(super) is_descending: bool,
    pub(super) first: Option<NaiveDate>,
    pub(super) last: Option<NaiveDate>,
    pub(super) min_votes: Option<f64>,
    pub(super) max_votes: Option<f64>,
    pub(super) with_adult: bool,
    pub(super) with_video: bool,
    /// `Some(None)` is a language that no film has.
    pub(super) language: Option<Option<LanguageCode>>,
    pub(super) genres: Option<Genres>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Genres {
    All(Vec<i64>),
    Any(Vec<i64>),
}

impl Query {
    pub(super) fn parse(parameters: &Parameters) -> Result<Self, Failure> {
        let (order, is_descending) = order(parameters.get("sort_by").unwrap_or_default());
        let mut first = parameters.date("primary_release_date.gte")?;
        let mut last = parameters.date("primary_release_date.lte")?;
        if let Some(year) = parameters.number("primary_release_year") {
            first = first.max(NaiveDate::from_ymd_opt(year, 1, 1));
            let end = NaiveDate::from_ymd_opt(year, 12, 31);
            last = last.map_or(end, |last| end.map(|end| end.min(last)));
        }
        let is_on = |name| parameters.get(name) == Some("true");
        Ok(Self {
            order,
            is_descending,
            first,
            last,
            min_votes: parameters.number("vote_count.gte"),
            max_votes: parameters.number("vote_count.lte"),
            with_adult: is_on("include_adult"),
            with_video: is_on("include_video"),
            language: parameters
                .get("with_original_language")
                .map(LanguageCode::parse),
            genres: parameters.get("with_genres").map(genres),
        })
    }

    /// Whether films without a date can match.
    pub(super) fn takes_undated(&self) -> bool {
        self.first.is_none() && self.last.is_none()
    }

    /// Whether a film that came out then can match.
    pub(super) fn takes(&self, date: Option<NaiveDate>) -> bool {
        match date {
            None => self.takes_undated(),
            Some(date) => {
                self.first.is_none_or(|first| first <= date)
                    && self.last.is_none_or(|last| date <= last)
            }
        }
    }

    /// The same text for the same query.
    pub(super) fn key(&self) -> String {
        let mut key = String::new();
        write!(key, "{self:?}").expect("writing to a string does not fail");
        key
    }
}

/// What the API does with an order it does not know is not known; it falls back here.
fn order(text: &str) -> (Order, bool) {
    let (name, direction) = text.rsplit_once('.').unwrap_or((text, "desc"));
    let order = match name {
        "original_title" => Order::OriginalTitle,
        "primary_release_date" => Order::ReleaseDate,
        "revenue" => Order::Revenue,
        "title" => Order::Title,
        "vote_average" => Order::VoteAverage,
        "vote_count" => Order::VoteCount,
        _ => Order::Popularity,
    };
    (order, direction != "asc")
}

fn genres(text: &str) -> Genres {
    let ids = |separator| {
        let ids = text.split(separator);
        ids.filter_map(|id| id.trim().parse().ok()).collect()
    };
    if text.contains('|') {
        Genres::Any(ids('|'))
    } else {
        Genres::All(ids(','))
    }
}
