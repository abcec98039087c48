//! What a part says of itself: its layout, and a sum over its rows by which damage and loss are found.

use std::{fs::File, path::Path};

use arrow::{
    array::AsArray as _,
    datatypes::{Int32Type, Int64Type, TimestampMicrosecondType},
    record_batch::RecordBatch,
};
use chrono::{DateTime, Utc};
use crc_fast::{CrcAlgorithm, Digest};
use parquet::{
    arrow::arrow_reader::ParquetRecordBatchReaderBuilder,
    errors::ParquetError,
    file::{
        metadata::{KeyValue, ParquetMetaData, ParquetMetaDataReader},
        statistics::Statistics,
    },
};

use crate::{Error, Kind, Lake, LakeFile, Result, layout};

const VERSION: &str = "filmstar.version";
const KIND: &str = "filmstar.kind";
const ROWS: &str = "filmstar.rows";
const SUM: &str = "filmstar.sum";
/// Most footers are within so much of the end.
const LIKELY_FOOTER_BYTES: u64 = 64 << 10;

/// A sum over rows: of each a hash of id, time, status and body. It does not hang on their order, so a merged
/// part's is the sum of those that went into it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RowSum {
    pub(crate) n_rows: u64,
    sum: u64,
}

impl RowSum {
    /// Of some rows; `None` when they lack columns.
    pub(crate) fn of(batch: &RecordBatch) -> Option<Self> {
        let mut sum = Self::default();
        sum.add(batch)?;
        Some(sum)
    }

    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Option<()> {
        let ids = batch
            .column_by_name("id")?
            .as_primitive_opt::<Int64Type>()?;
        let moments = batch.column_by_name("fetched_at")?;
        let moments = moments.as_primitive_opt::<TimestampMicrosecondType>()?;
        let statuses = batch.column_by_name("http_status")?;
        let statuses = statuses.as_primitive_opt::<Int32Type>()?;
        let payloads = batch.column_by_name("payload")?.as_string_opt::<i32>()?;
        for row in 0..batch.num_rows() {
            let mut digest = Digest::new(CrcAlgorithm::Crc64Nvme);
            digest.update(&ids.value(row).to_le_bytes());
            digest.update(&moments.value(row).to_le_bytes());
            digest.update(&statuses.value(row).to_le_bytes());
            digest.update(payloads.value(row).as_bytes());
            self.sum = self.sum.wrapping_add(digest.finalize());
        }
        self.n_rows += batch.num_rows() as u64;
        Some(())
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.n_rows += other.n_rows;
        self.sum = self.sum.wrapping_add(other.sum);
    }

    /// For the footer of a part with these rows.
    pub(crate) fn metadata(self, kind: Kind) -> [KeyValue; 4] {
        [
            (VERSION, layout::VERSION.to_string()),
            (KIND, kind.name().to_owned()),
            (ROWS, self.n_rows.to_string()),
            (SUM, format!("{:016x}", self.sum)),
        ]
        .map(|(key, value)| KeyValue::new(key.to_owned(), value))
    }
}

/// What stands in a footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recorded {
    pub(crate) version: u32,
    pub(crate) kind: Option<String>,
    /// Of parts of a release that wrote none, nothing.
    pub(crate) sum: Option<RowSum>,
}

impl Recorded {
    fn of(metadata: &ParquetMetaData) -> Self {
        let pairs = metadata.file_metadata().key_value_metadata();
        let value = |key: &str| {
            let pair = pairs?.iter().find(|pair| pair.key == key)?;
            pair.value.clone()
        };
        let sum = || {
            Some(RowSum {
                n_rows: value(ROWS)?.parse().ok()?,
                sum: u64::from_str_radix(&value(SUM)?, 16).ok()?,
            })
        };
        Self {
            version: value(VERSION).map_or(1, |version| version.parse().unwrap_or(u32::MAX)),
            kind: value(KIND),
            sum: sum(),
        }
    }

    fn check(&self, path: &Path) -> Result<()> {
        if self.version <= layout::VERSION {
            return Ok(());
        }
        Err(Error::NewerPart {
            path: path.to_owned(),
            version: self.version,
            newest: layout::VERSION,
        })
    }
}

/// What a part tells without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Footer {
    pub(crate) n_rows: u64,
    pub(crate) recorded: Recorded,
    pub(crate) oldest: Option<DateTime<Utc>>,
    pub(crate) newest: Option<DateTime<Utc>>,
}

impl Footer {
    pub(crate) fn of(metadata: &ParquetMetaData) -> Self {
        let mut oldest: Option<i64> = None;
        let mut newest: Option<i64> = None;
        let groups = metadata.row_groups().iter();
        let moments = groups
            .flat_map(|group| group.columns())
            .filter(|column| column.column_path().parts() == ["fetched_at"]);
        for statistics in moments.filter_map(|column| column.statistics()) {
            if let Statistics::Int64(values) = statistics {
                oldest = oldest.into_iter().chain(values.min_opt().copied()).min();
                newest = newest.max(values.max_opt().copied());
            }
        }
        let n_rows = metadata.file_metadata().num_rows();
        Self {
            n_rows: u64::try_from(n_rows).unwrap_or_default(),
            recorded: Recorded::of(metadata),
            oldest: oldest.and_then(DateTime::from_timestamp_micros),
            newest: newest.and_then(DateTime::from_timestamp_micros),
        }
    }
}

impl Lake {
    /// Reads a part's footer: of the copy, or else of the part, without the rest.
    pub(crate) async fn footer(&self, file: &LakeFile) -> Result<Footer> {
        if file.path.is_file() {
            let path = file.path.clone();
            let read = move || {
                let (builder, _) = open_part(&path)?;
                Ok(Footer::of(builder.metadata()))
            };
            return tokio::task::spawn_blocking(read).await?;
        }
        let unreadable = |error: ParquetError| unreadable(&file.path, &error);
        let mut n_bytes = LIKELY_FOOTER_BYTES;
        loop {
            let start = file.size_bytes.saturating_sub(n_bytes);
            let bytes = self
                .store()
                .range(&file.location, start..file.size_bytes)
                .await?;
            let mut reader = ParquetMetaDataReader::new();
            match reader.try_parse_sized(&bytes, file.size_bytes) {
                Err(ParquetError::NeedMoreData(needed)) if start > 0 => n_bytes = needed as u64,
                parsed => {
                    let metadata = parsed.and_then(|()| reader.finish()).map_err(unreadable)?;
                    return Ok(Footer::of(&metadata));
                }
            }
        }
    }
}

/// Begins to read a part that is on this machine.
pub(crate) fn open_part(path: &Path) -> Result<(ParquetRecordBatchReaderBuilder<File>, Recorded)> {
    let file = fs_err::File::open(path)?.into_parts().0;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(path, &error))?;
    let recorded = Recorded::of(builder.metadata());
    recorded.check(path)?;
    Ok((builder, recorded))
}

/// Refuses a part of a layout that is newer than this release; of the part, which must be on this machine, only the
/// footer is read. For those who read parts by other means than this crate.
///
/// # Errors
/// When it is newer, or no part at all.
pub fn check_layout(part: &Path) -> Result<()> {
    let file = fs_err::File::open(part)?.into_parts().0;
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&file)
        .map_err(|error| unreadable(part, &error))?;
    Recorded::of(&metadata).check(part)
}

pub(crate) fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Part {
        path: path.to_owned(),
        message: error.to_string(),
    }
}
