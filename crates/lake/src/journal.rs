//! What has been observed but is not in a part yet: one line an observation, one file a segment.

use std::{
    borrow::Cow,
    fs::{File, TryLockError},
    io::{BufRead, BufReader, Read, Seek, Write},
    path::{Path, PathBuf},
};

use chrono::DateTime;
use fs_err as fs;
use serde::{Deserialize, Serialize};

use crate::{Error, Kind, Observation, Result};

const EXTENSION: &str = "jsonl";

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    kind: Cow<'a, str>,
    id: i64,
    fetched_at_us: i64,
    http_status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rejected: Option<Cow<'a, str>>,
    payload: Cow<'a, str>,
}

/// The right to write to a lake; given back when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held for the lock on it")] File);

impl Lock {
    /// Takes the lock of a journal folder, or says who has it.
    pub(crate) fn take(journal: &Path, purpose: &str) -> Result<Self> {
        fs::create_dir_all(journal)?;
        let path = journal.join("lock");
        let mut file = fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)?
            .into_parts()
            .0;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder)?;
                let location = journal.parent().unwrap_or(journal).display().to_string();
                return Err(Error::Held {
                    location,
                    holder: holder.trim().to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "process {} ({purpose})", std::process::id())?;
        Ok(Self(file))
    }
}

/// A segment being written.
#[derive(Debug)]
pub(crate) struct Segment {
    file: fs::File,
    path: PathBuf,
    n_bytes: u64,
    n_observations: u64,
}

impl Segment {
    pub(crate) fn create(journal: &Path, run_id: &str, number: u32) -> Result<Self> {
        let path = journal.join(format!("{run_id}-{number:04}.{EXTENSION}"));
        let file = fs::OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(&path)?;
        Ok(Self {
            file,
            path,
            n_bytes: 0,
            n_observations: 0,
        })
    }

    /// Adds one line by one write, so that a killed process leaves whole lines and at most one torn one.
    pub(crate) fn append(&mut self, observation: &Observation) -> Result<()> {
        let line = Line {
            kind: observation.kind.name().into(),
            id: observation.id,
            fetched_at_us: observation.fetched_at.timestamp_micros(),
            http_status: observation.http_status,
            rejected: observation.rejected.as_deref().map(Cow::from),
            payload: observation.payload.as_str().into(),
        };
        let failed = |error: &dyn ToString| Error::Journal {
            path: self.path.clone(),
            message: error.to_string(),
        };
        let mut bytes = serde_json::to_vec(&line).map_err(|error| failed(&error))?;
        bytes.push(b'\n');
        if let Err(error) = self.file.write_all(&bytes) {
            // On a full disk half a line may be there; the next one must not be glued to it.
            let undone = self.file.file().set_len(self.n_bytes);
            return Err(failed(&undone.err().unwrap_or(error)));
        }
        self.n_bytes += bytes.len() as u64;
        self.n_observations += 1;
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    pub(crate) fn n_observations(&self) -> u64 {
        self.n_observations
    }

    /// Ends the segment, on disk for good; returns its path.
    pub(crate) fn close(self) -> Result<PathBuf> {
        self.file.sync_data()?;
        Ok(self.path)
    }
}

/// The segments in a journal folder, oldest first within a run.
pub(crate) fn segments(journal: &Path) -> Result<Vec<PathBuf>> {
    if !journal.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(journal)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == EXTENSION)
    });
    paths.sort();
    Ok(paths)
}

/// Run and number in the name of a segment or part.
pub(crate) fn name_parts(path: &Path) -> Option<(&str, u32)> {
    let (run_id, number) = path.file_stem()?.to_str()?.rsplit_once('-')?;
    Some((run_id, number.parse().ok()?))
}

/// Reads a segment, line by line.
pub(crate) struct Lines {
    file: BufReader<fs::File>,
    buffer: Vec<u8>,
    /// Lines that are no observation, except a torn last one: damage to the file.
    pub(crate) n_damaged: u64,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Ok(Self {
            file: BufReader::with_capacity(1 << 20, fs::File::open(path)?),
            buffer: Vec::new(),
            n_damaged: 0,
        })
    }
}

impl Iterator for Lines {
    type Item = Result<Observation>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.buffer.clear();
            match self.file.read_until(b'\n', &mut self.buffer) {
                Err(error) => return Some(Err(error.into())),
                // Without its end the line was in flight when the process was killed.
                Ok(_) if self.buffer.last() != Some(&b'\n') => return None,
                Ok(_) => match observation(&self.buffer) {
                    Some(observation) => return Some(Ok(observation)),
                    None => self.n_damaged += 1,
                },
            }
        }
    }
}

fn observation(line: &[u8]) -> Option<Observation> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    Some(Observation {
        kind: Kind::ALL
            .into_iter()
            .find(|kind| kind.name() == line.kind)?,
        id: line.id,
        fetched_at: DateTime::from_timestamp_micros(line.fetched_at_us)?,
        http_status: line.http_status,
        payload: line.payload.into_owned(),
        rejected: line.rejected.map(Cow::into_owned),
    })
}
