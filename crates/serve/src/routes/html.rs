use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Path, Query, State},
    http::{Uri, header::CACHE_CONTROL},
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::{
    App, Error, Page, Result,
    selection::{Money, money},
    shell::{self, Frame, Shown},
    subject::About,
};

/// The HTML waits so long for what the data has to say in it; the front end asks again.
const QUICKLY: Duration = Duration::from_millis(400);

/// The first page.
pub(super) async fn index(State(app): State<Arc<App>>) -> Result<Redirect> {
    let book = app.book().await;
    let first = book.pages.iter().find(|page| page.subject.is_none());
    let first = first.ok_or_else(|| Error::NotFound {
        what: "page",
        name: "/".to_owned(),
        valid: Vec::new(),
    })?;
    Ok(Redirect::temporary(&format!("/pages/{}", first.name)))
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    uri: Uri,
) -> Response {
    let no_cache = [(CACHE_CONTROL, "no-cache")];
    let book = app.book().await;
    let frame = Frame {
        app: &app,
        book: &book,
    };
    let page = match book.page(&name) {
        Ok(page) => page,
        Err(error) => {
            let html = Html(shell::problem(&frame, &error));
            return (error.status(), no_cache, html).into_response();
        }
    };
    let pairs: Result<Query<Vec<(String, String)>>, _> = Query::try_from_uri(&uri);
    let pairs = pairs.map_or_else(|_| Vec::new(), |Query(pairs)| pairs);
    match shown(&app, page, &pairs).await {
        Ok(mut shown) => {
            shown.trouble = app.builds.trouble().await;
            let html = shell::page(&frame, page, uri.query(), &shown);
            (no_cache, Html(html)).into_response()
        }
        Err(error) => {
            let html = Html(shell::nobody(&frame, page, &error));
            (error.status(), no_cache, html).into_response()
        }
    }
}

/// What the data has to say in the HTML; an error only when there is nobody that the page could be about.
async fn shown(app: &App, page: &Page, pairs: &[(String, String)]) -> Result<Shown> {
    let build = match app.builds.current().await {
        Ok(build) => build,
        Err(error) => {
            return Ok(Shown {
                has_no_build: matches!(error, Error::NoBuild),
                ..Shown::default()
            });
        }
    };
    let ask = async {
        let about = match &page.subject {
            Some(_) => Some(About::ask(&build, page, pairs).await?),
            None => None,
        };
        let catalogue = build.catalogue().await?;
        Ok(Shown {
            about,
            money: Some(money(Money::Real, &catalogue)),
            built_at: Some(build.built_at()),
            ..Shown::default()
        })
    };
    let is_for_the_reader = |error: &Error| error.status().is_client_error();
    match tokio::time::timeout(QUICKLY, ask).await {
        Ok(Err(error)) if page.subject.is_some() && is_for_the_reader(&error) => Err(error),
        Ok(Ok(shown)) => Ok(shown),
        Ok(Err(_)) | Err(_) => Ok(Shown {
            built_at: Some(build.built_at()),
            ..Shown::default()
        }),
    }
}

pub(super) async fn asset(
    State(app): State<Arc<App>>,
    Path(path): Path<String>,
) -> Result<Response> {
    app.assets.answer(&path)
}
