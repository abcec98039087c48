//! A tile's answer: rows, and how sure they are.

use std::{ops::ControlFlow, sync::Arc};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use warehouse::{Connection, Rows};

use crate::{
    Error, Result,
    build::Build,
    compose::{Composed, compose, models},
    openapi::Row,
    page::{Column, Page, Tile},
    selection::{Chosen, Selection, filled},
};

/// What `/api/pages/{page}/tiles/{tile}` sends.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Answer {
    pub(crate) columns: Vec<Column>,
    #[schemars(with = "Vec<Row>")]
    pub(crate) rows: Vec<Vec<Json>>,
    /// Whether the row limit cut the result.
    pub(crate) is_truncated: bool,
    /// Films that the numbers use.
    pub(crate) n: i64,
    /// Films of the population in the same filter.
    #[serde(rename = "N")]
    pub(crate) population: i64,
    /// `n / N`; null without films.
    pub(crate) coverage: Option<f64>,
    /// Newest observation behind the numbers.
    pub(crate) as_of: Option<String>,
    pub(crate) build_id: String,
    pub(crate) built_at: DateTime<Utc>,
    pub(crate) sql: String,
    pub(crate) models: Vec<String>,
    /// Filters and switches that are not at their default, in words.
    pub(crate) filters: Vec<Chosen>,
    /// The same with the years even when they are the default, for a file that is read elsewhere.
    #[serde(skip)]
    pub(crate) described: Vec<Chosen>,
    /// The tile's title and subtitle under this selection.
    #[serde(skip)]
    pub(crate) titles: [String; 2],
    /// The rows as they came.
    #[serde(skip)]
    pub(crate) table: Rows,
}

impl Answer {
    /// Asks one build.
    pub(crate) async fn ask(
        build: &Arc<Build>,
        page: &Page,
        tile: &Tile,
        selection: Selection,
    ) -> Result<Self> {
        let catalogue = build.catalogue().await?;
        let selection = selection.within(tile.scope, page);
        let titles = [&tile.title, &tile.subtitle];
        let data = compose(&tile.query.sql, &selection);
        let size = compose(&size_query(tile), &selection);
        let (shown, read) = (data.shown(), models(&data.sql));
        let max_rows = build.max_rows();
        let work = move |connection: &mut dyn Connection| first_rows(connection, &data, max_rows);
        let name = format!("{}/{}", page.name, tile.id);
        let asked = futures::future::try_join(build.size(&name, size), build.run(&name, work));
        let ([n, population], (rows, is_truncated)) = asked.await?;
        check_columns(&name, &tile.query.columns, &rows)?;
        Ok(Self {
            columns: tile.query.columns.clone(),
            rows: rows.json_rows(),
            is_truncated,
            n,
            population,
            coverage: (population > 0).then(|| n as f64 / population as f64),
            as_of: catalogue.day(),
            build_id: build.id().to_owned(),
            built_at: build.built_at(),
            sql: shown,
            models: read,
            described: selection.described(),
            titles: titles.map(|text| filled(text, &selection, page, &catalogue)),
            filters: selection.chosen,
            table: rows,
        })
    }
}

fn size_query(tile: &Tile) -> String {
    let used = tile.films.condition();
    format!("select count(*) filter (where {used}), count(*) from movies")
}

/// Labels and formats go by position, so a query that drifted from its header would mislabel its numbers.
pub(crate) fn check_columns(tile: &str, declared: &[Column], rows: &Rows) -> Result<()> {
    let declared: Vec<&str> = declared.iter().map(|column| column.name.as_str()).collect();
    let found: Vec<&str> = rows
        .schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    if declared == found {
        return Ok(());
    }
    Err(Error::Columns {
        tile: tile.to_owned(),
        declared: declared.join(", "),
        found: found.join(", "),
    })
}

/// Stops the database once there is a row more than the limit.
fn first_rows(
    connection: &mut dyn Connection,
    query: &Composed,
    max_rows: usize,
) -> warehouse::Result<(Rows, bool)> {
    let mut batches = Vec::new();
    let mut left = max_rows;
    let mut is_truncated = false;
    let schema = connection.stream(&query.sql, &query.values, &mut |batch| {
        let n_kept = left.min(batch.num_rows());
        is_truncated = n_kept < batch.num_rows();
        left -= n_kept;
        batches.push(batch.slice(0, n_kept));
        if is_truncated {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok((Rows { schema, batches }, is_truncated))
}
