use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::files;
use crate::{
    App, Error, Page, Result,
    answer::Answer,
    build::Build,
    catalogue::Catalogue,
    openapi,
    page::{Section, Tile, View},
    selection::Selection,
    subject::About,
};

type Pairs = Query<Vec<(String, String)>>;

/// A page in the list of all.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PageEntry {
    name: String,
    title: String,
    summary: String,
    section: Section,
    order: i64,
    is_subject: bool,
    view: Option<View>,
}

/// What `/healthz` sends.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// What `/readyz` sends while a build can be read.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Readiness {
    /// Always `ok`.
    status: &'static str,
    build_id: String,
    built_at: DateTime<Utc>,
    /// Newest observation.
    as_of: Option<String>,
}

/// The JSON API, described.
pub(super) async fn openapi() -> Json<Value> {
    Json(openapi::document())
}

pub(super) async fn pages(State(app): State<Arc<App>>) -> Json<Vec<PageEntry>> {
    let entry = |page: &Page| PageEntry {
        name: page.name.clone(),
        title: page.title.clone(),
        summary: page.summary.clone(),
        section: page.section,
        order: page.order,
        is_subject: page.subject.is_some(),
        view: page.view,
    };
    Json(app.book().await.pages.iter().map(entry).collect())
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<Json<Page>> {
    Ok(Json(app.book().await.page(&name)?.clone()))
}

/// Whom an entity page is about.
pub(super) async fn subject(
    State(app): State<Arc<App>>,
    Path(page): Path<String>,
    Query(pairs): Pairs,
) -> Result<Response> {
    let book = app.book().await;
    let page = book.page(&page)?;
    let subject = app
        .builds
        .ask(async |build| About::ask(&build, page, &pairs).await)
        .await?;
    Ok(([(CACHE_CONTROL, "no-cache")], Json(subject)).into_response())
}

/// A tile as JSON, or as a file when its name ends so.
pub(super) async fn tile(
    State(app): State<Arc<App>>,
    Path((page, name)): Path<(String, String)>,
    Query(pairs): Pairs,
) -> Result<Response> {
    let book = app.book().await;
    let page = book.page(&page)?;
    let (id, file) = match name.rsplit_once('.') {
        Some((id, "csv")) => (id, Some(files::Format::Csv)),
        Some((id, "parquet")) => (id, Some(files::Format::Parquet)),
        _ => (name.as_str(), None),
    };
    let tile = find(page, id)?;
    let ask = async |build: Arc<Build>| {
        let catalogue = build.catalogue().await?;
        let selection = Selection::read(page, &catalogue, &pairs)?;
        Answer::ask(&build, page, tile, selection).await
    };
    let answer = app.builds.ask(ask).await?;
    let body = match file {
        Some(format) => files::response(page, tile, &answer, format)?,
        None => Json(answer).into_response(),
    };
    Ok(([(CACHE_CONTROL, "no-cache")], body).into_response())
}

fn find<'a>(page: &'a Page, id: &str) -> Result<&'a Tile> {
    page.tiles
        .iter()
        .find(|tile| tile.id == id)
        .ok_or_else(|| Error::NotFound {
            what: "tile",
            name: id.to_owned(),
            valid: page.tiles.iter().map(|tile| tile.id.clone()).collect(),
        })
}

pub(super) async fn filters(State(app): State<Arc<App>>) -> Result<Json<Catalogue>> {
    let ask = async |build: Arc<Build>| build.catalogue().await;
    let catalogue = app.builds.ask(ask).await?;
    Ok(Json(Catalogue::clone(&catalogue)))
}

/// 200 whenever the server runs.
pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// 200 while a build is published and can be read, 503 otherwise.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Readiness>> {
    let ask = async |build: Arc<Build>| Ok((build.catalogue().await?, build));
    let (catalogue, build) = app.builds.ask(ask).await?;
    Ok(Json(Readiness {
        status: "ok",
        build_id: build.id().to_owned(),
        built_at: build.built_at(),
        as_of: catalogue.as_of.clone(),
    }))
}
