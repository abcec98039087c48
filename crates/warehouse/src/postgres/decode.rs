//! Rows from the server to Arrow, column by column.

use std::sync::Arc;

use arrow::{
    array::{
        ArrayBuilder, ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Float32Builder,
        Float64Builder, Int16Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder,
        Time64MicrosecondBuilder, TimestampMicrosecondBuilder, UInt32Builder,
    },
    datatypes::{Field, Schema, SchemaRef},
    error::ArrowError,
    record_batch::RecordBatch,
};
use postgres_protocol::types as wire;
use tokio_postgres::{
    Column, Row,
    types::{FromSql, Kind, Type},
};

mod numeric;

use numeric::Numerics;

/// Days from 1970-01-01, where Arrow counts from, to 2000-01-01, where the server does.
pub(super) const EPOCH_DAYS: i32 = 10_957;
/// The same in microseconds.
pub(super) const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * 86_400_000_000;

/// What is wrong with a value, as a sentence.
type Result<T, E = String> = std::result::Result<T, E>;

/// Collects rows and gives them as batches of one schema.
pub(super) struct Decoder {
    names: Vec<String>,
    columns: Vec<Values>,
    n_rows: usize,
    schema: Option<SchemaRef>,
}

impl Decoder {
    pub(super) fn new(columns: &[Column]) -> Result<Self> {
        let names = columns.iter().map(|column| column.name().to_owned());
        let values = columns
            .iter()
            .map(|column| Values::new(column.name(), column.type_(), column.type_modifier()));
        Ok(Self {
            names: names.collect(),
            columns: values.collect::<Result<_>>()?,
            n_rows: 0,
            schema: None,
        })
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub(super) fn add(&mut self, row: &Row) -> Result<()> {
        for (index, values) in self.columns.iter_mut().enumerate() {
            let cell = row.try_get::<_, Option<Raw<'_>>>(index);
            let bytes = cell.map_err(|error| error.to_string())?.map(|raw| raw.0);
            values
                .add(bytes)
                .map_err(|error| format!("column `{}`: {error}", self.names[index]))?;
        }
        self.n_rows += 1;
        Ok(())
    }

    /// The rows since the last batch.
    pub(super) fn batch(&mut self) -> Result<RecordBatch> {
        let mut arrays = Vec::with_capacity(self.columns.len());
        for (name, values) in self.names.iter().zip(&mut self.columns) {
            let array = values.finish();
            arrays.push(array.map_err(|error| format!("column `{name}`: {error}"))?);
        }
        self.n_rows = 0;
        let schema = Arc::clone(self.schema.get_or_insert_with(|| {
            let field = |(name, array): (&String, &ArrayRef)| {
                Field::new(name, array.data_type().clone(), true)
            };
            let fields: Vec<_> = self.names.iter().zip(&arrays).map(field).collect();
            Arc::new(Schema::new(fields))
        }));
        if arrays.is_empty() {
            return Ok(RecordBatch::new_empty(schema));
        }
        RecordBatch::try_new(schema, arrays).map_err(|error: ArrowError| error.to_string())
    }

    /// The schema of every batch; of an empty one when there was none.
    pub(super) fn schema(&mut self) -> SchemaRef {
        if let Some(schema) = &self.schema {
            return Arc::clone(schema);
        }
        match self.batch() {
            Ok(batch) => batch.schema(),
            Err(_) => Arc::new(Schema::empty()),
        }
    }
}

/// A value as it came, whatever its type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The values of one column since the last batch.
enum Values {
    Boolean(BooleanBuilder),
    Int16(Int16Builder),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Oid(UInt32Builder),
    Float32(Float32Builder),
    Float64(Float64Builder),
    Numeric(Numerics),
    Text(StringBuilder),
    /// Text behind the version of its format.
    Jsonb(StringBuilder),
    Uuid(StringBuilder),
    Bytes(BinaryBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    Time(Time64MicrosecondBuilder),
    TextList(ListBuilder<StringBuilder>),
    IntList(ListBuilder<Int64Builder>),
}

impl Values {
    fn new(name: &str, data_type: &Type, modifier: i32) -> Result<Self> {
        let utc: Arc<str> = Arc::from("UTC");
        Ok(match *data_type {
            Type::BOOL => Self::Boolean(BooleanBuilder::new()),
            Type::INT2 => Self::Int16(Int16Builder::new()),
            Type::INT4 => Self::Int32(Int32Builder::new()),
            Type::INT8 => Self::Int64(Int64Builder::new()),
            Type::OID | Type::XID | Type::CID => Self::Oid(UInt32Builder::new()),
            Type::FLOAT4 => Self::Float32(Float32Builder::new()),
            Type::FLOAT8 => Self::Float64(Float64Builder::new()),
            Type::NUMERIC => Self::Numeric(Numerics::new(modifier)),
            Type::JSONB => Self::Jsonb(StringBuilder::new()),
            Type::UUID => Self::Uuid(StringBuilder::new()),
            Type::BYTEA => Self::Bytes(BinaryBuilder::new()),
            Type::DATE => Self::Date(Date32Builder::new()),
            Type::TIMESTAMP => Self::Timestamp(TimestampMicrosecondBuilder::new()),
            Type::TIMESTAMPTZ => {
                Self::Timestamp(TimestampMicrosecondBuilder::new().with_timezone(utc))
            }
            Type::TIME => Self::Time(Time64MicrosecondBuilder::new()),
            Type::TEXT
            | Type::VARCHAR
            | Type::BPCHAR
            | Type::NAME
            | Type::UNKNOWN
            | Type::JSON
            | Type::XML
            | Type::CHAR => Self::Text(StringBuilder::new()),
            Type::TEXT_ARRAY | Type::VARCHAR_ARRAY | Type::NAME_ARRAY | Type::BPCHAR_ARRAY => {
                Self::TextList(ListBuilder::new(StringBuilder::new()))
            }
            Type::INT8_ARRAY | Type::INT4_ARRAY | Type::INT2_ARRAY => {
                Self::IntList(ListBuilder::new(Int64Builder::new()))
            }
            Type::VOID => Self::Text(StringBuilder::new()),
            ref other if matches!(other.kind(), Kind::Enum(_)) => Self::Text(StringBuilder::new()),
            ref other => {
                return Err(format!(
                    "column `{name}` has the type {other}, which cannot be read; cast it, for example to text"
                ));
            }
        })
    }

    fn add(&mut self, bytes: Option<&[u8]>) -> Result<()> {
        // One line a type: decode what is there, keep null what is not.
        macro_rules! push {
            ($builder:expr, $decode:expr) => {
                $builder.append_option(bytes.map($decode).transpose().map_err(|e| e.to_string())?)
            };
        }
        match self {
            Self::Boolean(values) => push!(values, wire::bool_from_sql),
            Self::Int16(values) => push!(values, wire::int2_from_sql),
            Self::Int32(values) => push!(values, wire::int4_from_sql),
            Self::Int64(values) => push!(values, wire::int8_from_sql),
            Self::Oid(values) => push!(values, wire::oid_from_sql),
            Self::Float32(values) => push!(values, wire::float4_from_sql),
            Self::Float64(values) => push!(values, wire::float8_from_sql),
            Self::Numeric(values) => values.add(bytes)?,
            Self::Text(values) => push!(values, wire::text_from_sql),
            Self::Jsonb(values) => push!(values, |bytes| {
                wire::text_from_sql(bytes.get(1..).unwrap_or_default())
            }),
            Self::Uuid(values) => push!(values, |bytes| wire::uuid_from_sql(bytes).map(uuid_text)),
            Self::Bytes(values) => values.append_option(bytes),
            Self::Date(values) => push!(values, date),
            Self::Timestamp(values) => push!(values, timestamp),
            Self::Time(values) => push!(values, wire::time_from_sql),
            Self::TextList(values) => {
                let Some(bytes) = bytes else {
                    values.append(false);
                    return Ok(());
                };
                elements(bytes, |element| {
                    let text = element.map(wire::text_from_sql).transpose();
                    values
                        .values()
                        .append_option(text.map_err(|error| error.to_string())?);
                    Ok(())
                })?;
                values.append(true);
            }
            Self::IntList(values) => {
                let Some(bytes) = bytes else {
                    values.append(false);
                    return Ok(());
                };
                elements(bytes, |element| {
                    values
                        .values()
                        .append_option(element.map(integer).transpose()?);
                    Ok(())
                })?;
                values.append(true);
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<ArrayRef> {
        let builder: &mut dyn ArrayBuilder = match self {
            Self::Numeric(values) => return values.finish(),
            Self::Boolean(values) => values,
            Self::Int16(values) => values,
            Self::Int32(values) => values,
            Self::Int64(values) => values,
            Self::Oid(values) => values,
            Self::Float32(values) => values,
            Self::Float64(values) => values,
            Self::Text(values) | Self::Jsonb(values) | Self::Uuid(values) => values,
            Self::Bytes(values) => values,
            Self::Date(values) => values,
            Self::Timestamp(values) => values,
            Self::Time(values) => values,
            Self::TextList(values) => values,
            Self::IntList(values) => values,
        };
        Ok(builder.finish())
    }
}

fn date(bytes: &[u8]) -> Result<i32> {
    let days = wire::date_from_sql(bytes).map_err(|error| error.to_string())?;
    days.checked_add(EPOCH_DAYS)
        .filter(|_| days != i32::MIN)
        .ok_or_else(|| "an infinite date has no day".to_owned())
}

fn timestamp(bytes: &[u8]) -> Result<i64> {
    let micros = wire::timestamp_from_sql(bytes).map_err(|error| error.to_string())?;
    micros
        .checked_add(EPOCH_MICROS)
        .filter(|_| micros != i64::MIN)
        .ok_or_else(|| "an infinite timestamp has no time".to_owned())
}

/// A whole number of any of the server's widths.
fn integer(bytes: &[u8]) -> Result<i64> {
    let number = match bytes.len() {
        2 => wire::int2_from_sql(bytes).map(i64::from),
        4 => wire::int4_from_sql(bytes).map(i64::from),
        _ => wire::int8_from_sql(bytes),
    };
    number.map_err(|error| error.to_string())
}

fn elements(bytes: &[u8], mut add: impl FnMut(Option<&[u8]>) -> Result<()>) -> Result<()> {
    use fallible_iterator::FallibleIterator as _;

    let array = wire::array_from_sql(bytes).map_err(|error| error.to_string())?;
    if array
        .dimensions()
        .count()
        .map_err(|error| error.to_string())?
        > 1
    {
        return Err("an array of arrays cannot be read; cast it to text".to_owned());
    }
    let mut values = array.values();
    while let Some(element) = values.next().map_err(|error| error.to_string())? {
        add(element)?;
    }
    Ok(())
}

fn uuid_text(bytes: [u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&index) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
