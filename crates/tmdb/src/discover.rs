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

/// A part of a search that is read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// Films without a date.
    Undated,
    /// Those of some days.
    Days {
        /// The first.
        first: NaiveDate,
        /// The last.
        last: NaiveDate,
    },
}

/// What a search comes upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A film, by its id; each comes once.
    Film(i64),
    /// The end of a stretch: all its films have come before.
    End(Stretch),
}

/// A search under way; dropping it ends it.
#[derive(Debug)]
pub struct Discovery {
    found: mpsc::Receiver<Result<Found, Error>>,
    search: JoinHandle<Discovered>,
}

impl Discovery {
    /// The next film, or the end of a stretch; `None` when the search is over.
    ///
    /// An error is the last item: what was found before it is valid.
    pub async fn step(&mut self) -> Option<Result<Found, Error>> {
        self.found.recv().await
    }

    /// The next film's id, for those who do not care for stretches.
    pub async fn next(&mut self) -> Option<Result<i64, Error>> {
        loop {
            match self.step().await? {
                Ok(Found::Film(id)) => return Some(Ok(id)),
                Ok(Found::End(_)) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// The figures of the search, which ends with this call.
    pub async fn finish(mut self) -> Discovered {
        self.found.close();
        while self.found.try_recv().is_ok() {}
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
    resume(client, filter, Vec::new())
}

/// Goes on with a search that was cut short, past the stretches that it had `read`.
///
/// Must be called within a Tokio runtime.
pub fn resume(client: &Client, filter: DiscoverFilter, read: Vec<Stretch>) -> Discovery {
    let (sender, found) = mpsc::channel(BUFFERED_IDS);
    let mut search = Search {
        reader: Reader::new(client.clone()),
        filter,
        read,
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
    Discovery { found, search }
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
    /// What need not be read.
    read: Vec<Stretch>,
    seen: HashSet<i64>,
    sender: mpsc::Sender<Result<Found, Error>>,
    report: Discovered,
}

impl Search {
    async fn run(&mut self) -> Result<(), Stop> {
        if !self.read.contains(&Stretch::Undated) {
            self.read_undated().await?;
            self.tell(Found::End(Stretch::Undated)).await?;
        }
        let mut windows = vec![(self.filter.first_release, self.filter.last_release)];
        while let Some((first, last)) = windows.pop() {
            if first > last || covers(&self.read, first, last) {
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
            self.tell(Found::End(Stretch::Days { first, last })).await?;
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
                self.tell(Found::Film(film.id)).await?;
            }
        }
        Ok(())
    }

    async fn tell(&self, found: Found) -> Result<(), Stop> {
        let told = self.sender.send(Ok(found)).await;
        told.map_err(|_| Stop::Unwanted)
    }
}

/// Whether every day of a window is in a stretch.
fn covers(stretches: &[Stretch], first: NaiveDate, last: NaiveDate) -> bool {
    let mut open = Some(first);
    // Windows follow each other in time, as they were read.
    for stretch in stretches {
        if let Stretch::Days { first, last } = stretch
            && open.is_some_and(|day| (*first..=*last).contains(&day))
        {
            open = last.succ_opt();
        }
    }
    open.is_none_or(|day| day > last)
}

#[cfg(test)]
mod tests;
