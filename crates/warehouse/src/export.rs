//! A query's rows as a file or a table on a screen, written as they come.

use std::{
    io::{self, Write},
    ops::ControlFlow,
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, StringArray},
    compute::BatchCoalescer,
    csv,
    datatypes::{DataType, Field, Schema, SchemaRef},
    error::ArrowError,
    record_batch::RecordBatch,
    util::{display::FormatOptions, pretty::pretty_format_batches_with_options},
};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{metadata::KeyValue, properties::WriterProperties},
};
use serde_json::{Map, Value as Json};

use crate::{Connection, Error, Result, Rows, Value, rows::json_value};

#[cfg(test)]
mod tests;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: a table with borders. Held in memory until the last row.
    Table,
    /// With a header; quoted so that newlines and quotes survive, lists and structs as JSON. Null and empty text
    /// look the same.
    Csv,
    /// One object a line.
    Json,
    /// One array of objects.
    JsonArray,
    /// Zstandard-compressed.
    Parquet,
}

/// Runs a query and writes its rows; returns how many there were.
///
/// # Errors
/// What the database said, or why the output could not be written.
pub fn write(
    connection: &mut dyn Connection,
    sql: &str,
    parameters: &[Value],
    format: Format,
    output: &mut (dyn Write + Send),
) -> Result<u64> {
    write_each(connection, sql, parameters, [(format, output)])
}

/// Runs a query once and writes its rows in several formats; returns how many there were.
///
/// # Errors
/// As for [`write`].
pub fn write_each<const N: usize>(
    connection: &mut dyn Connection,
    sql: &str,
    parameters: &[Value],
    outputs: [(Format, &mut (dyn Write + Send)); N],
) -> Result<u64> {
    let mut sinks = outputs.map(|(format, output)| Sink {
        format,
        output,
        state: State::New,
        n_rows: 0,
    });
    let mut outcome = Ok(());
    let schema = connection.stream(sql, parameters, &mut |batch| {
        outcome = sinks.iter_mut().try_for_each(|sink| sink.write(&batch));
        if outcome.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    outcome?;
    let mut n_rows = 0;
    for sink in sinks {
        n_rows = sink.finish(&schema)?;
    }
    Ok(n_rows)
}

/// Rows as a Parquet file in memory, with notes about them among its key-value metadata.
///
/// # Errors
/// When a column has a type that Parquet has not.
pub fn parquet(rows: &Rows, notes: &[(&str, String)]) -> Result<Vec<u8>> {
    let notes = notes
        .iter()
        .map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()));
    let empty = plain(&RecordBatch::new_empty(Arc::clone(&rows.schema)))?;
    let mut pages = Pages::new(empty.schema(), notes.collect())?;
    for batch in &rows.batches {
        pages.batches.push_batch(plain(batch)?)?;
    }
    let mut file = Vec::new();
    pages.finish(&mut file)?;
    Ok(file)
}

struct Sink<'a> {
    format: Format,
    output: &'a mut (dyn Write + Send),
    state: State,
    n_rows: u64,
}

enum State {
    New,
    Text,
    Table(Vec<RecordBatch>),
    Parquet(Box<Pages>),
}

/// Encodes into memory and is emptied into the output after each batch.
struct Pages {
    writer: ArrowWriter<Vec<u8>>,
    // The same rows give the same bytes, however the database cut them into batches.
    batches: BatchCoalescer,
}

const ROWS_A_BATCH: usize = 8192;

impl Sink<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if matches!(self.state, State::New) {
            self.begin(&batch.schema())?;
        }
        match (&mut self.state, self.format) {
            (State::Table(batches), _) => batches.push(flat(batch, |_| false)?),
            (State::Parquet(pages), _) => {
                pages.batches.push_batch(plain(batch)?)?;
                pages.drain(self.output)?;
            }
            (_, Format::Csv) => write_csv(&flat(batch, is_inexact_in_csv)?, false, self.output)?,
            _ => self.write_objects(batch)?,
        }
        self.n_rows += batch.num_rows() as u64;
        Ok(())
    }

    fn begin(&mut self, schema: &SchemaRef) -> Result<()> {
        let empty = RecordBatch::new_empty(Arc::clone(schema));
        self.state = State::Text;
        match self.format {
            Format::Table => self.state = State::Table(vec![flat(&empty, |_| false)?]),
            Format::Csv => write_csv(&flat(&empty, is_inexact_in_csv)?, true, self.output)?,
            Format::Json => {}
            Format::JsonArray => self.output.write_all(b"[")?,
            Format::Parquet => {
                self.state =
                    State::Parquet(Box::new(Pages::new(plain(&empty)?.schema(), Vec::new())?));
            }
        }
        Ok(())
    }

    fn finish(mut self, schema: &SchemaRef) -> Result<u64> {
        if matches!(self.state, State::New) {
            self.begin(schema)?;
        }
        match self.state {
            State::Parquet(pages) => pages.finish(self.output)?,
            State::Table(batches) => {
                let table = pretty_format_batches_with_options(
                    &batches,
                    &FormatOptions::new().with_null("·"),
                )?;
                writeln!(self.output, "{table}")?;
            }
            _ if self.format == Format::JsonArray => self.output.write_all(b"\n]\n")?,
            _ => {}
        }
        self.output.flush()?;
        Ok(self.n_rows)
    }

    fn write_objects(&mut self, batch: &RecordBatch) -> Result<()> {
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            let member = |(field, column): (&Arc<Field>, &ArrayRef)| {
                (field.name().clone(), json_value(column, row))
            };
            let object: Map<_, _> = schema
                .fields()
                .iter()
                .zip(batch.columns())
                .map(member)
                .collect();
            if self.format == Format::JsonArray {
                let separator: &[u8] = if self.n_rows + row as u64 == 0 {
                    b"\n"
                } else {
                    b",\n"
                };
                self.output.write_all(separator)?;
            }
            serde_json::to_writer(&mut *self.output, &object).map_err(io::Error::from)?;
            if self.format == Format::Json {
                self.output.write_all(b"\n")?;
            }
        }
        Ok(())
    }
}

fn write_csv(batch: &RecordBatch, has_header: bool, output: &mut (dyn Write + Send)) -> Result<()> {
    let mut bytes = Vec::new();
    csv::WriterBuilder::new()
        .with_header(has_header)
        .build(&mut bytes)
        .write(batch)?;
    output.write_all(&bytes)?;
    Ok(())
}

impl Pages {
    fn new(schema: SchemaRef, notes: Vec<KeyValue>) -> Result<Self> {
        let zstd = ZstdLevel::try_new(3).map_err(unparquet)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(zstd))
            .set_key_value_metadata((!notes.is_empty()).then_some(notes))
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties));
        Ok(Self {
            writer: writer.map_err(unparquet)?,
            batches: BatchCoalescer::new(schema, ROWS_A_BATCH),
        })
    }

    fn finish(mut self, output: &mut (dyn Write + Send)) -> Result<()> {
        self.batches.finish_buffered_batch()?;
        self.drain(output)?;
        let rest = self.writer.into_inner().map_err(unparquet)?;
        output.write_all(&rest)?;
        Ok(())
    }

    fn drain(&mut self, output: &mut (dyn Write + Send)) -> Result<()> {
        while let Some(batch) = self.batches.next_completed_batch() {
            self.writer.write(&batch).map_err(unparquet)?;
        }
        let encoded = self.writer.inner_mut();
        output.write_all(encoded)?;
        encoded.clear();
        Ok(())
    }
}

/// Lists, structs and whatever else a flat file cannot hold as JSON text.
fn flat(batch: &RecordBatch, is_json_too: impl Fn(&DataType) -> bool) -> Result<RecordBatch> {
    let is_json = |data_type: &DataType| data_type.is_nested() || is_json_too(data_type);
    mapped(batch, |column| {
        is_json(column.data_type()).then(|| Arc::new(json_texts(column)) as ArrayRef)
    })
}

/// A double's shortest text, and nothing for what is no number.
fn is_inexact_in_csv(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Float32 | DataType::Float64)
}

/// Parquet has no such thing as DuckDB's enums and unsigned dictionaries; their text will do.
fn plain(batch: &RecordBatch) -> Result<RecordBatch> {
    mapped(batch, |column| {
        matches!(column.data_type(), DataType::Dictionary(..))
            .then(|| Arc::new(json_texts(column)) as ArrayRef)
    })
}

fn mapped(
    batch: &RecordBatch,
    replace: impl Fn(&ArrayRef) -> Option<ArrayRef>,
) -> Result<RecordBatch> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let column = replace(column).unwrap_or_else(|| Arc::clone(column));
        fields.push(Field::new(field.name(), column.data_type().clone(), true));
        columns.push(column);
    }
    if columns.is_empty() {
        return Ok(batch.clone());
    }
    Ok(RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns,
    )?)
}

fn json_texts(column: &ArrayRef) -> StringArray {
    let text = |row| match json_value(column, row) {
        Json::Null => None,
        Json::String(text) => Some(text),
        value => Some(value.to_string()),
    };
    (0..column.len()).map(text).collect()
}

fn unparquet(error: ParquetError) -> Error {
    ArrowError::from(error).into()
}
