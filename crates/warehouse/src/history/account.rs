//! Writing a run's account: one `write` a line, and no line is ever changed.

use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use fs_err as fs;
use serde::Serialize;

use super::{
    rows::{self, Measure, NodeResult, Row, Run, Step},
    tables,
};
use crate::Result;

pub(super) const LOCK_FILE: &str = "lock";
pub(super) const LOG_FILE: &str = "log.jsonl";
/// Who finds that a run was killed has the last word.
const LAST: u32 = u32::MAX;

/// A run's account, open for as long as the run is at work.
#[derive(Debug)]
pub struct Account {
    folder: PathBuf,
    /// Rows of one key are told apart by it: the highest counts.
    revision: AtomicU32,
    // The operating system lets go of it when the process ends, however it ends.
    _lock: File,
}

#[derive(Serialize)]
struct Line<'a, R> {
    #[serde(flatten)]
    row: &'a R,
    revision: u32,
}

impl Account {
    pub(super) fn begin(folder: PathBuf, run: &Run) -> Result<Self> {
        fs::create_dir(&folder)?;
        let lock = File::create(folder.join(LOCK_FILE))?;
        lock.lock()?;
        for table in tables::ALL {
            File::create(folder.join(table.file()))?;
        }
        let account = Self {
            folder,
            revision: AtomicU32::new(0),
            _lock: lock,
        };
        account.run(run)?;
        Ok(account)
    }

    /// The file for what the run says.
    pub fn log(&self) -> PathBuf {
        self.folder.join(LOG_FILE)
    }

    /// The run as it stands now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn run(&self, run: &Run) -> Result<()> {
        self.append(std::slice::from_ref(run))
    }

    /// A step as it stands now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn step(&self, step: &Step) -> Result<()> {
        self.append(std::slice::from_ref(step))
    }

    /// How nodes ended.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn node_results(&self, results: &[NodeResult]) -> Result<()> {
        self.append(results)
    }

    /// What was counted.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn measures(&self, measures: &[Measure]) -> Result<()> {
        self.append(measures)
    }

    fn append<R: Row>(&self, rows: &[R]) -> Result<()> {
        append(&self.folder, rows, || {
            self.revision.fetch_add(1, Ordering::Relaxed)
        })
    }
}

/// Writes down that a run was killed.
pub(super) fn settle(folder: &Path, run: &Run) -> Result<()> {
    append(folder, std::slice::from_ref(run), || LAST)
}

fn append<R: Row>(folder: &Path, rows: &[R], mut revision: impl FnMut() -> u32) -> Result<()> {
    let mut text = Vec::new();
    for row in rows {
        let line = Line {
            row,
            revision: revision(),
        };
        serde_json::to_writer(&mut text, &line).map_err(io::Error::from)?;
        text.push(b'\n');
    }
    let mut file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.join(rows::file::<R>()))?;
    // After a line that broke off (a full disk) begins a new one.
    if !ends_a_line(file.path())? {
        text.insert(0, b'\n');
    }
    file.write_all(&text)?;
    Ok(())
}

fn ends_a_line(file: &Path) -> io::Result<bool> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut file = fs::File::open(file)?;
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}
