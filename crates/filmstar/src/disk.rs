//! Room on the disk, looked at before it is needed.

use std::path::Path;

use crate::{failure::Failure, printer::bytes, project::shown};

/// Left free beside what is expected: logs, the journal, other programs.
const RESERVE: u64 = 100 << 20;

/// Bytes that this user may still write where a folder is, or will be; `None` when the system does not tell.
pub(crate) fn free(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|folder| folder.is_dir())?;
    let found = rustix::fs::statvfs(existing).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Half of what is free, as DuckDB spells sizes: what one query may take for itself.
pub(crate) fn half_of_free(folder: &Path) -> Option<String> {
    free(folder).map(|n_bytes| format!("{} MiB", (n_bytes / 2) >> 20))
}

/// Refuses what needs more room than there is.
pub(crate) fn expect_room(folder: &Path, n_bytes: u64, what: &str) -> Result<(), Failure> {
    let needed = n_bytes.saturating_add(RESERVE);
    match free(folder) {
        Some(free) if free < needed => Err(Failure::world(format!(
            "{what} needs about {} in `{}`, and {} are free",
            bytes(needed),
            shown(folder),
            bytes(free)
        ))
        .hint("make room, or keep fewer builds with `build.keep` and `build.keep_bytes`; nothing was changed")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{expect_room, free};

    #[test]
    fn a_folder_that_is_not_there_yet_has_the_room_of_where_it_will_be() {
        let folder = tempfile::tempdir().unwrap();
        let later = folder.path().join("a/b");
        assert!(free(&later).is_some());
        expect_room(&later, 0, "a test").unwrap();
        let refused = expect_room(&later, u64::MAX / 2, "a build").unwrap_err();
        assert!(
            refused.to_string().starts_with("a build needs about "),
            "{refused}"
        );
    }
}
