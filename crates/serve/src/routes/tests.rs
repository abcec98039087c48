use std::{
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use chrono::DateTime;
use serde_json::Value;
use tower::ServiceExt;
use warehouse::{
    Access, Builds, Canceller, Connection, Dialect, DuckDb, Reader, Relation, RelationInfo,
    Settings, Warehouse,
};

use super::*;
use crate::{Limits, Options, Published, Result, Snapshot};

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
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

fn router_with(shelf: &Shelf, dashboards: Option<PathBuf>, limits: Limits) -> Router {
    let options = Options {
        published: Arc::new(shelf.clone()),
        dashboards,
        web: None,
        allowed_hosts: vec!["films.example".to_owned()],
        notice: Some("films & people are <made up>".to_owned()),
        limits,
    };
    App::new(options).unwrap().router()
}

fn router() -> Router {
    let shelf = Shelf::default();
    shelf.publish("first");
    router_with(&shelf, None, Limits::default())
}

async fn get_as(router: &Router, host: &str, path: &str) -> Answered {
    let request = Request::get(path)
        .header("host", host)
        .body(Body::empty())
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), 1 << 24).await.unwrap();
    Answered {
        status,
        headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn get(router: &Router, path: &str) -> Answered {
    get_as(router, "localhost:8080", path).await
}

#[tokio::test]
async fn every_tile_of_every_page_answers_in_the_shape_it_declares() {
    let router = router();
    for page in get(&router, "/api/pages").await.json().as_array().unwrap() {
        let name = page["name"].as_str().unwrap();
        let page = get(&router, &format!("/api/pages/{name}")).await.json();
        for tile in page["tiles"].as_array().unwrap() {
            let path = format!("/api/pages/{name}/tiles/{}", tile["id"].as_str().unwrap());
            let answered = get(&router, &path).await;
            assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.body);
            let answer = answered.json();
            let rows = answer["rows"].as_array().unwrap();
            assert!(!rows.is_empty(), "{path}");
            assert!(
                rows.iter().all(|row| row.as_array().unwrap().len()
                    == answer["columns"].as_array().unwrap().len())
            );
        }
    }
}

#[tokio::test]
async fn an_answer_says_how_sure_it_is() {
    let answer = get(&router(), "/api/pages/genres/tiles/returns")
        .await
        .json();
    assert_eq!(
        (&answer["n"], &answer["N"]),
        (&29.into(), &59.into()),
        "60 films, one outside the population"
    );
    assert!((answer["coverage"].as_f64().unwrap() - 29.0 / 59.0).abs() < 1e-9);
    assert_eq!(answer["as_of"], "2006-02-03");
    assert_eq!(answer["build_id"], "first");
    assert_eq!(
        answer["models"],
        serde_json::json!(["mart_movies", "bridge_movies_genres", "dim_genres"])
    );
    assert!(
        answer["sql"]
            .as_str()
            .unwrap()
            .starts_with("-- $1 = 2000\n-- $2 = 2005\nwith movies as (")
    );
}

#[tokio::test]
async fn small_samples_are_counted_but_not_ranked() {
    let answer = get(&router(), "/api/pages/genres/tiles/returns")
        .await
        .json();
    let drama = serde_json::json!(["Drama", 25, 0.5, 2.0, 2.0, 2.0, 2.0, 1.0]);
    let horror = serde_json::json!(["Horror", 4, 4.0 / 9.0, null, null, null, null, null]);
    assert_eq!(answer["rows"], Value::Array(vec![drama, horror]));
}

#[tokio::test]
async fn filters_mean_the_same_for_numbers_and_population() {
    let router = router();
    let counted = async |query: &str| {
        let answer = get(&router, &format!("/api/pages/genres/tiles/figures?{query}"))
            .await
            .json();
        (
            answer["n"].clone(),
            answer["N"].clone(),
            answer["rows"][0][0].clone(),
        )
    };
    assert_eq!(
        counted("language=fr").await,
        (9.into(), 19.into(), 19.into())
    );
    assert_eq!(counted("genre=27").await, (4.into(), 9.into(), 9.into()));
    assert_eq!(
        counted("years=2003-2003").await,
        (0.into(), 10.into(), 10.into())
    );
    assert_eq!(
        counted("years=1950-1960").await,
        (0.into(), 0.into(), 0.into())
    );
}

#[tokio::test]
async fn a_switch_changes_the_numbers() {
    let router = router();
    let top = async |query: &str| {
        get(
            &router,
            &format!("/api/pages/box-office/tiles/top_films?{query}"),
        )
        .await
        .json()
    };
    assert_eq!(top("").await["rows"][0][1], 6_000_000 * 58);
    assert_eq!(top("money=nominal").await["rows"][0][1], 3_000_000 * 58);
}

#[tokio::test]
async fn a_csv_survives_quotes_commas_and_newlines() {
    let answered = get(
        &router(),
        "/api/pages/box-office/tiles/budget_and_revenue.csv?years=2002",
    )
    .await;
    assert_eq!(answered.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        answered.headers["content-disposition"],
        "attachment; filename=\"box-office-budget_and_revenue.csv\""
    );
    assert!(
        answered
            .body
            .starts_with("title,release_year,budget_usd,revenue_usd,multiple,outcome,movie_id\r\n")
    );
    let record =
        "\"He said \"\"cut\"\", twice\nand left\",2002,4000000,12000000,3.0,Likely profit,2\r\n";
    assert!(answered.body.contains(record), "{}", answered.body);
}

#[tokio::test]
async fn the_filters_values_come_from_the_build() {
    let filters = get(&router(), "/api/filters").await.json();
    assert_eq!(filters["years"], serde_json::json!([2000, 2005]));
    assert_eq!(
        filters["languages"][0],
        serde_json::json!({ "code": "en", "name": "English", "n_movies": 40 })
    );
    assert_eq!(
        filters["genres"][1],
        serde_json::json!({ "id": 27, "name": "Horror", "n_movies": 9 })
    );
}

#[tokio::test]
async fn a_bad_request_is_told_what_is_valid() {
    let router = router();
    let answered = get(&router, "/api/pages/genres/tiles/returns?languag=fr").await;
    assert_eq!(answered.status, StatusCode::BAD_REQUEST);
    assert_eq!(answered.headers["content-type"], "application/problem+json");
    let problem = answered.json();
    assert_eq!(problem["parameter"], "languag");
    assert_eq!(
        problem["valid"],
        serde_json::json!(["years", "language", "genre"])
    );
    let answered = get(&router, "/api/pages/genres/tiles/returns?language=xx'--").await;
    assert_eq!(
        (answered.status, &answered.json()["valid"]),
        (StatusCode::BAD_REQUEST, &serde_json::json!(["en", "fr"]))
    );
    for path in [
        "/api/pages/nope",
        "/api/pages/genres/tiles/nope",
        "/nope",
        "/assets/../Cargo.toml",
    ] {
        let answered = get(&router, path).await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_page_reads_without_scripts() {
    let answered = get(&router(), "/pages/people?years=1990-2016&language=en").await;
    assert_eq!(answered.status, StatusCode::OK);
    for text in [
        "<h1>People</h1>",
        "<a href=\"/pages/genres\">Genres</a>",
        "aria-current=\"page\">People</a>",
        "TMDB has no salaries",
        "href=\"/api/pages/people/tiles/career_gross.csv?years=1990-2016&amp;language=en\"",
        "This product uses the TMDB API but is not endorsed or certified by TMDB.",
        "films &amp; people are &lt;made up&gt;",
    ] {
        assert!(answered.body.contains(text), "{text}");
    }
    let filled = get(&router(), "/pages/box-office").await.body;
    assert!(
        filled.contains("Worldwide gross, real dollars; the 20 highest"),
        "{filled}"
    );
    let lost = get(&router(), "/pages/%3Cscript%3E").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(
        lost.body.contains("&lt;script&gt;") && !lost.body.contains("<script>"),
        "{}",
        lost.body
    );
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let router = router();
    for path in ["/", "/pages/genres", "/api/pages", "/nope", "/healthz"] {
        let headers = get(&router, path).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
    }
}

#[tokio::test]
async fn foreign_hosts_are_refused() {
    let router = router();
    for host in [
        "localhost",
        "127.0.0.1:4000",
        "[::1]:4000",
        "LOCALHOST:1",
        "films.example",
    ] {
        assert_eq!(
            get_as(&router, host, "/healthz").await.status,
            StatusCode::OK,
            "{host}"
        );
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:80",
        "",
        "localhost@evil.example",
    ] {
        assert_eq!(
            get_as(&router, host, "/healthz").await.status,
            StatusCode::MISDIRECTED_REQUEST,
            "{host}"
        );
    }
}

#[tokio::test]
async fn without_a_build_the_hint_says_how_to_get_one_and_then_it_shows() {
    let shelf = Shelf::default();
    let router = router_with(&shelf, None, Limits::default());
    let answered = get(&router, "/healthz").await;
    assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        answered.json()["hint"],
        "it appears with the first `filmstar run` or `filmstar build` that ends well"
    );
    let page = get(&router, "/pages/genres").await;
    assert_eq!(page.status, StatusCode::OK, "the page itself explains");
    let waits = |page: &str| {
        let explains = page.contains("There are no numbers yet");
        assert_eq!(page.contains("http-equiv=\"refresh\""), explains, "{page}");
        explains
    };
    assert!(waits(&page.body));
    for build_id in ["first", "second"] {
        shelf.publish(build_id);
        assert_eq!(get(&router, "/healthz").await.json()["build_id"], build_id);
        assert_eq!(
            get(&router, "/api/pages/genres/tiles/figures").await.json()["build_id"],
            build_id
        );
        assert!(!waits(&get(&router, "/pages/genres").await.body));
    }
}

/// Builds the fixture with `n_gone` films fewer, so that its numbers tell which build they are from.
fn publish(builds: &Builds, build_id: &str, n_gone: i64) {
    let build = builds.begin(build_id).unwrap();
    let warehouse = DuckDb::open(&build.path(), Access::ReadWrite, &Settings::default()).unwrap();
    let mut connection = warehouse.connect().unwrap();
    connection
        .execute(include_str!("tests/warehouse.sql"))
        .unwrap();
    connection
        .execute(&format!(
            "delete from mart_movies where movie_id <= {n_gone}"
        ))
        .unwrap();
    drop((connection, warehouse));
    builds.publish(build, DateTime::UNIX_EPOCH).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swap_under_load_fails_nobody_and_mixes_nothing() {
    const N_BUILDS: i64 = 5;
    let folder = tempfile::tempdir().unwrap();
    let builds = Builds::open(folder.path()).unwrap();
    let reader = Reader::new(
        Builds::open(folder.path()).unwrap(),
        Access::ReadOnly,
        Settings::default(),
    );
    let options = Options {
        published: Arc::new(reader),
        dashboards: None,
        web: None,
        allowed_hosts: Vec::new(),
        notice: None,
        limits: Limits::default(),
    };
    let router = App::new(options).unwrap().router();
    assert_eq!(
        get(&router, "/healthz").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );

    publish(&builds, "build-0", 0);
    let read_until_the_last = async |router: Router| {
        loop {
            let answered = get(&router, "/api/pages/genres/tiles/figures").await;
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
            let answer = answered.json();
            let number: i64 = answer["build_id"].as_str().unwrap()["build-".len()..]
                .parse()
                .unwrap();
            assert_eq!(
                (&answer["N"], &answer["rows"][0][0]),
                (&(59 - number).into(), &(59 - number).into())
            );
            if number == N_BUILDS {
                break;
            }
        }
    };
    let writer = tokio::task::spawn_blocking(move || {
        for number in 1..=N_BUILDS {
            publish(&builds, &format!("build-{number}"), number);
            builds.prune(1).unwrap();
        }
    });
    let readers = futures::future::join_all((0..4).map(|_| read_until_the_last(router.clone())));
    tokio::time::timeout(Duration::from_secs(60), readers)
        .await
        .unwrap();
    writer.await.unwrap();
}

/// A folder with one page of one tile.
fn page_with(query: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("demo");
    fs_err::create_dir(&page).unwrap();
    let yml = "title: Demo\norder: 1\nsummary: S\nprose: P\nfilters: [years]\ntiles:\n  - { id: one, title: One, \
               subtitle: All, films: population, kind: table, sql: one.sql }\n";
    fs_err::write(page.join("page.yml"), yml).unwrap();
    let header = "-- columns:\n--   - { name: n, label: N, format: count }\n";
    fs_err::write(page.join("one.sql"), format!("{header}{query}")).unwrap();
    folder
}

async fn ask(query: &str, limits: Limits) -> Answered {
    let (shelf, folder) = (Shelf::default(), page_with(query));
    shelf.publish("first");
    get(
        &router_with(&shelf, Some(folder.path().to_owned()), limits),
        "/api/pages/demo/tiles/one",
    )
    .await
}

#[tokio::test]
async fn a_query_is_stopped_at_the_time_limit_and_the_next_one_runs() {
    let (shelf, folder) = (
        Shelf::default(),
        page_with("select count(*) as n from range(1000000000000) as a"),
    );
    shelf.publish("first");
    let limits = Limits {
        connections: 1,
        timeout: Duration::from_millis(700),
        ..Limits::default()
    };
    let router = router_with(&shelf, Some(folder.path().to_owned()), limits);
    let stopped = get(&router, "/api/pages/demo/tiles/one").await;
    assert_eq!(
        stopped.status,
        StatusCode::GATEWAY_TIMEOUT,
        "{}",
        stopped.body
    );
    assert_eq!(stopped.json()["hint"], "narrow the filters");
    shelf.publish("second");
    assert_eq!(
        get(&router, "/healthz").await.status,
        StatusCode::OK,
        "the only slot is free again"
    );
}

#[tokio::test]
async fn rows_are_cut_at_the_limit_and_it_is_said() {
    let limits = Limits {
        max_rows: 3_000,
        ..Limits::default()
    };
    let answer = ask("select range as n from range(100000)", limits)
        .await
        .json();
    assert_eq!(
        (
            answer["rows"].as_array().unwrap().len(),
            &answer["is_truncated"]
        ),
        (3_000, &true.into())
    );
    let answer = ask("select range as n from range(3000)", limits)
        .await
        .json();
    assert_eq!(
        (
            answer["rows"].as_array().unwrap().len(),
            &answer["is_truncated"]
        ),
        (3_000, &false.into())
    );
}

#[tokio::test]
async fn a_query_that_drifted_from_its_header_is_an_error() {
    let answered = ask("select 1 as m", Limits::default()).await;
    assert_eq!(answered.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        answered.json()["detail"]
            .as_str()
            .unwrap()
            .contains("`m` for `n`"),
        "{}",
        answered.body
    );
}

#[tokio::test]
async fn what_the_database_says_is_not_sent() {
    let answered = ask("select * from no_such_table", Limits::default()).await;
    assert_eq!(answered.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        !answered.body.contains("no_such_table"),
        "{}",
        answered.body
    );
}

/// A server that can be restarted: no connection outlives that.
struct Restarted {
    database: DuckDb,
    n_starts: Arc<AtomicU32>,
}

struct Session {
    inner: Box<dyn Connection>,
    start: u32,
    n_starts: Arc<AtomicU32>,
}

impl Warehouse for Restarted {
    fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    fn database(&self) -> &str {
        self.database.database()
    }

    fn connect(&self) -> warehouse::Result<Box<dyn Connection>> {
        Ok(Box::new(Session {
            inner: self.database.connect()?,
            start: self.n_starts.load(Ordering::SeqCst),
            n_starts: Arc::clone(&self.n_starts),
        }))
    }
}

impl Session {
    fn alive(&mut self) -> warehouse::Result<&mut dyn Connection> {
        if self.start == self.n_starts.load(Ordering::SeqCst) {
            return Ok(self.inner.as_mut());
        }
        Err(warehouse::Error::Lost {
            location: "postgres://reader@db.example:5432/films".to_owned(),
            message: "connection closed".to_owned(),
        })
    }
}

impl Connection for Session {
    fn execute(&mut self, sql: &str) -> warehouse::Result<u64> {
        self.alive()?.execute(sql)
    }

    fn stream(
        &mut self,
        sql: &str,
        parameters: &[warehouse::Value],
        on_batch: &mut dyn FnMut(arrow::record_batch::RecordBatch) -> ControlFlow<()>,
    ) -> warehouse::Result<arrow::datatypes::SchemaRef> {
        self.alive()?.stream(sql, parameters, on_batch)
    }

    fn relations(&mut self, schema: &str) -> warehouse::Result<Vec<RelationInfo>> {
        self.alive()?.relations(schema)
    }

    fn columns(&mut self, relation: &Relation) -> warehouse::Result<Vec<(String, String)>> {
        self.alive()?.columns(relation)
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        self.inner.canceller()
    }
}

#[tokio::test]
async fn pages_answer_again_at_once_when_the_server_was_restarted() {
    let (shelf, n_starts) = (Shelf::default(), Arc::new(AtomicU32::new(1)));
    shelf.put(
        "first",
        Restarted {
            database: films(),
            n_starts: Arc::clone(&n_starts),
        },
    );
    let router = router_with(&shelf, None, Limits::default());
    let ask_all = async || {
        let tiles = ["figures", "returns"].map(|tile| format!("/api/pages/genres/tiles/{tile}"));
        // Side by side, so that several connections are kept.
        let asked = (0..4).flat_map(|_| &tiles).map(|tile| get(&router, tile));
        futures::future::join_all(asked).await
    };
    for _ in 0..3 {
        for answered in ask_all().await {
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        }
        n_starts.fetch_add(1, Ordering::SeqCst);
    }
}
