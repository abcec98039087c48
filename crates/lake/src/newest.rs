//! What a lake has seen of a kind, without bodies: sixteen bytes a thing.

use std::path::Path;

use arrow::{
    array::{Array as _, AsArray},
    datatypes::{Int32Type, Int64Type, TimestampMicrosecondType},
    record_batch::RecordBatch,
};
use chrono::{DateTime, Utc};
use parquet::arrow::ProjectionMask;

use crate::{Kind, Result, footer::open_part};

/// Entries that are gathered before the first time older ones are thrown out.
const FIRST_SIEVE: usize = 1 << 16;

/// The newest observation of one thing, without its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When.
    pub fetched_at: DateTime<Utc>,
    /// 200, or 404 for a tombstone.
    pub http_status: u16,
}

impl Seen {
    /// Whether the API no longer had it.
    pub fn is_gone(self) -> bool {
        self.http_status == 404
    }
}

/// The newest observation of every thing of a kind.
///
/// A sorted list rather than a map: a lake of every film and person there is must fit beside the work on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Newest(Vec<Entry>);

/// Ordered by thing, then by time, then tombstones last: what comes later wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    id: i64,
    /// Microseconds since the epoch, doubled, and one more for a tombstone.
    mark: i64,
}

impl Entry {
    fn seen(self) -> Seen {
        let fetched_at = DateTime::from_timestamp_micros(self.mark >> 1).unwrap_or_default();
        let http_status = if self.mark & 1 == 1 { 404 } else { 200 };
        Seen {
            fetched_at,
            http_status,
        }
    }
}

impl Newest {
    /// How many things there are, tombstones included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was ever seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The newest observation of a thing.
    pub fn get(&self, id: i64) -> Option<Seen> {
        self.position(id).map(|position| self.0[position].seen())
    }

    /// Where a thing stands among all of them.
    pub fn position(&self, id: i64) -> Option<usize> {
        self.0.binary_search_by_key(&id, |entry| entry.id).ok()
    }

    /// Everything, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (i64, Seen)> + '_ {
        self.0.iter().map(|entry| (entry.id, entry.seen()))
    }
}

impl FromIterator<(i64, Seen)> for Newest {
    fn from_iter<T: IntoIterator<Item = (i64, Seen)>>(seen: T) -> Self {
        let mut gathered = Gathering::default();
        for (id, seen) in seen {
            gathered.add(id, seen);
        }
        gathered.finish()
    }
}

/// Observations in any order, of which the newest stay.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    entries: Vec<Entry>,
    n_sieved: usize,
}

impl Gathering {
    pub(crate) fn add(&mut self, id: i64, seen: Seen) {
        self.push(
            id,
            seen.fetched_at.timestamp_micros(),
            seen.http_status.into(),
        );
    }

    fn push(&mut self, id: i64, moment_us: i64, http_status: i32) {
        let mark = moment_us * 2 + i64::from(http_status == 404);
        self.entries.push(Entry { id, mark });
        if self.entries.len() >= (self.n_sieved * 2).max(FIRST_SIEVE) {
            self.sieve();
        }
    }

    fn sieve(&mut self) {
        self.entries.sort_unstable();
        self.entries.reverse();
        self.entries.dedup_by_key(|entry| entry.id);
        self.entries.reverse();
        self.n_sieved = self.entries.len();
    }

    pub(crate) fn finish(mut self) -> Newest {
        self.sieve();
        self.entries.shrink_to_fit();
        Newest(self.entries)
    }

    /// Adds the observations of a part; of quarantine those alone that were meant for `kind`.
    pub(crate) fn read(mut self, part: &Path, kind: Option<Kind>) -> Result<Self> {
        let (reader, _) = open_part(part)?;
        let mut columns = vec!["id", "fetched_at", "http_status"];
        columns.extend(kind.map(|_| "kind"));
        let columns = ProjectionMask::columns(reader.parquet_schema(), columns);
        for batch in reader
            .with_projection(columns)
            .with_batch_size(8192)
            .build()?
        {
            self.read_batch(&batch?, kind);
        }
        Ok(self)
    }

    fn read_batch(&mut self, batch: &RecordBatch, kind: Option<Kind>) {
        let ids = batch.column(0).as_primitive::<Int64Type>().values();
        let moments = batch
            .column(1)
            .as_primitive::<TimestampMicrosecondType>()
            .values();
        let statuses = batch.column(2).as_primitive::<Int32Type>().values();
        let kinds = kind.and_then(|kind| Some((kind, batch.columns().get(3)?.as_string::<i32>())));
        for row in 0..batch.num_rows() {
            let is_meant = kinds
                .is_none_or(|(kind, kinds)| !kinds.is_null(row) && kinds.value(row) == kind.name());
            if is_meant {
                self.push(ids[row], moments[row], statuses[row]);
            }
        }
    }
}

#[cfg(test)]
mod tests;
