use arrow::{
    array::{Array, ArrayRef, AsArray, OffsetSizeTrait, downcast_integer_array},
    datatypes::{DataType, Float32Type, Float64Type},
    util::display::{ArrayFormatter, FormatOptions},
};
use serde_json::{Map, Number, Value};

const FORMAT: FormatOptions<'static> = FormatOptions::new()
    .with_display_error(true)
    .with_date_format(Some("%Y-%m-%d"))
    .with_timestamp_format(Some("%Y-%m-%dT%H:%M:%S%.f"))
    .with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.fZ"));

/// One cell as JSON.
pub(crate) fn json_value(array: &ArrayRef, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Null => Value::Null,
        DataType::Boolean => array.as_boolean().value(row).into(),
        integer if integer.is_integer() => integer_value(array, row),
        DataType::Float32 => float_value(array.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => float_value(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(..) | DataType::Decimal256(..) => decimal_value(&text(array, row)),
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).into(),
        DataType::Utf8View => array.as_string_view().value(row).into(),
        DataType::List(_) => list_value::<i32>(array, row),
        DataType::LargeList(_) => list_value::<i64>(array, row),
        DataType::FixedSizeList(..) => elements(&array.as_fixed_size_list().value(row)),
        DataType::Struct(_) => struct_value(array, row),
        DataType::Map(..) => map_value(array, row),
        _ => text(array, row).into(),
    }
}

fn integer_value(array: &ArrayRef, row: usize) -> Value {
    downcast_integer_array!(
        array => array.value(row).into(),
        _ => Value::Null,
    )
}

fn float_value(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

fn decimal_value(digits: &str) -> Value {
    if let Ok(integer) = digits.parse::<i64>() {
        return integer.into();
    }
    digits.parse().map_or(Value::Null, float_value)
}

fn list_value<Offset: OffsetSizeTrait>(array: &ArrayRef, row: usize) -> Value {
    elements(&array.as_list::<Offset>().value(row))
}

fn elements(values: &ArrayRef) -> Value {
    (0..values.len())
        .map(|row| json_value(values, row))
        .collect()
}

fn struct_value(array: &ArrayRef, row: usize) -> Value {
    let fields = array.as_struct();
    let member = |(name, column): (&&str, &ArrayRef)| ((*name).to_owned(), json_value(column, row));
    Value::Object(
        fields
            .column_names()
            .iter()
            .zip(fields.columns())
            .map(member)
            .collect(),
    )
}

fn map_value(array: &ArrayRef, row: usize) -> Value {
    let entries = array.as_map().value(row);
    let (keys, values) = (entries.column(0), entries.column(1));
    let member = |row| {
        let key = match json_value(keys, row) {
            Value::String(key) => key,
            other => other.to_string(),
        };
        (key, json_value(values, row))
    };
    Value::Object((0..entries.len()).map(member).collect::<Map<_, _>>())
}

fn text(array: &ArrayRef, row: usize) -> String {
    match ArrayFormatter::try_new(array, &FORMAT) {
        Ok(formatter) => formatter.value(row).to_string(),
        Err(error) => error.to_string(),
    }
}
