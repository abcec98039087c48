//! Finding every film in a range of release dates, past the API's limit of 500 pages a query.

mod page;
mod read;

use std::collections::HashSet;

use chrono::NaiveDate;
use futures::TryStreamExt as _;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::{Client, Error};
use page::{Page, Query};
use read::Reader;

/// Ids found but not yet taken; the search pauses when so many wait.
const BUFFERED_IDS: usize = 1_000;

/// Which films to look for.
#[derive(Debug, Clone, PartialEq)]
pub struct DiscoverFilter {
    /// The first primary release date.
    pub first_release: NaiveDate,
    /// The last primary release date.
    pub last_release: NaiveDate,
    /// Films with fewer votes are left out.
    pub min_votes: u32,
    /// Less popular films are left out.
    pub min_popularity: f64,
    /// The original languages that count, as ISO 639-1 or TMDB's own codes; none is all.
    pub languages: Vec<String>,
    /// Whether films for adults count.
    pub include_adult: bool,
    /// Whether compilations, clips and concerts count.
    pub include_video: bool,
}

/// How a search went. Totals drift while pages are read, so small differences are normal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovered {
    /// Windows of release dates that were read.
    pub windows: u64,
    /// Different films found, undated ones included.
    pub found: u64,
    /// Films that the API said there were, added up over the windows.
    pub expected: u64,
    /// Films that the API counted but showed on none of its pages.
    pub missing: u64,
    /// Films that the API counts whatever their date.
    pub unfiltered_total: u64,
}

/// A search under way; dropping it ends it.
#[derive(Debug)]
pub struct Discovery {
    ids: mpsc::Receiver<Result<i64, Error>>,
    search: JoinHandle<Discovered>,
}

impl Discovery {
    /// The next film's id, each one once; `None` when the search is over.
    ///
    /// An error is the last item: what was found before it is valid.
    pub async fn next(&mut self) -> Option<Result<i64, Error>> {
        self.ids.recv().await
    }

    /// The figures of the search, which ends with this call.
    pub async fn finish(mut self) -> Discovered {
        self.ids.close();
        while self.ids.try_recv().is_ok() {}
        (&mut self.search).await.unwrap_or_default()
    }
}

impl Drop for Discovery {
    fn drop(&mut self) {
        self.search.abort();
    }
}

/// Starts to look for films; the ids come out of the [`Discovery`].
///
/// Must be called within a Tokio runtime.
pub fn discover(client: &Client, filter: DiscoverFilter) -> Discovery {
    let (sender, ids) = mpsc::channel(BUFFERED_IDS);
    let mut search = Search {
        reader: Reader::new(client.clone()),
        filter,
        seen: HashSet::new(),
        sender,
        report: Discovered::default(),
    };
    let search = tokio::spawn(async move {
        if let Err(Stop::Failed(error)) = search.run().await {
            // Nobody left to tell is no problem.
            let _ = search.sender.send(Err(error)).await;
        }
        search.report
    });
    Discovery { ids, search }
}

/// How many films the API says the filter has, undated ones aside; one request.
pub async fn count(client: &Client, filter: &DiscoverFilter) -> Result<u64, Error> {
    let query = Query::window(filter, filter.first_release, filter.last_release);
    let page = Reader::new(client.clone()).page(&query, 1).await?;
    Ok(page.total_results)
}

/// Why a search ends before its end.
enum Stop {
    Failed(Error),
    /// The caller has dropped the [`Discovery`] or finished it.
    Unwanted,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

struct Search {
    reader: Reader,
    filter: DiscoverFilter,
    seen: HashSet<i64>,
    sender: mpsc::Sender<Result<i64, Error>>,
    report: Discovered,
}

impl Search {
    async fn run(&mut self) -> Result<(), Stop> {
        self.read_undated().await?;
        let mut windows = vec![(self.filter.first_release, self.filter.last_release)];
        while let Some((first, last)) = windows.pop() {
            if first > last {
                continue;
            }
            let query = Query::window(&self.filter, first, last);
            let page = self.reader.page(&query, 1).await?;
            if page.total_results > read::READABLE_RESULTS && first < last {
                let middle = first + (last - first) / 2;
                windows.push((middle.succ_opt().unwrap_or(last), last));
                windows.push((first, middle));
                continue;
            }
            self.read_window(&query, page).await?;
        }
        Ok(())
    }

    async fn read_window(&mut self, query: &Query, first: Page) -> Result<(), Stop> {
        let expected = first.total_results;
        let mut found = HashSet::new();
        self.read_pages(query, first, &mut found).await?;
        for sort in page::OTHER_SORTS {
            if found.len() as u64 >= expected {
                break;
            }
            let query = query.sorted(sort);
            let first = self.reader.page(&query, 1).await?;
            self.read_pages(&query, first, &mut found).await?;
        }
        self.report.windows += 1;
        self.report.expected += expected;
        self.report.missing += expected.saturating_sub(found.len() as u64);
        Ok(())
    }

    /// Hands the films of each page out as it comes.
    async fn read_pages(
        &mut self,
        query: &Query,
        first: Page,
        found: &mut HashSet<i64>,
    ) -> Result<(), Stop> {
        let mut pages = self.reader.further(query, &first);
        self.take(first, found).await?;
        while let Some(page) = pages.try_next().await? {
            self.take(page, found).await?;
        }
        Ok(())
    }

    /// Films without a date are in no window, but they come first or last by date.
    async fn read_undated(&mut self) -> Result<(), Stop> {
        let everything = Query::everything(&self.filter);
        let total = self.reader.page(&everything, 1).await?.total_results;
        self.report.unfiltered_total = total;
        let dated = self.reader.page(&Query::dated(&self.filter), 1).await?;
        let expected = total.saturating_sub(dated.total_results);
        let mut found = HashSet::new();
        for query in Query::undated(&self.filter) {
            for page in 1..=read::READABLE_PAGES {
                let (page, is_last) = self.reader.undated(&query, page).await?;
                self.take(page, &mut found).await?;
                if is_last {
                    break;
                }
            }
            if found.len() as u64 >= expected {
                break;
            }
        }
        let n_found = found.len() as u64;
        self.report.expected += expected.max(n_found);
        self.report.missing += expected.saturating_sub(n_found);
        Ok(())
    }

    /// Hands out what is on a page, wanted and not handed out before.
    async fn take(&mut self, page: Page, found: &mut HashSet<i64>) -> Result<(), Stop> {
        for film in page.results {
            found.insert(film.id);
            if film.is_wanted(&self.filter) && self.seen.insert(film.id) {
                self.report.found += 1;
                self.sender
                    .send(Ok(film.id))
                    .await
                    .map_err(|_| Stop::Unwanted)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
