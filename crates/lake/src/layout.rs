//! The columns that older releases wrote, laid out as today's.

use std::sync::Arc;

use arrow::{
    array::{Array as _, ArrayRef, AsArray as _, ListArray, StructArray, new_null_array},
    compute::cast,
    datatypes::{DataType, FieldRef, SchemaRef},
    error::ArrowError,
    record_batch::RecordBatch,
};

/// The version of the columns that this release writes, and the newest that it reads. 1 is what parts without a
/// version have: the same columns, and no sum over the rows.
pub(crate) const VERSION: u32 = 2;

/// Columns by name: what a batch lacks is null, and what nobody knows any more is left out, because the payload
/// has it.
pub(crate) fn align(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = schema.fields().iter().map(|field| {
        batch.column_by_name(field.name()).map_or_else(
            || Ok(new_null_array(field.data_type(), batch.num_rows())),
            |array| fit(array, field.data_type()),
        )
    });
    RecordBatch::try_new(Arc::clone(schema), columns.collect::<Result<_, _>>()?)
}

fn fit(array: &ArrayRef, wanted: &DataType) -> Result<ArrayRef, ArrowError> {
    if array.data_type() == wanted {
        return Ok(Arc::clone(array));
    }
    match (array.data_type(), wanted) {
        (DataType::Struct(_), DataType::Struct(fields)) => {
            let structs = array.as_struct();
            let child = |field: &FieldRef| {
                structs.column_by_name(field.name()).map_or_else(
                    || Ok(new_null_array(field.data_type(), structs.len())),
                    |array| fit(array, field.data_type()),
                )
            };
            let children = fields.iter().map(child).collect::<Result<_, _>>()?;
            Ok(Arc::new(StructArray::try_new(
                fields.clone(),
                children,
                structs.nulls().cloned(),
            )?))
        }
        (DataType::List(_), DataType::List(element)) => {
            let list = array.as_list::<i32>();
            Ok(Arc::new(ListArray::try_new(
                Arc::clone(element),
                list.offsets().clone(),
                fit(list.values(), element.data_type())?,
                list.nulls().cloned(),
            )?))
        }
        _ => cast(array, wanted),
    }
}

#[cfg(test)]
mod tests;
