use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::{App, Error, Result, build::Build};

/// Every model, and what each page reads.
pub(super) async fn models(State(app): State<Arc<App>>) -> Result<Response> {
    let ask = async |build: Arc<Build>| Ok((build.lineage().await?, build));
    let (lineage, build) = app.builds.ask(ask).await?;
    let body = Json(json!({
        "build_id": build.id(),
        "built_at": build.built_at(),
        "models": lineage.entries(),
        "pages": lineage.pages(&app.book().await.pages),
    }));
    Ok(([(CACHE_CONTROL, "no-cache")], body).into_response())
}

/// One model with its columns, tests and SQL.
pub(super) async fn model(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<Response> {
    let ask = async |build: Arc<Build>| build.lineage().await;
    let lineage = app.builds.ask(ask).await?;
    let body = Json(lineage.model(&name, &app.book().await.pages)?).into_response();
    Ok(([(CACHE_CONTROL, "no-cache")], body).into_response())
}

/// The builds that are kept, newest first.
pub(super) async fn runs(State(app): State<Arc<App>>) -> Result<Response> {
    let builds = Arc::clone(&app.builds);
    let runs = spawn_blocking(move || builds.runs())
        .await
        .unwrap_or(Err(Error::NoBuild))?;
    let body = Json(json!({ "runs": runs }));
    Ok(([(CACHE_CONTROL, "no-cache")], body).into_response())
}
