//! `/movie/changes` and `/person/changes`: which ids were edited, added or deleted in some days.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;

use crate::decode::decode;
use crate::{Client, Error};

const ROWS_PER_PAGE: u64 = 100;
const READABLE_PAGES: u64 = 500;
/// Rows that can be read of one window, however many it has.
pub const READABLE_CHANGES: u64 = ROWS_PER_PAGE * READABLE_PAGES;
/// Pages asked for at a time; the client bounds what is really in flight.
const PAGES_AT_A_TIME: usize = 16;
/// Rows shift while pages are read, so a list that falls short is read again, as long as that helps.
const MOST_READINGS: usize = 4;

/// The most days of a window: fourteen from its first to its last are allowed, and the day after the last is asked
/// for too, because whether the API counts the last one in is not documented.
pub const WINDOW_DAYS: u64 = 13;

/// What a list of changes is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// `/movie/changes`.
    Movies,
    /// `/person/changes`.
    People,
}

impl Feed {
    fn endpoint(self) -> &'static str {
        match self {
            Self::Movies => "/movie/changes",
            Self::People => "/person/changes",
        }
    }
}

/// An id that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// TMDB's.
    pub id: i64,
    /// `None` where the API does not say, as of what is gone.
    pub is_adult: Option<bool>,
}

/// What a feed lists of a window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Each id once, in order.
    pub rows: Vec<Changed>,
    /// Rows that the API counted and showed on no page at any reading; repeated ids count as such.
    pub missing: u64,
    /// Days of more rows than the API shows of any query: their rest is unknown.
    pub unreadable_days: Vec<NaiveDate>,
}

#[derive(Deserialize)]
struct Page {
    results: Vec<Row>,
    total_results: u64,
}

/// Both have been null.
#[derive(Deserialize)]
struct Row {
    id: Option<i64>,
    adult: Option<bool>,
}

/// Everything that changed from the first to the last day, UTC, both included, [`WINDOW_DAYS`] at most.
///
/// What changed on the day after the last may be among it.
pub async fn changes(
    client: &Client,
    feed: Feed,
    first_day: NaiveDate,
    last_day: NaiveDate,
) -> Result<Changes, Error> {
    let mut found = BTreeMap::new();
    let mut changes = Changes::default();
    let mut windows = vec![(first_day, last_day)];
    while let Some((first, last)) = windows.pop() {
        let (window, page) = Window::open(client, feed, first, last).await?;
        if page.total_results > READABLE_CHANGES {
            if first < last {
                let middle = first + (last - first) / 2;
                windows.push((middle.succ_opt().unwrap_or(last), last));
                windows.push((first, middle));
                continue;
            }
            changes.unreadable_days.push(first);
        }
        changes.missing += window.read(page, &mut found).await?;
    }
    let row = |(id, is_adult)| Changed { id, is_adult };
    changes.rows = found.into_iter().map(row).collect();
    Ok(changes)
}

/// How many rows the API counts from the first to the last day; one request.
pub async fn count_changes(
    client: &Client,
    feed: Feed,
    first_day: NaiveDate,
    last_day: NaiveDate,
) -> Result<u64, Error> {
    let (_, page) = Window::open(client, feed, first_day, last_day).await?;
    Ok(page.total_results)
}

struct Window<'a> {
    client: &'a Client,
    feed: Feed,
    first: NaiveDate,
    end: NaiveDate,
}

impl<'a> Window<'a> {
    /// The window with its first page. An API that takes no day to come is asked up to the last one instead.
    async fn open(
        client: &'a Client,
        feed: Feed,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<(Self, Page), Error> {
        let mut window = Self {
            client,
            feed,
            first,
            end: last.checked_add_days(Days::new(1)).unwrap_or(last),
        };
        let page = match window.page(1).await {
            Err(Error::Refused {
                http_status: 400 | 422,
                ..
            }) => {
                window.end = last;
                window.page(1).await
            }
            page => page,
        }?;
        Ok((window, page))
    }

    async fn page(&self, page: u64) -> Result<Page, Error> {
        let endpoint = self.feed.endpoint();
        let query = [
            ("start_date", self.first.to_string()),
            ("end_date", self.end.to_string()),
            ("page", page.to_string()),
        ];
        let answer = self.client.get(endpoint, &query).await?;
        let answer = crate::client::existing(endpoint, answer)?;
        decode(&answer.body).map_err(|source| Error::Decode {
            endpoint: endpoint.to_owned(),
            source,
        })
    }

    /// Adds what is on the pages and says how many rows were on none of them.
    async fn read(
        &self,
        first: Page,
        found: &mut BTreeMap<i64, Option<bool>>,
    ) -> Result<u64, Error> {
        let expected = first.total_results.min(READABLE_CHANGES);
        let n_pages = expected.div_ceil(ROWS_PER_PAGE);
        let mut here = BTreeMap::new();
        take(first, &mut here);
        for reading in 0..MOST_READINGS {
            let n_before = here.len();
            // The first page has come already, the first time.
            let start = if reading == 0 { 2 } else { 1 };
            let mut pages = stream::iter(start..=n_pages)
                .map(|page| self.page(page))
                .buffer_unordered(PAGES_AT_A_TIME);
            while let Some(page) = pages.try_next().await? {
                take(page, &mut here);
            }
            let is_whole = here.len() as u64 >= expected;
            if is_whole || reading > 0 && here.len() == n_before {
                break;
            }
        }
        let missing = expected.saturating_sub(here.len() as u64);
        for (id, is_adult) in here {
            let known = found.entry(id).or_insert(is_adult);
            // Whoever lists it alive in another window does not know yet that it is gone.
            *known = known.and(is_adult);
        }
        Ok(missing)
    }
}

fn take(page: Page, found: &mut BTreeMap<i64, Option<bool>>) {
    for Row { id, adult } in page.results {
        if let Some(id) = id.filter(|id| *id > 0) {
            found.insert(id, adult);
        }
    }
}

#[cfg(test)]
mod tests;
