use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};

use crate::{App, Error, Result, build::Build, search};

/// What a list under a search box holds.
const LIMIT: usize = 20;
const MAX_LIMIT: usize = 50;
const MAX_LETTERS: usize = 200;

/// Whatever has the name `q`, at most `limit` of it.
pub(super) async fn search(
    State(app): State<Arc<App>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let (mut query, mut limit) = (String::new(), LIMIT);
    for (name, value) in pairs {
        match name.as_str() {
            "q" => query = value.chars().take(MAX_LETTERS).collect(),
            "limit" => {
                let parsed = value.parse().ok();
                limit = parsed
                    .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                    .ok_or_else(|| Error::BadValue {
                        name,
                        value,
                        valid: vec![format!("a whole number from 1 to {MAX_LIMIT}")],
                    })?;
            }
            _ => {
                return Err(Error::UnknownParameter {
                    name,
                    valid: vec!["q".to_owned(), "limit".to_owned()],
                });
            }
        }
    }
    let ask = async |build: Arc<Build>| search::search(&build, &query, limit).await;
    let found = app.builds.ask(ask).await?;
    Ok(([(CACHE_CONTROL, "no-cache")], Json(found)).into_response())
}
