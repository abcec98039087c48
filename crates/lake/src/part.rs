//! A segment of the journal as Parquet files, one a kind.

use std::{collections::BTreeMap, path::Path};

use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::{EnabledStatistics, WriterProperties},
    schema::types::ColumnPath,
};

use crate::{
    Kind, Observation, Result,
    journal::{self, Lines},
    table::{self, Drift, Failure},
};

/// Bodies that are taken apart together: enough for speed, few enough for memory.
const BATCH_ROWS: usize = 256;
/// Readers take a file row group by row group.
const ROW_GROUP_BATCHES: usize = 6;

/// What a segment became.
pub(crate) struct Parts {
    /// The files' contents.
    pub(crate) files: BTreeMap<Kind, Vec<u8>>,
    /// Observations of each raw table.
    pub(crate) n_rows: BTreeMap<Kind, u64>,
    pub(crate) drift: Drift,
    /// Whether a line within the segment was unreadable.
    pub(crate) is_damaged: bool,
}

/// Makes the parts of a segment.
pub(crate) fn convert(segment: &Path) -> Result<Parts> {
    let run_id = journal::name_parts(segment).map_or("", |(run_id, _)| run_id);
    let mut lines = Lines::open(segment)?;
    let mut conversion = Conversion {
        run_id,
        builders: BTreeMap::new(),
        drift: Drift::new(),
    };
    for observation in &mut lines {
        let observation = observation?;
        let kind = if observation.rejected.is_some() {
            Kind::Quarantine
        } else {
            observation.kind
        };
        conversion.add(kind, observation)?;
    }
    // Quarantine is the last kind, so what others put aside while they finish still gets in.
    for kind in Kind::ALL {
        conversion.write_batch(kind)?;
    }
    let mut parts = Parts {
        files: BTreeMap::new(),
        n_rows: BTreeMap::new(),
        drift: conversion.drift,
        is_damaged: lines.n_damaged > 0,
    };
    for (kind, builder) in conversion.builders {
        let Some(writer) = builder.writer else {
            continue;
        };
        parts.files.insert(kind, writer.into_inner()?);
        parts.n_rows.insert(kind, builder.n_rows);
    }
    Ok(parts)
}

struct Conversion<'a> {
    run_id: &'a str,
    builders: BTreeMap<Kind, Builder>,
    drift: Drift,
}

#[derive(Default)]
struct Builder {
    waiting: Vec<Observation>,
    writer: Option<ArrowWriter<Vec<u8>>>,
    n_batches: usize,
    n_rows: u64,
}

impl Conversion<'_> {
    fn add(&mut self, kind: Kind, observation: Observation) -> Result<()> {
        let waiting = &mut self.builders.entry(kind).or_default().waiting;
        waiting.push(observation);
        if waiting.len() >= BATCH_ROWS {
            self.write_batch(kind)?;
        }
        Ok(())
    }

    fn write_batch(&mut self, kind: Kind) -> Result<()> {
        let builder = self.builders.entry(kind).or_default();
        let mut waiting = std::mem::take(&mut builder.waiting);
        let mut rejected = Vec::new();
        while !waiting.is_empty() {
            match table::batch(kind, self.run_id, &waiting, &mut self.drift) {
                Ok(batch) => {
                    builder.write(kind, &batch)?;
                    waiting.clear();
                }
                Err(Failure::Row { row, reason }) => {
                    rejected.push(Observation {
                        rejected: Some(reason),
                        ..waiting.remove(row)
                    });
                }
                Err(Failure::Arrow(error)) => return Err(error.into()),
            }
        }
        if !rejected.is_empty() {
            self.builders
                .entry(Kind::Quarantine)
                .or_default()
                .waiting
                .extend(rejected);
        }
        Ok(())
    }
}

impl Builder {
    fn write(&mut self, kind: Kind, batch: &arrow::record_batch::RecordBatch) -> Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(ArrowWriter::try_new(
                Vec::new(),
                kind.schema(),
                Some(properties()?),
            )?),
        };
        writer.write(batch)?;
        self.n_rows += batch.num_rows() as u64;
        self.n_batches += 1;
        if self.n_batches.is_multiple_of(ROW_GROUP_BATCHES) {
            writer.flush()?;
        }
        Ok(())
    }
}

fn properties() -> Result<WriterProperties> {
    let payload = ColumnPath::from("payload");
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        // Each body is its own; looking for repeats or for the smallest one is time lost.
        .set_column_dictionary_enabled(payload.clone(), false)
        .set_column_statistics_enabled(payload, EnabledStatistics::None)
        .build())
}
