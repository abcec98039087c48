//! Who is credited in the films of a lake, read part by part so that memory stays flat.

use std::{path::Path, sync::Arc};

use arrow::{
    array::{Array as _, AsArray, StructArray},
    datatypes::{Int32Type, Int64Type, TimestampMicrosecondType},
    record_batch::RecordBatch,
};
use parquet::{arrow::ProjectionMask, schema::types::SchemaDescriptor};

use crate::{Kind, Lake, Newest, Result, footer::open_part};

/// Films whose credits are in memory at a time.
const BATCH_ROWS: usize = 1_024;
/// Ids that are gathered before the first time repeated ones are thrown out.
const FIRST_SIEVE: usize = 1 << 18;

impl Lake {
    /// People credited in the newest observation of any film, each once, in order: directors and those billed
    /// before `first_billed`, or with `i32::MAX` everybody. What no part holds yet is not looked at.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn credited(&self, first_billed: i32) -> Result<Vec<i64>> {
        let newest = Arc::new(self.newest(Kind::Movies).await?);
        let mut people = People::default();
        let files = self.files(Kind::Movies).await?;
        self.fetch(&files).await?;
        for file in files {
            let newest = Arc::clone(&newest);
            let read = move || read(&file.path, &newest, first_billed, people);
            people = tokio::task::spawn_blocking(read).await??;
        }
        Ok(people.finish())
    }
}

#[derive(Default)]
struct People {
    ids: Vec<i64>,
    n_sieved: usize,
}

impl People {
    fn add(&mut self, id: i64) {
        self.ids.push(id);
        if self.ids.len() >= (self.n_sieved * 2).max(FIRST_SIEVE) {
            self.sieve();
        }
    }

    fn sieve(&mut self) {
        self.ids.sort_unstable();
        self.ids.dedup();
        self.n_sieved = self.ids.len();
    }

    fn finish(mut self) -> Vec<i64> {
        self.sieve();
        self.ids
    }
}

fn read(part: &Path, newest: &Newest, first_billed: i32, mut people: People) -> Result<People> {
    let (reader, _) = open_part(part)?;
    let columns = ProjectionMask::leaves(reader.parquet_schema(), leaves(reader.parquet_schema()));
    for batch in reader
        .with_projection(columns)
        .with_batch_size(BATCH_ROWS)
        .build()?
    {
        read_batch(&batch?, newest, first_billed, &mut people);
    }
    Ok(people)
}

/// The columns that say who: names and pictures are most of a film's credits.
fn leaves(schema: &SchemaDescriptor) -> Vec<usize> {
    let is_needed = |path: &[String]| match path {
        [column] => ["id", "fetched_at"].contains(&column.as_str()),
        [column, .., field] => match column.as_str() {
            "credits_cast" => ["id", "order"].contains(&field.as_str()),
            "credits_crew" => ["id", "job"].contains(&field.as_str()),
            _ => false,
        },
        [] => false,
    };
    let columns = schema.columns().iter().enumerate();
    columns
        .filter(|(_, column)| is_needed(column.path().parts()))
        .map(|(position, _)| position)
        .collect()
}

fn read_batch(batch: &RecordBatch, newest: &Newest, first_billed: i32, people: &mut People) {
    let ids = batch.column(0).as_primitive::<Int64Type>().values();
    let moments = batch
        .column(1)
        .as_primitive::<TimestampMicrosecondType>()
        .values();
    let members = |column: &str| batch.column_by_name(column)?.as_list_opt::<i32>();
    let (cast, crew) = (members("credits_cast"), members("credits_crew"));
    for row in 0..batch.num_rows() {
        let is_newest = newest
            .get(ids[row])
            .is_some_and(|seen| seen.fetched_at.timestamp_micros() == moments[row]);
        if !is_newest {
            continue;
        }
        if let Some(cast) = cast.filter(|cast| !cast.is_null(row)) {
            let is_billed = |members: &StructArray, member: usize| {
                let order = members.column_by_name("order");
                let order = order.and_then(|order| order.as_primitive_opt::<Int32Type>());
                order.is_some_and(|order| {
                    !order.is_null(member) && order.value(member) < first_billed
                })
            };
            add(cast.value(row).as_struct(), first_billed, is_billed, people);
        }
        if let Some(crew) = crew.filter(|crew| !crew.is_null(row)) {
            let directs = |members: &StructArray, member: usize| {
                let job = members.column_by_name("job");
                let job = job.and_then(|job| job.as_string_opt::<i32>());
                job.is_some_and(|job| !job.is_null(member) && job.value(member) == "Director")
            };
            add(crew.value(row).as_struct(), first_billed, directs, people);
        }
    }
}

fn add(
    members: &StructArray,
    first_billed: i32,
    is_wanted: impl Fn(&StructArray, usize) -> bool,
    people: &mut People,
) {
    let ids = members.column_by_name("id");
    let Some(ids) = ids.and_then(|ids| ids.as_primitive_opt::<Int64Type>()) else {
        return;
    };
    for member in 0..members.len() {
        if !ids.is_null(member) && (first_billed == i32::MAX || is_wanted(members, member)) {
            people.add(ids.value(member));
        }
    }
}

#[cfg(test)]
mod tests;
