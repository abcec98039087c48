use futures::{Stream, StreamExt, stream};

use super::page::{Page, Query};
use crate::decode::decode;
use crate::{Client, Error};

const ENDPOINT: &str = "/discover/movie";
const FILMS_PER_PAGE: u64 = 20;
pub(super) const READABLE_PAGES: u64 = 500;

/// What can be read of one query, however many results it has.
pub(super) const READABLE_RESULTS: u64 = READABLE_PAGES * FILMS_PER_PAGE;

/// Pages of one query asked for at a time; the client bounds what is really in flight.
const PAGES_AT_A_TIME: usize = 16;

/// Reads pages; a short one is never taken for the last.
#[derive(Clone)]
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

    /// The further pages of `query`, whose first is there already, as they come.
    pub(super) fn further(
        &self,
        query: &Query,
        first: &Page,
    ) -> impl Stream<Item = Result<Page, Error>> + use<> {
        let n_pages = first.total_results.div_ceil(FILMS_PER_PAGE);
        let (reader, query) = (self.clone(), query.clone());
        stream::iter(2..=n_pages.min(READABLE_PAGES))
            .map(move |page| {
                let (reader, query) = (reader.clone(), query.clone());
                async move { reader.page(&query, page).await }
            })
            .buffer_unordered(PAGES_AT_A_TIME)
    }

    /// The undated films that `query` starts with, page by page until the first dated one.
    pub(super) async fn undated(&self, query: &Query, page: u64) -> Result<(Page, bool), Error> {
        let mut page = self.page(query, page).await?;
        let n_listed = page.results.len();
        page.results.retain(|film| film.release_date.is_none());
        let is_last = page.results.len() < n_listed || n_listed == 0;
        Ok((page, is_last))
    }
}
