//! Requests and their answers, on a small film catalogue and four small pages.

mod admission;
mod answers;
mod builds;
mod console;
mod events;
mod filters;
mod lineage;
mod pages;
mod safety;
mod search;
mod subjects;
mod swaps;

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use chrono::DateTime;
use serde_json::{Value, json};
use tower::ServiceExt;
use warehouse::{DuckDb, Settings, Warehouse};

use super::*;
use crate::{Admission, Limits, Options, Published, Result, Snapshot};

/// What is published is a matter of the test.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Option<Arc<Snapshot>>>>);

impl Shelf {
    fn publish(&self, build_id: &str) {
        self.put(build_id, films());
    }

    fn put(&self, build_id: &str, warehouse: impl Warehouse + 'static) {
        *self.0.lock().unwrap() = Some(Arc::new(Snapshot {
            warehouse: Arc::new(warehouse),
            build_id: build_id.to_owned(),
            built_at: DateTime::UNIX_EPOCH,
        }));
    }
}

/// Pages over that, one of each kind.
pub(crate) fn pages_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/routes/tests/dashboards")
}

/// What the pages read.
fn films() -> DuckDb {
    let warehouse = DuckDb::in_memory(&Settings::default()).unwrap();
    warehouse
        .connect()
        .unwrap()
        .execute(include_str!("tests/warehouse.sql"))
        .unwrap();
    warehouse
}

impl Published for Shelf {
    fn current(&self) -> Result<Arc<Snapshot>> {
        self.0.lock().unwrap().clone().ok_or(Error::NoBuild)
    }

    fn sandbox(&self, snapshot: &Snapshot) -> Result<Arc<dyn Warehouse>> {
        Ok(Arc::clone(&snapshot.warehouse))
    }

    fn kept(&self) -> Result<Vec<warehouse::KeptBuild>> {
        Ok(Vec::new())
    }

    fn artifacts(&self, _: &str) -> PathBuf {
        PathBuf::new()
    }
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
    bytes: Vec<u8>,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

fn router_with(shelf: &Shelf, dashboards: PathBuf, limits: Limits) -> Router {
    app_with(shelf, dashboards, limits).router()
}

fn app_with(shelf: &Shelf, dashboards: PathBuf, limits: Limits) -> App {
    let options = Options {
        published: Arc::new(shelf.clone()),
        dashboards: Some(dashboards),
        web: None,
        admission: Admission {
            hosts: vec!["films.example".to_owned()],
            ..Admission::default()
        },
        pictures: false,
        notice: Some("films & people are <made up>".to_owned()),
        limits,
    };
    App::new(options).unwrap()
}

fn router() -> Router {
    let shelf = Shelf::default();
    shelf.publish("first");
    router_with(&shelf, pages_folder(), Limits::default())
}

async fn get_as(router: &Router, host: &str, path: &str) -> Answered {
    let request = Request::get(path)
        .header("host", host)
        .body(Body::empty())
        .unwrap();
    answered(router.clone().oneshot(request).await.unwrap()).await
}

async fn answered(response: axum::response::Response) -> Answered {
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 24)
        .await
        .unwrap()
        .to_vec();
    Answered {
        status,
        headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
        bytes,
    }
}

async fn get(router: &Router, path: &str) -> Answered {
    get_as(router, "localhost:8080", path).await
}
