//! The builds of a warehouse: written apart, published by one rename, kept for rollback.
//!
//! ```text
//! <warehouse>/builds/<build_id>/filmstar.duckdb   the database, so that its catalog is always `filmstar`
//! <warehouse>/builds/<build_id>/target/           what the run left: manifest.json, run_results.json, compiled SQL
//! <warehouse>/builds/<build_id>/published.json    once it was fit to be seen
//! <warehouse>/builds/<build_id>/withdrawn         once it was rolled back
//! <warehouse>/builds/<build_id>/lock              held by the process that writes it
//! <warehouse>/current -> builds/<build_id>        what readers see
//! ```

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use fs_err as fs;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, history::History};

#[cfg(test)]
mod tests;

const DATABASE_FILE: &str = "filmstar.duckdb";
const PUBLISHED_FILE: &str = "published.json";
const WITHDRAWN_FILE: &str = "withdrawn";
const LOCK_FILE: &str = "lock";
const ARTIFACTS_FOLDER: &str = "target";

/// The folder of a warehouse.
#[derive(Debug, Clone)]
pub struct Builds {
    folder: PathBuf,
}

/// A build in the making; nobody sees it. Dropped without [`Builds::publish`], it stays on disk until the
/// next [`Builds::begin`], so that a failed one can be looked at.
#[derive(Debug)]
pub struct Build {
    id: String,
    folder: PathBuf,
    // The operating system lets go of it when the process ends, however it ends.
    _lock: File,
}

/// A build that readers see, or saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its name.
    pub build_id: String,
    /// Its database file.
    pub path: PathBuf,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// A build that is still there, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBuild {
    /// Its name.
    pub build_id: String,
    /// What became of it.
    pub state: BuildState,
    /// Whether readers see it now.
    pub is_current: bool,
    /// When it was published, if it was.
    pub published_at: Option<DateTime<Utc>>,
}

/// What became of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildState {
    /// Readers saw it or see it.
    Published,
    /// It was published and rolled back.
    Withdrawn,
    /// It is being made, it failed, or its process was killed.
    Unpublished,
}

/// What this release writes. A model more is no new layout; one that readers of the file must know of is.
const LAYOUT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct PublishedFile {
    published_at: DateTime<Utc>,
    /// Builds of before it was written have the first.
    #[serde(default = "first_layout")]
    layout: u32,
}

fn first_layout() -> u32 {
    1
}

impl Build {
    /// Its name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The database file to write; it does not exist yet.
    pub fn path(&self) -> PathBuf {
        self.folder.join(DATABASE_FILE)
    }

    /// The folder for its artifacts; it does not exist yet.
    pub fn artifacts(&self) -> PathBuf {
        self.folder.join(ARTIFACTS_FOLDER)
    }
}

impl Builds {
    /// Opens a warehouse folder, creating it when missing.
    ///
    /// # Errors
    /// When the folder cannot be created.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("builds"))?;
        Ok(Self {
            folder: fs::canonicalize(folder)?,
        })
    }

    /// Starts a build and clears away unpublished ones whose process is gone.
    ///
    /// # Errors
    /// When a build of that name exists, the name is no plain word, or the folder cannot be written.
    pub fn begin(&self, build_id: &str) -> Result<Build> {
        let is_plain =
            |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        if build_id.is_empty() || build_id.starts_with('.') || !build_id.chars().all(is_plain) {
            return Err(Error::BuildName {
                build_id: build_id.to_owned(),
            });
        }
        let _guard = self.guard()?;
        self.clear_left_overs()?;
        let folder = self.build_folder(build_id);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Error::BuildExists {
                    build_id: build_id.to_owned(),
                });
            }
            created => created?,
        }
        let lock = File::create(folder.join(LOCK_FILE))?;
        lock.lock()?;
        Ok(Build {
            id: build_id.to_owned(),
            folder,
            _lock: lock,
        })
    }

    /// Makes a build the one that readers see. Its database must be closed.
    ///
    /// # Errors
    /// When the database is missing or still open, or the folder cannot be written; the current build then
    /// stays as it was.
    pub fn publish(&self, build: Build, published_at: DateTime<Utc>) -> Result<Published> {
        let _guard = self.guard()?;
        let path = build.path();
        // DuckDB folds its log into the file and removes it when the last connection closes.
        if !path.exists() || path.with_extension("duckdb.wal").exists() {
            return Err(Error::BuildUnfinished {
                build_id: build.id.clone(),
            });
        }
        let marker = PublishedFile {
            published_at,
            layout: LAYOUT,
        };
        let marker = serde_json::to_vec(&marker).map_err(io::Error::from)?;
        write_whole(&build.folder.join(PUBLISHED_FILE), &marker)?;
        self.point_at(&build.id)?;
        fs::remove_file(build.folder.join(LOCK_FILE))?;
        Ok(Published {
            build_id: build.id,
            path,
            published_at,
        })
    }

    /// The build that readers see now.
    ///
    /// # Errors
    /// When a newer release made it, or the folder cannot be read.
    pub fn current(&self) -> Result<Option<Published>> {
        let current = self.whatever_is_current()?;
        if let Some((build, layout)) = &current
            && *layout > LAYOUT
        {
            return Err(Error::TooNew {
                what: "published build",
                location: build.path.display().to_string(),
                found: *layout,
                known: LAYOUT,
            });
        }
        Ok(current.map(|(build, _)| build))
    }

    /// The same with its layout, which this release may not know.
    fn whatever_is_current(&self) -> Result<Option<(Published, u32)>> {
        match self.current_id()? {
            Some(build_id) => self.read_published(&build_id),
            None => Ok(None),
        }
    }

    /// The build that [`Builds::rollback`] would return to.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn previous(&self) -> Result<Option<Published>> {
        let Some((current, _)) = self.whatever_is_current()? else {
            return Ok(None);
        };
        let is_older = |build: &Published| order(build) < order(&current);
        Ok(self.published()?.into_iter().rfind(is_older))
    }

    /// Makes the previous build current again and withdraws the one that was; `None` when there is none to go
    /// back to.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn rollback(&self) -> Result<Option<Published>> {
        let _guard = self.guard()?;
        let (Some((current, _)), Some(previous)) = (self.whatever_is_current()?, self.previous()?)
        else {
            return Ok(None);
        };
        // Marked first: a crash in between leaves it current, and the next rollback goes to the same place.
        write_whole(
            &self.build_folder(&current.build_id).join(WITHDRAWN_FILE),
            b"",
        )?;
        self.point_at(&previous.build_id)?;
        Ok(Some(previous))
    }

    /// Deletes all builds that were once published but the current one and the `n_previous` before it, of these
    /// only as many as have `most_bytes` together with the current one; returns the names of the deleted ones. Who still reads a deleted one may finish.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn prune(&self, n_previous: usize, most_bytes: Option<u64>) -> Result<Vec<String>> {
        let _guard = self.guard()?;
        let Some(current) = self.current()? else {
            return Ok(Vec::new());
        };
        let mut kept: Vec<_> = self
            .published()?
            .into_iter()
            .filter(|build| order(build) < order(&current))
            .collect();
        kept.drain(..kept.len().saturating_sub(n_previous));
        if let Some(most_bytes) = most_bytes {
            let mut n_bytes = size(&current.path);
            let fits = |build: &&Published| {
                n_bytes = n_bytes.saturating_add(size(&build.path));
                n_bytes <= most_bytes
            };
            let n_fitting = kept.iter().rev().take_while(fits).count();
            kept.drain(..kept.len() - n_fitting);
        }
        kept.push(current);
        let mut deleted = Vec::new();
        for build_id in self.build_ids()? {
            let folder = self.build_folder(&build_id);
            let is_kept = kept.iter().any(|build| build.build_id == build_id);
            if !is_kept && folder.join(PUBLISHED_FILE).exists() {
                delete(&folder)?;
                deleted.push(build_id);
            }
        }
        Ok(deleted)
    }

    /// Every build that is still there, newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn kept(&self) -> Result<Vec<KeptBuild>> {
        let current = self.current_id()?;
        let mut builds = Vec::new();
        for build_id in self.build_ids()?.into_iter().rev() {
            let published = self.read_published(&build_id)?;
            let is_withdrawn = self.build_folder(&build_id).join(WITHDRAWN_FILE).exists();
            builds.push(KeptBuild {
                state: match published {
                    None => BuildState::Unpublished,
                    Some(_) if is_withdrawn => BuildState::Withdrawn,
                    Some(_) => BuildState::Published,
                },
                is_current: current.as_ref() == Some(&build_id),
                published_at: published.map(|(build, _)| build.published_at),
                build_id,
            });
        }
        Ok(builds)
    }

    /// A build's database file.
    pub fn database(&self, build_id: &str) -> PathBuf {
        self.build_folder(build_id).join(DATABASE_FILE)
    }

    /// Where a build keeps what its run left.
    pub fn artifacts(&self, build_id: &str) -> PathBuf {
        self.build_folder(build_id).join(ARTIFACTS_FOLDER)
    }

    /// The account of the runs that made them.
    ///
    /// # Errors
    /// When a newer release wrote it, or it cannot be read.
    pub fn history(&self) -> Result<History> {
        History::open(&self.folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name alone: one system call, cheap enough for every request.
    pub(crate) fn current_id(&self) -> Result<Option<String>> {
        match fs::read_link(self.folder.join("current")) {
            Ok(target) => Ok(target
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Published and never withdrawn, oldest first; without those of a newer release.
    fn published(&self) -> Result<Vec<Published>> {
        let mut builds = Vec::new();
        for build_id in self.build_ids()? {
            if !self.build_folder(&build_id).join(WITHDRAWN_FILE).exists() {
                let published = self.read_published(&build_id)?;
                let known = published.filter(|(_, layout)| *layout <= LAYOUT);
                builds.extend(known.map(|(build, _)| build));
            }
        }
        builds.sort_by(|one, other| order(one).cmp(&order(other)));
        Ok(builds)
    }

    fn read_published(&self, build_id: &str) -> Result<Option<(Published, u32)>> {
        let folder = self.build_folder(build_id);
        let marker = match fs::read(folder.join(PUBLISHED_FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let PublishedFile {
            published_at,
            layout,
        } = serde_json::from_slice(&marker).map_err(io::Error::from)?;
        let published = Published {
            build_id: build_id.to_owned(),
            path: folder.join(DATABASE_FILE),
            published_at,
        };
        Ok(Some((published, layout)))
    }

    fn clear_left_overs(&self) -> Result<()> {
        for build_id in self.build_ids()? {
            let folder = self.build_folder(&build_id);
            if !folder.join(PUBLISHED_FILE).exists() && !is_held(&folder.join(LOCK_FILE))? {
                tracing::info!(
                    build.id = build_id,
                    "removing a build that was never finished"
                );
                delete(&folder)?;
            }
        }
        Ok(())
    }

    fn build_ids(&self) -> Result<Vec<String>> {
        let entries = fs::read_dir(self.folder.join("builds"))?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    fn build_folder(&self, build_id: &str) -> PathBuf {
        self.folder.join("builds").join(build_id)
    }

    fn point_at(&self, build_id: &str) -> Result<()> {
        let next = self.folder.join("current.next");
        match fs::remove_file(&next) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => fs_err::os::unix::fs::symlink(Path::new("builds").join(build_id), &next)?,
        }
        fs::rename(&next, self.folder.join("current"))?;
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// Changes to the folder are made by one process at a time.
    fn guard(&self) -> Result<File> {
        let guard = File::create(self.folder.join(".lock"))?;
        guard.lock()?;
        Ok(guard)
    }
}

/// Of a database file; one that is not there has none.
fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |file| file.len())
}

fn order(build: &Published) -> (DateTime<Utc>, &str) {
    (build.published_at, &build.build_id)
}

pub(crate) fn is_held(lock: &Path) -> Result<bool> {
    let file = match File::open(lock) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

pub(crate) fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("tmp");
    fs::write(&unfinished, content)?;
    fs::rename(&unfinished, path)?;
    Ok(())
}

/// The marker goes first: a half-deleted build must not pass for a published one.
fn delete(folder: &Path) -> Result<()> {
    match fs::remove_file(folder.join(PUBLISHED_FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => fs::remove_dir_all(folder)?,
    }
    Ok(())
}
