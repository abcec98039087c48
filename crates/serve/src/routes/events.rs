//! Tells open pages what has changed since they were loaded.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::{App, Diagnostic, pages::LOOK_AGAIN};

/// What is said when page files changed on disk.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PagesEvent {
    /// Tells one reading of the pages from the next.
    edition: u64,
    /// While there are any, the last good pages are shown.
    problems: Vec<Diagnostic>,
}

/// What the browser has heard of already; without it only what comes from now on is news.
#[derive(Deserialize)]
pub(super) struct Heard {
    build_id: Option<String>,
    edition: Option<u64>,
}

/// `build` with the id of a build that was published, `pages` with what is wrong with the pages that were changed.
/// Ends when the server does, which waits for open answers.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    Query(heard): Query<Heard>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // A browser that was cut off says so itself.
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    let news = app.news().await;
    let watch = Watch {
        build_id: last.or(heard.build_id).or(news.build_id),
        edition: heard.edition.unwrap_or(news.book.edition),
        app,
    };
    let events = stream::unfold(watch, |mut watch| async {
        let event = watch.next().await?;
        Some((Ok(event), watch))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// What one browser knows.
struct Watch {
    app: Arc<App>,
    build_id: Option<String>,
    edition: u64,
}

impl Watch {
    async fn next(&mut self) -> Option<Event> {
        let mut stopping = self.app.stopping.subscribe();
        loop {
            let news = self.app.news().await;
            if news.book.edition != self.edition {
                self.edition = news.book.edition;
                let changed = PagesEvent {
                    edition: self.edition,
                    problems: news.book.problems.clone(),
                };
                return Event::default().event("pages").json_data(changed).ok();
            }
            if let Some(build_id) = news.build_id
                && self.build_id.as_ref() != Some(&build_id)
            {
                self.build_id = Some(build_id.clone());
                let event = Event::default().event("build").id(build_id.clone());
                return Some(event.data(build_id));
            }
            tokio::select! {
                _ = stopping.wait_for(|is_stopping| *is_stopping) => return None,
                () = sleep(LOOK_AGAIN) => {}
            }
        }
    }
}
