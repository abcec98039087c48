//! Finds films, people, companies and collections by name.
//!
//! `mart_search` has the words of each name between bars, best known last told: `|amelie|le fabuleux destin|`. All
//! words of the question must be in it; when next to nothing has them, names that share pieces with them are
//! compared letter by letter. The names are in memory ([`Names`]); what is shown of those found is asked.

mod names;
mod near;
mod words;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use warehouse::{Connection, Dialect};

use crate::{Error, Result, build::Build};
pub(crate) use names::Names;

/// Longer questions than this are cut: each word is one more look at every name.
const MAX_WORDS: usize = 8;
/// Fewer hits than this, and spelling may be why.
const FEW: usize = 3;

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SearchAnswer")]
pub(crate) struct Found {
    pub(crate) query: String,
    pub(crate) results: Vec<Hit>,
    pub(crate) build_id: String,
}

/// One thing that has the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SearchResult")]
pub(crate) struct Hit {
    /// `movie`, `person`, `company` or `collection`.
    #[schemars(with = "crate::page::SubjectKind")]
    kind: String,
    id: i64,
    title: String,
    /// What tells it from its namesakes.
    detail: Option<String>,
    /// How well known it is.
    weight: i64,
}

/// Looks a name up in one build.
pub(crate) async fn search(build: &Arc<Build>, query: &str, limit: usize) -> Result<Found> {
    let mut words = words::words(query);
    words.truncate(MAX_WORDS);
    let results = if words.is_empty() {
        // Whoever opens a search box is about to ask.
        build.prepare_names();
        Vec::new()
    } else {
        let (names, dialect) = (build.names().await.map_err(unprepared)?, build.dialect());
        let work = move |connection: &mut dyn Connection| {
            let mut found = names.with_words(&words, limit);
            if found.len() < FEW.min(limit) {
                let near = near::near(&names, &words);
                let new = near.into_iter().filter(|name| !found.contains(name));
                let new: Vec<usize> = new.take(limit - found.len()).collect();
                found.extend(new);
            }
            let addresses: Vec<i64> = found.iter().map(|name| names.address(*name)).collect();
            hits(connection, dialect, &addresses)
        };
        build.run("search", work).await?
    };
    Ok(Found {
        query: query.to_owned(),
        results,
        build_id: build.id().to_owned(),
    })
}

/// What lies at the addresses, in their order.
fn hits(
    connection: &mut dyn Connection,
    dialect: Dialect,
    addresses: &[i64],
) -> warehouse::Result<Vec<Hit>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select entity_kind, entity_id, title, detail, weight, {} from {}",
        dialect.address(),
        dialect.rows_at("mart_search", addresses)
    );
    let mut rows = connection.query(&sql, &[])?.json_rows();
    let place = |row: &Vec<Json>| {
        let address = row.get(5).and_then(Json::as_i64);
        addresses.iter().position(|one| Some(*one) == address)
    };
    rows.sort_by_key(place);
    Ok(rows.iter().filter_map(|row| hit(row)).collect())
}

fn hit(row: &[Json]) -> Option<Hit> {
    let text = |index: usize| Some(row.get(index)?.as_str()?.to_owned());
    Some(Hit {
        kind: text(0)?,
        id: row.get(1)?.as_i64()?,
        title: text(2)?,
        detail: text(3),
        weight: row.get(4)?.as_i64()?,
    })
}

/// A build from before there was a search says so.
fn unprepared(error: Error) -> Error {
    match &error {
        Error::Query {
            source: warehouse::Error::Sql { message, .. },
            ..
        } if message.contains("mart_search") && message.contains("does not exist") => {
            Error::NoSearch
        }
        _ => error,
    }
}
