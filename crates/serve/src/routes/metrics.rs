use std::sync::Arc;

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use tokio::task::spawn_blocking;

use crate::{App, Error, Result};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What Prometheus asks for.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<Response> {
    let text = spawn_blocking(move || app.metrics.text())
        .await
        .ok()
        .and_then(std::result::Result::ok)
        .ok_or(Error::NoBuild)?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
