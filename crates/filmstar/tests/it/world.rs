//! A small world behind the API's endpoints, which a test changes between runs.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Response, StatusCode},
};
use chrono::{Days, NaiveDate};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

/// What there is, and what was asked for.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// Films by id, each with the number of its edit.
    pub(crate) films: BTreeMap<i64, u32>,
    /// Days and ids of films that the changes feed tells of.
    pub(crate) changes: Vec<(NaiveDate, i64)>,
    /// Films by day of their export; a day that is not here has none.
    pub(crate) exports: BTreeMap<NaiveDate, Vec<i64>>,
    /// How many bytes of an export are sent.
    pub(crate) export_bytes: Option<usize>,
    /// Films whose details are refused.
    pub(crate) refused: BTreeSet<i64>,
    /// Films whose body is no film.
    pub(crate) odd: BTreeSet<i64>,
    /// Whether bodies hold a key that they never held.
    pub(crate) surprise: bool,
    /// What every answer is instead, if it is to be something else.
    pub(crate) answer: Option<(u16, &'static str)>,
    /// Ids of films asked for, in order.
    pub(crate) asked: Vec<i64>,
    /// Queries of the changes feed of films.
    pub(crate) windows: Vec<(NaiveDate, NaiveDate)>,
}

impl World {
    /// Edits a film.
    pub(crate) fn edit(&mut self, day: &str, id: i64) {
        *self.films.get_mut(&id).unwrap() += 1;
        self.changes.push((day.parse().unwrap(), id));
    }

    /// Publishes the export of a day.
    pub(crate) fn publish(&mut self, day: &str) {
        let ids = self.films.keys().copied().collect();
        self.exports.insert(day.parse().unwrap(), ids);
    }

    /// What the lake should have: each film's edit.
    pub(crate) fn truth(&self) -> Vec<(i64, u32)> {
        self.films.iter().map(|(id, edit)| (*id, *edit)).collect()
    }
}

/// A world that is served; it ends with the value.
pub(crate) struct Served {
    world: Arc<Mutex<World>>,
    pub(crate) url: String,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    /// Serves films 1 to `n`.
    pub(crate) fn start(n: i64) -> Self {
        let world = World {
            films: (1..=n).map(|id| (id, 0)).collect(),
            ..World::default()
        };
        let world = Arc::new(Mutex::new(world));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&world));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            world,
            url,
            _runtime: runtime,
        }
    }

    /// The world, to look at or to change.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// What was asked for since the last time, in order of the ids.
    pub(crate) fn asked(&self) -> Vec<i64> {
        let mut asked = std::mem::take(&mut self.world().asked);
        asked.sort_unstable();
        asked
    }
}

async fn answer(State(world): State<Arc<Mutex<World>>>, request: Request) -> Response<Body> {
    let mut world = world.lock().unwrap();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let path = request.uri().path().to_owned();
    if let Some(file) = path.strip_prefix("/p/exports/") {
        return export(&world, file);
    }
    if let Some((status, body)) = world.answer {
        return reply(status, Body::from(body));
    }
    let (status, body) = api(&mut world, path.trim_start_matches("/3/"), &query);
    reply(status, body.to_string().into())
}

fn reply(status: u16, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

fn api(world: &mut World, path: &str, query: &str) -> (u16, Value) {
    let segments: Vec<&str> = path.split('/').collect();
    let page = |rows: Vec<Value>| {
        let n = rows.len();
        (
            200,
            json!({"page": 1, "results": rows, "total_pages": 1, "total_results": n}),
        )
    };
    match segments.as_slice() {
        ["genre", "movie", "list"] => (200, json!({"genres": []})),
        ["configuration"] => (200, json!({"images": {}})),
        ["configuration", _] => (200, json!([])),
        ["movie", "changes"] => {
            let day = |name: &str| -> NaiveDate {
                let value = query.split('&').find_map(|pair| pair.strip_prefix(name));
                value.unwrap().trim_start_matches('=').parse().unwrap()
            };
            let (start, end) = (day("start_date"), day("end_date"));
            if (end - start).num_days() > 14 {
                return (
                    422,
                    json!({"status_code": 20, "status_message": "Too long."}),
                );
            }
            world.windows.push((start, end));
            let ids: BTreeSet<i64> = world
                .changes
                .iter()
                .filter(|(day, _)| (start..=end).contains(day))
                .map(|(_, id)| *id)
                .collect();
            let row = |id: i64| match world.films.contains_key(&id) {
                true => json!({"id": id, "adult": false}),
                false => json!({"id": id, "adult": null}),
            };
            page(ids.into_iter().map(row).collect())
        }
        ["person", "changes"] => page(Vec::new()),
        ["discover", "movie"] => {
            let is_dated = query.contains("primary_release_date.gte");
            let rows = world.films.keys().filter(|_| is_dated);
            page(
                rows.map(|id| json!({"id": id, "release_date": "2001-02-03"}))
                    .collect(),
            )
        }
        ["movie", id] => film(world, id.parse().unwrap()),
        _ => (404, json!({"status_code": 34, "status_message": "None."})),
    }
}

fn film(world: &mut World, id: i64) -> (u16, Value) {
    world.asked.push(id);
    if world.refused.contains(&id) {
        return (
            400,
            json!({"status_code": 47, "status_message": "Invalid input."}),
        );
    }
    if world.odd.contains(&id) {
        return (200, json!({"id": "a film", "credits": 7}));
    }
    match world.films.get(&id) {
        None => (404, json!({"status_code": 34, "status_message": "None."})),
        Some(edit) => {
            let mut body = json!({
                "id": id, "title": format!("Film {id}"), "vote_count": edit, "credits": {"cast": [], "crew": []},
                "keywords": {"keywords": []}, "release_dates": {"results": []}, "external_ids": {"imdb_id": null},
            });
            if world.surprise {
                body["surprise"] = json!({"inside": 1});
            }
            (200, body)
        }
    }
}

fn export(world: &World, file: &str) -> Response<Body> {
    let day = file
        .strip_prefix("movie_ids_")
        .and_then(|rest| NaiveDate::parse_from_str(rest, "%m_%d_%Y.json.gz").ok());
    let Some(ids) = day.and_then(|day| world.exports.get(&day)) else {
        return reply(403, Body::empty());
    };
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    for id in ids {
        let line = json!({"adult": false, "id": id, "original_title": "", "popularity": 1.0, "video": false});
        writeln!(packed, "{line}").unwrap();
    }
    let mut packed = packed.finish().unwrap();
    packed.truncate(world.export_bytes.unwrap_or(packed.len()));
    reply(200, packed.into())
}

/// The days from one to another.
pub(crate) fn days(first: &str, last: &str) -> Vec<NaiveDate> {
    let (first, last): (NaiveDate, NaiveDate) = (first.parse().unwrap(), last.parse().unwrap());
    (0..=(last - first).num_days())
        .map(|n| first + Days::new(n as u64))
        .collect()
}
