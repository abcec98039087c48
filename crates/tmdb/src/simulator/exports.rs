//! The host of the daily ID exports, beside the API: public files, a day each, made while they are sent.

use std::f64::consts::TAU;
use std::io::{self, Write};

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Response, StatusCode};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream;
use serde::Serialize;
use tokio::sync::mpsc;

use super::faults::{Fault, FaultKind};
use super::films::{Films, Listed, Named};
use super::generated::draw::{Draw, Purpose};
use super::source::Source;

/// Where the files are; the real ones are at the same path of another host.
pub(super) const FOLDER: &str = "/p/exports/";

/// A day's files are there from this hour on, UTC, and for so many days.
const PUBLISHED_HOUR: u32 = 8;
/// A day's files tell of this hour.
const MADE_HOUR: i64 = 7;
const KEPT_DAYS: u64 = 90;

const PIECE_BYTES: usize = 64 << 10;
/// Pieces that are made ahead of a slow reader.
const PIECES_AHEAD: usize = 4;

/// A day's bursts of attention begin in the first so many days of a period.
const BURST_PERIOD_DAYS: u64 = 30;
const BURST_STARTS: u64 = 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Movies { is_adult: bool },
    People { is_adult: bool },
    Named(Named),
}

impl List {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "movie_ids" => Self::Movies { is_adult: false },
            "adult_movie_ids" => Self::Movies { is_adult: true },
            "person_ids" => Self::People { is_adult: false },
            "adult_person_ids" => Self::People { is_adult: true },
            "collection_ids" => Self::Named(Named::Collections),
            "keyword_ids" => Self::Named(Named::Keywords),
            "production_company_ids" => Self::Named(Named::Companies),
            _ => return None,
        })
    }
}

#[derive(Serialize)]
struct MovieLine<'a> {
    adult: bool,
    id: i64,
    original_title: &'a str,
    popularity: Option<f64>,
    video: bool,
}

#[derive(Serialize)]
struct PersonLine<'a> {
    adult: bool,
    id: i64,
    name: &'a str,
    popularity: Option<f64>,
}

#[derive(Serialize)]
struct NamedLine<'a> {
    id: i64,
    name: &'a str,
}

/// The host of the files at a moment.
pub(super) struct Host<'a> {
    pub(super) source: &'a Source,
    pub(super) seed: u64,
    pub(super) now: DateTime<Utc>,
    pub(super) fault: Option<&'a Fault>,
}

impl Host<'_> {
    /// Answers for one file of the folder.
    pub(super) fn answer(&self, method: &Method, file: &str) -> Response<Body> {
        let fault = self.fault.map(|fault| fault.kind);
        let now = match self.fault {
            Some(fault) if fault.kind == FaultKind::ExportLate => self.now - fault.age(),
            _ => self.now,
        };
        let found = parse(file).filter(|(_, day)| is_kept(*day, now));
        let found = found.filter(|_| fault != Some(FaultKind::ExportMissing));
        let Some((list, day)) = found else {
            // What S3 says of a file that is not there to those who may not list the folder.
            let body = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
            return response(StatusCode::FORBIDDEN, "application/xml", body.into());
        };
        if method == Method::HEAD {
            return response(StatusCode::OK, "application/gzip", Body::empty());
        }
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        let made_at = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(MADE_HOUR);
        let (films, seed) = (self.source.at(made_at), self.seed);
        let pieces = Pieces::new(sender, fault == Some(FaultKind::ExportTruncated));
        tokio::task::spawn_blocking(move || {
            // Whoever hung up wants no more of it.
            let _ = write(films.as_ref(), seed, list, day, pieces);
        });
        let pieces = stream::unfold(receiver, async |mut receiver| {
            let piece = receiver.recv().await?;
            Some((Ok::<_, io::Error>(piece), receiver))
        });
        let body = Body::from_stream(Box::pin(pieces));
        response(StatusCode::OK, "application/gzip", body)
    }
}

fn response(status: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let content_type = content_type.parse().expect("it is a header value");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// `movie_ids_07_01_2026.json.gz` as list and day.
fn parse(file: &str) -> Option<(List, NaiveDate)> {
    let stem = file.strip_suffix(".json.gz")?;
    let (name, day) = stem.split_at_checked(stem.len().checked_sub(10)?)?;
    let day = NaiveDate::parse_from_str(day, "%m_%d_%Y").ok()?;
    Some((List::parse(name.strip_suffix('_')?)?, day))
}

fn is_kept(day: NaiveDate, now: DateTime<Utc>) -> bool {
    let today = now.date_naive();
    let is_published = day < today || day == today && now.hour() >= PUBLISHED_HOUR;
    is_published && day.checked_add_days(Days::new(KEPT_DAYS)) > Some(today)
}

fn write(
    films: &dyn Films,
    seed: u64,
    list: List,
    day: NaiveDate,
    pieces: Pieces,
) -> io::Result<()> {
    let mut file = GzEncoder::new(pieces, Compression::fast());
    let mut line = |listed: &Listed<'_>| -> io::Result<()> {
        let popularity = listed.popularity.map(|popularity| {
            let of_the_day = popularity * drift(seed, listed.id, day);
            ((of_the_day * 10_000.0).round() / 10_000.0).max(0.0001)
        });
        match list {
            List::Movies { .. } => serde_json::to_writer(
                &mut file,
                &MovieLine {
                    adult: listed.is_adult,
                    id: listed.id,
                    original_title: listed.name,
                    popularity,
                    video: listed.is_video,
                },
            ),
            _ => serde_json::to_writer(
                &mut file,
                &PersonLine {
                    adult: listed.is_adult,
                    id: listed.id,
                    name: listed.name,
                    popularity,
                },
            ),
        }?;
        file.write_all(b"\n")
    };
    match list {
        List::Movies { is_adult } => films.films_by_id(&mut |film| {
            if film.is_adult == is_adult {
                line(film)?;
            }
            Ok(())
        })?,
        List::People { is_adult } => films.people_by_id(&mut |person| {
            if person.is_adult == is_adult {
                line(person)?;
            }
            Ok(())
        })?,
        List::Named(named) => films.names_by_id(named, &mut |id, name| {
            serde_json::to_writer(&mut file, &NamedLine { id, name })?;
            file.write_all(b"\n")
        })?,
    }
    file.finish()?.end()
}

/// How popular something is on a day, as a multiple of what its own page says.
///
/// Two waves of its own, and now and then a burst that fades within a week or two.
fn drift(seed: u64, id: i64, day: NaiveDate) -> f64 {
    let day = day.signed_duration_since(NaiveDate::default()).num_days();
    let mut draw = Draw::new(seed, Purpose::Drift, id as u64);
    let mut wave = |height: f64, shortest: u64, longest: u64| {
        let length_days = (shortest + draw.below(longest - shortest)) as f64;
        height * (TAU * (day as f64 / length_days + draw.unit())).sin()
    };
    let waves = wave(0.15, 25, 60) + wave(0.05, 5, 12);
    let turned = day as u64 + draw.below(BURST_PERIOD_DAYS);
    let (period, day) = (turned / BURST_PERIOD_DAYS, turned % BURST_PERIOD_DAYS);
    let mut draw = Draw::new(seed, Purpose::Burst, id as u64 ^ (period << 40));
    let start = draw.below(BURST_STARTS);
    let height = 0.4 + 1.4 * draw.unit();
    let burst = match day.checked_sub(start) {
        Some(age_days) if draw.chance(0.04) => height * (-(age_days as f64) / 4.0).exp(),
        _ => 0.0,
    };
    (waves + burst).exp()
}

/// A file that goes to somebody else piece by piece.
struct Pieces {
    sender: mpsc::Sender<Vec<u8>>,
    piece: Vec<u8>,
    is_cut: bool,
}

impl Pieces {
    fn new(sender: mpsc::Sender<Vec<u8>>, is_cut: bool) -> Self {
        Self {
            sender,
            piece: Vec::with_capacity(PIECE_BYTES),
            is_cut,
        }
    }

    /// Sends the last piece, or half of it.
    fn end(mut self) -> io::Result<()> {
        if self.is_cut {
            self.piece.truncate(self.piece.len() / 2);
        }
        self.flush()
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        let sent = self.sender.blocking_send(piece);
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests;
