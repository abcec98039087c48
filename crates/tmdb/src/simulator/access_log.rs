use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::FaultKind;

/// One line a request: path, HTTP status, bytes of the whole body, and the fault if there is one, with tabs between.
///
/// The path has no query, because a key may be in it.
pub(super) struct AccessLog(File);

impl AccessLog {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self(file))
    }

    /// Adds a line by one write, so that lines of requests side by side do not mix.
    pub(super) fn write(&self, path: &str, status: u16, n_bytes: usize, fault: Option<FaultKind>) {
        let fault = fault.map_or("", FaultKind::name);
        let line = format!("{path}\t{status}\t{n_bytes}\t{fault}\n");
        if let Err(error) = (&self.0).write_all(line.as_bytes()) {
            tracing::warn!("a line of the access log is lost: {error}");
        }
    }
}
