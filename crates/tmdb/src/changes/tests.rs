use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Changed, Changes, Feed, changes, count_changes};
use crate::{Client, Config, Credential};

/// A feed whose rows are a function of the day, and what it was asked for.
#[derive(Clone)]
struct Stub {
    /// Rows of one day.
    rows_per_day: i64,
    /// Whether a window may end after this day.
    last_day: NaiveDate,
    /// Whether the first page that is asked for a second time shows what it did not show before.
    is_shifting: bool,
    asked: Arc<Mutex<Vec<(String, String, u64)>>>,
}

#[derive(Deserialize)]
struct Asked {
    start_date: NaiveDate,
    end_date: NaiveDate,
    page: u64,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Stub {
    fn new(rows_per_day: i64) -> Self {
        Self {
            rows_per_day,
            last_day: NaiveDate::MAX,
            is_shifting: false,
            asked: Arc::default(),
        }
    }

    async fn start(self) -> Client {
        let router = Router::new()
            .route("/3/movie/changes", axum::routing::get(answer))
            .with_state(self);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = Config::new(Credential::Token("any".to_owned()));
        config.base_url = format!("http://{}", listener.local_addr().unwrap());
        config.requests_per_second = 0;
        tokio::spawn(async move { axum::serve(listener, router).await });
        Client::new(config).unwrap()
    }

    /// The ids of a window, whose last day is excluded: as strict as the API might be.
    fn ids(&self, asked: &Asked) -> Vec<i64> {
        let n_days = (asked.end_date - asked.start_date).num_days();
        let first = (asked.start_date - day("2026-01-01")).num_days() * self.rows_per_day;
        (1..=n_days * self.rows_per_day)
            .map(|row| first + row)
            .collect()
    }
}

async fn answer(State(stub): State<Stub>, Query(asked): Query<Asked>) -> Response {
    let n_days = (asked.end_date - asked.start_date).num_days();
    if n_days > 14 || asked.end_date > stub.last_day {
        let refused = json!({"success": false, "status_code": 20, "status_message": "Too long."});
        return (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(refused)).into_response();
    }
    let ids = stub.ids(&asked);
    let key = (
        asked.start_date.to_string(),
        asked.end_date.to_string(),
        asked.page,
    );
    let mut log = stub.asked.lock().unwrap();
    let is_again = log.contains(&key);
    log.push(key);
    let lost = usize::from(stub.is_shifting && asked.page > 1 && !is_again);
    let start = ((asked.page as usize - 1) * 100 + lost).min(ids.len());
    let end = (asked.page as usize * 100 + lost).min(ids.len());
    let row = |id: &i64| match id % 50 {
        0 => json!({"id": id, "adult": null, "softcore": null}),
        _ => json!({"id": id, "adult": false}),
    };
    let mut rows: Vec<Value> = ids[start..end].iter().map(row).collect();
    rows.push(json!({"id": null, "adult": null}));
    let body =
        json!({"results": rows, "page": asked.page, "total_pages": 1, "total_results": ids.len()});
    axum::Json(body).into_response()
}

async fn read(client: &Client, first: &str, last: &str) -> Changes {
    changes(client, Feed::Movies, day(first), day(last))
        .await
        .unwrap()
}

#[tokio::test]
async fn every_page_of_a_window_is_read_and_every_id_told_once() {
    let client = Stub::new(123).start().await;
    let found = read(&client, "2026-01-01", "2026-01-03").await;
    let ids: Vec<i64> = found.rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, (1..=369).collect::<Vec<i64>>());
    assert_eq!((found.missing, found.unreadable_days.len()), (0, 0));
    let gone = Changed {
        id: 50,
        is_adult: None,
    };
    assert_eq!(found.rows[49], gone);
    assert_eq!(found.rows[0].is_adult, Some(false));
    let counted = count_changes(&client, Feed::Movies, day("2026-01-01"), day("2026-01-01")).await;
    assert_eq!(counted.unwrap(), 123);
}

#[tokio::test]
async fn rows_that_shift_between_pages_are_found_at_another_reading() {
    let stub = Stub {
        is_shifting: true,
        ..Stub::new(350)
    };
    let client = stub.start().await;
    let found = read(&client, "2026-01-01", "2026-01-01").await;
    assert_eq!(found.rows.len(), 350);
    assert_eq!(found.missing, 0);
}

#[tokio::test]
async fn a_window_of_more_rows_than_the_api_shows_is_split() {
    let stub = Stub::new(9_000);
    let asked = Arc::clone(&stub.asked);
    let client = stub.start().await;
    let found = read(&client, "2026-01-01", "2026-01-13").await;
    assert_eq!(found.rows.len(), 13 * 9_000);
    assert_eq!(found.missing, 0);
    assert!(asked.lock().unwrap().iter().all(|(.., page)| *page <= 500));
}

#[tokio::test]
async fn a_day_of_more_rows_than_the_api_shows_is_named() {
    let client = Stub::new(50_100).start().await;
    let found = read(&client, "2026-01-02", "2026-01-02").await;
    assert_eq!(found.unreadable_days, [day("2026-01-02")]);
    assert_eq!(found.rows.len(), 50_000);
}

#[tokio::test]
async fn where_no_day_to_come_is_taken_the_last_one_ends_the_window() {
    let stub = Stub {
        last_day: day("2026-01-03"),
        ..Stub::new(10)
    };
    let client = stub.start().await;
    let found = read(&client, "2026-01-01", "2026-01-03").await;
    // The stub excludes the last day.
    assert_eq!(found.rows.len(), 20);
}
