use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use object_store::path::Path as StorePath;

use crate::{
    Error, Kind, Location, Newest, Result, Seen, StoreSettings, Writer, WriterOptions,
    copies::Copies,
    day::Staging,
    journal::{self, Lock},
    manifest,
    newest::Gathering,
    part,
    store::Store,
};

#[cfg(test)]
mod tests;

/// A folder of observations, here or on an object store. It only ever gains files, and a file never changes.
#[derive(Debug, Clone)]
pub struct Lake {
    store: Store,
    copies: Copies,
    journal: PathBuf,
    pending: Arc<Mutex<Pending>>,
}

/// By segment: what writers of this process have appended and no part holds yet.
type Pending = BTreeMap<PathBuf, HashMap<(Kind, i64), Seen>>;

/// A part: some observations of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeFile {
    /// Its name, the same wherever the lake is.
    pub name: String,
    /// The parts whose observations it holds, as runs wrote them: itself alone, unless compaction merged them.
    pub parts: Vec<String>,
    /// Absolute. Of a lake on an object store, the copy on this machine, once [`Lake::fetch`] has brought it.
    pub path: PathBuf,
    /// As stored.
    pub size_bytes: u64,
    pub(crate) location: StorePath,
}

/// How much a lake holds of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KindSummary {
    /// Observations.
    pub n_rows: u64,
    /// Parts.
    pub n_files: u64,
    /// Of the parts, as stored.
    pub size_bytes: u64,
    /// The oldest observation, where the parts tell.
    pub oldest: Option<DateTime<Utc>>,
    /// The newest one.
    pub newest: Option<DateTime<Utc>>,
}

/// Footers that are read side by side.
const FOOTERS_AT_ONCE: usize = 16;

/// What waits in the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InJournal {
    /// Segments: of the run that writes now, or of one that was killed.
    pub n_segments: u64,
    /// Their bytes.
    pub n_bytes: u64,
}

/// What was brought from an object store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Files.
    pub n_files: u64,
    /// Their bytes.
    pub n_bytes: u64,
}

/// What was turned from journal to parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// All observations.
    pub observations: u64,
    /// The same by raw table; what was rejected counts as quarantine.
    pub by_kind: BTreeMap<Kind, u64>,
    /// Parts.
    pub files: u64,
    /// Values that were not what their column is for, and so are null there: dotted path and how often.
    pub drift: Vec<(String, u64)>,
}

impl Lake {
    /// Opens a lake, creating its folder when missing.
    ///
    /// # Errors
    /// When the folder cannot be created.
    pub fn open(root: &Path) -> Result<Self> {
        fs_err::create_dir_all(root)?;
        let root = fs_err::canonicalize(root)?;
        Ok(Self {
            store: Store::folder(&root)?,
            journal: root.join("journal"),
            copies: Copies::none(root),
            pending: Arc::default(),
        })
    }

    /// Opens the lake at a location; on an object store nothing is asked yet.
    ///
    /// # Errors
    /// When a folder cannot be created, or the settings are not those of an object store.
    pub fn at(location: &Location, settings: &StoreSettings) -> Result<Self> {
        let address = match location {
            Location::Folder(folder) => return Self::open(folder),
            Location::Bucket(address) => address,
        };
        let store = Store::bucket(address, settings)?;
        let local = address.folder_in(&settings.local);
        fs_err::create_dir_all(&local)?;
        let local = fs_err::canonicalize(local)?;
        Ok(Self {
            store,
            journal: local.join("journal"),
            copies: Copies::at(local.join("parts")),
            pending: Arc::default(),
        })
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        self.store.location()
    }

    /// A writer for one run, the only one of this lake as long as it lives.
    ///
    /// # Errors
    /// When somebody else writes to the lake, or the run's name is no plain word.
    pub fn writer(&self, run_id: &str, options: WriterOptions) -> Result<Writer> {
        let is_plain =
            |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        let is_taken = run_id.starts_with(manifest::MERGED);
        if run_id.is_empty() || is_taken || run_id.starts_with('.') || !run_id.chars().all(is_plain)
        {
            return Err(Error::RunName {
                run_id: run_id.to_owned(),
            });
        }
        let lock = Lock::take(self.journal(), &format!("run {run_id}"))?;
        Ok(Writer::new(self.clone(), run_id.to_owned(), options, lock))
    }

    /// Turns what killed runs left in the journal into parts. To be called before a run reads what the lake
    /// has; doing it again does nothing.
    ///
    /// # Errors
    /// When somebody writes to the lake just now, or files cannot be read or written.
    pub async fn recover(&self) -> Result<Written> {
        let lock = Lock::take(self.journal(), "recovery")?;
        self.recover_under(&lock).await
    }

    pub(crate) async fn recover_under(&self, _lock: &Lock) -> Result<Written> {
        self.remove_staged()?;
        let mut written = Written::default();
        for segment in journal::segments(self.journal())? {
            written.add(self.publish(segment).await?);
        }
        Ok(written)
    }

    /// The parts of a kind, oldest run first.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub async fn files(&self, kind: Kind) -> Result<Vec<LakeFile>> {
        let mut files = self.files_of(&[kind]).await?;
        Ok(files.remove(&kind).unwrap_or_default())
    }

    /// The parts of every kind as they were together at one moment.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub async fn snapshot(&self) -> Result<BTreeMap<Kind, Vec<LakeFile>>> {
        self.files_of(&Kind::ALL).await
    }

    /// Makes sure that files can be opened at their path: brings those that are on an object store alone.
    ///
    /// # Errors
    /// When a file is gone or cannot be brought; what was brought stays.
    pub async fn fetch(&self, files: &[LakeFile]) -> Result<Fetched> {
        self.copies.fetch(&self.store, files).await
    }

    /// The newest observation of every thing of a kind, those included that a writer of this process has
    /// appended and not yet rolled.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn newest(&self, kind: Kind) -> Result<Newest> {
        // Taken first: what is rolled in between is then found in a part as well.
        let mut newest = Gathering::default();
        for (&(of, id), &seen) in self.pending().values().flatten() {
            if of == kind {
                newest.add(id, seen);
            }
        }
        let files = self.files(kind).await?;
        self.fetch(&files).await?;
        for file in files {
            let read = move || newest.read(&file.path, None);
            newest = tokio::task::spawn_blocking(read).await??;
        }
        Ok(newest.finish())
    }

    /// The newest body of every thing that was meant for a kind and could not be decoded.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn rejected(&self, kind: Kind) -> Result<Newest> {
        let mut newest = Gathering::default();
        let files = self.files(Kind::Quarantine).await?;
        self.fetch(&files).await?;
        for file in files {
            let read = move || newest.read(&file.path, Some(kind));
            newest = tokio::task::spawn_blocking(read).await??;
        }
        Ok(newest.finish())
    }

    /// Rows, files and bytes of every kind.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn summary(&self) -> Result<BTreeMap<Kind, KindSummary>> {
        let mut summary = BTreeMap::new();
        for (kind, files) in self.snapshot().await? {
            let mut total = KindSummary::default();
            let mut footers = stream::iter(&files)
                .map(|file| self.footer(file))
                .buffer_unordered(FOOTERS_AT_ONCE);
            while let Some(footer) = footers.try_next().await? {
                total.n_rows += footer.n_rows;
                let earliest = total.oldest.into_iter().chain(footer.oldest).min();
                total.oldest = earliest;
                total.newest = total.newest.max(footer.newest);
            }
            total.n_files = files.len() as u64;
            total.size_bytes = files.iter().map(|file| file.size_bytes).sum();
            summary.insert(kind, total);
        }
        Ok(summary)
    }

    /// What waits in the journal.
    ///
    /// # Errors
    /// When its folder cannot be read.
    pub fn in_journal(&self) -> Result<InJournal> {
        let mut waiting = InJournal::default();
        for segment in journal::segments(self.journal())? {
            waiting.n_segments += 1;
            waiting.n_bytes += fs_err::metadata(segment)?.len();
        }
        Ok(waiting)
    }

    pub(crate) fn journal(&self) -> &Path {
        &self.journal
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn copies(&self) -> &Copies {
        &self.copies
    }

    pub(crate) fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first number that no segment or part of a run has.
    pub(crate) async fn next_number(&self, run_id: &str) -> Result<u32> {
        let mut taken = journal::segments(self.journal())?;
        let files = self.snapshot().await?.into_values().flatten();
        taken.extend(files.flat_map(|file| file.parts).map(PathBuf::from));
        let numbers = taken.iter().filter_map(|path| journal::name_parts(path));
        Ok(numbers
            .filter(|(run, _)| *run == run_id)
            .map(|(_, number)| number + 1)
            .max()
            .unwrap_or(0))
    }

    /// Turns a closed segment into parts and deletes it. Parts are named after their segment, so after a crash
    /// in between the ones that exist are those of this very segment, and are left alone.
    pub(crate) async fn publish(&self, segment: PathBuf) -> Result<Written> {
        let name = segment.file_stem().unwrap_or_default().to_string_lossy();
        let staging = Staging::new(self, &name);
        let (path, open) = (segment.clone(), staging.open());
        let parts = tokio::task::spawn_blocking(move || part::convert(&path, open)).await??;
        let mut written = Written::default();
        let manifest = self.manifest().await?.manifest;
        for (kind, file, n_rows) in parts.files {
            let location = StorePath::from(format!("{}/{name}.parquet", kind.name()));
            let part = format!("{name}.parquet");
            if self.store.has(&location).await? || manifest.stands_for(kind, &part) {
                continue;
            }
            self.bring_in(&location, file, &staging.path(kind)).await?;
            written.files += 1;
            written.observations += n_rows;
            written.by_kind.insert(kind, n_rows);
        }
        written.drift = parts.drift.into_iter().collect();
        if parts.is_damaged {
            tracing::warn!(segment = %segment.display(), "lines of the journal are unreadable; the segment is kept");
            fs_err::rename(&segment, segment.with_extension("damaged"))?;
        } else {
            fs_err::remove_file(&segment)?;
        }
        self.pending().remove(&segment);
        Ok(written)
    }
}

impl Written {
    /// Adds what was written elsewhere.
    pub fn add(&mut self, other: Self) {
        self.observations += other.observations;
        self.files += other.files;
        for (kind, n_rows) in other.by_kind {
            *self.by_kind.entry(kind).or_default() += n_rows;
        }
        for (path, n_odd) in other.drift {
            match self.drift.iter_mut().find(|(known, _)| *known == path) {
                Some((_, total)) => *total += n_odd,
                None => self.drift.push((path, n_odd)),
            }
        }
    }
}
