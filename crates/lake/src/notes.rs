//! Kinds of a few rows with their bodies.

use std::{collections::BTreeMap, path::Path};

use arrow::{
    array::{Array as _, AsArray as _},
    datatypes::{Int64Type, TimestampMicrosecondType},
};
use chrono::{DateTime, Utc};
use parquet::arrow::ProjectionMask;

use crate::{Kind, Lake, Result, footer::open_part};

/// When something was last said, and what.
pub type Note = (DateTime<Utc>, String);

impl Lake {
    /// The newest body of every thing of a kind, by id. All of them are in memory: this is for kinds that are small.
    /// What no part holds yet is not looked at.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn notes(&self, kind: Kind) -> Result<BTreeMap<i64, Note>> {
        let files = self.files(kind).await?;
        self.fetch(&files).await?;
        let read = move || {
            let mut notes = BTreeMap::new();
            for file in files {
                read(&file.path, &mut notes)?;
            }
            Ok(notes)
        };
        tokio::task::spawn_blocking(read).await?
    }
}

fn read(part: &Path, notes: &mut BTreeMap<i64, Note>) -> Result<()> {
    let (reader, _) = open_part(part)?;
    let columns = ["id", "fetched_at", "payload"];
    let columns = ProjectionMask::columns(reader.parquet_schema(), columns);
    for batch in reader.with_projection(columns).build()? {
        let batch = batch?;
        let ids = batch.column(0).as_primitive::<Int64Type>();
        let moments = batch.column(1).as_primitive::<TimestampMicrosecondType>();
        let bodies = batch.column(2).as_string::<i32>();
        for row in 0..bodies.len() {
            let at = DateTime::from_timestamp_micros(moments.value(row)).unwrap_or_default();
            let id = ids.value(row);
            if notes.get(&id).is_none_or(|(known, _)| *known <= at) {
                notes.insert(id, (at, bodies.value(row).to_owned()));
            }
        }
    }
    Ok(())
}
