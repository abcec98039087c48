use arrow::{
    array::{Array, AsArray},
    datatypes::{
        DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
        UInt16Type, UInt32Type, UInt64Type,
    },
    util::display::{ArrayFormatter, FormatOptions},
};
use warehouse::Rows;

use crate::jinja::{Arguments, Interpreter, Object, Result, Value};

/// A query's result with the parts of an agate table that templates use.
pub(super) fn table(rows: &Rows) -> Value {
    let names: Vec<String> = rows
        .schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let mut columns: Vec<Vec<Value>> = vec![Vec::with_capacity(rows.n_rows()); names.len()];
    for batch in &rows.batches {
        for (column, array) in columns.iter_mut().zip(batch.columns()) {
            column.extend((0..array.len()).map(|index| cell(array.as_ref(), index)));
        }
    }
    let n_rows = rows.n_rows();
    let records = (0..n_rows).map(|index| {
        let values = columns.iter().map(|column| column[index].clone()).collect();
        Value::object(Record {
            names: names.clone(),
            values,
        })
    });
    let records = Value::list(records.collect::<Vec<_>>());
    let column_values = columns
        .into_iter()
        .zip(&names)
        .map(|(values, name)| {
            Value::object(Record {
                names: vec![name.clone()],
                values,
            })
        })
        .collect();
    Value::dict([
        (
            "columns",
            Value::object(Record {
                names: names.clone(),
                values: column_values,
            }),
        ),
        ("rows", records),
        (
            "column_names",
            Value::list(names.iter().map(Value::text).collect::<Vec<_>>()),
        ),
        (
            "print_table",
            Value::function("print_table", |_, _| Ok(Value::text(""))),
        ),
    ])
}

/// A row, a column or the list of columns: items by position and by name.
struct Record {
    names: Vec<String>,
    values: Vec<Value>,
}

impl Object for Record {
    fn type_name(&self) -> &'static str {
        "Row"
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        if let Some(index) = self
            .names
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))
        {
            return self.values.get(index).cloned();
        }
        (name == "name").then(|| self.names.first().map_or(Value::None, Value::text))
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.values.clone())
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        _arguments: Arguments,
    ) -> Option<Result<Value>> {
        Some(Ok(match name {
            "values" => Value::tuple(self.values.clone()),
            "keys" => Value::list(self.names.iter().map(Value::text).collect::<Vec<_>>()),
            "dict" => Value::dict(
                self.names
                    .iter()
                    .zip(&self.values)
                    .map(|(name, value)| (name, value.clone())),
            ),
            _ => return None,
        }))
    }

    fn print(&self) -> String {
        Value::tuple(self.values.clone()).to_string()
    }
}

/// One value of a result: numbers, truth and text as they are, the rest as text.
pub(crate) fn cell(array: &dyn Array, index: usize) -> Value {
    if array.is_null(index) {
        return Value::None;
    }
    macro_rules! integer {
        ($kind:ty) => {
            i64::try_from(array.as_primitive::<$kind>().value(index))
                .map_or(Value::None, Value::Int)
        };
    }
    match array.data_type() {
        DataType::Boolean => Value::Bool(array.as_boolean().value(index)),
        DataType::Int8 => integer!(Int8Type),
        DataType::Int16 => integer!(Int16Type),
        DataType::Int32 => integer!(Int32Type),
        DataType::Int64 => integer!(Int64Type),
        DataType::UInt8 => integer!(UInt8Type),
        DataType::UInt16 => integer!(UInt16Type),
        DataType::UInt32 => integer!(UInt32Type),
        DataType::UInt64 => integer!(UInt64Type),
        DataType::Float32 => {
            Value::Float(f64::from(array.as_primitive::<Float32Type>().value(index)))
        }
        DataType::Float64 => Value::Float(array.as_primitive::<Float64Type>().value(index)),
        DataType::Decimal128(_, scale) => decimal(array, index, *scale),
        _ => text(array, index).map_or(Value::None, Value::from),
    }
}

fn text(array: &dyn Array, index: usize) -> Option<String> {
    let formatter = ArrayFormatter::try_new(array, &FormatOptions::default()).ok()?;
    Some(formatter.value(index).to_string())
}

/// DuckDB's sums of whole numbers are decimals without a fraction: integers to a template.
fn decimal(array: &dyn Array, index: usize, scale: i8) -> Value {
    let text = text(array, index).unwrap_or_default();
    if scale == 0 {
        return text.parse().map_or(Value::None, Value::Int);
    }
    text.parse().map_or(Value::None, Value::Float)
}
