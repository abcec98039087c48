use std::collections::HashSet;

use futures::{StreamExt, TryStreamExt, stream};

use super::page::{Page, Query};
use crate::decode::decode;
use crate::{Client, Error};

const ENDPOINT: &str = "/discover/movie";
const FILMS_PER_PAGE: u64 = 20;
const READABLE_PAGES: u64 = 500;

/// What can be read of one query, however many results it has.
pub(super) const READABLE_RESULTS: u64 = READABLE_PAGES * FILMS_PER_PAGE;

/// Pages of one query asked for at a time; the client bounds what is really in flight.
const PAGES_AT_A_TIME: usize = 16;

/// Reads pages; a short one is never taken for the last.
pub(super) struct Reader {
    client: Client,
}

impl Reader {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    pub(super) async fn page(&self, query: &Query, page: u64) -> Result<Page, Error> {
        let answer = self.client.get(ENDPOINT, &query.page(page)).await?;
        let answer = crate::client::existing(ENDPOINT, answer)?;
        decode(&answer.body).map_err(|source| Error::Decode {
            endpoint: ENDPOINT.to_owned(),
            source,
        })
    }

    /// Every film on the pages of `query`, whose first page is there already.
    pub(super) async fn films(&self, query: &Query, first: Page) -> Result<HashSet<i64>, Error> {
        let n_pages = first.total_results.div_ceil(FILMS_PER_PAGE);
        let mut ids: HashSet<i64> = first.results.iter().map(|film| film.id).collect();
        let mut pages = stream::iter(2..=n_pages.min(READABLE_PAGES))
            .map(|page| self.page(query, page))
            .buffer_unordered(PAGES_AT_A_TIME);
        while let Some(page) = pages.try_next().await? {
            ids.extend(page.results.iter().map(|film| film.id));
        }
        Ok(ids)
    }

    /// The undated films that `query` starts with.
    pub(super) async fn undated(&self, query: &Query) -> Result<HashSet<i64>, Error> {
        let mut ids = HashSet::new();
        for page in 1..=READABLE_PAGES {
            let page = self.page(query, page).await?;
            let undated = page
                .results
                .iter()
                .filter(|film| film.release_date.is_none());
            let n_undated = undated.map(|film| ids.insert(film.id)).count();
            if n_undated < page.results.len() || page.results.is_empty() {
                break;
            }
        }
        Ok(ids)
    }
}
