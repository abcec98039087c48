//! The daily exports: each day's popularity of every film and person, whole or not at all.

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::NaiveDate;
use lake::{Kind, Lake, Observation, Written};
use serde::Serialize;
use tmdb::{Export, Exports};

use super::fetch::Fetcher;
use crate::{
    clock,
    config::{Config, ExportKind},
    failure::Failure,
    printer::{Printer, count},
};

/// How often a file is asked for that breaks off on its way.
const ATTEMPTS: usize = 3;
/// Of a host that does not answer: nothing else waits for it, and the next run asks again.
const RETRIES: usize = 3;

/// What became of the days' files.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct ExportCounts {
    /// Files that landed.
    pub(crate) fetched: u64,
    /// In the lake already.
    pub(crate) fresh: u64,
    /// Not published, or no longer kept.
    pub(crate) missing: u64,
    /// Failed after every retry, or were not asked for after such a failure; the next run asks again.
    pub(crate) failed: u64,
    /// Rows of what landed.
    pub(crate) rows: u64,
    /// Lines that could not be decoded: kept in quarantine.
    pub(crate) quarantined: u64,
    /// Packed, as they came.
    pub(crate) bytes: u64,
}

/// A file to fetch.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    export: Export,
    kind: Kind,
    day: NaiveDate,
}

impl Wanted {
    fn described(self) -> String {
        let what = match self.export {
            Export::Movies => "films",
            Export::People => "people",
        };
        format!("{what} of {}", self.day)
    }
}

/// How one file ended, if not by an error of the lake.
enum Landing {
    Whole { written: Written, n_bytes: u64 },
    Failed(anyhow::Error),
    Missing,
    Interrupted,
}

/// What the lake has not of the last days, newest first, and how many files it has.
async fn wanted(config: &Config, lake: &Lake) -> anyhow::Result<(Vec<Wanted>, u64)> {
    let mut wanted = Vec::new();
    let mut n_known = 0;
    let mut kinds: Vec<(Export, Kind, BTreeSet<NaiveDate>)> = Vec::new();
    for kind in &config.ingest.exports {
        let (export, kind) = match kind {
            ExportKind::Movies => (Export::Movies, Kind::MovieExports),
            ExportKind::People => (Export::People, Kind::PersonExports),
        };
        let known = lake.export_days(kind).await;
        let known = known.context("failed to read which days' exports the lake has")?;
        kinds.push((export, kind, known));
    }
    for day in tmdb::export_days(clock::now(), config.ingest.exports_days) {
        for (export, kind, known) in &kinds {
            if known.contains(&day) {
                n_known += 1;
                continue;
            }
            let (export, kind) = (*export, *kind);
            wanted.push(Wanted { export, kind, day });
        }
    }
    Ok((wanted, n_known))
}

/// How many files an ingest would fetch.
pub(super) async fn count_wanted(config: &Config, lake: &Lake) -> anyhow::Result<u64> {
    Ok(wanted(config, lake).await?.0.len() as u64)
}

/// Lands the days that the lake has not. Only the lake's own errors end it early as errors: films and people are
/// there already, and must not be lost for a file that can be had tomorrow.
pub(super) async fn fetch(
    config: &Config,
    lake: &Lake,
    fetcher: &mut Fetcher,
    printer: Printer,
) -> anyhow::Result<ExportCounts> {
    let (wanted, fresh) = wanted(config, lake).await?;
    let mut counts = ExportCounts {
        fresh,
        ..ExportCounts::default()
    };
    if wanted.is_empty() {
        return Ok(counts);
    }
    let patience = tmdb::Patience {
        retries: RETRIES,
        ..tmdb::Patience::default()
    };
    let url = config.tmdb.exports_url();
    let client = Exports::new(&url, &patience, clock::clock()).map_err(|error| {
        Failure::usage(format!("`tmdb.exports_url` is not an address: `{url}`"))
            .hint("it looks like `https://files.tmdb.org/p/exports`")
            .because(error)
    })?;
    let progress = printer.progress("exports");
    progress.expect(wanted.len() as u64);
    let mut missing = Vec::new();
    let mut trouble = None;
    for (position, file) in wanted.iter().enumerate() {
        match land(&client, *file, fetcher).await? {
            Landing::Whole { written, n_bytes } => {
                let of_kind = |kind| written.by_kind.get(&kind).copied().unwrap_or_default();
                counts.fetched += 1;
                counts.rows += of_kind(file.kind);
                counts.quarantined += of_kind(Kind::Quarantine);
                counts.bytes += n_bytes;
                fetcher.exported.add(written);
            }
            Landing::Missing => missing.push(file.described()),
            Landing::Failed(error) => {
                let left = wanted.len() - position;
                counts.failed = left as u64;
                trouble = Some(format!(
                    "no daily export of the {} ({error:#}); {} files are left to the next run",
                    file.described(),
                    count(left as u64)
                ));
                break;
            }
            Landing::Interrupted => break,
        }
        progress.advance();
    }
    progress.finish();
    if let Some(trouble) = trouble {
        printer.warn(trouble);
    }
    if !missing.is_empty() {
        counts.missing = missing.len() as u64;
        printer.warn(format!(
            "TMDB has no daily export of the {}; the next run asks again",
            missing.join(", the ")
        ));
    }
    Ok(counts)
}

/// One file, from the beginning again where it breaks off.
async fn land(client: &Exports, file: Wanted, fetcher: &Fetcher) -> anyhow::Result<Landing> {
    let mut attempt = 1;
    loop {
        match stream(client, file, fetcher).await? {
            Err(tmdb::Error::NoExport { .. }) => return Ok(Landing::Missing),
            Err(error) if attempt < ATTEMPTS && error.is_transient() => {
                tracing::warn!(%error, attempt, "an export broke off; from the beginning again");
                attempt += 1;
            }
            Err(error) => return Ok(Landing::Failed(error.into())),
            Ok(landing) => return Ok(landing),
        }
    }
}

/// The outer error is the lake's.
async fn stream(
    client: &Exports,
    file: Wanted,
    fetcher: &Fetcher,
) -> anyhow::Result<Result<Landing, tmdb::Error>> {
    let interrupt = fetcher.interrupt();
    let opened = tokio::select! {
        opened = client.open(file.export, file.day) => opened,
        () = interrupt.raised() => return Ok(Ok(Landing::Interrupted)),
    };
    let mut source = match opened {
        Ok(source) => source,
        Err(error) => return Ok(Err(error)),
    };
    let fetched_at = source.fetched_at();
    // Dropped on the way out, unless it is finished, and then nothing of the day stays.
    let mut day = fetcher.day(file.kind, file.day);
    loop {
        let lines = tokio::select! {
            lines = source.next() => lines,
            () = interrupt.raised() => return Ok(Ok(Landing::Interrupted)),
        };
        let lines = match lines {
            Ok(Some(lines)) => lines,
            Ok(None) => break,
            Err(error) => return Ok(Err(error)),
        };
        for line in lines {
            day.append(Observation {
                kind: file.kind,
                id: line.id,
                fetched_at,
                http_status: 200,
                payload: line.text,
                rejected: line.rejected,
            })?;
        }
    }
    Ok(Ok(match day.finish().await {
        Ok(written) => Landing::Whole {
            written,
            n_bytes: source.n_bytes(),
        },
        Err(error @ lake::Error::EmptyDay { .. }) => Landing::Failed(error.into()),
        Err(error) => return Err(error.into()),
    }))
}
