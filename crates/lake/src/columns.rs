//! JSON into Arrow columns by the schema alone: straight from the text, in one pass, forgiving every value.

use std::{fmt, sync::Arc};

use arrow::{
    array::{
        ArrayBuilder, ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder,
        Int64Builder, ListArray, NullBufferBuilder, StringBuilder, StructArray,
        TimestampMicrosecondBuilder,
    },
    buffer::{OffsetBuffer, ScalarBuffer},
    datatypes::{DataType, Field, FieldRef, Fields},
    error::ArrowError,
};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::moment;

/// One column being filled; also a list's elements or a struct's field.
pub(crate) struct Column {
    name: String,
    values: Values,
    n_odd: u64,
}

enum Values {
    Boolean(BooleanBuilder),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Float64(Float64Builder),
    Text(StringBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    List {
        field: FieldRef,
        ends: Vec<i32>,
        nulls: NullBufferBuilder,
        element: Box<Column>,
    },
    Struct {
        fields: Fields,
        nulls: NullBufferBuilder,
        children: Vec<Column>,
    },
}

impl Column {
    /// An empty column of a raw table's type.
    pub(crate) fn new(field: &Field) -> Self {
        let values = match field.data_type() {
            DataType::Boolean => Values::Boolean(BooleanBuilder::new()),
            DataType::Int32 => Values::Int32(Int32Builder::new()),
            DataType::Int64 => Values::Int64(Int64Builder::new()),
            DataType::Float64 => Values::Float64(Float64Builder::new()),
            DataType::Date32 => Values::Date(Date32Builder::new()),
            DataType::Timestamp(..) => Values::Timestamp(TimestampMicrosecondBuilder::new()),
            DataType::List(element) => Values::List {
                field: Arc::clone(element),
                ends: vec![0],
                nulls: NullBufferBuilder::new(0),
                element: Box::new(Self::new(element)),
            },
            DataType::Struct(fields) => Values::Struct {
                fields: fields.clone(),
                nulls: NullBufferBuilder::new(0),
                children: fields.iter().map(|field| Self::new(field)).collect(),
            },
            _ => Values::Text(StringBuilder::new()),
        };
        Self {
            name: field.name().clone(),
            values,
            n_odd: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.values {
            Values::Boolean(builder) => builder.len(),
            Values::Int32(builder) => builder.len(),
            Values::Int64(builder) => builder.len(),
            Values::Float64(builder) => builder.len(),
            Values::Text(builder) => builder.len(),
            Values::Date(builder) => builder.len(),
            Values::Timestamp(builder) => builder.len(),
            Values::List { nulls, .. } | Values::Struct { nulls, .. } => nulls.len(),
        }
    }

    pub(crate) fn append_null(&mut self) {
        match &mut self.values {
            Values::Boolean(builder) => builder.append_null(),
            Values::Int32(builder) => builder.append_null(),
            Values::Int64(builder) => builder.append_null(),
            Values::Float64(builder) => builder.append_null(),
            Values::Text(builder) => builder.append_null(),
            Values::Date(builder) => builder.append_null(),
            Values::Timestamp(builder) => builder.append_null(),
            Values::List { ends, nulls, .. } => {
                ends.push(ends.last().copied().unwrap_or_default());
                nulls.append_null();
            }
            Values::Struct {
                nulls, children, ..
            } => {
                nulls.append_null();
                children.iter_mut().for_each(Self::append_null);
            }
        }
    }

    /// The finished column.
    pub(crate) fn finish(self) -> Result<ArrayRef, ArrowError> {
        Ok(match self.values {
            Values::Boolean(mut builder) => Arc::new(builder.finish()),
            Values::Int32(mut builder) => Arc::new(builder.finish()),
            Values::Int64(mut builder) => Arc::new(builder.finish()),
            Values::Float64(mut builder) => Arc::new(builder.finish()),
            Values::Text(mut builder) => Arc::new(builder.finish()),
            Values::Date(mut builder) => Arc::new(builder.finish()),
            Values::Timestamp(mut builder) => Arc::new(builder.finish()),
            Values::List {
                field,
                ends,
                mut nulls,
                element,
            } => {
                let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
                Arc::new(ListArray::try_new(
                    field,
                    offsets,
                    element.finish()?,
                    nulls.finish(),
                )?)
            }
            Values::Struct {
                fields,
                mut nulls,
                children,
            } => {
                let children = children
                    .into_iter()
                    .map(Self::finish)
                    .collect::<Result<_, _>>()?;
                Arc::new(StructArray::try_new(fields, children, nulls.finish())?)
            }
        })
    }

    /// How many values were not what the column is for, by dotted path.
    pub(crate) fn odd_values(&self, prefix: &str, report: &mut dyn FnMut(String, u64)) {
        let path = format!("{prefix}.{}", self.name);
        match &self.values {
            // The element has no name of its own that anybody would know.
            Values::List { element, .. } => match &element.values {
                Values::Struct { children, .. } => children
                    .iter()
                    .for_each(|child| child.odd_values(&path, report)),
                _ => report_some(&path, element.n_odd, report),
            },
            Values::Struct { children, .. } => children
                .iter()
                .for_each(|child| child.odd_values(&path, report)),
            _ => {}
        }
        report_some(&path, self.n_odd, report);
    }

    fn append_odd(&mut self) {
        self.n_odd += 1;
        self.append_null();
    }

    fn append_integer(&mut self, value: i64) {
        match &mut self.values {
            Values::Int64(builder) => builder.append_value(value),
            Values::Float64(builder) => builder.append_value(value as f64),
            Values::Int32(builder) => match i32::try_from(value) {
                Ok(value) => builder.append_value(value),
                Err(_) => self.append_odd(),
            },
            _ => self.append_odd(),
        }
    }

    fn append_float(&mut self, value: f64) {
        // 2^53: beyond it a double no longer says which integer was meant.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match &mut self.values {
            Values::Float64(builder) => builder.append_value(value),
            Values::Int32(_) | Values::Int64(_) if value.fract() == 0.0 && value.abs() <= EXACT => {
                self.append_integer(value as i64);
            }
            _ => self.append_odd(),
        }
    }

    fn append_text(&mut self, text: &str) {
        match &mut self.values {
            Values::Text(builder) => builder.append_value(text),
            // The API's way of saying that there is none.
            Values::Date(_) | Values::Timestamp(_) if text.is_empty() => self.append_null(),
            Values::Date(builder) => match moment::day(text) {
                Some(day) => builder.append_value(day),
                None => self.append_odd(),
            },
            Values::Timestamp(builder) => match moment::microseconds(text) {
                Some(moment) => builder.append_value(moment),
                None => self.append_odd(),
            },
            _ => self.append_odd(),
        }
    }
}

fn report_some(path: &str, n_odd: u64, report: &mut dyn FnMut(String, u64)) {
    if n_odd > 0 {
        report(path.to_owned(), n_odd);
    }
}

impl<'de> DeserializeSeed<'de> for &mut Column {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Column {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.append_null();
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        match &mut self.values {
            Values::Boolean(builder) => builder.append_value(value),
            _ => self.append_odd(),
        }
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.append_integer(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.append_integer(value),
            Err(_) => self.append_float(value as f64),
        }
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.append_float(value);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.append_text(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Values::List {
            ends,
            nulls,
            element,
            ..
        } = &mut self.values
        else {
            while elements.next_element::<IgnoredAny>()?.is_some() {}
            self.append_odd();
            return Ok(());
        };
        while elements.next_element_seed(&mut **element)?.is_some() {}
        ends.push(i32::try_from(element.len()).map_err(serde::de::Error::custom)?);
        nulls.append_non_null();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Values::Struct {
            nulls, children, ..
        } = &mut self.values
        else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            self.append_odd();
            return Ok(());
        };
        let n_before = nulls.len();
        while let Some(found) = members.next_key_seed(Position(children.as_slice()))? {
            match found {
                // A key that comes twice counts once.
                Some(position) if children[position].len() == n_before => {
                    members.next_value_seed(&mut children[position])?;
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        nulls.append_non_null();
        children
            .iter_mut()
            .filter(|child| child.len() == n_before)
            .for_each(Column::append_null);
        Ok(())
    }
}

/// Finds a key's column without keeping the key.
struct Position<'a>(&'a [Column]);

impl<'de> DeserializeSeed<'de> for Position<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|column| column.name == key))
    }
}
