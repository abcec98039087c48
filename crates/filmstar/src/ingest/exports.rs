//! The daily exports: each day's popularity of every film and person, and names once a week, whole or not at all.

use std::{cmp::Reverse, collections::BTreeSet};

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
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

/// Lists without popularity hardly change, and a younger one in the lake will do.
const NAMES_DAYS: u64 = 7;

/// How many days back the newest export may be.
const NEWEST_DAYS: u32 = 3;

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
            Export::AdultMovies => "films for adults",
            Export::People => "people",
            Export::Collections => "collections",
            Export::Companies => "production companies",
            Export::Keywords => "keywords",
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

/// Lands exports for one run.
///
/// Only the lake's own errors are errors here: films and people must not be lost for a file that can be had
/// tomorrow.
pub(super) struct Desk<'a> {
    config: &'a Config,
    lake: &'a Lake,
    client: Exports,
    printer: Printer,
    counts: ExportCounts,
    landed: BTreeSet<(Kind, NaiveDate)>,
    /// Why the host was not asked any more, and for which file it failed.
    trouble: Option<String>,
}

impl<'a> Desk<'a> {
    pub(super) fn open(
        config: &'a Config,
        lake: &'a Lake,
        printer: Printer,
    ) -> anyhow::Result<Self> {
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
        Ok(Self {
            config,
            lake,
            client,
            printer,
            counts: ExportCounts::default(),
            landed: BTreeSet::new(),
            trouble: None,
        })
    }

    pub(super) fn counts(&self) -> ExportCounts {
        self.counts
    }

    /// The newest day whose export the lake has, after trying to land a newer one.
    pub(super) async fn newest(
        &mut self,
        fetcher: &mut Fetcher,
        kind: ExportKind,
    ) -> anyhow::Result<Option<NaiveDate>> {
        let (export, kind) = export_of(kind);
        let known = known_days(self.lake, kind).await?;
        for day in tmdb::export_days(clock::now(), NEWEST_DAYS) {
            if known.contains(&day) || self.landed.contains(&(kind, day)) {
                return Ok(Some(day));
            }
            if self.trouble.is_some() {
                continue;
            }
            let file = Wanted { export, kind, day };
            match self.land(file, fetcher).await? {
                Landing::Whole { .. } => return Ok(Some(day)),
                Landing::Interrupted => return Ok(None),
                // The day before may do.
                Landing::Missing | Landing::Failed(_) => {}
            }
        }
        Ok(None)
    }

    /// The ids of the films for adults that a day's own file lists, with their popularity.
    pub(super) async fn adult_movies(
        &self,
        day: NaiveDate,
    ) -> Result<Vec<(i64, Option<f64>)>, tmdb::Error> {
        #[derive(serde::Deserialize)]
        struct Line {
            popularity: Option<f64>,
        }
        let mut file = self.client.open(Export::AdultMovies, day).await?;
        let mut listed = Vec::new();
        while let Some(lines) = file.next().await? {
            let usable = lines.iter().filter(|line| line.rejected.is_none());
            listed.extend(usable.map(|line| {
                let read = serde_json::from_str::<Line>(&line.text).ok();
                (line.id, read.and_then(|line| line.popularity))
            }));
        }
        Ok(listed)
    }

    /// Lands the days that the lake has not, newest first.
    pub(super) async fn all(&mut self, fetcher: &mut Fetcher) -> anyhow::Result<()> {
        let (wanted, known) = wanted(self.config, Some(self.lake)).await?;
        self.counts.fresh = known - self.landed.len() as u64;
        if wanted.is_empty() {
            return Ok(());
        }
        let progress = self.printer.progress("exports");
        progress.expect(wanted.len() as u64);
        let mut missing = Vec::new();
        for (position, file) in wanted.iter().enumerate() {
            if self.trouble.is_none() {
                match self.land(*file, fetcher).await? {
                    Landing::Missing => missing.push(file.described()),
                    Landing::Interrupted => break,
                    Landing::Whole { .. } | Landing::Failed(_) => {}
                }
            }
            if let Some(trouble) = &self.trouble {
                let left = (wanted.len() - position) as u64;
                self.counts.failed = left;
                progress.suspend(|| {
                    self.printer.warn(format!(
                        "no daily export of the {trouble}; {} files are left to the next run",
                        count(left)
                    ));
                });
                break;
            }
            progress.advance();
        }
        progress.finish();
        if !missing.is_empty() {
            self.counts.missing = missing.len() as u64;
            self.printer.warn(format!(
                "TMDB has no daily export of the {}; the next run asks again",
                missing.join(", the ")
            ));
        }
        Ok(())
    }

    async fn land(&mut self, file: Wanted, fetcher: &mut Fetcher) -> anyhow::Result<Landing> {
        let landing = land(&self.client, file, fetcher).await?;
        match &landing {
            Landing::Whole { written, n_bytes } => {
                let of_kind = |kind| written.by_kind.get(&kind).copied().unwrap_or_default();
                self.counts.fetched += 1;
                self.counts.rows += of_kind(file.kind);
                self.counts.quarantined += of_kind(Kind::Quarantine);
                self.counts.bytes += n_bytes;
                self.landed.insert((file.kind, file.day));
                fetcher.exported.add(written.clone());
            }
            Landing::Failed(error) => {
                self.trouble = Some(format!("{} ({error:#})", file.described()));
            }
            Landing::Missing | Landing::Interrupted => {}
        }
        Ok(landing)
    }
}

fn export_of(kind: ExportKind) -> (Export, Kind) {
    match kind {
        ExportKind::Movies => (Export::Movies, Kind::MovieExports),
        ExportKind::People => (Export::People, Kind::PersonExports),
        ExportKind::Collections => (Export::Collections, Kind::CollectionExports),
        ExportKind::Companies => (Export::Companies, Kind::CompanyExports),
        ExportKind::Keywords => (Export::Keywords, Kind::KeywordExports),
    }
}

async fn known_days(lake: &Lake, kind: Kind) -> anyhow::Result<BTreeSet<NaiveDate>> {
    lake.export_days(kind)
        .await
        .context("failed to read which days' exports the lake has")
}

/// What the lake has not of the last days, newest first, and how many files it has.
async fn wanted(config: &Config, lake: Option<&Lake>) -> anyhow::Result<(Vec<Wanted>, u64)> {
    let days: Vec<NaiveDate> =
        tmdb::export_days(clock::now(), config.ingest.exports_days).collect();
    let mut wanted = Vec::new();
    let mut n_known = 0;
    for kind in &config.ingest.exports {
        let (export, of) = export_of(*kind);
        let known = match lake {
            Some(lake) => known_days(lake, of).await?,
            None => BTreeSet::new(),
        };
        let (there, lacking) = split(&days, &known, kind.has_popularity());
        n_known += there;
        wanted.extend(lacking.into_iter().map(|day| Wanted {
            export,
            kind: of,
            day,
        }));
    }
    wanted.sort_by_key(|file| Reverse(file.day));
    Ok((wanted, n_known))
}

/// Of some days, newest first: how many are known, and which are lacking. Of a list without popularity the newest
/// is all that is wanted, and not before the one that is known has grown old.
fn split(
    days: &[NaiveDate],
    known: &BTreeSet<NaiveDate>,
    has_popularity: bool,
) -> (u64, Vec<NaiveDate>) {
    if has_popularity {
        let lacking = days.iter().copied().filter(|day| !known.contains(day));
        let lacking: Vec<_> = lacking.collect();
        return ((days.len() - lacking.len()) as u64, lacking);
    }
    let is_young = |newest: NaiveDate| {
        let oldest = newest.checked_sub_days(Days::new(NAMES_DAYS - 1));
        known.last() >= oldest.as_ref()
    };
    match days.first() {
        Some(newest) if is_young(*newest) => (1, Vec::new()),
        newest => (0, newest.copied().into_iter().collect()),
    }
}

/// How many files an ingest would fetch.
pub(super) async fn count_wanted(config: &Config, lake: Option<&Lake>) -> anyhow::Result<u64> {
    Ok(wanted(config, lake).await?.0.len() as u64)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::NaiveDate;

    use super::split;

    fn check(known: &[&str], has_popularity: bool, expect: (u64, &[&str])) {
        let read = |days: &[&str]| -> Vec<NaiveDate> {
            days.iter().map(|day| day.parse().unwrap()).collect()
        };
        let days = read(&["2026-08-10", "2026-08-09", "2026-08-08"]);
        let known: BTreeSet<NaiveDate> = read(known).into_iter().collect();
        assert_eq!(
            split(&days, &known, has_popularity),
            (expect.0, read(expect.1))
        );
    }

    #[test]
    fn popularity_is_wanted_of_each_day_and_names_once_a_week() {
        check(&["2026-08-09"], true, (1, &["2026-08-10", "2026-08-08"]));
        check(&[], false, (0, &["2026-08-10"]));
        check(&["2026-08-04"], false, (1, &[]));
        check(&["2026-08-03"], false, (0, &["2026-08-10"]));
    }
}
