use std::time::{Duration, Instant};

use warehouse::{Access, Builds, Reader};

use super::{builds::publish, *};
use crate::ConsoleLimits;

/// A published file, as a real server has it.
struct Project {
    router: Router,
    folder: tempfile::TempDir,
}

impl Project {
    fn new(limits: ConsoleLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = || Builds::open(folder.path()).unwrap();
        publish(&open(), "first", 0);
        let options = Options {
            published: Arc::new(Reader::new(open(), Access::ReadOnly, Settings::default())),
            dashboards: Some(pages_folder()),
            web: None,
            admission: Admission::default(),
            pictures: false,
            notice: None,
            limits: Limits {
                console: limits,
                ..Limits::default()
            },
        };
        let router = App::new(options).unwrap().router();
        Self { router, folder }
    }

    async fn ask(&self, sql: &str) -> Answered {
        post(
            &self.router,
            &json!({ "sql": sql }).to_string(),
            "application/json",
        )
        .await
    }

    /// What is said to a query that is not answered.
    async fn refused(&self, sql: &str) -> String {
        let answered = self.ask(sql).await;
        assert_eq!(
            answered.status,
            StatusCode::BAD_REQUEST,
            "{sql}: {}",
            answered.body
        );
        assert_eq!(answered.headers["content-type"], "application/problem+json");
        answered.json()["detail"].as_str().unwrap().to_owned()
    }
}

async fn post(router: &Router, body: &str, content_type: &str) -> Answered {
    let request = Request::post("/api/console")
        .header("host", "localhost")
        .header("content-type", content_type)
        .body(Body::from(body.to_owned()))
        .unwrap();
    answered(router.clone().oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn a_query_is_answered_with_its_types_and_build() {
    let project = Project::new(ConsoleLimits::default());
    let answered = project
        .ask("select title, movie_id, roi, date '2024-02-29' as day from mart_movies where movie_id = 4")
        .await;
    assert_eq!(answered.headers["cache-control"], "no-store");
    let answer = answered.json();
    assert_eq!(
        answer["columns"],
        json!([
            {"name": "title", "type": "text"}, {"name": "movie_id", "type": "integer"},
            {"name": "roi", "type": "number"}, {"name": "day", "type": "date"}
        ])
    );
    assert_eq!(answer["rows"], json!([["Film 4", 4, 2.0, "2024-02-29"]]));
    assert_eq!(
        (&answer["build_id"], &answer["is_truncated"]),
        (&json!("first"), &json!(false))
    );
    for query in [
        "with a as (select 1 as b) select * from a;",
        "values (1), (2)",
        "describe mart_movies",
        "explain select count(*) from mart_movies",
        "from mart_movies limit 1",
    ] {
        let answered = project.ask(query).await;
        assert_eq!(
            answered.status,
            StatusCode::OK,
            "{query}: {}",
            answered.body
        );
        assert_ne!(answered.json()["rows"], json!([]), "{query}");
    }
}

#[tokio::test]
async fn the_database_tells_the_reader_what_is_wrong() {
    let project = Project::new(ConsoleLimits::default());
    let told = project
        .refused("select\n  budgt_usd\nfrom mart_movies")
        .await;
    assert!(
        told.contains("budget_usd") && told.contains("LINE 2:"),
        "{told}"
    );
    let told = project
        .refused("select 1\nfrom mart_movies\nwhre true")
        .await;
    assert!(
        told.contains("syntax error") && told.contains("line 3"),
        "{told}"
    );
}

#[tokio::test]
async fn nothing_but_the_build_can_be_reached() {
    let project = Project::new(ConsoleLimits::default());
    for sql in [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('/etc/passwd')",
        "select * from read_parquet('https://example.org/a.parquet')",
        "select * from glob('/etc/*')",
        "select * from sniff_csv('/etc/passwd')",
        "explain analyze select * from read_csv('/etc/passwd')",
    ] {
        let told = project.refused(sql).await;
        assert!(told.contains("disabled by configuration"), "{sql}: {told}");
    }
    for sql in ["select getenv('HOME')", "select * from '/etc/passwd'"] {
        let told = project.refused(sql).await;
        assert!(told.contains("does not exist"), "{sql}: {told}");
    }
}

#[tokio::test]
async fn nothing_is_written_or_set() {
    let project = Project::new(ConsoleLimits::default());
    let out = project.folder.path().join("out.csv").display().to_string();
    for sql in [
        &format!("copy mart_movies to '{out}'"),
        &format!("copy (select 1) to '{out}'"),
        &format!("explain analyze copy (select 1) to '{out}'"),
        &format!("export database '{out}'"),
        &format!("attach '{out}' as out"),
        "install httpfs",
        "load httpfs",
        "pragma database_list",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset memory_limit",
        "create temp table mine as select 1",
        "insert into mart_movies select * from mart_movies",
        "drop table mart_movies",
        "begin",
        "call pragma_version()",
        "checkpoint",
        "prepare mine as select 1",
        "use memory",
    ] {
        let told = project.refused(sql).await;
        assert!(told.contains("only queries are answered"), "{sql}: {told}");
    }
    assert!(!Path::new(&out).exists());
    for sql in [
        "select 1; select 2",
        "select 1; copy mart_movies to 'a.csv'",
        "",
        "-- select 1",
    ] {
        project.refused(sql).await;
    }
    let kept = project.ask("select count(*) from mart_movies").await.json();
    assert_eq!(kept["rows"], json!([[60]]));
}

#[tokio::test]
async fn time_is_limited_and_what_is_stopped_frees_its_place() {
    let project = Project::new(ConsoleLimits {
        queries: 1,
        timeout: Duration::from_millis(500),
        ..ConsoleLimits::default()
    });
    for bomb in [
        "with recursive t as (select 1 as n union all select n + 1 from t) select max(n) from t",
        "select sum(a.range * b.range) from range(10000000) as a, range(10000000) as b",
    ] {
        let started = Instant::now();
        let told = project.refused(bomb).await;
        assert!(told.contains("stopped after"), "{bomb}: {told}");
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{:?}",
            started.elapsed()
        );
        let next = project.ask("select 1").await;
        assert_eq!(next.status, StatusCode::OK, "{}", next.body);
    }
}

#[tokio::test]
async fn memory_is_limited() {
    let project = Project::new(ConsoleLimits {
        timeout: Duration::from_secs(60),
        ..ConsoleLimits::default()
    });
    let bomb = "select count(*) from (select distinct a.range * 100000 + b.range as n \
                from range(100000) as a, range(100000) as b)";
    let told = project.refused(bomb).await;
    assert!(told.contains("Out of Memory"), "{told}");
    let next = project.ask("select count(*) from mart_movies").await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.body);
}

#[tokio::test]
async fn rows_and_bytes_are_limited() {
    let project = Project::new(ConsoleLimits {
        max_rows: 100,
        max_bytes: 50_000,
        ..ConsoleLimits::default()
    });
    let counted = async |sql: &str| {
        let answer = project.ask(sql).await.json();
        (
            answer["rows"].as_array().unwrap().len(),
            answer["is_truncated"] == true,
        )
    };
    assert_eq!(counted("select * from range(100)").await, (100, false));
    assert_eq!(counted("select * from range(1000000)").await, (100, true));
    assert_eq!(
        counted("select repeat('x', 10000) from range(9)").await,
        (4, true)
    );
    assert_eq!(
        counted("select repeat('x', 50000000)").await,
        (0, true),
        "a huge cell"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn few_are_answered_at_once_and_who_goes_away_is_stopped() {
    let project = Project::new(ConsoleLimits {
        queries: 1,
        timeout: Duration::from_secs(60),
        ..ConsoleLimits::default()
    });
    // Opened, so that the long one comes first.
    project.ask("select 1").await;
    let long = "select sum(a.range * b.range) from range(10000000) as a, range(10000000) as b";
    let mut first = Box::pin(project.ask(long));
    let busy = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        project.ask("select 1").await
    };
    tokio::select! {
        _ = &mut first => panic!("it takes hours"),
        answered = busy => {
            assert_eq!(answered.status, StatusCode::TOO_MANY_REQUESTS, "{}", answered.body);
            assert_eq!(answered.json()["hint"], "ask again in a moment");
        }
    }
    drop(first);
    let next = project.ask("select 1").await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.body);
}

#[tokio::test]
async fn what_a_form_of_another_site_can_send_is_not_taken() {
    let project = Project::new(ConsoleLimits::default());
    let sql = r#"{"sql": "select 1"}"#;
    for (body, content_type, status) in [
        (sql, "text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            sql,
            "application/x-www-form-urlencoded",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        ("{", "application/json", StatusCode::BAD_REQUEST),
        (
            r#"{"sql": "select 1", "as": "admin"}"#,
            "application/json",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            &json!({ "sql": " ".repeat(70_000) }).to_string(),
            "application/json",
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        let answered = post(&project.router, body, content_type).await;
        assert_eq!(answered.status, status, "{content_type}: {}", answered.body);
        assert_eq!(answered.headers["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn the_tables_tell_what_they_hold() {
    let (shelf, warehouse) = (Shelf::default(), films());
    warehouse
        .connect()
        .unwrap()
        .execute("comment on table dim_genres is 'Every genre.'; comment on column dim_genres.genre_name is 'In English.'")
        .unwrap();
    shelf.put("first", warehouse);
    let router = router_with(&shelf, pages_folder(), Limits::default());
    let tables = get(&router, "/api/console/tables").await.json();
    let tables = tables.as_array().unwrap();
    let genres = tables
        .iter()
        .find(|table| table["name"] == "dim_genres")
        .unwrap();
    assert_eq!(genres["description"], "Every genre.");
    let name = &genres["columns"][1];
    assert_eq!(
        (&name["name"], &name["description"]),
        (&json!("genre_name"), &json!("In English."))
    );
}
