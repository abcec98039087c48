//! Looks at every file of a lake and says what is not as it was written.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use arrow::{
    array::AsArray as _,
    datatypes::{Date32Type, Int32Type, Int64Type},
    record_batch::RecordBatch,
};
use fs_err as fs;
use futures::{StreamExt as _, stream};
use serde::de::IgnoredAny;

use crate::{
    Error, Kind, Lake, LakeFile, PART_COLUMN, Result,
    day::{STAGED, day_of},
    footer::{Footer, RowSum, open_part},
    journal::{self, Lines},
    layout,
    manifest::{Entries, MERGED, Manifest},
    moment,
};

/// Files that are looked at side by side.
const SIDE_BY_SIDE: usize = 2;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Parts that were read to the end.
    pub n_files: u64,
    /// Their observations.
    pub n_rows: u64,
    /// Their bytes.
    pub n_bytes: u64,
    /// Of them, those whose footer has no sum over the rows: they are of an earlier release.
    pub n_without_sum: u64,
    /// What is wrong.
    pub problems: Vec<Finding>,
    /// What is not wrong, and good to know.
    pub notes: Vec<Finding>,
}

/// Something about a file of the lake.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, within the lake.
    pub place: String,
    /// What there is to say.
    pub what: String,
}

impl Verified {
    fn problem(&mut self, place: impl Into<String>, what: impl Into<String>) {
        let (place, what) = (place.into(), what.into());
        self.problems.push(Finding { place, what });
    }

    fn note(&mut self, place: impl Into<String>, what: impl Into<String>) {
        let (place, what) = (place.into(), what.into());
        self.notes.push(Finding { place, what });
    }
}

impl Lake {
    /// Reads every part and compares it with its footer, its name, its kind's columns and the manifest, and looks
    /// for what killed runs left. Changes nothing.
    ///
    /// # Errors
    /// When the lake cannot be listed or reached; what is wrong with a file is found, and no error.
    pub async fn verify(&self, on_progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Verified> {
        let mut verified = Verified::default();
        let manifest = match self.manifest().await {
            Ok(numbered) => numbered.manifest,
            Err(Error::Manifest { name, message, .. }) => {
                verified.problem(name, message);
                return Ok(verified);
            }
            Err(error) => return Err(error),
        };
        let mut work = Vec::new();
        for kind in Kind::ALL {
            let files = self.look_at_names(kind, &manifest, &mut verified).await?;
            work.extend(files.into_iter().map(|file| (kind, file)));
        }
        let n_work = work.len() as u64;
        let checks = work.into_iter().map(|(kind, file)| {
            let entries = manifest.entries(kind).cloned().unwrap_or_default();
            async move {
                let fetched = self.fetch(std::slice::from_ref(&file)).await;
                let (of, about) = (kind, file.clone());
                let checked = match fetched {
                    Ok(_) => {
                        tokio::task::spawn_blocking(move || check(kind, &file, &entries)).await?
                    }
                    Err(error @ Error::Store { .. }) => return Err(error),
                    Err(error) => Checked::unreadable(&error),
                };
                Ok((of, about, checked))
            }
        });
        let mut checks = stream::iter(checks).buffer_unordered(SIDE_BY_SIDE);
        let mut n_done = 0;
        while let Some(checked) = checks.next().await {
            let (kind, file, checked) = checked?;
            n_done += 1;
            on_progress(n_done, n_work);
            verified.n_files += u64::from(checked.is_read);
            verified.n_rows += checked.n_rows;
            verified.n_bytes += if checked.is_read { file.size_bytes } else { 0 };
            verified.n_without_sum += u64::from(checked.is_read && !checked.has_sum);
            for what in checked.problems {
                verified.problem(format!("{}/{}", kind.name(), file.name), what);
            }
        }
        self.look_at_journal(&mut verified)?;
        verified.problems.sort();
        verified.notes.sort();
        Ok(verified)
    }

    /// The visible parts of a kind, and what names alone tell.
    async fn look_at_names(
        &self,
        kind: Kind,
        manifest: &Manifest,
        verified: &mut Verified,
    ) -> Result<Vec<LakeFile>> {
        let place = |name: &str| format!("{}/{name}", kind.name());
        let entries = manifest.entries(kind).cloned().unwrap_or_default();
        let mut files = Vec::new();
        let mut holders: BTreeMap<String, String> = BTreeMap::new();
        let mut n_replaced = 0;
        for object in self.store().list(kind.name()).await? {
            let name = object.location.filename().unwrap_or_default().to_owned();
            if object.location.extension() != Some("parquet") {
                verified.note(place(&name), "is no part, and is not read");
            } else if entries.replaced.contains_key(&name) {
                n_replaced += 1;
            } else if let Some(parts) = manifest.parts_of(kind, &name) {
                for part in &parts {
                    if let Some(other) = holders.insert(part.clone(), name.clone()) {
                        verified.problem(place(&name), format!("holds the rows of `{part}`, and so does `{other}`: they count twice"));
                    }
                }
                files.push(self.file(name, parts, object));
            } else {
                verified.note(
                    place(&name),
                    "is of a compaction that was killed, and not read; the next one settles it",
                );
            }
        }
        if n_replaced > 0 {
            let what = format!(
                "{n_replaced} parts that merged ones replaced wait to be deleted by the next compaction"
            );
            verified.note(place(""), what);
        }
        let there: BTreeSet<_> = files.iter().map(|file| file.name.as_str()).collect();
        for (name, merged) in &entries.merged {
            if !there.contains(name.as_str()) {
                verified.problem(
                    place(name),
                    format!("is gone, and {} observations with it", merged.n_rows),
                );
            }
        }
        Ok(files)
    }

    fn look_at_journal(&self, verified: &mut Verified) -> Result<()> {
        for segment in journal::segments(self.journal())? {
            let mut lines = Lines::open(&segment)?;
            let mut n_lines = 0_u64;
            for line in &mut lines {
                line?;
                n_lines += 1;
            }
            let place = in_journal(&segment);
            if lines.n_damaged > 0 {
                verified.problem(
                    place.clone(),
                    format!("has {} lines that cannot be read", lines.n_damaged),
                );
            }
            verified.note(place, format!("{n_lines} observations of a run at work, or of one that was killed; the next ingest makes parts of them"));
        }
        if !self.journal().is_dir() {
            return Ok(());
        }
        for entry in fs::read_dir(self.journal())? {
            let path = entry?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("damaged") => verified.problem(
                    in_journal(&path),
                    "holds lines that could not be read; the others are in parts",
                ),
                Some(STAGED) => verified.note(
                    in_journal(&path),
                    "a part in the making, or of a run that was killed; the next ingest removes it",
                ),
                _ => {}
            }
        }
        Ok(())
    }
}

fn in_journal(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    format!("journal/{}", name.to_string_lossy())
}

/// What one part is like.
#[derive(Debug, Default)]
struct Checked {
    is_read: bool,
    has_sum: bool,
    n_rows: u64,
    problems: Vec<String>,
}

impl Checked {
    fn unreadable(error: &Error) -> Self {
        let what = match error {
            Error::Part { message, .. } => format!("cannot be read: {message}"),
            Error::NewerPart {
                version, newest, ..
            } => {
                format!("has layout {version}, and this release reads up to {newest}")
            }
            other => other.to_string(),
        };
        Self {
            problems: vec![what],
            ..Self::default()
        }
    }
}

/// Rows of one sort that are not as they should be.
#[derive(Debug, Default)]
struct Odd {
    n_rows: u64,
    first: String,
}

impl Odd {
    fn add(&mut self, first: impl FnOnce() -> String) {
        if self.n_rows == 0 {
            self.first = first();
        }
        self.n_rows += 1;
    }
}

fn check(kind: Kind, file: &LakeFile, entries: &Entries) -> Checked {
    check_rows(kind, file, entries).unwrap_or_else(|error| Checked::unreadable(&error))
}

fn check_rows(kind: Kind, file: &LakeFile, entries: &Entries) -> Result<Checked> {
    let (builder, recorded) = open_part(&file.path)?;
    let footer = Footer::of(builder.metadata());
    let mut checked = Checked {
        has_sum: recorded.sum.is_some(),
        ..Checked::default()
    };
    let damaged = |error: &dyn std::fmt::Display| crate::footer::unreadable(&file.path, error);
    let mut sum = RowSum::default();
    let mut odd: BTreeMap<&'static str, Odd> = BTreeMap::new();
    let batches = builder.with_batch_size(kind.batch_rows()).build();
    for batch in batches.map_err(|error| damaged(&error))? {
        let batch = batch.map_err(|error| damaged(&error))?;
        layout::align(&batch, &kind.schema()).map_err(|error| damaged(&error))?;
        sum.add(&batch)
            .ok_or_else(|| damaged(&"it lacks columns"))?;
        look_at_rows(kind, file, &batch, &mut odd).ok_or_else(|| damaged(&"it lacks columns"))?;
    }
    checked.is_read = true;
    checked.n_rows = sum.n_rows;
    for (what, odd) in odd {
        checked.problems.push(format!(
            "{} rows {what}, the first is {}",
            odd.n_rows, odd.first
        ));
    }
    let mut expect = |n_rows: u64, whose: &str| {
        if n_rows != sum.n_rows {
            let what = format!("has {} rows, and {whose} says {n_rows}", sum.n_rows);
            checked.problems.push(what);
        }
    };
    expect(footer.n_rows, "its footer");
    if let Some(merged) = entries.merged.get(&file.name) {
        expect(merged.n_rows, "the manifest");
    }
    if recorded.sum.is_some_and(|recorded| recorded != sum) {
        checked
            .problems
            .push("its rows are not those that were written: their sum is another".to_owned());
    }
    if let Some(other) = recorded.kind.filter(|recorded| recorded != kind.name()) {
        checked.problems.push(format!("is a part of `{other}`"));
    }
    Ok(checked)
}

/// `None` when the columns that every part has are not there.
fn look_at_rows(
    kind: Kind,
    file: &LakeFile,
    batch: &RecordBatch,
    odd: &mut BTreeMap<&'static str, Odd>,
) -> Option<()> {
    let column = |name| batch.column_by_name(name);
    let ids = column("id")?.as_primitive_opt::<Int64Type>()?;
    let statuses = column("http_status")?.as_primitive_opt::<Int32Type>()?;
    let runs = column("run_id")?.as_string_opt::<i32>()?;
    let payloads = column("payload")?.as_string_opt::<i32>()?;
    let parts = column(PART_COLUMN).and_then(|parts| parts.as_string_opt::<i32>());
    let days = column("export_date").and_then(|days| days.as_primitive_opt::<Date32Type>());
    let is_merged = file.name.starts_with(MERGED);
    for row in 0..batch.num_rows() {
        let mut add = |what| {
            let id = ids.value(row);
            odd.entry(what).or_default().add(|| format!("of id {id}"));
        };
        let status = statuses.value(row);
        if ![200, 404].contains(&status) && kind != Kind::Quarantine {
            add("have a status that is neither 200 nor 404");
        }
        let payload = payloads.value(row);
        if status == 200
            && kind != Kind::Quarantine
            && serde_json::from_str::<IgnoredAny>(payload).is_err()
        {
            add("have a body that is no JSON");
        }
        let part = match parts {
            Some(parts) if is_merged => parts.value(row),
            _ => file.name.as_str(),
        };
        if is_merged && !file.parts.iter().any(|known| known == part) {
            add("are of a part that the manifest does not name");
        }
        let is_of_run = part
            .strip_prefix(runs.value(row))
            .is_some_and(|rest| rest.starts_with('-'));
        if !is_of_run {
            add("are of another run than the name says");
        }
        if let (Some(days), Some(day)) = (days, day_of(part))
            && kind.is_export()
            && days.value(row) != moment::days(day)
        {
            add("are of another day than the name says");
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;
