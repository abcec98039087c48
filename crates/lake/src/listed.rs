//! What a day's export that has landed lists.

use std::path::Path;

use arrow::{
    array::{Array as _, AsArray, BooleanArray, Date32Array, Float64Array},
    datatypes::{Date32Type, Float64Type, Int64Type},
    record_batch::RecordBatch,
};
use chrono::NaiveDate;
use parquet::arrow::ProjectionMask;

use crate::{Kind, Lake, Result, day::day_of, footer::open_part, moment};

/// A film or person that a day's export lists; `None` means that the line did not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Listed {
    /// TMDB's.
    pub id: i64,
    /// On that day.
    pub popularity: Option<f64>,
    /// Whether it is for adults.
    pub adult: Option<bool>,
    /// Whether it is a compilation, a clip or a concert; of people nobody says.
    pub video: Option<bool>,
}

impl Lake {
    /// Goes through everything that the export of a day lists, of which the lake must have one.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn fold_listed<S: Send + 'static>(
        &self,
        kind: Kind,
        day: NaiveDate,
        mut state: S,
        fold: fn(&mut S, Listed),
    ) -> Result<S> {
        let mut files = self.files(kind).await?;
        files.retain(|file| file.parts.iter().any(|part| day_of(part) == Some(day)));
        self.fetch(&files).await?;
        for file in files {
            let read = move || read(&file.path, day, &mut state, fold).map(|()| state);
            state = tokio::task::spawn_blocking(read).await??;
        }
        Ok(state)
    }
}

/// A merged part has several days.
fn read<S>(part: &Path, day: NaiveDate, state: &mut S, fold: fn(&mut S, Listed)) -> Result<()> {
    let (reader, _) = open_part(part)?;
    let columns = ["id", "export_date", "popularity", "adult", "video"];
    let columns = ProjectionMask::columns(reader.parquet_schema(), columns);
    for batch in reader
        .with_projection(columns)
        .with_batch_size(8192)
        .build()?
    {
        let batch = batch?;
        let columns = Columns::of(&batch);
        for (row, id) in batch
            .column(0)
            .as_primitive::<Int64Type>()
            .values()
            .iter()
            .enumerate()
        {
            if columns
                .day
                .is_none_or(|days| days.value(row) == moment::days(day))
            {
                fold(state, columns.listed(*id, row));
            }
        }
    }
    Ok(())
}

struct Columns<'a> {
    day: Option<&'a Date32Array>,
    popularity: Option<&'a Float64Array>,
    adult: Option<&'a BooleanArray>,
    video: Option<&'a BooleanArray>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Self {
        let booleans = |name| batch.column_by_name(name)?.as_boolean_opt();
        Self {
            day: batch
                .column_by_name("export_date")
                .and_then(|column| column.as_primitive_opt::<Date32Type>()),
            popularity: batch
                .column_by_name("popularity")
                .and_then(|column| column.as_primitive_opt::<Float64Type>()),
            adult: booleans("adult"),
            video: booleans("video"),
        }
    }

    fn listed(&self, id: i64, row: usize) -> Listed {
        let is_set = |column: &BooleanArray| (!column.is_null(row)).then(|| column.value(row));
        Listed {
            id,
            popularity: self
                .popularity
                .filter(|column| !column.is_null(row))
                .map(|column| column.value(row)),
            adult: self.adult.and_then(is_set),
            video: self.video.and_then(is_set),
        }
    }
}
