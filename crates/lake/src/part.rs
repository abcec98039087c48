//! Observations as Parquet files, one a kind: those of a segment of the journal, or a day's export.

use std::{collections::BTreeMap, io::Write, path::Path};

use arrow::record_batch::RecordBatch;
use fs_err as fs;
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::{EnabledStatistics, WriterProperties},
    schema::types::ColumnPath,
};

use crate::{
    Kind, Observation, Result,
    day::Open,
    footer::RowSum,
    journal::{self, Lines},
    table::{self, Drift, Failure, Origin},
};

/// Readers take a file row group by row group.
pub(crate) const ROW_GROUP_BATCHES: usize = 6;

impl Kind {
    /// Bodies that are taken apart together: enough for speed, few enough for memory.
    pub(crate) fn batch_rows(self) -> usize {
        if self.is_export() { 16_384 } else { 256 }
    }
}

/// What a segment became.
pub(crate) struct Parts {
    /// Each kind's file with its number of rows.
    pub(crate) files: Vec<(Kind, fs::File, u64)>,
    pub(crate) drift: Drift,
    /// Whether a line within the segment was unreadable.
    pub(crate) is_damaged: bool,
}

/// Makes the parts of a segment, in files rather than in memory.
pub(crate) fn convert(segment: &Path, open: Open) -> Result<Parts> {
    let run_id = journal::name_parts(segment).map_or("", |(run_id, _)| run_id);
    let mut lines = Lines::open(segment)?;
    let origin = Origin {
        run_id: run_id.to_owned(),
        export_date: None,
    };
    let mut conversion = Conversion::new(origin, open);
    for observation in &mut lines {
        conversion.add(observation?)?;
    }
    let converted = conversion.finish()?;
    Ok(Parts {
        files: converted.files,
        drift: converted.drift,
        is_damaged: lines.n_damaged > 0,
    })
}

/// What a conversion made.
pub(crate) struct Converted<W> {
    /// Each kind's file with its number of rows.
    pub(crate) files: Vec<(Kind, W, u64)>,
    pub(crate) drift: Drift,
}

/// Sorts observations by kind into files that `open` gives.
pub(crate) struct Conversion<W: Write + Send, O> {
    origin: Origin,
    open: O,
    builders: BTreeMap<Kind, Builder<W>>,
    drift: Drift,
}

struct Builder<W: Write + Send> {
    waiting: Vec<Observation>,
    writer: Option<ArrowWriter<W>>,
    n_batches: usize,
    sum: RowSum,
}

impl<W: Write + Send> Default for Builder<W> {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            writer: None,
            n_batches: 0,
            sum: RowSum::default(),
        }
    }
}

impl<W: Write + Send, O: FnMut(Kind) -> Result<W>> Conversion<W, O> {
    pub(crate) fn new(origin: Origin, open: O) -> Self {
        Self {
            origin,
            open,
            builders: BTreeMap::new(),
            drift: Drift::new(),
        }
    }

    pub(crate) fn add(&mut self, observation: Observation) -> Result<()> {
        let kind = if observation.rejected.is_some() {
            Kind::Quarantine
        } else {
            observation.kind
        };
        let waiting = &mut self.builders.entry(kind).or_default().waiting;
        waiting.push(observation);
        if waiting.len() >= kind.batch_rows() {
            self.write_batch(kind)?;
        }
        Ok(())
    }

    /// Writes what is left and ends the files.
    pub(crate) fn finish(mut self) -> Result<Converted<W>> {
        // Quarantine is the last kind, so what others put aside while they finish still gets in.
        for kind in Kind::ALL {
            self.write_batch(kind)?;
        }
        let mut files = Vec::new();
        for (kind, builder) in self.builders {
            if let Some(mut writer) = builder.writer {
                for pair in builder.sum.metadata(kind) {
                    writer.append_key_value_metadata(pair);
                }
                files.push((kind, writer.into_inner()?, builder.sum.n_rows));
            }
        }
        Ok(Converted {
            files,
            drift: self.drift,
        })
    }

    fn write_batch(&mut self, kind: Kind) -> Result<()> {
        let builder = self.builders.entry(kind).or_default();
        let mut waiting = std::mem::take(&mut builder.waiting);
        let mut rejected = Vec::new();
        while !waiting.is_empty() {
            match table::batch(kind, &self.origin, &waiting, &mut self.drift) {
                Ok(batch) => {
                    builder.write(kind, &batch, &mut self.open)?;
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

impl<W: Write + Send> Builder<W> {
    fn write(
        &mut self,
        kind: Kind,
        batch: &RecordBatch,
        open: &mut impl FnMut(Kind) -> Result<W>,
    ) -> Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(ArrowWriter::try_new(
                open(kind)?,
                kind.schema(),
                Some(properties()?),
            )?),
        };
        writer.write(batch)?;
        self.sum.add(batch);
        self.n_batches += 1;
        if self.n_batches.is_multiple_of(ROW_GROUP_BATCHES) {
            writer.flush()?;
        }
        Ok(())
    }
}

pub(crate) fn properties() -> Result<WriterProperties> {
    let payload = ColumnPath::from("payload");
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        // Each body is its own; looking for repeats or for the smallest one is time lost.
        .set_column_dictionary_enabled(payload.clone(), false)
        .set_column_statistics_enabled(payload, EnabledStatistics::None)
        .build())
}
