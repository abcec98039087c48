//! Arrow to the binary format of `COPY`, nested columns as `jsonb`.
//!
//! Written by hand because the crates that encode Arrow for Postgres turn structs into composite types, which
//! need a type on the server for each; `jsonb` needs none and takes fields that are yet to come.

use std::sync::Arc;

use arrow::{
    array::{
        Array, ArrayRef, AsArray as _, BooleanArray, Date32Array, Float64Array, Int32Array,
        Int64Array, ListArray, StringArray, StructArray, TimestampMicrosecondArray,
    },
    compute::cast,
    datatypes::{
        DataType, Date32Type, Field, FieldRef, Float64Type, Int32Type, Int64Type, SchemaRef,
        TimeUnit, TimestampMicrosecondType,
    },
    error::ArrowError,
    json::writer::{EncoderOptions, NullableEncoder, make_encoder},
    record_batch::RecordBatch,
};

use super::{
    decode::{EPOCH_DAYS, EPOCH_MICROS},
    quoted,
};

/// What a stream of rows begins with: the mark, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What stands where the next row's field count would.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();
/// The version of `jsonb`'s binary form.
const JSONB_VERSION: u8 = 1;
/// The one character that the server cannot store, as JSON escapes it.
const ESCAPED_NUL: &[u8] = b"\\u0000";

/// Encodes batches of one schema as the rows of one `COPY`.
#[derive(Debug)]
pub(super) struct Encoder {
    columns: Vec<FieldRef>,
    bytes: Vec<u8>,
    n_replaced: u64,
}

impl Encoder {
    pub(super) fn new(schema: &SchemaRef) -> Self {
        Self {
            columns: schema.fields().iter().cloned().collect(),
            bytes: HEADER.to_vec(),
            n_replaced: 0,
        }
    }

    /// `copy "a"."b" ("x", "y") from stdin (format binary)` for a quoted table name.
    pub(super) fn statement(&self, table: &str) -> String {
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|field| quoted(field.name()))
            .collect();
        format!(
            "copy {table} ({}) from stdin (format binary)",
            columns.join(", ")
        )
    }

    /// How many values held U+0000, which the server cannot store, and got U+FFFD in its place.
    pub(super) fn n_replaced(&self) -> u64 {
        self.n_replaced
    }

    /// How many bytes wait to be sent.
    pub(super) fn n_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Takes what waits to be sent.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let capacity = self.bytes.capacity();
        std::mem::replace(&mut self.bytes, Vec::with_capacity(capacity))
    }

    /// Adds rows. Columns are found by name; one that the batch lacks is null.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let arrays: Vec<Option<ArrayRef>> = self
            .columns
            .iter()
            .map(|field| {
                batch
                    .column_by_name(field.name())
                    .map(|array| plain(field, array))
            })
            .map(Option::transpose)
            .collect::<Result<_, _>>()?;
        let options = EncoderOptions::default();
        let mut cells = Vec::with_capacity(arrays.len());
        for (field, array) in self.columns.iter().zip(&arrays) {
            cells.push(match array {
                Some(array) => Cells::new(field, array, &options)?,
                None => Cells::Missing,
            });
        }
        let n_fields = i16::try_from(cells.len())
            .map_err(|error| ArrowError::InvalidArgumentError(error.to_string()))?;
        for row in 0..batch.num_rows() {
            self.bytes.extend_from_slice(&n_fields.to_be_bytes());
            for column in &mut cells {
                self.n_replaced += u64::from(column.write(row, &mut self.bytes)?);
            }
        }
        Ok(())
    }

    /// Says that there are no more rows.
    pub(super) fn finish(&mut self) {
        self.bytes.extend_from_slice(&TRAILER);
    }
}

/// The server's type for a column of the lake.
pub fn sql_type(field: &Field) -> &'static str {
    match field.data_type() {
        DataType::Boolean => "boolean",
        DataType::Int32 => "integer",
        DataType::Int64 => "bigint",
        DataType::Float64 => "double precision",
        DataType::Date32 => "date",
        DataType::Timestamp(..) => "timestamp without time zone",
        nested if nested.is_nested() => "jsonb",
        _ => "text",
    }
}

/// A file written by an older release may hold a narrower type, or text in another form.
fn plain(field: &Field, array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let wanted = match field.data_type() {
        DataType::Timestamp(..) => DataType::Timestamp(TimeUnit::Microsecond, None),
        other => other.clone(),
    };
    if wanted.is_nested() {
        return without_null_structs(array);
    }
    if *array.data_type() == wanted {
        return Ok(ArrayRef::clone(array));
    }
    cast(array, &wanted)
}

/// A struct in a list that is null becomes one without fields: the server takes lists of objects apart, and a JSON
/// null is none.
fn without_null_structs(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let Some(list) = array.as_list_opt::<i32>() else {
        return Ok(ArrayRef::clone(array));
    };
    let Some(structs) = list
        .values()
        .as_struct_opt()
        .filter(|structs| structs.null_count() > 0)
    else {
        return Ok(ArrayRef::clone(array));
    };
    let DataType::List(element) = list.data_type() else {
        return Ok(ArrayRef::clone(array));
    };
    let structs = StructArray::try_new(structs.fields().clone(), structs.columns().to_vec(), None)?;
    Ok(Arc::new(ListArray::try_new(
        FieldRef::clone(element),
        list.offsets().clone(),
        Arc::new(structs),
        list.nulls().cloned(),
    )?))
}

/// One column of a batch, ready to be written cell by cell.
enum Cells<'a> {
    Missing,
    Boolean(&'a BooleanArray),
    Int32(&'a Int32Array),
    Int64(&'a Int64Array),
    Float64(&'a Float64Array),
    Date(&'a Date32Array),
    Timestamp(&'a TimestampMicrosecondArray),
    Text(&'a StringArray),
    Json(NullableEncoder<'a>),
}

impl<'a> Cells<'a> {
    fn new(
        field: &'a FieldRef,
        array: &'a ArrayRef,
        options: &'a EncoderOptions,
    ) -> Result<Self, ArrowError> {
        Ok(match field.data_type() {
            DataType::Boolean => Self::Boolean(array.as_boolean()),
            DataType::Int32 => Self::Int32(array.as_primitive::<Int32Type>()),
            DataType::Int64 => Self::Int64(array.as_primitive::<Int64Type>()),
            DataType::Float64 => Self::Float64(array.as_primitive::<Float64Type>()),
            DataType::Date32 => Self::Date(array.as_primitive::<Date32Type>()),
            DataType::Timestamp(..) => {
                Self::Timestamp(array.as_primitive::<TimestampMicrosecondType>())
            }
            DataType::Utf8 => Self::Text(array.as_string()),
            nested if nested.is_nested() => Self::Json(make_encoder(field, array, options)?),
            other => {
                return Err(ArrowError::NotYetImplemented(format!(
                    "`{}` has the type {other}, which no raw table has",
                    field.name()
                )));
            }
        })
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Missing => true,
            Self::Boolean(array) => array.is_null(row),
            Self::Int32(array) => array.is_null(row),
            Self::Int64(array) => array.is_null(row),
            Self::Float64(array) => array.is_null(row),
            Self::Date(array) => array.is_null(row),
            Self::Timestamp(array) => array.is_null(row),
            Self::Text(array) => array.is_null(row),
            Self::Json(encoder) => encoder.is_null(row),
        }
    }

    /// Writes the length of a cell and the cell; true when U+0000 was replaced in it.
    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> Result<bool, ArrowError> {
        if self.is_null(row) {
            out.extend_from_slice(&(-1_i32).to_be_bytes());
            return Ok(false);
        }
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        let mut is_replaced = false;
        match self {
            Self::Missing => {}
            Self::Boolean(array) => out.push(u8::from(array.value(row))),
            Self::Int32(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Self::Int64(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Self::Float64(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Self::Date(array) => {
                let days = array.value(row).saturating_sub(EPOCH_DAYS);
                out.extend_from_slice(&days.to_be_bytes());
            }
            Self::Timestamp(array) => {
                let micros = array.value(row).saturating_sub(EPOCH_MICROS);
                out.extend_from_slice(&micros.to_be_bytes());
            }
            Self::Text(array) => {
                let text = array.value(row);
                is_replaced = text.contains('\0');
                if is_replaced {
                    out.extend_from_slice(text.replace('\0', "\u{fffd}").as_bytes());
                } else {
                    out.extend_from_slice(text.as_bytes());
                }
            }
            Self::Json(encoder) => {
                out.push(JSONB_VERSION);
                let json = out.len();
                encoder.encode(row, out);
                is_replaced = replace_escaped_nul(out, json);
            }
        }
        let length = i32::try_from(out.len() - start - 4)
            .map_err(|_| ArrowError::InvalidArgumentError("a value is over 2 GiB".to_owned()))?;
        out[start..start + 4].copy_from_slice(&length.to_be_bytes());
        Ok(is_replaced)
    }
}

/// Puts `\ufffd` for `\u0000` in the JSON from `start` on; not where the backslash is itself escaped.
fn replace_escaped_nul(out: &mut [u8], start: usize) -> bool {
    let mut is_replaced = false;
    let mut at = start;
    while let Some(found) = out[at..].iter().position(|byte| *byte == b'\\') {
        at += found;
        if out[at..].starts_with(ESCAPED_NUL) {
            out[at + 2..at + 6].copy_from_slice(b"fffd");
            is_replaced = true;
        }
        // A backslash and what it escapes.
        at += 2;
        if at >= out.len() {
            break;
        }
    }
    is_replaced
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::{
        array::{Array as _, ArrayRef, Int64Array, ListArray, StringArray, StructArray},
        buffer::{NullBuffer, OffsetBuffer},
        datatypes::{DataType, Field, Schema},
        record_batch::RecordBatch,
    };

    use super::{Encoder, replace_escaped_nul};

    #[test]
    fn rows_have_lengths_nulls_and_the_columns_that_a_batch_lacks() {
        let schema = Arc::new(Schema::new(vec![
            Field::new("id", DataType::Int64, false),
            Field::new("later", DataType::Utf8, true),
            Field::new("title", DataType::Utf8, true),
        ]));
        let batch = RecordBatch::try_from_iter([
            (
                "title",
                Arc::new(StringArray::from(vec![Some("a\0b"), None])) as ArrayRef,
            ),
            ("id", Arc::new(Int64Array::from(vec![7, 8])) as ArrayRef),
        ])
        .unwrap();
        let mut encoder = Encoder::new(&schema);
        encoder.add(&batch).unwrap();
        encoder.finish();
        assert_eq!(encoder.n_replaced(), 1);
        let bytes = encoder.take();
        let rows: &[&[u8]] = &[
            &[0, 3],
            &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7],
            &[255, 255, 255, 255],
            &[0, 0, 0, 5, b'a', 0xef, 0xbf, 0xbd, b'b'],
            &[0, 3],
            &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 8],
            &[255, 255, 255, 255],
            &[255, 255, 255, 255],
            &[255, 255],
        ];
        assert_eq!(bytes[19..], rows.concat());
    }

    #[test]
    fn a_null_in_a_list_of_structs_is_an_empty_object() {
        let fields = vec![Field::new("id", DataType::Int64, true)];
        let ids = Int64Array::from(vec![Some(1), None, None]);
        let nulls = NullBuffer::from(vec![true, false, true]);
        let structs = StructArray::new(fields.into(), vec![Arc::new(ids)], Some(nulls));
        let element = Arc::new(Field::new("item", structs.data_type().clone(), true));
        let offsets = OffsetBuffer::from_lengths([3]);
        let list: ArrayRef = Arc::new(ListArray::new(element, offsets, Arc::new(structs), None));
        let schema = Schema::new(vec![Field::new("cast", list.data_type().clone(), true)]);
        let batch = RecordBatch::try_from_iter([("cast", list)]).unwrap();
        let mut encoder = Encoder::new(&Arc::new(schema));
        encoder.add(&batch).unwrap();
        let bytes = String::from_utf8_lossy(&encoder.take()).into_owned();
        assert!(bytes.ends_with(r#"[{"id":1},{},{}]"#), "{bytes}");
    }

    #[test]
    fn only_a_real_escape_is_replaced() {
        let check = |json: &str, expect: &str| {
            let mut bytes = json.as_bytes().to_vec();
            let is_replaced = replace_escaped_nul(&mut bytes, 0);
            assert_eq!(String::from_utf8(bytes).unwrap(), expect);
            assert_eq!(is_replaced, json != expect);
        };
        check(r#"{"a":"x\u0000y"}"#, r#"{"a":"x\ufffdy"}"#);
        check(r#"{"a":"\\u0000"}"#, r#"{"a":"\\u0000"}"#);
        check(r#"{"a":"\\\u0000\n"}"#, r#"{"a":"\\\ufffd\n"}"#);
    }
}
