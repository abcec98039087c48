use arrow::{datatypes::SchemaRef, record_batch::RecordBatch};

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

impl Rows {
    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}
