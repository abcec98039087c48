//! Finds films, people, companies and collections by name.
//!
//! `mart_search` has the words of each name between bars, best known last told: `|amelie|le fabuleux destin|`. All
//! words of the question must be in it; when next to nothing has them, names that share pieces with them are
//! compared letter by letter. The best known names are in memory ([`Names`]); the database has the others, and what is
//! shown of those found.

mod names;
mod near;
mod words;

use std::{sync::Arc, time::Duration};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use tokio::time::timeout;
use warehouse::{Connection, Dialect, Value};

use crate::{Error, Result, build::Build};
pub(crate) use names::Names;

/// Longer questions than this are cut: each word is one more look at every name.
const MAX_WORDS: usize = 8;
/// Fewer hits than this, and spelling may be why.
const FEW: usize = 3;
/// How long a search waits for the names to be read.
const PATIENCE: Duration = Duration::from_millis(700);

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
        // Until they are read, which takes seconds when there are millions, the database looks alone; also if it had
        // no time for that.
        let names = match timeout(PATIENCE, build.names())
            .await
            .map(|names| names.map_err(unprepared))
        {
            Ok(Ok(names)) => Some(names),
            Ok(Err(error)) if matches!(error, Error::NoSearch) || error.is_worth_asking_again() => {
                return Err(error);
            }
            Ok(Err(_)) | Err(_) => None,
        };
        let dialect = build.dialect();
        let work = move |connection: &mut dyn Connection| match names {
            Some(names) => look(connection, dialect, &names, &words, limit),
            None => exact(connection, &words, None, limit),
        };
        build.run("search", work).await.map_err(unprepared)?
    };
    Ok(Found {
        query: query.to_owned(),
        results,
        build_id: build.id().to_owned(),
    })
}

/// Names in memory first; the less known, which only the database has, when they are not enough; and when next to
/// nothing has the words, what is spelled nearly like them.
fn look(
    connection: &mut dyn Connection,
    dialect: Dialect,
    names: &Names,
    words: &[String],
    limit: usize,
) -> warehouse::Result<Vec<Hit>> {
    let found = names.with_words(words, limit);
    let at = |names: &Names, found: &[usize]| -> Vec<i64> {
        found.iter().map(|name| names.address(*name)).collect()
    };
    let mut results = hits(connection, dialect, &at(names, &found))?;
    if let Some(floor) = names.floor().filter(|_| results.len() < limit) {
        results.extend(exact(
            connection,
            words,
            Some(floor),
            limit - results.len(),
        )?);
    }
    if results.len() < FEW.min(limit) {
        let near = near::near(names, words);
        let new = near.into_iter().filter(|name| !found.contains(name));
        let new: Vec<usize> = new.take(limit - results.len()).collect();
        results.extend(hits(connection, dialect, &at(names, &new))?);
    }
    Ok(results)
}

/// Names with all of the words, as the database finds them: the whole name first, then its beginning, a word's
/// beginning, and anywhere; with a `floor` only those that are known no better.
fn exact(
    connection: &mut dyn Connection,
    words: &[String],
    floor: Option<i64>,
    limit: usize,
) -> warehouse::Result<Vec<Hit>> {
    let mut values = vec![Value::Text(words.join(" "))];
    let mut conditions: Vec<String> = words
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
    conditions.extend(floor.map(|floor| format!("weight <= {floor}")));
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
