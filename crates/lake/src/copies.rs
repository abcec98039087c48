//! A lake on an object store as files of this machine: databases read those, and need no way to the store.
//!
//! A part never changes, so a copy is good as long as the part is there. Its name holds the store's tag of the
//! contents; should somebody have replaced a part after all, the copy of the other contents is not taken for it.

use std::path::{Path, PathBuf};

use fs_err as fs;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use object_store::{ObjectMeta, path::Path as StorePath};
use tokio::io::AsyncWriteExt as _;

use crate::{Fetched, LakeFile, Result, store::Store};

/// Files that are on their way at once.
const SIDE_BY_SIDE: usize = 8;
/// Tags are hashes; what is longer is cut.
const LONGEST_TAG: usize = 48;
/// A copy that is not whole yet.
const UNFINISHED: &str = "fetching";

#[derive(Debug, Clone)]
pub(crate) struct Copies {
    root: PathBuf,
    /// Whether the lake's own files are elsewhere.
    is_remote: bool,
}

impl Copies {
    /// A lake that is on this machine itself.
    pub(crate) fn none(root: PathBuf) -> Self {
        Self {
            root,
            is_remote: false,
        }
    }

    pub(crate) fn at(root: PathBuf) -> Self {
        Self {
            root,
            is_remote: true,
        }
    }

    /// Where a file of the lake is on this machine, or will be.
    pub(crate) fn path(&self, object: &ObjectMeta) -> PathBuf {
        if !self.is_remote {
            return self.root.join(object.location.as_ref());
        }
        let tag = object.e_tag.clone().unwrap_or_else(|| {
            let changed = object.last_modified.timestamp_micros();
            format!("{changed}-{}", object.size)
        });
        self.tagged(&object.location, &tag)
    }

    fn tagged(&self, location: &StorePath, tag: &str) -> PathBuf {
        let plain = tag
            .chars()
            .filter(|character| character.is_ascii_alphanumeric() || *character == '-');
        let tag: String = plain.take(LONGEST_TAG).collect();
        let name = location.as_ref();
        let name = name.strip_suffix(".parquet").unwrap_or(name);
        self.root.join(format!("{name}.{tag}.parquet"))
    }

    pub(crate) async fn fetch(&self, store: &Store, files: &[LakeFile]) -> Result<Fetched> {
        if !self.is_remote {
            return Ok(Fetched::default());
        }
        let missing = files.iter().filter(|file| !is_whole(file));
        let fetched: Vec<u64> = stream::iter(missing)
            .map(|file| bring(store, file))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        Ok(Fetched {
            n_files: fetched.len() as u64,
            n_bytes: fetched.iter().sum(),
        })
    }

    /// Keeps the file that a part was uploaded from as its copy.
    pub(crate) fn keep(&self, location: &StorePath, tag: Option<&str>, file: &Path) -> Result<()> {
        let Some(tag) = tag.filter(|_| self.is_remote) else {
            return Ok(());
        };
        let path = self.tagged(location, tag);
        fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
        Ok(fs::rename(file, path)?)
    }

    /// Removes copies that are not among those to keep, and that nobody reads; returns how many and their bytes.
    pub(crate) fn prune(&self, is_kept: &dyn Fn(&Path) -> bool) -> Result<Fetched> {
        let mut pruned = Fetched::default();
        if !self.is_remote || !self.root.is_dir() {
            return Ok(pruned);
        }
        for folder in fs::read_dir(&self.root)? {
            let folder = folder?.path();
            if !folder.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder)? {
                let file = file?;
                if !is_kept(&file.path()) {
                    pruned.n_files += 1;
                    pruned.n_bytes += file.metadata()?.len();
                    fs::remove_file(file.path())?;
                }
            }
        }
        Ok(pruned)
    }
}

fn is_whole(file: &LakeFile) -> bool {
    fs::metadata(&file.path).is_ok_and(|copy| copy.len() == file.size_bytes)
}

/// Fetches one file, to be seen under its name only when it is whole.
async fn bring(store: &Store, file: &LakeFile) -> Result<u64> {
    let folder = file.path.parent().unwrap_or(&file.path);
    fs::create_dir_all(folder)?;
    // Two processes may bring the same file; each brings its own, and the last rename wins with the same bytes.
    let unfinished = file
        .path
        .with_extension(format!("{}.{UNFINISHED}", std::process::id()));
    let mut copy = tokio::fs::File::create(&unfinished).await?;
    let mut pieces = store.read(&file.location).await?;
    let mut n_bytes = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        n_bytes += piece.len() as u64;
        copy.write_all(&piece).await?;
    }
    copy.flush().await?;
    copy.sync_data().await?;
    drop(copy);
    fs::rename(&unfinished, &file.path)?;
    Ok(n_bytes)
}
