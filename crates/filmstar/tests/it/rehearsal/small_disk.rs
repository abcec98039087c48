use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

const MEGABYTE: u64 = 1 << 20;
/// What a failed run says of itself must find room.
const LEFT: u64 = 4 * MEGABYTE;

/// A disk of its own in memory, small enough to be filled.
pub(super) struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// `None`, with a line that says so, where this user may not mount one.
    pub(super) fn mount(folder: &Path, n_megabytes: u32) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let size = format!("size={n_megabytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder)
            .output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            println!("SKIPPED: no small disk can be mounted here, so that none is full");
            return None;
        }
        Some(Self {
            folder: folder.to_owned(),
        })
    }

    /// Takes all room but a little.
    pub(super) fn fill(&self) {
        let mut ballast = File::create(self.ballast()).unwrap();
        let block = vec![1; MEGABYTE as usize];
        while ballast.write_all(&block).is_ok() {}
        let length = ballast.metadata().unwrap().len();
        ballast.set_len(length.saturating_sub(LEFT)).unwrap();
    }

    /// Makes room again.
    pub(super) fn clear(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.folder).output();
        drop(unmounted);
    }
}
