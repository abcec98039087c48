use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::header::CACHE_CONTROL,
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::{App, Error, Result, shell};

/// The first page.
pub(super) async fn index(State(app): State<Arc<App>>) -> Result<Redirect> {
    let first = app.pages.first().ok_or_else(|| Error::NotFound {
        what: "page",
        name: "/".to_owned(),
        valid: Vec::new(),
    })?;
    Ok(Redirect::temporary(&format!("/pages/{}", first.name)))
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let no_cache = [(CACHE_CONTROL, "no-cache")];
    match app.page(&name) {
        Ok(page) => {
            let has_no_build = matches!(app.builds.current().await, Err(Error::NoBuild));
            let html = shell::page(&app, page, query.as_deref(), has_no_build);
            (no_cache, Html(html)).into_response()
        }
        Err(error) => {
            (error.status(), no_cache, Html(shell::problem(&app, &error))).into_response()
        }
    }
}

pub(super) async fn asset(
    State(app): State<Arc<App>>,
    Path(path): Path<String>,
) -> Result<Response> {
    app.assets.answer(&path)
}
