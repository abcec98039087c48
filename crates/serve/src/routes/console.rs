use std::sync::Arc;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use serde::Deserialize;

use crate::{App, Error, Result, build::Build};

/// Longer than any query that a person writes.
const MAX_BODY_BYTES: usize = 64 << 10;

/// What the console sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    sql: String,
}

pub(super) fn route() -> MethodRouter<Arc<App>> {
    post(ask).layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
}

/// One query of the reader's own. JSON alone is taken, which no form of another site can send.
async fn ask(
    State(app): State<Arc<App>>,
    question: Result<Json<Question>, JsonRejection>,
) -> Result<Response> {
    let Json(question) = question.map_err(|rejection| Error::Body {
        status: rejection.status(),
        message: rejection.body_text(),
    })?;
    let answer = app.console.ask(&app.builds, &question.sql).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// What there is to ask, with what is written about it.
pub(super) async fn tables(State(app): State<Arc<App>>) -> Result<Response> {
    let ask = async |build: Arc<Build>| build.tables().await;
    let tables = app.builds.ask(ask).await?;
    Ok(([(CACHE_CONTROL, "no-cache")], Json(&*tables)).into_response())
}
