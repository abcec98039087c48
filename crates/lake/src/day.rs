//! A day's export as one part: millions of rows that are all there, or none of them.

use std::{
    collections::BTreeSet,
    fmt,
    io::{Read as _, Seek as _},
    path::PathBuf,
    sync::Arc,
};

use chrono::NaiveDate;
use fs_err as fs;
use futures::{StreamExt as _, stream};
use object_store::path::Path;

use crate::{
    Kind, Lake, Observation, Result, Written, journal::Lock, part::Conversion, table::Origin,
};

/// What is not yet in the lake; beside the journal, but no segment of it.
pub(crate) const STAGED: &str = "staged";
/// A piece of an upload: what object stores take, and little memory.
const PIECE_BYTES: u64 = 8 << 20;

/// Adds one day's export of one kind to a lake.
///
/// It goes past the journal, because it can be asked for again: nothing of it is in the lake before
/// [`DayWriter::finish`], and nothing is left of it when it is dropped.
pub struct DayWriter {
    lake: Lake,
    kind: Kind,
    day: NaiveDate,
    run_id: String,
    conversion: Conversion<fs::File, Open>,
    staging: Staging,
    // The lake is not free as long as somebody adds to it.
    _lock: Arc<Lock>,
}

impl fmt::Debug for DayWriter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DayWriter")
            .field("kind", &self.kind)
            .field("day", &self.day)
            .finish_non_exhaustive()
    }
}

impl DayWriter {
    pub(crate) fn new(
        lake: Lake,
        lock: Arc<Lock>,
        run_id: &str,
        kind: Kind,
        day: NaiveDate,
    ) -> Self {
        let staging = Staging::new(&lake, &format!("{run_id}-{}-{day}", kind.name()));
        let origin = Origin {
            run_id: run_id.to_owned(),
            export_date: Some(day),
        };
        let open = staging.open();
        Self {
            lake,
            kind,
            day,
            run_id: run_id.to_owned(),
            conversion: Conversion::new(origin, open),
            staging,
            _lock: lock,
        }
    }

    /// Adds a row, or to quarantine what was rejected.
    ///
    /// # Errors
    /// When the disk refuses it.
    pub fn append(&mut self, observation: Observation) -> Result<()> {
        self.conversion.add(observation)
    }

    /// Makes the day visible.
    ///
    /// # Errors
    /// When a part cannot be written; the day is not in the lake then.
    pub async fn finish(self) -> Result<Written> {
        let conversion = self.conversion;
        let converted = tokio::task::spawn_blocking(move || conversion.finish()).await??;
        let mut files = converted.files;
        // The day itself comes last: once it is there, nobody asks for what was rejected again.
        files.sort_by_key(|(kind, ..)| *kind == self.kind);
        if files.iter().all(|(kind, ..)| *kind != self.kind) {
            return Err(crate::Error::EmptyDay {
                kind: self.kind.name(),
                day: self.day,
            });
        }
        let mut written = Written {
            drift: converted.drift.into_iter().collect(),
            ..Written::default()
        };
        for (kind, file, n_rows) in files {
            let name = if kind == self.kind {
                format!("{}-{}", self.run_id, self.day)
            } else {
                format!("{}-{}-{}", self.run_id, self.kind.name(), self.day)
            };
            let location = Path::from(format!("{}/{name}.parquet", kind.name()));
            self.lake
                .bring_in(&location, file, &self.staging.path(kind))
                .await?;
            written.files += 1;
            written.observations += n_rows;
            written.by_kind.insert(kind, n_rows);
        }
        drop(self.staging);
        Ok(written)
    }
}

/// Where parts are made, a file a kind; what is left there is removed with the value.
pub(crate) struct Staging {
    prefix: PathBuf,
}

/// Begins the part of a kind.
pub(crate) type Open = Box<dyn FnMut(Kind) -> Result<fs::File> + Send>;

impl Staging {
    pub(crate) fn new(lake: &Lake, name: &str) -> Self {
        Self {
            prefix: lake.journal().join(name),
        }
    }

    pub(crate) fn open(&self) -> Open {
        let prefix = self.prefix.clone();
        Box::new(move |kind| {
            let mut options = fs::OpenOptions::new();
            options.create(true).truncate(true).read(true).write(true);
            Ok(options.open(staged(&prefix, kind))?)
        })
    }

    pub(crate) fn path(&self, kind: Kind) -> PathBuf {
        staged(&self.prefix, kind)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        for kind in Kind::ALL {
            let file = self.path(kind);
            if file.exists() {
                // What stays is removed by the next recovery.
                let _ = fs::remove_file(file);
            }
        }
    }
}

fn staged(prefix: &std::path::Path, kind: Kind) -> PathBuf {
    let mut name = prefix.as_os_str().to_owned();
    name.push(format!(".{}.{STAGED}", kind.name()));
    name.into()
}

impl Lake {
    /// Puts a part that was staged into the lake, and keeps it as the copy where the lake is elsewhere, so that
    /// nobody has to fetch what was made here.
    pub(crate) async fn bring_in(
        &self,
        location: &Path,
        file: fs::File,
        staged: &std::path::Path,
    ) -> Result<()> {
        let tag = self.upload(location, file).await?;
        self.copies().keep(location, tag.as_deref(), staged)
    }

    /// Puts a file into the lake, a large one piece by piece; it is there when the last one is.
    async fn upload(&self, location: &Path, mut file: fs::File) -> Result<Option<String>> {
        file.rewind()?;
        if file.metadata()?.len() <= PIECE_BYTES {
            let read = move || {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).map(|_| bytes)
            };
            let bytes = tokio::task::spawn_blocking(read).await??;
            return self.store().put(location, bytes.into()).await;
        }
        let pieces = stream::try_unfold(file, |mut file| async move {
            let read = move || {
                let mut piece = Vec::new();
                let read = file.by_ref().take(PIECE_BYTES).read_to_end(&mut piece);
                read.map(|_| (!piece.is_empty()).then_some((piece, file)))
            };
            Result::Ok(tokio::task::spawn_blocking(read).await??)
        });
        self.store().upload(location, pieces.boxed()).await
    }

    /// The days of which the lake has the whole export.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub async fn export_days(&self, kind: Kind) -> Result<BTreeSet<NaiveDate>> {
        let files = self.files(kind).await?;
        Ok(files
            .iter()
            .flat_map(|file| &file.parts)
            .filter_map(|part| day_of(part))
            .collect())
    }

    /// Removes what a killed run left of a day. The caller holds the lock.
    pub(crate) fn remove_staged(&self) -> Result<()> {
        for entry in fs::read_dir(self.journal())? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == STAGED)
            {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// The day that the name of a part ends with.
pub(crate) fn day_of(part: &str) -> Option<NaiveDate> {
    let name = part.strip_suffix(".parquet")?;
    let day = name.get(name.len().checked_sub(10)?..)?;
    NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests;
