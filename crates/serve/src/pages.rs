//! The pages as they are now: read again when somebody asks and a file has changed.

#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use tokio::task::spawn_blocking;

use crate::{
    Diagnostic, Error, Page, Result,
    page::{embedded_pages, load_pages},
};

/// Files are looked at so often at most, and only while somebody asks: nothing runs beside the requests. Asking the
/// file system works on every kind of folder, where its notices do not (mounts into containers, network shares).
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(if cfg!(test) { 20 } else { 1_000 });

/// All pages, read together.
#[derive(Debug)]
pub(crate) struct Book {
    /// In the order of the navigation.
    pub(crate) pages: Vec<Page>,
    /// What is wrong on disk while these pages, the last good ones, are shown.
    pub(crate) problems: Vec<Diagnostic>,
    /// Tells one reading from the next.
    pub(crate) edition: u64,
}

impl Book {
    pub(crate) fn page(&self, name: &str) -> Result<&Page> {
        self.pages
            .iter()
            .find(|page| page.name == name)
            .ok_or_else(|| Error::NotFound {
                what: "page",
                name: name.to_owned(),
                valid: self.pages.iter().map(|page| page.name.clone()).collect(),
            })
    }
}

/// Where the pages come from.
pub(crate) struct Pages {
    folder: Option<PathBuf>,
    state: Mutex<State>,
}

struct State {
    looked_at: Instant,
    stamp: Stamp,
    book: Arc<Book>,
}

/// Names, times and sizes of the files that pages are made of; empty without a folder.
type Stamp = Vec<(PathBuf, Option<SystemTime>, u64)>;

impl Pages {
    /// Reads the pages of a folder, or those of the binary while there is none.
    pub(crate) fn open(folder: Option<PathBuf>) -> Result<Self> {
        let stamp = stamp_of(folder.as_deref());
        let book = Book {
            pages: read(folder.as_deref()).map_err(Error::Pages)?,
            problems: Vec::new(),
            edition: 0,
        };
        let state = State {
            looked_at: Instant::now(),
            stamp,
            book: Arc::new(book),
        };
        Ok(Self {
            folder,
            state: Mutex::new(state),
        })
    }

    /// The pages as they are now.
    pub(crate) async fn book(self: &Arc<Self>) -> Arc<Book> {
        let pages = Arc::clone(self);
        let look = spawn_blocking(move || pages.look()).await;
        look.unwrap_or_else(|_| self.last())
    }

    /// The pages as they were when somebody last looked.
    pub(crate) fn last(&self) -> Arc<Book> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&state.book)
    }

    fn look(&self) -> Arc<Book> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if self.folder.is_none() || state.looked_at.elapsed() < LOOK_AGAIN {
            return Arc::clone(&state.book);
        }
        // Taken before the files are read: what is written meanwhile is seen next time.
        let stamp = stamp_of(self.folder.as_deref());
        state.looked_at = Instant::now();
        if stamp != state.stamp {
            state.stamp = stamp;
            state.book = Arc::new(next(&state.book, read(self.folder.as_deref())));
        }
        Arc::clone(&state.book)
    }
}

fn next(last: &Book, read: Result<Vec<Page>, Vec<Diagnostic>>) -> Book {
    let edition = last.edition + 1;
    match read {
        Ok(pages) => {
            tracing::info!(n_pages = pages.len(), "the pages were read again");
            Book {
                pages,
                problems: Vec::new(),
                edition,
            }
        }
        Err(problems) => {
            for problem in &problems {
                tracing::warn!("{problem}");
            }
            Book {
                pages: last.pages.clone(),
                problems,
                edition,
            }
        }
    }
}

fn read(folder: Option<&Path>) -> Result<Vec<Page>, Vec<Diagnostic>> {
    match folder.filter(|folder| folder.is_dir()) {
        Some(folder) => load_pages(folder),
        None => embedded_pages(),
    }
}

fn stamp_of(folder: Option<&Path>) -> Stamp {
    let mut stamp = Stamp::new();
    for page in folder.iter().flat_map(|folder| entries(folder)) {
        for file in entries(&page) {
            // One that is gone again is seen as missing next time.
            let Ok(metadata) = fs_err::metadata(&file) else {
                continue;
            };
            stamp.push((file, metadata.modified().ok(), metadata.len()));
        }
    }
    stamp.sort();
    stamp
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs_err::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path()))
}
