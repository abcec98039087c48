//! Finds films, people, companies and collections by name.
//!
//! `mart_search` has the words of each name between bars, best known last told: `|amelie|le fabuleux destin|`. All
//! words of the question must be in it; when next to nothing has them, names that share pieces with them are
//! compared letter by letter.

mod near;
mod words;

use std::{sync::Arc, time::Duration};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use tokio::time::timeout;
use warehouse::{Connection, Value};

use crate::{Error, Result, build::Build};

/// Longer questions than this are cut: each word is one more look at every name.
const MAX_WORDS: usize = 8;
/// Fewer hits than this, and spelling may be why.
const FEW: usize = 3;
/// How long near spellings are looked for.
const NEAR_TIME: Duration = Duration::from_millis(800);

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
    let mut results = Vec::new();
    if !words.is_empty() {
        let asked = words.clone();
        let work = move |connection: &mut dyn Connection| exact(connection, &asked, limit);
        results = build.run("search", work).await.map_err(unprepared)?;
        if results.len() < FEW.min(limit) {
            let work = move |connection: &mut dyn Connection| near::near(connection, &words);
            // What is found by then will do: somebody is typing.
            if let Ok(near) = timeout(NEAR_TIME, build.run("search", work)).await {
                for hit in near? {
                    if results.len() < limit && !results.contains(&hit) {
                        results.push(hit);
                    }
                }
            }
        }
    }
    Ok(Found {
        query: query.to_owned(),
        results,
        build_id: build.id().to_owned(),
    })
}

/// Names with all of the words: the whole name first, then its beginning, a word's beginning, and anywhere.
fn exact(
    connection: &mut dyn Connection,
    words: &[String],
    limit: usize,
) -> warehouse::Result<Vec<Hit>> {
    let mut values = vec![Value::Text(words.join(" "))];
    let conditions: Vec<String> = words
        .iter()
        .map(|word| {
            values.push(Value::Text(word.clone()));
            let n = values.len();
            // One or two letters are in most names, and at the start of a word in some.
            if word.chars().count() <= 2 {
                format!(
                    "(strpos(search_text, '|' || ${n}) > 0 or strpos(search_text, ' ' || ${n}) > 0)"
                )
            } else {
                format!("strpos(search_text, ${n}) > 0")
            }
        })
        .collect();
    let sql = format!(
        "select entity_kind, entity_id, title, detail, weight
        from mart_search
        where {}
        order by
            case
                when strpos(search_text, '|' || $1 || '|') > 0 then 0
                when strpos(search_text, '|' || $1) > 0 then 1
                when strpos(search_text, ' ' || $1) > 0 then 2
                else 3
            end,
            weight desc, entity_kind, entity_id
        limit {limit}",
        conditions.join(" and ")
    );
    let rows = connection.query(&sql, &values)?.json_rows();
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
