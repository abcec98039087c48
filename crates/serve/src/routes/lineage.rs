use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::task::spawn_blocking;

use crate::{
    App, Error, Result,
    build::Build,
    lineage::{ModelEntry, PageEntry},
    runs::Run,
};

/// What `/api/models` sends.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Models<'a> {
    build_id: &'a str,
    built_at: DateTime<Utc>,
    models: Vec<ModelEntry<'a>>,
    pages: Vec<PageEntry>,
}

/// What `/api/runs` sends.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Runs")]
pub(crate) struct RunList {
    /// Newest first.
    runs: Vec<Run>,
}

/// Every model, and what each page reads.
pub(super) async fn models(State(app): State<Arc<App>>) -> Result<Response> {
    let ask = async |build: Arc<Build>| Ok((build.lineage().await?, build));
    let (lineage, build) = app.builds.ask(ask).await?;
    let body = Json(Models {
        build_id: build.id(),
        built_at: build.built_at(),
        models: lineage.entries(),
        pages: lineage.pages(&app.book().await.pages),
    });
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

/// The runs, newest first.
pub(super) async fn runs(State(app): State<Arc<App>>) -> Result<Response> {
    let builds = Arc::clone(&app.builds);
    let runs = spawn_blocking(move || builds.runs())
        .await
        .unwrap_or(Err(Error::NoBuild))?;
    let body = Json(RunList { runs });
    Ok(([(CACHE_CONTROL, "no-cache")], body).into_response())
}
