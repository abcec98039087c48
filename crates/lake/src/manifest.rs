//! Which parts were merged into which: what makes a merged part visible and hides those that it replaces.
//!
//! Manifests are numbered and each is whole, so the newest is all there is to read. A number is given once: who
//! wants to add the next one and finds it there was overtaken, and begins again from what it says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use object_store::{ObjectMeta, path::Path as StorePath};
use serde::{Deserialize, Serialize};

use crate::{Error, Kind, Lake, LakeFile, Result};

const FOLDER: &str = "manifests";
const LAYOUT: u32 = 1;
/// Old ones are kept for a while, so that nobody who reads the newest but one finds it gone.
const KEPT: u64 = 8;
/// How often others may be quicker before something must be wrong.
const ATTEMPTS: usize = 20;
/// What a merged part's name begins with; without a manifest that names it, it is not there.
pub(crate) const MERGED: &str = "merged-";

/// What compaction has done to a lake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    layout: u32,
    /// By the name of the kind.
    kinds: BTreeMap<String, Entries>,
}

/// What it has done to a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entries {
    /// Merged parts that are visible.
    pub(crate) merged: BTreeMap<String, Merged>,
    /// Parts that are not visible any more, and since when. They are there until nobody can be reading them.
    pub(crate) replaced: BTreeMap<String, DateTime<Utc>>,
}

/// A part that stands for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Merged {
    pub(crate) n_rows: u64,
    /// Those it stands for, as runs wrote them: never merged ones.
    pub(crate) parts: Vec<String>,
}

/// A manifest with its number; 0 is that of a lake that was never compacted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbered {
    number: u64,
    pub(crate) manifest: Manifest,
}

impl Manifest {
    pub(crate) fn entries(&self, kind: Kind) -> Option<&Entries> {
        self.kinds.get(kind.name())
    }

    pub(crate) fn entries_mut(&mut self, kind: Kind) -> &mut Entries {
        self.kinds.entry(kind.name().to_owned()).or_default()
    }

    /// Whether a merged part stands for this one.
    pub(crate) fn stands_for(&self, kind: Kind, part: &str) -> bool {
        let merged = self.entries(kind).into_iter();
        let mut merged = merged.flat_map(|entries| entries.merged.values());
        merged.any(|merged| merged.parts.iter().any(|known| known == part))
    }

    /// The parts that a visible file stands for; `None` when it is not visible.
    pub(crate) fn parts_of(&self, kind: Kind, name: &str) -> Option<Vec<String>> {
        let entries = self.entries(kind);
        if entries.is_some_and(|entries| entries.replaced.contains_key(name)) {
            return None;
        }
        if name.starts_with(MERGED) {
            return Some(entries?.merged.get(name)?.parts.clone());
        }
        Some(vec![name.to_owned()])
    }
}

impl Lake {
    /// The parts of some kinds as they were together at one moment.
    pub(crate) async fn files_of(&self, kinds: &[Kind]) -> Result<BTreeMap<Kind, Vec<LakeFile>>> {
        for _ in 0..ATTEMPTS {
            let before = self.manifest().await?;
            let mut files = BTreeMap::new();
            for kind in kinds {
                files.insert(*kind, self.visible(*kind, &before.manifest).await?);
            }
            // A merge in between would have hidden what this listing counts on.
            if self.newest_number().await? == before.number {
                return Ok(files);
            }
        }
        Err(self.too_busy())
    }

    async fn visible(&self, kind: Kind, manifest: &Manifest) -> Result<Vec<LakeFile>> {
        let objects = self.store().list(kind.name()).await?;
        let mut files = Vec::new();
        for object in objects {
            let name = object.location.filename().unwrap_or_default().to_owned();
            if object.location.extension() != Some("parquet") {
                continue;
            }
            if let Some(parts) = manifest.parts_of(kind, &name) {
                files.push(self.file(name, parts, object));
            }
        }
        if let Some(entries) = manifest.entries(kind) {
            let there: BTreeSet<_> = files.iter().map(|file| file.name.as_str()).collect();
            if let Some(name) = entries
                .merged
                .keys()
                .find(|name| !there.contains(name.as_str()))
            {
                return Err(Error::MissingPart {
                    location: self.location().to_string(),
                    part: format!("{}/{name}", kind.name()),
                });
            }
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }

    pub(crate) fn file(&self, name: String, parts: Vec<String>, object: ObjectMeta) -> LakeFile {
        LakeFile {
            name,
            parts,
            path: self.copies().path(&object),
            size_bytes: object.size,
            location: object.location,
        }
    }

    /// The newest manifest.
    pub(crate) async fn manifest(&self) -> Result<Numbered> {
        for _ in 0..ATTEMPTS {
            let number = self.newest_number().await?;
            if number == 0 {
                return Ok(Numbered::default());
            }
            if let Some(manifest) = self.read_manifest(number).await? {
                return Ok(Numbered { number, manifest });
            }
        }
        Err(self.too_busy())
    }

    /// Changes the newest manifest; `change` says no when what it meant to change is not there any more.
    pub(crate) async fn commit(
        &self,
        mut change: impl FnMut(&mut Manifest) -> bool,
    ) -> Result<bool> {
        for _ in 0..ATTEMPTS {
            let Numbered {
                number,
                mut manifest,
            } = self.manifest().await?;
            manifest.layout = LAYOUT;
            if !change(&mut manifest) {
                return Ok(false);
            }
            let bytes = serde_json::to_vec(&manifest).map_err(std::io::Error::other)?;
            if self.store().put_new(&place(number + 1), bytes).await? {
                if let Some(old) = (number + 1).checked_sub(KEPT).filter(|old| *old > 0) {
                    self.store().delete(&place(old)).await?;
                }
                return Ok(true);
            }
        }
        Err(self.too_busy())
    }

    async fn newest_number(&self) -> Result<u64> {
        let objects = self.store().list(FOLDER).await?;
        let numbers = objects
            .iter()
            .filter_map(|object| number_of(&object.location));
        Ok(numbers.max().unwrap_or(0))
    }

    /// `None` when it has become too old to be kept since it was the newest.
    async fn read_manifest(&self, number: u64) -> Result<Option<Manifest>> {
        let place = place(number);
        if !self.store().has(&place).await? {
            return Ok(None);
        }
        let pieces: Vec<_> = self.store().read(&place).await?.try_collect().await?;
        let unusable = |message: String| Error::Manifest {
            location: self.location().to_string(),
            name: place.to_string(),
            message,
        };
        let manifest: Manifest = serde_json::from_slice(&pieces.concat())
            .map_err(|error| unusable(error.to_string()))?;
        if manifest.layout > LAYOUT {
            return Err(unusable(format!(
                "it has layout {}, and this release reads up to {LAYOUT}",
                manifest.layout
            )));
        }
        Ok(Some(manifest))
    }

    fn too_busy(&self) -> Error {
        Error::Held {
            location: self.location().to_string(),
            holder: "somebody who compacts it all the time".to_owned(),
        }
    }
}

fn place(number: u64) -> StorePath {
    StorePath::from(format!("{FOLDER}/{number:010}.json"))
}

fn number_of(location: &StorePath) -> Option<u64> {
    location.filename()?.strip_suffix(".json")?.parse().ok()
}
