use std::io;
use std::ops::Range;

use chrono::NaiveDate;
use serde_json::Value;

use super::lists::Lists;

/// A catalogue: films at positions 0.. in order of release, the undated first.
pub(super) trait Films: Send + Sync {
    /// How many there are.
    fn count(&self) -> u32;

    /// The dated films from `first` to `last`, where given.
    fn released(&self, first: Option<NaiveDate>, last: Option<NaiveDate>) -> Range<u32>;

    /// Films that are at no position below the count, because they came later.
    fn beyond(&self) -> Vec<u32> {
        Vec::new()
    }

    /// Whether the film is there now.
    fn exists(&self, position: u32) -> bool {
        let _ = position;
        true
    }

    /// When a film came out.
    fn date(&self, position: u32) -> Option<NaiveDate>;

    /// What filters and orders of discover go by.
    fn facts(&self, position: u32) -> Facts;

    /// A film's revenue, which costs more to know than the other facts.
    fn revenue(&self, position: u32) -> i64;

    /// A film's genres, the main one first.
    fn genre_ids(&self, position: u32) -> Vec<i64>;

    /// A film's title, and its original one.
    fn titles(&self, position: u32) -> (String, String);

    /// A film as a list shows it.
    fn row(&self, position: u32) -> Value;

    /// A film's body with those of the named blocks that it has.
    fn movie(&self, id: i64, blocks: &[&str]) -> Option<String>;

    /// A film's block as its own path serves it, with the film's `id` in it.
    fn block(&self, id: i64, block: &str) -> Option<String>;

    /// A person's body.
    fn person(&self, id: i64) -> Option<String>;

    /// Every film as the daily exports list it, in order of id, until `each` fails.
    fn films_by_id(&self, each: &mut Each<'_>) -> io::Result<()>;

    /// Everybody as the daily exports list them, in order of id, until `each` fails.
    fn people_by_id(&self, each: &mut Each<'_>) -> io::Result<()>;

    /// What films share, as the daily exports list it, in order of id, until `each` fails.
    fn names_by_id(&self, named: Named, each: &mut EachName<'_>) -> io::Result<()>;

    /// The films, or people, that changed on some days, each once.
    fn changed(&self, of_people: bool, days: Range<NaiveDate>) -> Vec<Changed> {
        let _ = (of_people, days);
        Vec::new()
    }

    /// Those that changed in the last 24 hours.
    fn changed_lately(&self, of_people: bool) -> Vec<Changed> {
        let _ = of_people;
        Vec::new()
    }

    /// The reference lists that go with the catalogue.
    fn lists(&self) -> &Lists;
}

/// Takes what a daily export lists.
pub(super) type Each<'a> = dyn FnMut(&Listed<'_>) -> io::Result<()> + 'a;

/// Takes an id and a name.
pub(super) type EachName<'a> = dyn FnMut(i64, &str) -> io::Result<()> + 'a;

/// What films share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Collections,
    Companies,
    Keywords,
}

/// A line of the changes feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) id: i64,
    /// `None` where it is not there any more.
    pub(super) is_adult: Option<bool>,
}

/// What a daily export says of a film or person, but for the day.
pub(super) struct Listed<'a> {
    pub(super) id: i64,
    /// Of a film, its original title.
    pub(super) name: &'a str,
    pub(super) popularity: Option<f64>,
    pub(super) is_adult: bool,
    pub(super) is_video: bool,
}

/// What filters and orders of discover go by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) is_adult: bool,
    pub(super) is_video: bool,
    pub(super) votes: i64,
    pub(super) vote_average: f64,
    pub(super) popularity: f64,
    pub(super) language: LanguageCode,
}

/// The two letters of a language; anything else is no language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LanguageCode([u8; 2]);

impl LanguageCode {
    pub(super) fn new(code: &str) -> Self {
        Self(code.as_bytes().try_into().unwrap_or_default())
    }

    /// `None` where the text is no code at all, which matches no film.
    pub(super) fn parse(code: &str) -> Option<Self> {
        code.as_bytes().try_into().ok().map(Self)
    }
}
