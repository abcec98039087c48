//! The daily ID exports: every film and person there is, with the popularity of the day, one a line; and the names
//! of everything else that has an id.

use std::fmt;
use std::io::{self, Write as _};

use backon::{ExponentialBuilder, Retryable};
use chrono::{DateTime, Days, NaiveDate, Timelike, Utc};
use flate2::write::MultiGzDecoder;
use reqwest::redirect::Policy;
use reqwest::{Response, Url};
use serde::Deserialize;

use crate::client::{base_client, parse_http_url};
use crate::decode::decode;
use crate::{Clock, DecodeError, Error, Patience};

/// When a day's files are there, in UTC.
const PUBLISHED_HOUR: u32 = 8;
/// How long TMDB keeps the files.
const KEPT_DAYS: u64 = 90;
/// No line of an export is near this long.
const LONGEST_LINE_BYTES: usize = 1 << 20;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What a daily export lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Films, adult ones apart.
    Movies,
    /// People, adult performers apart.
    People,
    /// Films for adults.
    AdultMovies,
    /// Collections; these three lists have names and no popularity.
    Collections,
    /// Production companies.
    Companies,
    /// Keywords.
    Keywords,
}

impl Export {
    /// The file of a day.
    pub fn file_name(self, day: NaiveDate) -> String {
        let name = match self {
            Self::Movies => "movie_ids",
            Self::People => "person_ids",
            Self::AdultMovies => "adult_movie_ids",
            Self::Collections => "collection_ids",
            Self::Companies => "production_company_ids",
            Self::Keywords => "keyword_ids",
        };
        format!("{name}_{}.json.gz", day.format("%m_%d_%Y"))
    }
}

/// The days whose files should be there, newest first: `n_days` at most, and none older than TMDB keeps.
pub fn export_days(now: DateTime<Utc>, n_days: u32) -> impl Iterator<Item = NaiveDate> {
    let not_yet = u64::from(now.hour() < PUBLISHED_HOUR);
    let n_days = u64::from(n_days).min(KEPT_DAYS);
    (not_yet..not_yet + n_days)
        .filter_map(move |ago| now.date_naive().checked_sub_days(Days::new(ago)))
}

/// Fetches exports. It has no credential, because the files are public and on another host.
#[derive(Clone)]
pub struct Exports {
    http: reqwest::Client,
    base_url: Url,
    backoff: ExponentialBuilder,
    clock: Clock,
}

impl fmt::Debug for Exports {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Exports")
            .field("base_url", &self.base_url.as_str())
            .finish_non_exhaustive()
    }
}

impl Exports {
    /// Sets up a client of the folder that holds the files; nothing is sent yet.
    pub fn new(base_url: &str, patience: &Patience, clock: Clock) -> Result<Self, Error> {
        let base_url = parse_http_url(base_url)?;
        let http = base_client(&base_url, patience.attempt_timeout)
            // Of the wait for the next piece: the whole file may take its time.
            .read_timeout(patience.attempt_timeout)
            .redirect(Policy::limited(3))
            // The file itself is packed, and is to come as it is.
            .no_gzip()
            .build()
            .map_err(|error| Error::Build(error.without_url()))?;
        Ok(Self {
            http,
            base_url,
            backoff: patience.backoff(),
            clock,
        })
    }

    /// Begins to fetch the export of a day, trying again where that may help.
    pub async fn open(&self, export: Export, day: NaiveDate) -> Result<ExportFile, Error> {
        let file = export.file_name(day);
        (|| self.attempt(&file))
            .retry(self.backoff)
            .when(Error::is_transient)
            .notify(|error, pause| {
                tracing::debug!(file, pause_ms = pause.as_millis(), "retrying: {error}");
            })
            .await
    }

    async fn attempt(&self, file: &str) -> Result<ExportFile, Error> {
        let endpoint = || file.to_owned();
        let mut url = self.base_url.clone();
        let path = format!("{}/{file}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        let response = self.http.get(url).send().await;
        let response = response.map_err(|error| transport(file, error))?;
        let http_status = response.status().as_u16();
        let message = || {
            let reason = response.status().canonical_reason();
            reason.unwrap_or("no reason given").to_lowercase()
        };
        match http_status {
            200 => {}
            // The host answers one or the other where there is no such file.
            403 | 404 => {
                return Err(Error::NoExport {
                    file: endpoint(),
                    http_status,
                });
            }
            429 => {
                return Err(Error::RateLimited {
                    endpoint: endpoint(),
                    retry_after: None,
                });
            }
            500..=599 => {
                return Err(Error::Unavailable {
                    endpoint: endpoint(),
                    http_status,
                    message: message(),
                    retry_after: None,
                });
            }
            _ => {
                return Err(Error::Refused {
                    endpoint: endpoint(),
                    http_status,
                    message: message(),
                });
            }
        }
        ExportFile {
            name: endpoint(),
            response,
            decoder: MultiGzDecoder::new(Vec::new()),
            n_bytes: 0,
            n_lines: 0,
            has_ended: false,
            fetched_at: self.clock.now(),
        }
        .checked()
        .await
    }
}

/// An export on its way. Memory holds a piece of it at a time.
pub struct ExportFile {
    name: String,
    response: Response,
    /// What is unpacked and no whole line yet is in its buffer.
    decoder: MultiGzDecoder<Vec<u8>>,
    n_bytes: u64,
    n_lines: u64,
    has_ended: bool,
    fetched_at: DateTime<Utc>,
}

/// One line of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportLine {
    /// TMDB's id of what the line lists; 0 where the line does not say it.
    pub id: i64,
    /// The line as it came.
    pub text: String,
    /// Why the line cannot be used, with its number and the file.
    pub rejected: Option<String>,
}

impl fmt::Debug for ExportFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ExportFile")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl ExportFile {
    /// When the file began to come.
    pub fn fetched_at(&self) -> DateTime<Utc> {
        self.fetched_at
    }

    /// How much of the file has come, packed.
    pub fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// The next lines; `None` when all have come and the file is whole. A file that breaks off ends with an error,
    /// and what it gave before is not to be trusted to be all.
    pub async fn next(&mut self) -> Result<Option<Vec<ExportLine>>, Error> {
        while !self.has_ended {
            match self.chunk().await? {
                Some(chunk) => self.unpack(&chunk)?,
                None => {
                    self.has_ended = true;
                    let finished = self.decoder.try_finish();
                    finished.map_err(|error| self.broken(error))?;
                }
            }
            let lines = self.lines()?;
            if !lines.is_empty() {
                return Ok(Some(lines));
            }
        }
        Ok(None)
    }

    /// Looks at the first bytes: a page that says sorry is no export.
    async fn checked(mut self) -> Result<Self, Error> {
        let mut start = Vec::new();
        while start.len() < GZIP.len() {
            match self.chunk().await? {
                Some(chunk) => start.extend_from_slice(chunk.as_ref()),
                None => break,
            }
        }
        if !start.starts_with(&GZIP) {
            return Err(Error::NotGzip { file: self.name });
        }
        self.unpack(&start)?;
        Ok(self)
    }

    async fn chunk(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, Error> {
        let chunk = self.response.chunk().await;
        let chunk = chunk.map_err(|error| transport(&self.name, error))?;
        self.n_bytes += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        Ok(chunk)
    }

    fn unpack(&mut self, chunk: impl AsRef<[u8]>) -> Result<(), Error> {
        let unpacked = self.decoder.write_all(chunk.as_ref());
        unpacked.map_err(|error| self.broken(error))
    }

    /// The whole lines in the buffer; at the end of the file, the rest as well.
    fn lines(&mut self) -> Result<Vec<ExportLine>, Error> {
        let buffer = self.decoder.get_mut();
        let end = match buffer.iter().rposition(|byte| *byte == b'\n') {
            _ if self.has_ended => buffer.len(),
            Some(newline) => newline + 1,
            None => 0,
        };
        let rest = buffer.split_off(end);
        let whole = std::mem::replace(buffer, rest);
        let n_bytes_left = self.decoder.get_ref().len();
        let mut lines = Vec::new();
        for line in whole.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            self.n_lines += 1;
            if line.len() > LONGEST_LINE_BYTES {
                return Err(self.endless());
            }
            lines.push(export_line(line, self.n_lines, &self.name));
        }
        // Before it fills memory.
        if n_bytes_left > LONGEST_LINE_BYTES {
            return Err(self.endless());
        }
        Ok(lines)
    }

    fn endless(&self) -> Error {
        self.broken(io::Error::other("a line is over a megabyte"))
    }

    fn broken(&self, source: io::Error) -> Error {
        Error::BrokenExport {
            file: self.name.clone(),
            source,
        }
    }
}

fn export_line(line: &[u8], number: u64, file: &str) -> ExportLine {
    #[derive(Deserialize)]
    struct Line {
        id: i64,
    }
    let text = String::from_utf8_lossy(line).into_owned();
    let (id, fault) = match decode::<Line>(&text) {
        Ok(Line { id }) if id > 0 => (id, None),
        Ok(Line { id }) => (0, Some(format!("{id} is no id"))),
        Err(DecodeError { path, reason }) => (0, Some(format!("decode `{path}`: {reason}"))),
    };
    ExportLine {
        id,
        text,
        rejected: fault.map(|fault| format!("line {number} of {file}: {fault}")),
    }
}

fn transport(file: &str, error: reqwest::Error) -> Error {
    Error::Transport {
        endpoint: file.to_owned(),
        source: error.without_url(),
    }
}

#[cfg(test)]
mod tests;
