//! Small parts into large ones, while others read: a merged part appears and those it stands for disappear by one
//! new file, the manifest. What was replaced is deleted later, when nobody can be reading it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use fs_err as fs;
use object_store::path::Path as StorePath;

use crate::{
    Fetched, Kind, Lake, LakeFile, Result,
    journal::Lock,
    manifest::{self, MERGED, Manifest},
    merge,
};

/// Longer than any compaction takes.
const OTHERS_AT_WORK: TimeDelta = TimeDelta::hours(24);

/// How to compact.
#[derive(Debug, Clone)]
pub struct CompactOptions {
    /// The name of this compaction, and so of the parts it makes: a plain word that no other has.
    pub id: String,
    /// The time.
    pub now: DateTime<Utc>,
    /// How long a part that was replaced stays for those who read it.
    pub grace: TimeDelta,
    /// The size to which parts are merged; those of half of it are left alone.
    pub target_bytes: u64,
}

/// Whether a file of this machine is still named by something that may read it.
pub type IsPinned = Arc<dyn Fn(&Path) -> bool + Send + Sync>;

/// What a compaction did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compacted {
    /// By raw table.
    pub merged: BTreeMap<Kind, MergedParts>,
    /// Parts that had been replaced and are deleted now.
    pub removed: Fetched,
    /// Parts that have been replaced and are kept for a while.
    pub n_waiting: u64,
    /// Of them, those that a build which is kept names.
    pub n_pinned: u64,
    /// Whether nothing was deleted because somebody is reading the lake.
    pub is_read: bool,
}

/// What became of a kind's small parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MergedParts {
    /// Parts before.
    pub n_before: u64,
    /// Their bytes.
    pub bytes_before: u64,
    /// Parts after.
    pub n_after: u64,
    /// Their bytes.
    pub bytes_after: u64,
    /// Observations in them.
    pub n_rows: u64,
}

/// The promise that parts stay as long as somebody reads them; given back when dropped.
#[derive(Debug)]
pub struct Reading(#[expect(dead_code, reason = "held for the lock on it")] std::fs::File);

impl Lake {
    /// Says that this process reads parts by a list that it has: none is deleted by another process of this
    /// machine meanwhile. On other machines the grace sees to that.
    ///
    /// # Errors
    /// When the folder of the journal cannot be written.
    pub fn reading(&self) -> Result<Reading> {
        let file = self.readers()?;
        file.lock_shared()?;
        Ok(Reading(file))
    }

    /// Merges small parts of every kind and deletes those that were replaced before, when their grace is over.
    /// Killed at any moment it leaves a lake with the same observations, and the next one goes on.
    ///
    /// # Errors
    /// When somebody writes to the lake, or a part is damaged, cannot be read, stored or deleted.
    pub async fn compact(
        &self,
        options: &CompactOptions,
        is_pinned: IsPinned,
        on_progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Compacted> {
        let purpose = format!("compaction {}", options.id);
        let lock = Arc::new(Lock::take(self.journal(), &purpose)?);
        self.recover_under(&lock).await?;
        self.settle_orphans(options.now).await?;
        let mut work = Vec::new();
        for (kind, files) in self.snapshot().await? {
            work.extend(groups(files, options.target_bytes).map(|group| (kind, group)));
        }
        let n_parts = work.iter().map(|(_, group)| group.len() as u64).sum();
        let mut compacted = Compacted::default();
        let mut n_done = 0;
        for (number, (kind, group)) in work.into_iter().enumerate() {
            on_progress(n_done, n_parts);
            n_done += group.len() as u64;
            let name = format!("{MERGED}{}-{number:04}.parquet", options.id);
            let keep_all: Drop = Arc::new(|_| false);
            let group_bytes = group.iter().map(|file| file.size_bytes).sum::<u64>();
            let n_before = group.len() as u64;
            if let Some(made) = self
                .replace(kind, group, &name, options.now, keep_all)
                .await?
            {
                let total = compacted.merged.entry(kind).or_default();
                total.n_before += n_before;
                total.bytes_before += group_bytes;
                total.n_after += 1;
                total.bytes_after += made.n_bytes;
                total.n_rows += made.n_rows;
            }
        }
        self.remove_replaced(options, &is_pinned, &mut compacted)
            .await?;
        drop(lock);
        Ok(compacted)
    }

    /// Makes one part of some, and lets it stand for them; `None` when another machine was quicker.
    pub(crate) async fn replace(
        &self,
        kind: Kind,
        sources: Vec<LakeFile>,
        name: &str,
        now: DateTime<Utc>,
        is_dropped: Drop,
    ) -> Result<Option<Made>> {
        self.fetch(&sources).await?;
        let staged = self.journal().join(format!("{name}.staged"));
        let mut options = fs::OpenOptions::new();
        options.create(true).truncate(true).read(true).write(true);
        let output = options.open(&staged)?;
        let scratch = self.journal().to_owned();
        let names: Vec<String> = sources.iter().map(|file| file.name.clone()).collect();
        let parts: Vec<String> = sources.iter().flat_map(|file| file.parts.clone()).collect();
        let work = move || merge::merge(kind, &sources, &scratch, output, &*is_dropped);
        let merged = match tokio::task::spawn_blocking(work).await? {
            Ok(merged) => merged,
            Err(error) => {
                fs::remove_file(&staged)?;
                return Err(error);
            }
        };
        let n_bytes = merged.file.metadata()?.len();
        let location = StorePath::from(format!("{}/{name}", kind.name()));
        self.bring_in(&location, merged.file, &staged).await?;
        if staged.exists() {
            fs::remove_file(&staged)?;
        }
        let entry = manifest::Merged {
            n_rows: merged.n_rows,
            parts,
        };
        let change = |manifest: &mut Manifest| {
            let entries = manifest.entries_mut(kind);
            if names.iter().any(|name| entries.replaced.contains_key(name)) {
                return false;
            }
            for replaced in &names {
                entries.merged.remove(replaced);
                entries.replaced.insert(replaced.clone(), now);
            }
            entries.merged.insert(name.to_owned(), entry.clone());
            true
        };
        if self.commit(change).await? {
            return Ok(Some(Made {
                n_bytes,
                n_rows: merged.n_rows,
                n_dropped: merged.n_dropped,
            }));
        }
        self.store().delete(&location).await?;
        Ok(None)
    }

    /// Deletes what was replaced long enough ago and nobody names any more.
    pub(crate) async fn remove_replaced(
        &self,
        options: &CompactOptions,
        is_pinned: &IsPinned,
        compacted: &mut Compacted,
    ) -> Result<()> {
        let manifest = self.manifest().await?.manifest;
        let readers = self.readers()?;
        compacted.is_read = readers.try_lock().is_err();
        let mut gone: Vec<(Kind, String)> = Vec::new();
        for kind in Kind::ALL {
            let replaced = manifest.entries(kind).map(|entries| &entries.replaced);
            if replaced.is_none_or(BTreeMap::is_empty) {
                continue;
            }
            let objects = self.store().list(kind.name()).await?;
            for (name, at) in replaced.into_iter().flatten() {
                let object = objects
                    .iter()
                    .find(|object| object.location.filename() == Some(name.as_str()));
                let Some(object) = object else {
                    gone.push((kind, name.clone()));
                    continue;
                };
                let names_copy = self.location().folder().is_none();
                let is_needed = !names_copy && is_pinned(&self.copies().path(object));
                compacted.n_pinned += u64::from(is_needed);
                if is_needed || compacted.is_read || options.now - *at < options.grace {
                    compacted.n_waiting += 1;
                    continue;
                }
                self.store().delete(&object.location).await?;
                compacted.removed.n_files += 1;
                compacted.removed.n_bytes += object.size;
                gone.push((kind, name.clone()));
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        let forget = |manifest: &mut Manifest| {
            for (kind, name) in &gone {
                manifest.entries_mut(*kind).replaced.remove(name);
            }
            true
        };
        self.commit(forget).await.map(drop)
    }

    /// Merged parts that no manifest names are of a compaction that was killed. They go when all that is in them
    /// is in visible parts, and else they are made visible.
    async fn settle_orphans(&self, now: DateTime<Utc>) -> Result<()> {
        let manifest = self.manifest().await?.manifest;
        for (kind, files) in self.snapshot().await? {
            let visible: BTreeSet<&String> = files.iter().flat_map(|file| &file.parts).collect();
            let known = manifest.entries(kind);
            let is_known = |name: &str| {
                known.is_some_and(|entries| {
                    entries.merged.contains_key(name) || entries.replaced.contains_key(name)
                })
            };
            for object in self.store().list(kind.name()).await? {
                let name = object.location.filename().unwrap_or_default().to_owned();
                // Of another machine, it may be one that is just being made.
                let is_young = now - object.last_modified < OTHERS_AT_WORK;
                let may_be_in_the_making = self.location().folder().is_none() && is_young;
                if !name.starts_with(MERGED) || is_known(&name) || may_be_in_the_making {
                    continue;
                }
                let orphan = self.file(name.clone(), Vec::new(), object);
                self.fetch(std::slice::from_ref(&orphan)).await?;
                let path = orphan.path.clone();
                let held = tokio::task::spawn_blocking(move || merge::parts_in(&path)).await??;
                if held.keys().all(|part| visible.contains(part)) {
                    self.store().delete(&orphan.location).await?;
                    continue;
                }
                if held.keys().any(|part| visible.contains(part)) {
                    tracing::warn!(
                        part = name,
                        "holds some of what other parts hold, and is left alone"
                    );
                    continue;
                }
                let entry = manifest::Merged {
                    n_rows: held.values().sum(),
                    parts: held.into_keys().collect(),
                };
                self.commit(|manifest| {
                    let merged = &mut manifest.entries_mut(kind).merged;
                    merged.insert(name.clone(), entry.clone());
                    true
                })
                .await?;
            }
        }
        Ok(())
    }

    /// Removes copies of parts that are no more, but for those that something names.
    ///
    /// # Errors
    /// When the lake cannot be listed, or a copy cannot be removed.
    pub async fn prune_copies(&self, is_pinned: &IsPinned) -> Result<Fetched> {
        if self.location().folder().is_some() {
            return Ok(Fetched::default());
        }
        let files = self.snapshot().await?;
        let readers = self.readers()?;
        if readers.try_lock().is_err() {
            return Ok(Fetched::default());
        }
        let kept: BTreeSet<_> = files
            .into_values()
            .flatten()
            .map(|file| file.path)
            .collect();
        self.copies()
            .prune(&|copy| kept.contains(copy) || is_pinned(copy))
    }

    /// The file that readers lock together, and who deletes alone.
    fn readers(&self) -> Result<std::fs::File> {
        fs::create_dir_all(self.journal())?;
        let mut options = fs::OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        Ok(options.open(self.journal().join("readers"))?.into_parts().0)
    }
}

/// Whether the observations of an id are left out.
pub(crate) type Drop = Arc<dyn Fn(i64) -> bool + Send + Sync>;

/// A part that now stands for others.
pub(crate) struct Made {
    pub(crate) n_bytes: u64,
    pub(crate) n_rows: u64,
    pub(crate) n_dropped: u64,
}

/// Small parts to be merged with each other, oldest run first.
fn groups(files: Vec<LakeFile>, target_bytes: u64) -> impl Iterator<Item = Vec<LakeFile>> {
    let mut groups = vec![Vec::new()];
    let mut n_bytes = 0;
    for file in files {
        if file.size_bytes > target_bytes / 2 {
            continue;
        }
        if n_bytes + file.size_bytes > target_bytes {
            groups.push(Vec::new());
            n_bytes = 0;
        }
        n_bytes += file.size_bytes;
        groups.last_mut().expect("there is always one").push(file);
    }
    groups.into_iter().filter(|group| group.len() > 1)
}

#[cfg(test)]
mod tests;
