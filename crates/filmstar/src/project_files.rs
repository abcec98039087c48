//! The files that `init` writes, and which of them the user has changed since: a record of hashes tells.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
};

use fs_err as fs;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::embedded;

/// The record, beside `filmstar.toml`; to be committed with the files.
pub(crate) const RECORD: &str = ".filmstar.json";
const LAYOUT: u32 = 1;

/// What stood in each file when `init` wrote it.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    layout: u32,
    /// The release that wrote last.
    version: String,
    /// Path below the project, and SHA-256.
    files: BTreeMap<String, String>,
}

/// What became of the files. Paths are relative to the project.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Outcome {
    /// Were not there.
    pub(crate) written: Vec<String>,
    /// Of an earlier release and as that wrote them: replaced.
    pub(crate) updated: Vec<String>,
    /// The same, left alone because nobody asked for an update.
    pub(crate) outdated: Vec<String>,
    /// Are not what any release known here wrote: left alone.
    pub(crate) changed: Vec<String>,
    /// Of an earlier release, no more part of this one and as it wrote them: removed, when an update was asked for.
    pub(crate) removed: Vec<String>,
    /// How many are as this release has them.
    pub(crate) n_current: usize,
}

/// The record was written by a newer release.
#[derive(Debug)]
pub(crate) struct Newer {
    pub(crate) version: String,
}

/// Writes what is missing below `project`, and with `is_update` replaces what no user has changed.
///
/// # Errors
/// What the file system said; [`Newer`] inside when a newer release was here.
pub(crate) fn bring(project: &Path, is_update: bool) -> io::Result<Result<Outcome, Newer>> {
    let file = project.join(RECORD);
    let record = match fs::read(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        read => Some(serde_json::from_slice::<Record>(&read?)?),
    };
    if let Some(newer) = record.as_ref().filter(|record| record.layout > LAYOUT) {
        return Ok(Err(Newer {
            version: newer.version.clone(),
        }));
    }
    let known = record.map(|record| record.files).unwrap_or_default();
    let (mut outcome, mut files) = (Outcome::default(), BTreeMap::new());
    let ours = ours();
    let names: BTreeSet<String> = ours.iter().map(|(name, _)| name.clone()).collect();
    for (name, content) in ours {
        let path = project.join(&name);
        let new = hash(content);
        let found = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            read => Some(hash(&read?)),
        };
        let before = known.get(&name);
        match found {
            None => {
                write(&path, content)?;
                outcome.written.push(name.clone());
            }
            Some(found) if found == new => outcome.n_current += 1,
            Some(found) if Some(&found) == before => {
                if is_update {
                    write(&path, content)?;
                    outcome.updated.push(name.clone());
                } else {
                    outcome.outdated.push(name.clone());
                    files.insert(name, found);
                    continue;
                }
            }
            // What it was when we wrote it stays known, in case the change is taken back.
            Some(_) => {
                outcome.changed.push(name.clone());
                if let Some(before) = before {
                    files.insert(name, before.clone());
                }
                continue;
            }
        }
        files.insert(name, new);
    }
    for (name, before) in known.iter().filter(|(name, _)| !names.contains(*name)) {
        let path = project.join(name);
        let is_untouched = fs::read(&path).is_ok_and(|found| hash(&found) == *before);
        if is_update && is_untouched {
            fs::remove_file(&path)?;
            outcome.removed.push(name.clone());
        } else if is_untouched {
            outcome.outdated.push(name.clone());
            files.insert(name.clone(), before.clone());
        }
    }
    let record = Record {
        layout: LAYOUT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        files,
    };
    let mut text = serde_json::to_string_pretty(&record)?;
    text.push('\n');
    write(&file, text.as_bytes())?;
    Ok(Ok(outcome))
}

/// Every file that the binary carries for a project, the dbt project first: its path and what is in it.
fn ours() -> Vec<(String, &'static [u8])> {
    let mut files = Vec::new();
    for (top, folder) in [
        ("dbt", &embedded::DBT),
        ("dashboards", &embedded::DASHBOARDS),
    ] {
        for (path, content) in embedded::files(folder) {
            let path: PathBuf = Path::new(top).join(path);
            files.push((path.to_string_lossy().into_owned(), content));
        }
    }
    files
}

fn hash(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// By a temporary file, so that a full disk leaves what was there.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_file_name(format!(
        ".{}.new",
        path.file_name().unwrap_or_default().to_string_lossy()
    ));
    fs::write(&unfinished, content)?;
    fs::rename(unfinished, path)
}

#[cfg(test)]
mod tests {
    use super::{Outcome, RECORD, bring, fs, hash};

    #[test]
    fn an_update_replaces_what_nobody_changed_and_leaves_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path();
        let bring = |is_update| bring(project, is_update).unwrap().unwrap();
        let first = bring(false);
        assert!(first.written.len() > 100, "{first:?}");
        assert_eq!(
            bring(true),
            Outcome {
                n_current: first.written.len(),
                ..Outcome::default()
            }
        );

        // An earlier release wrote other text into one file, and had one file more; the user changed two.
        let old = "dbt/models/marts/mart_movies.sql";
        let gone = "dbt/models/marts/mart_of_old.sql";
        let mine = "dashboards/genres/page.yml";
        let kept = "dbt/dbt_project.yml";
        for name in [old, gone, mine, kept] {
            fs::write(project.join(name), format!("-- {name}")).unwrap();
        }
        let record = fs::read_to_string(project.join(RECORD)).unwrap();
        let mut record: serde_json::Value = serde_json::from_str(&record).unwrap();
        for name in [old, gone] {
            record["files"][name] = hash(format!("-- {name}").as_bytes()).into();
        }
        fs::write(project.join(RECORD), record.to_string()).unwrap();

        let told = bring(false);
        assert_eq!(told.outdated, [old, gone]);
        assert_eq!(told.changed, [kept, mine]);
        let done = bring(true);
        assert_eq!(
            (done.updated, done.removed),
            (vec![old.to_owned()], vec![gone.to_owned()])
        );
        assert_eq!(done.changed, [kept, mine]);
        assert!(!project.join(gone).exists());
        assert_eq!(
            fs::read_to_string(project.join(mine)).unwrap(),
            format!("-- {mine}")
        );
        assert_eq!(bring(true).n_current, first.written.len() - 2);

        record["layout"] = 9.into();
        fs::write(project.join(RECORD), record.to_string()).unwrap();
        assert!(super::bring(project, true).unwrap().is_err());
    }
}
