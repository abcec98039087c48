//! Observations of one kind as rows of its raw table.

use std::{collections::BTreeMap, fmt, sync::Arc};

use arrow::{
    array::{
        ArrayRef, Date32Array, Int32Array, Int64Array, StringArray, TimestampMicrosecondArray,
    },
    record_batch::RecordBatch,
};
use chrono::NaiveDate;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::{Kind, Observation, columns::Column, moment, schema::Source};

#[cfg(test)]
mod tests;

/// How many values of each column were not what it is for.
pub(crate) type Drift = BTreeMap<String, u64>;

/// What the rows of a part have in common.
pub(crate) struct Origin {
    pub(crate) run_id: String,
    /// The day that an export is of.
    pub(crate) export_date: Option<NaiveDate>,
}

/// Why a batch could not be made.
pub(crate) enum Failure {
    /// The payload of this row is no JSON after all.
    Row {
        row: usize,
        reason: String,
    },
    Arrow(arrow::error::ArrowError),
}

impl From<arrow::error::ArrowError> for Failure {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Arrow(error)
    }
}

/// Makes one batch of the kind's raw table.
pub(crate) fn batch(
    kind: Kind,
    origin: &Origin,
    observations: &[Observation],
    drift: &mut Drift,
) -> Result<RecordBatch, Failure> {
    let rows = || observations.iter();
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(rows().map(|row| row.id))),
        Arc::new(TimestampMicrosecondArray::from_iter_values(
            rows().map(|row| row.fetched_at.timestamp_micros()),
        )),
        Arc::new(Int32Array::from_iter_values(
            rows().map(|row| row.http_status.into()),
        )),
        Arc::new(StringArray::from_iter_values(
            rows().map(|_| &origin.run_id),
        )),
    ];
    if kind == Kind::Quarantine {
        arrays.push(Arc::new(StringArray::from_iter_values(
            rows().map(|row| row.kind.name()),
        )));
        arrays.push(Arc::new(StringArray::from_iter(
            rows().map(|row| row.rejected.as_deref()),
        )));
    }
    if kind.is_export() {
        arrays.push(Arc::new(Date32Array::from_iter_values(rows().map(|row| {
            let seen_on = row.fetched_at.date_naive();
            moment::days(origin.export_date.unwrap_or(seen_on))
        }))));
    }
    let columns = typed(kind, observations)?;
    for column in &columns {
        column.odd_values(kind.name(), &mut |path, n_odd| {
            *drift.entry(path).or_default() += n_odd
        });
    }
    for column in columns {
        arrays.push(column.finish()?);
    }
    arrays.push(Arc::new(StringArray::from_iter_values(
        rows().map(|row| &row.payload),
    )));
    Ok(RecordBatch::try_new(kind.schema(), arrays)?)
}

fn typed(kind: Kind, observations: &[Observation]) -> Result<Vec<Column>, Failure> {
    let sources = kind.sources();
    let places = Place::tree(&sources);
    let mut columns: Vec<_> = sources
        .iter()
        .map(|source| Column::new(&source.field))
        .collect();
    for (row, observation) in observations.iter().enumerate() {
        if observation.http_status == 200 && !columns.is_empty() {
            let mut deserializer = serde_json::Deserializer::from_str(&observation.payload);
            Body {
                place: &places,
                columns: &mut columns,
                row,
            }
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end())
            .map_err(|error| Failure::Row {
                row,
                reason: format!("not JSON: {error}"),
            })?;
        }
        columns
            .iter_mut()
            .filter(|column| column.len() == row)
            .for_each(Column::append_null);
    }
    Ok(columns)
}

/// Where in a body the columns are.
enum Place {
    Column(usize),
    /// Lists per country, to be laid end to end with the country on each entry.
    PerCountry(usize),
    Object(Vec<(String, Place)>),
}

impl Place {
    fn tree(sources: &[Source]) -> Self {
        let mut root = Self::Object(Vec::new());
        for (position, source) in sources.iter().enumerate() {
            let leaf = match source.field.name().as_str() {
                "release_dates" => Self::PerCountry(position),
                _ => Self::Column(position),
            };
            root.plant(source.pointer.split('/').skip(1), leaf);
        }
        root
    }

    fn plant<'a>(&mut self, mut keys: impl Iterator<Item = &'a str>, leaf: Self) {
        match (keys.next(), self) {
            (None, place) => *place = leaf,
            (Some(key), Self::Object(members)) => {
                let found = members.iter().position(|(name, _)| name == key);
                let position = found.unwrap_or_else(|| {
                    members.push((key.to_owned(), Self::Object(Vec::new())));
                    members.len() - 1
                });
                members[position].1.plant(keys, leaf);
            }
            // No column lies within another.
            (Some(_), _) => {}
        }
    }
}

/// One body, or an object in it, spread over the columns.
struct Body<'a> {
    place: &'a Place,
    columns: &'a mut [Column],
    row: usize,
}

impl<'de> DeserializeSeed<'de> for Body<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let (Place::Column(position) | Place::PerCountry(position)) = *self.place else {
            return deserializer.deserialize_any(self);
        };
        let column = &mut self.columns[position];
        // A key that comes twice counts once.
        if column.len() > self.row {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ());
        }
        match self.place {
            Place::PerCountry(_) => {
                let countries = <Value as serde::Deserialize>::deserialize(deserializer)?;
                column
                    .deserialize(flattened(countries))
                    .map_err(serde::de::Error::custom)
            }
            _ => column.deserialize(deserializer),
        }
    }
}

impl<'de> Visitor<'de> for Body<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Place::Object(places) = self.place else {
            return Ok(());
        };
        while let Some(place) = members.next_key_seed(Key(places))? {
            match place {
                Some(place) => members.next_value_seed(Body {
                    place,
                    columns: &mut *self.columns,
                    row: self.row,
                })?,
                None => members.next_value::<IgnoredAny>().map(|_| ())?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Finds a key's place without keeping the key.
struct Key<'a>(&'a [(String, Place)]);

impl<'de, 'a> DeserializeSeed<'de> for Key<'a> {
    type Value = Option<&'a Place>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Key<'a> {
    type Value = Option<&'a Place>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self
            .0
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, place)| place))
    }
}

/// `[{country, release_dates: [entry]}]` as `[{country, …entry}]`; anything else as it is, for the column to
/// count as odd.
fn flattened(countries: Value) -> Value {
    let Value::Array(countries) = countries else {
        return countries;
    };
    let mut entries = Vec::new();
    for mut country in countries {
        let mut take = |key| country.get_mut(key).map(Value::take);
        let (code, dates) = (
            take("iso_3166_1").unwrap_or_default(),
            take("release_dates"),
        );
        let Some(Value::Array(dates)) = dates else {
            continue;
        };
        for mut entry in dates {
            if let Value::Object(members) = &mut entry {
                members.insert("iso_3166_1".to_owned(), code.clone());
            }
            entries.push(entry);
        }
    }
    Value::Array(entries)
}
