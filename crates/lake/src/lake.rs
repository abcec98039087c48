use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::TryStreamExt as _;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt as _, local::LocalFileSystem};
use parquet::{arrow::arrow_reader::ParquetRecordBatchReaderBuilder, file::reader::ChunkReader};

use crate::{
    Error, Kind, Newest, Result, Seen, Writer, WriterOptions,
    journal::{self, Lock},
    newest::Gathering,
    part,
};

#[cfg(test)]
mod tests;

/// A folder of observations. It only ever gains files, and a file never changes.
#[derive(Debug, Clone)]
pub struct Lake {
    root: PathBuf,
    store: Arc<dyn ObjectStore>,
    pending: Arc<Mutex<Pending>>,
}

/// By segment: what writers of this process have appended and no part holds yet.
type Pending = BTreeMap<PathBuf, HashMap<(Kind, i64), Seen>>;

/// A part: some observations of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeFile {
    /// Absolute.
    pub path: PathBuf,
    /// On disk.
    pub size_bytes: u64,
    location: object_store::path::Path,
}

/// How much a lake holds of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KindSummary {
    /// Observations.
    pub n_rows: u64,
    /// Parts.
    pub n_files: u64,
    /// Of the parts on disk.
    pub size_bytes: u64,
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
        let store = Arc::new(LocalFileSystem::new_with_prefix(&root)?.with_fsync(true));
        Ok(Self {
            root,
            store,
            pending: Arc::default(),
        })
    }

    /// A writer for one run, the only one of this lake as long as it lives.
    ///
    /// # Errors
    /// When somebody else writes to the lake, or the run's name is no plain word.
    pub fn writer(&self, run_id: &str, options: WriterOptions) -> Result<Writer> {
        let is_plain =
            |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        if run_id.is_empty() || run_id.starts_with('.') || !run_id.chars().all(is_plain) {
            return Err(Error::RunName {
                run_id: run_id.to_owned(),
            });
        }
        let lock = Lock::take(&self.journal(), &format!("run {run_id}"))?;
        Ok(Writer::new(self.clone(), run_id.to_owned(), options, lock))
    }

    /// Turns what killed runs left in the journal into parts. To be called before a run reads what the lake
    /// has; doing it again does nothing.
    ///
    /// # Errors
    /// When somebody writes to the lake just now, or files cannot be read or written.
    pub async fn recover(&self) -> Result<Written> {
        let lock = Lock::take(&self.journal(), "recovery")?;
        self.remove_staged()?;
        let mut written = Written::default();
        for segment in journal::segments(&self.journal())? {
            written.add(self.publish(segment).await?);
        }
        drop(lock);
        Ok(written)
    }

    /// The parts of a kind, oldest run first.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub async fn files(&self, kind: Kind) -> Result<Vec<LakeFile>> {
        let prefix = object_store::path::Path::from(kind.name());
        let objects: Vec<_> = self.store.list(Some(&prefix)).try_collect().await?;
        let file = |object: object_store::ObjectMeta| LakeFile {
            path: self.root.join(object.location.as_ref()),
            size_bytes: object.size,
            location: object.location,
        };
        let mut files: Vec<_> = objects.into_iter().map(file).collect();
        files.retain(|file| {
            file.path
                .extension()
                .is_some_and(|extension| extension == "parquet")
        });
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
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
        for file in self.files(kind).await? {
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
        for file in self.files(Kind::Quarantine).await? {
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
        for kind in Kind::ALL {
            let mut total = KindSummary::default();
            for file in self.files(kind).await? {
                total.n_files += 1;
                total.size_bytes += file.size_bytes;
                let n_rows = match self.store.get(&file.location).await?.payload {
                    GetResultPayload::File(file, _) => count_rows(file)?,
                    GetResultPayload::Stream(_) => {
                        count_rows(self.store.get(&file.location).await?.bytes().await?)?
                    }
                };
                total.n_rows += n_rows;
            }
            summary.insert(kind, total);
        }
        Ok(summary)
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    pub(crate) fn store(&self) -> &dyn ObjectStore {
        &self.store
    }

    pub(crate) fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first number that no segment or part of a run has.
    pub(crate) async fn next_number(&self, run_id: &str) -> Result<u32> {
        let mut taken = journal::segments(&self.journal())?;
        for kind in Kind::ALL {
            taken.extend(self.files(kind).await?.into_iter().map(|file| file.path));
        }
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
        let path = segment.clone();
        let parts = tokio::task::spawn_blocking(move || part::convert(&path)).await??;
        let mut written = Written::default();
        let name = segment.file_stem().unwrap_or_default().to_string_lossy();
        for (kind, bytes) in parts.files {
            let location =
                object_store::path::Path::from(format!("{}/{name}.parquet", kind.name()));
            match self.store.head(&location).await {
                Ok(_) => continue,
                Err(object_store::Error::NotFound { .. }) => {
                    self.store.put(&location, bytes.into()).await?
                }
                Err(error) => return Err(error.into()),
            };
            let n_rows = parts.n_rows.get(&kind).copied().unwrap_or_default();
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

fn count_rows(file: impl ChunkReader + 'static) -> Result<u64> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)?;
    Ok(u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or_default())
}
