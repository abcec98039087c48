use arrow::{
    datatypes::{DataType, SchemaRef},
    record_batch::RecordBatch,
};
use serde::Serialize;

mod json;

pub(crate) use json::json_value;

/// A value bound to a query's parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL null.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A double.
    Float(f64),
    /// Text; dates travel as ISO text and are cast in SQL.
    Text(String),
}

/// A collected result.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Names and types of the columns.
    pub schema: SchemaRef,
    /// The rows, in order.
    pub batches: Vec<RecordBatch>,
}

/// A result's column as a page or a script sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// As the query named it.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
}

/// What a column's values are, as far as showing them goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Whole numbers of any width, sums included.
    Integer,
    /// Doubles and decimals.
    Number,
    /// Text.
    Text,
    /// Truth values.
    Boolean,
    /// Days.
    Date,
    /// Moments.
    Timestamp,
    /// Lists, structs, intervals and the rest.
    Other,
}

impl Rows {
    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Names and simple types of the columns, in order.
    pub fn columns(&self) -> Vec<Column> {
        columns_of(&self.schema)
    }

    /// The rows as JSON: numbers of every SQL kind as numbers, dates and timestamps as ISO text, lists and
    /// structs as JSON, and what JSON cannot say (NaN, infinity) as null.
    pub fn json_rows(&self) -> Vec<Vec<serde_json::Value>> {
        let mut rows = Vec::with_capacity(self.n_rows());
        for batch in &self.batches {
            let cells = |row| {
                batch
                    .columns()
                    .iter()
                    .map(|column| json_value(column, row))
                    .collect()
            };
            rows.extend((0..batch.num_rows()).map(cells));
        }
        rows
    }
}

/// Rows whose cells are all text, as the catalogs give them; what is none is empty.
pub(crate) fn texts<const N: usize>(rows: &Rows) -> Vec<[String; N]> {
    let text = |cell: Option<&serde_json::Value>| {
        cell.and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    rows.json_rows()
        .iter()
        .map(|row| std::array::from_fn(|column| text(row.get(column))))
        .collect()
}

/// Names and simple types of a result's columns, for who streams the batches.
pub fn columns_of(schema: &SchemaRef) -> Vec<Column> {
    let column = |field: &arrow::datatypes::FieldRef| Column {
        name: field.name().clone(),
        column_type: column_type(field.data_type()),
    };
    schema.fields().iter().map(column).collect()
}

fn column_type(data_type: &DataType) -> ColumnType {
    match data_type {
        DataType::Decimal128(_, 0) | DataType::Decimal256(_, 0) => ColumnType::Integer,
        integer if integer.is_integer() => ColumnType::Integer,
        number if number.is_numeric() => ColumnType::Number,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => ColumnType::Text,
        DataType::Dictionary(_, values) => column_type(values),
        DataType::Boolean => ColumnType::Boolean,
        DataType::Date32 | DataType::Date64 => ColumnType::Date,
        DataType::Timestamp(..) => ColumnType::Timestamp,
        _ => ColumnType::Other,
    }
}
