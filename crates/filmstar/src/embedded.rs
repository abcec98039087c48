//! What the binary carries with it: the dbt project and the dashboards.

use std::path::Path;

use fs_err as fs;
use include_dir::{Dir, DirEntry, include_dir};

/// The dbt project.
pub(crate) static DBT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../dbt");
/// The pages.
pub(crate) static DASHBOARDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../dashboards");

/// Folders that running dbt leaves behind; a source tree may have them.
const NOT_OURS: [&str; 4] = ["target", "logs", "dbt_packages", ".user.yml"];

/// Every file of an embedded folder with its path in there.
pub(crate) fn files(folder: &'static Dir<'static>) -> Vec<(&'static Path, &'static [u8])> {
    let mut files = Vec::new();
    for entry in folder.entries() {
        let name = entry.path().file_name().unwrap_or_default();
        if NOT_OURS.iter().any(|other| name == *other) {
            continue;
        }
        match entry {
            DirEntry::Dir(below) => files.extend(self::files(below)),
            DirEntry::File(file) => files.push((file.path(), file.contents())),
        }
    }
    files
}

/// Writes an embedded folder below `to`; files that are already there stay as they are.
/// Returns how many were written and how many kept.
pub(crate) fn write(folder: &Dir<'_>, to: &Path) -> std::io::Result<(usize, usize)> {
    let (mut written, mut kept) = (0, 0);
    fs::create_dir_all(to)?;
    for entry in folder.entries() {
        let Some(name) = entry.path().file_name() else {
            continue;
        };
        if NOT_OURS.iter().any(|other| name == *other) {
            continue;
        }
        let target = to.join(name);
        match entry {
            DirEntry::Dir(below) => {
                let (more_written, more_kept) = write(below, &target)?;
                written += more_written;
                kept += more_kept;
            }
            DirEntry::File(_) if target.exists() => kept += 1,
            DirEntry::File(file) => {
                fs::write(&target, file.contents())?;
                written += 1;
            }
        }
    }
    Ok((written, kept))
}
