//! Addresses and who answers them.

pub(crate) mod api;
mod console;
pub(crate) mod events;
mod files;
mod html;
pub(crate) mod lineage;
mod metrics;
mod search;
pub(crate) mod sign_in;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use axum::{
    Router,
    http::Uri,
    middleware,
    routing::{get, post},
};
use tower_http::compression::CompressionLayer;

use crate::{App, Error, guard};

pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(html::index))
        .route("/pages/{page}", get(html::page))
        .route("/assets/{*path}", get(html::asset))
        .route("/api/pages", get(api::pages))
        .route("/api/pages/{page}", get(api::page))
        .route("/api/pages/{page}/subject", get(api::subject))
        .route("/api/pages/{page}/tiles/{tile}", get(api::tile))
        .route("/api/console", console::route())
        .route("/api/console/tables", get(console::tables))
        .route("/api/events", get(events::events))
        .route("/api/filters", get(api::filters))
        .route("/api/models", get(lineage::models))
        .route("/api/models/{name}", get(lineage::model))
        .route("/api/runs", get(lineage::runs))
        .route("/api/search", get(search::search))
        .route("/api/openapi.json", get(api::openapi))
        .route("/healthz", get(api::health))
        .route("/readyz", get(api::ready))
        .route("/sign-in", sign_in::route())
        .route("/sign-out", post(sign_in::sign_out))
        .route("/metrics", get(metrics::metrics))
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            guard::check_token,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            guard::check_rate,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            guard::check_host,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            guard::add_headers,
        ))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            crate::metrics::measure,
        ))
        .with_state(app)
}

async fn not_found(uri: Uri) -> Error {
    Error::NotFound {
        what: "address",
        name: uri.path().to_owned(),
        valid: Vec::new(),
    }
}
