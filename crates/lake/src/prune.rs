//! What is too old and was not fetched again leaves the lake, and nothing else does.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    sync::Arc,
};

use arrow::{array::AsArray as _, datatypes::Int64Type};
use chrono::{DateTime, Utc};
use parquet::arrow::ProjectionMask;

use crate::{
    CompactOptions, Compacted, Fetched, IsPinned, Kind, Lake, Result,
    footer::{open_part, unreadable},
    journal::Lock,
    manifest::MERGED,
};

/// Whose observations age: things that are fetched one by one. Lists are fetched again every week, and a day's
/// popularity is history, which is what it is for.
const AGING: [Kind; 2] = [Kind::Movies, Kind::People];

/// What too old a thing had in the lake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PrunedKind {
    /// Films or people that are gone from the lake.
    pub n_ids: u64,
    /// Their observations.
    pub n_rows: u64,
    /// When the oldest of these was newest seen.
    pub oldest: Option<DateTime<Utc>>,
}

/// What left a lake, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    /// By raw table.
    pub kinds: BTreeMap<Kind, PrunedKind>,
    /// Parts that were written anew without them.
    pub n_rewritten: u64,
    /// Of the parts that were replaced, those that are deleted already.
    pub removed: Fetched,
    /// And those that are not yet.
    pub n_waiting: u64,
}

impl Lake {
    /// Drops every observation of films and people whose newest one is older than `older_than`. Only counts when
    /// `is_dry`. What else the lake holds stays as it is.
    ///
    /// # Errors
    /// When somebody writes to the lake, or a part is damaged, cannot be read, stored or deleted.
    pub async fn prune(
        &self,
        older_than: DateTime<Utc>,
        is_dry: bool,
        options: &CompactOptions,
        is_pinned: IsPinned,
    ) -> Result<Pruned> {
        let lock = Lock::take(self.journal(), &format!("pruning {}", options.id))?;
        self.recover_under(&lock).await?;
        let mut pruned = Pruned::default();
        for kind in AGING {
            let newest = self.newest(kind).await?;
            let old: Vec<_> = newest
                .iter()
                .filter(|(_, seen)| seen.fetched_at < older_than)
                .collect();
            let oldest = old.iter().map(|(_, seen)| seen.fetched_at).min();
            let stale: Arc<HashSet<i64>> = Arc::new(old.into_iter().map(|(id, _)| id).collect());
            if stale.is_empty() {
                continue;
            }
            let total = pruned.kinds.entry(kind).or_default();
            total.n_ids = stale.len() as u64;
            total.oldest = oldest;
            for (number, file) in self.files(kind).await?.into_iter().enumerate() {
                let (path, wanted) = (file.path.clone(), Arc::clone(&stale));
                let count = move || {
                    let mut n_rows = 0;
                    each_id(&path, |id| n_rows += u64::from(wanted.contains(&id)))?;
                    Result::<u64>::Ok(n_rows)
                };
                let n_rows = tokio::task::spawn_blocking(count).await??;
                total.n_rows += n_rows;
                if n_rows == 0 || is_dry {
                    continue;
                }
                let name = format!("{MERGED}{}-{}-{number:04}.parquet", options.id, kind.name());
                let dropped = Arc::clone(&stale);
                let is_dropped = Arc::new(move |id| dropped.contains(&id));
                let made = self
                    .replace(kind, vec![file], &name, options.now, is_dropped)
                    .await?;
                pruned.n_rewritten += u64::from(made.is_some_and(|made| made.n_dropped == n_rows));
            }
        }
        if !is_dry {
            let mut compacted = Compacted::default();
            self.remove_replaced(options, &is_pinned, &mut compacted)
                .await?;
            pruned.removed = compacted.removed;
            pruned.n_waiting = compacted.n_waiting;
        }
        drop(lock);
        Ok(pruned)
    }
}

/// Tells the ids of a part that is on this machine, row by row.
fn each_id(path: &Path, mut tell: impl FnMut(i64)) -> Result<()> {
    let (reader, _) = open_part(path)?;
    let columns = ProjectionMask::columns(reader.parquet_schema(), ["id"]);
    for batch in reader.with_projection(columns).build()? {
        let batch = batch.map_err(|error| unreadable(path, &error))?;
        let ids = batch.column(0).as_primitive::<Int64Type>();
        ids.values().iter().copied().for_each(&mut tell);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
