//! How old the rows of a source are.

use arrow::{
    array::{Array, AsArray},
    compute::cast,
    datatypes::{DataType, TimeUnit, TimestampMicrosecondType},
};
use chrono::{DateTime, TimeZone, Utc};
use warehouse::Connection;

use super::{
    Shop,
    node::{Failure, Outcome, success},
};
use crate::{Age, Freshness, Node};

impl Shop<'_> {
    /// Looks at a source and judges its age.
    pub(super) fn check_freshness(
        &self,
        node: &Node,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<Outcome, Failure> {
        let freshness = node.source.as_ref().map(|source| source.freshness.clone());
        let freshness = freshness.unwrap_or_default();
        let sql = self.newest(node, &freshness, slot)?;
        let Some(connection) = slot else {
            return Err(Failure::from("no connection".to_owned()));
        };
        let snapshotted_at = self.now();
        let rows = connection.query(&sql, &[])?;
        let newest = rows.batches.first().map(|batch| batch.column(0));
        let newest = newest
            .map(|column| loaded_at(column.as_ref()))
            .transpose()?;
        let age = Age {
            max_loaded_at: newest.flatten().unwrap_or_else(beginning),
            snapshotted_at,
            freshness,
        };
        Ok(Outcome {
            status: age.status(),
            age: Some(age),
            ..success("")
        })
    }

    /// The query that tells when the newest row came.
    fn newest(
        &self,
        node: &Node,
        freshness: &Freshness,
        slot: &mut Option<Box<dyn Connection>>,
    ) -> Result<String, Failure> {
        if let Some(query) = &freshness.loaded_at_query {
            let query = self.compiler.render_text(node, query, slot)?;
            return Ok(format!(
                "with source_query as (\n{query}\n)\nselect (select * from source_query) as max_loaded_at"
            ));
        }
        let Some(field) = &freshness.loaded_at_field else {
            return Err(Failure::from(format!(
                "source `{}` has neither `loaded_at_field` nor `loaded_at_query`, and this engine keeps no such time",
                node.name
            )));
        };
        let filter = freshness.filter.as_deref().unwrap_or("true");
        let relation = node.relation();
        Ok(format!(
            "select max({field}) as max_loaded_at from {relation} where {filter}"
        ))
    }
}

/// When there are no rows, the newest is infinitely old.
fn beginning() -> DateTime<Utc> {
    let start = Utc.with_ymd_and_hms(1, 1, 1, 0, 0, 0);
    start.single().unwrap_or_default()
}

/// The time in the only row; one without a zone is UTC.
fn loaded_at(column: &dyn Array) -> Result<Option<DateTime<Utc>>, String> {
    if column.is_empty() || column.is_null(0) {
        return Ok(None);
    }
    let DataType::Timestamp(_, zone) = column.data_type() else {
        return Err(format!(
            "the time that rows were loaded at is a `{}` and not a timestamp (hint: cast it)",
            column.data_type()
        ));
    };
    // With a zone, what is kept is UTC all the same.
    let microseconds = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
    let times = cast(column, &microseconds).map_err(|error| error.to_string())?;
    let time = times.as_primitive::<TimestampMicrosecondType>().value(0);
    DateTime::from_timestamp_micros(time)
        .map(Some)
        .ok_or_else(|| "the time that rows were loaded at is out of range".to_owned())
}
