//! Parts of one kind into one part, sorted, with little in memory: sorted runs on disk, then all of them at once.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    io::{BufReader, BufWriter, Seek as _, Write as _},
    path::Path,
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, AsArray as _, BooleanArray, StringArray, UInt32Array},
    compute::{concat_batches, filter_record_batch, interleave_record_batch, take_record_batch},
    datatypes::{
        DataType, Date32Type, Field, Int64Type, Schema, SchemaRef, TimestampMicrosecondType,
    },
    ipc::{reader::StreamReader, writer::StreamWriter},
    record_batch::RecordBatch,
};
use fs_err as fs;
use parquet::arrow::{ArrowWriter, ProjectionMask};

use crate::{
    Error, Kind, LakeFile, Result,
    footer::{RowSum, open_part, unreadable},
    layout, part,
};

/// The column of a merged part that says which part a row came in.
pub const PART_COLUMN: &str = "part";
/// Rows that are sorted in memory.
const RUN_BYTES: usize = 32 << 20;
/// What of a run is in memory while runs are merged.
const PIECE_BYTES: usize = 1 << 20;

/// Day, thing, time: exports are asked for by day, all else by thing.
type Key = (i32, i64, i64);

/// A row that is to be picked next: its key, its run.
type Candidate = Reverse<(Key, usize)>;

/// Writes the rows of all sources to `output`; `scratch` is a folder for what is in between.
pub(crate) fn merge(
    kind: Kind,
    sources: &[LakeFile],
    scratch: &Path,
    output: fs::File,
    is_dropped: &dyn Fn(i64) -> bool,
) -> Result<Merged> {
    let schema = schema(kind);
    let mut runs = Runs {
        kind,
        schema: Arc::clone(&schema),
        scratch,
        waiting: Vec::new(),
        waiting_bytes: 0,
        files: Vec::new(),
    };
    let mut expected = RowSum::default();
    let mut n_dropped = 0;
    for source in sources {
        let read = runs.read(source, is_dropped)?;
        expected.merge(read.kept);
        n_dropped += read.n_dropped;
    }
    runs.cut()?;
    let mut output = Output {
        kind,
        writer: ArrowWriter::try_new(output, schema, Some(part::properties()?))?,
        sum: RowSum::default(),
    };
    interleave(kind, runs.files, &mut output)?;
    if output.sum != expected {
        return Err(Error::Unequal {
            kind: kind.name(),
            n_expected: expected.n_rows,
            n_found: output.sum.n_rows,
        });
    }
    let file = output.finish()?;
    Ok(Merged {
        file,
        n_rows: expected.n_rows,
        n_dropped,
    })
}

/// What a merge made.
pub(crate) struct Merged {
    pub(crate) file: fs::File,
    pub(crate) n_rows: u64,
    pub(crate) n_dropped: u64,
}

fn schema(kind: Kind) -> SchemaRef {
    let mut fields = kind.schema().fields().to_vec();
    fields.push(Arc::new(Field::new(PART_COLUMN, DataType::Utf8, false)));
    Schema::new(fields).into()
}

/// Sorted runs in the making.
struct Runs<'a> {
    kind: Kind,
    schema: SchemaRef,
    scratch: &'a Path,
    waiting: Vec<RecordBatch>,
    waiting_bytes: usize,
    files: Vec<fs::File>,
}

struct Read {
    kept: RowSum,
    n_dropped: u64,
}

impl Runs<'_> {
    /// Takes in a part; one that is not what it says of itself is refused.
    fn read(&mut self, source: &LakeFile, is_dropped: &dyn Fn(i64) -> bool) -> Result<Read> {
        let (builder, recorded) = open_part(&source.path)?;
        let damaged = |error: &dyn std::fmt::Display| unreadable(&source.path, error);
        let batches = builder
            .with_batch_size(self.kind.batch_rows())
            .build()
            .map_err(|error| damaged(&error))?;
        let mut read = RowSum::default();
        let mut kept = RowSum::default();
        for batch in batches {
            let batch = batch.map_err(|error| damaged(&error))?;
            let batch = self.with_part(&batch, &source.name)?;
            let sum =
                |batch: &RecordBatch| RowSum::of(batch).ok_or_else(|| damaged(&"it lacks columns"));
            let all = sum(&batch)?;
            read.merge(all);
            let batch = match without(&batch, is_dropped)? {
                None => {
                    kept.merge(all);
                    batch
                }
                Some(rest) => {
                    kept.merge(sum(&rest)?);
                    rest
                }
            };
            self.waiting_bytes += batch.get_array_memory_size();
            self.waiting.push(batch);
            if self.waiting_bytes >= RUN_BYTES {
                self.cut()?;
            }
        }
        if recorded.sum.is_some_and(|recorded| recorded != read) {
            return Err(damaged(&"its rows are not those that were written"));
        }
        Ok(Read {
            n_dropped: read.n_rows - kept.n_rows,
            kept,
        })
    }

    fn with_part(&self, batch: &RecordBatch, name: &str) -> Result<RecordBatch> {
        let part: ArrayRef = match batch.column_by_name(PART_COLUMN) {
            Some(parts) => Arc::clone(parts),
            None => Arc::new(StringArray::from_iter_values(std::iter::repeat_n(
                name,
                batch.num_rows(),
            ))),
        };
        let mut columns = layout::align(batch, &self.kind.schema())?
            .columns()
            .to_vec();
        columns.push(part);
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    /// Sorts what waits and puts it on disk.
    fn cut(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let batch = concat_batches(&self.schema, &self.waiting)?;
        self.waiting.clear();
        let n_bytes = std::mem::take(&mut self.waiting_bytes);
        let keys = keys(self.kind, &batch);
        let mut order: Vec<u32> = (0..).take(batch.num_rows()).collect();
        order.sort_by_key(|row| keys[*row as usize]);
        let n_pieces = n_bytes.div_ceil(PIECE_BYTES).max(1);
        let piece_rows = order.len().div_ceil(n_pieces).max(1);
        // Without a name nothing is left of it, however this process ends.
        let file = fs::File::from_parts(tempfile::tempfile_in(self.scratch)?, self.scratch);
        let mut writer = StreamWriter::try_new(BufWriter::new(file), &self.schema)?;
        for rows in order.chunks(piece_rows) {
            writer.write(&take_record_batch(
                &batch,
                &UInt32Array::from(rows.to_vec()),
            )?)?;
        }
        let mut written = writer.into_inner()?;
        written.flush()?;
        let mut file = written
            .into_inner()
            .map_err(|error| std::io::Error::from(error.error().kind()))?;
        file.rewind()?;
        self.files.push(file);
        Ok(())
    }
}

/// A sorted run, its next rows in memory.
struct Cursor {
    reader: StreamReader<BufReader<fs::File>>,
    keys: Vec<Key>,
    row: usize,
    /// Where its batch is among those that are picked from.
    batch: usize,
}

/// Picks the rows of all runs in the order of their keys.
fn interleave(kind: Kind, runs: Vec<fs::File>, output: &mut Output) -> Result<()> {
    let mut batches = Vec::new();
    let mut cursors = Vec::new();
    let mut candidates: BinaryHeap<Candidate> = BinaryHeap::new();
    for run in runs {
        let mut cursor = Cursor {
            reader: StreamReader::try_new(BufReader::new(run), None)?,
            keys: Vec::new(),
            row: 0,
            batch: 0,
        };
        if cursor.advance(kind, &mut batches)? {
            candidates.push(Reverse((cursor.keys[0], cursors.len())));
        }
        cursors.push(cursor);
    }
    let mut picked = Vec::with_capacity(kind.batch_rows());
    while let Some(Reverse((_, run))) = candidates.pop() {
        let cursor = &mut cursors[run];
        picked.push((cursor.batch, cursor.row));
        cursor.row += 1;
        if cursor.row < cursor.keys.len() || cursor.advance(kind, &mut batches)? {
            candidates.push(Reverse((cursor.keys[cursor.row], run)));
        }
        if picked.len() == kind.batch_rows() {
            output.write(&batches, &picked)?;
            picked.clear();
            batches = cursors
                .iter_mut()
                .enumerate()
                .map(|(position, cursor)| {
                    let batch = batches[cursor.batch].clone();
                    cursor.batch = position;
                    batch
                })
                .collect();
        }
    }
    output.write(&batches, &picked)
}

impl Cursor {
    /// Takes in the next rows; false when there are none.
    fn advance(&mut self, kind: Kind, batches: &mut Vec<RecordBatch>) -> Result<bool> {
        let Some(batch) = self.reader.next().transpose()? else {
            return Ok(false);
        };
        self.keys = keys(kind, &batch);
        self.row = 0;
        self.batch = batches.len();
        batches.push(batch);
        Ok(true)
    }
}

/// The part in the making.
struct Output {
    kind: Kind,
    writer: ArrowWriter<fs::File>,
    sum: RowSum,
}

impl Output {
    fn write(&mut self, batches: &[RecordBatch], picked: &[(usize, usize)]) -> Result<()> {
        if picked.is_empty() {
            return Ok(());
        }
        let batches: Vec<_> = batches.iter().collect();
        let batch = interleave_record_batch(&batches, picked)?;
        self.sum.add(&batch);
        self.writer.write(&batch)?;
        if self.writer.in_progress_rows() >= part::ROW_GROUP_BATCHES * self.kind.batch_rows() {
            self.writer.flush()?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<fs::File> {
        for pair in self.sum.metadata(self.kind) {
            self.writer.append_key_value_metadata(pair);
        }
        let file = self.writer.into_inner()?;
        file.sync_data()?;
        Ok(file)
    }
}

fn keys(kind: Kind, batch: &RecordBatch) -> Vec<Key> {
    let column = |name| batch.column_by_name(name);
    let ids = column("id").and_then(|column| column.as_primitive_opt::<Int64Type>());
    let moments = column("fetched_at");
    let moments = moments.and_then(|column| column.as_primitive_opt::<TimestampMicrosecondType>());
    let days = column("export_date").and_then(|column| column.as_primitive_opt::<Date32Type>());
    let days = days.filter(|_| kind.is_export());
    (0..batch.num_rows())
        .map(|row| {
            (
                days.map_or(0, |days| days.value(row)),
                ids.map_or(0, |ids| ids.value(row)),
                moments.map_or(0, |moments| moments.value(row)),
            )
        })
        .collect()
}

/// The rows that are not dropped; `None` when that is all of them.
fn without(batch: &RecordBatch, is_dropped: &dyn Fn(i64) -> bool) -> Result<Option<RecordBatch>> {
    let ids = batch.column_by_name("id");
    let ids = ids.and_then(|ids| ids.as_primitive_opt::<Int64Type>());
    let ids = ids.into_iter().flat_map(|ids| ids.values());
    let kept: Vec<bool> = ids.map(|id| !is_dropped(*id)).collect();
    if kept.iter().all(|kept| *kept) {
        return Ok(None);
    }
    Ok(Some(filter_record_batch(batch, &BooleanArray::from(kept))?))
}

/// Which parts the rows of a merged part came in, and how many in each.
pub(crate) fn parts_in(path: &Path) -> Result<BTreeMap<String, u64>> {
    let (builder, _) = open_part(path)?;
    let columns = ProjectionMask::columns(builder.parquet_schema(), [PART_COLUMN]);
    let batches = builder.with_projection(columns).with_batch_size(8192);
    let mut parts = BTreeMap::new();
    for batch in batches.build()? {
        let batch = batch.map_err(|error| unreadable(path, &error))?;
        let names = batch.column_by_name(PART_COLUMN);
        let names = names.and_then(|names| names.as_string_opt::<i32>());
        let names =
            names.ok_or_else(|| unreadable(path, &"it does not say what it was made from"))?;
        for name in names.iter().flatten() {
            match parts.get_mut(name) {
                Some(n_rows) => *n_rows += 1,
                None => drop(parts.insert(name.to_owned(), 1)),
            }
        }
    }
    Ok(parts)
}
