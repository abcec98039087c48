//! What a simulator without faults says, and whether a lake says the same, film by film.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use serde_json::Value;
use warehouse::{Access, DuckDb, Settings, Warehouse as _};

use crate::sandbox::{Sandbox, Server};

/// Films that are compared at a time, so that memory does not grow with the lake.
const FILMS_AT_A_TIME: usize = 2_000;
const IN_FLIGHT: usize = 8;

/// What a comparison looked at.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    pub(crate) films: usize,
    pub(crate) people: usize,
    pub(crate) credits: usize,
    pub(crate) tombstones: usize,
    /// Bodies that say the same in another of the API's shapes.
    pub(crate) otherwise: usize,
}

/// Compares the newest row of every film, and of every person in the lake, with what the server says now.
///
/// Fails the test where a film of the server is not there, where a body or a status is another one, and where an id
/// has more than one newest row.
pub(crate) fn compare(server: &Server, sandbox: &Sandbox) -> Compared {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = client(server);
    let mut listed = runtime.block_on(films(&client));
    sandbox.succeed(&["load", "--output", "truth.duckdb"]);
    let path = sandbox.path().join("truth.duckdb");
    let lake = DuckDb::open(&path, Access::ReadOnly, &Settings::default()).unwrap();
    let mut lake = lake.connect().unwrap();
    let mut rows = |sql: &str| lake.query(sql, &[]).unwrap().json_rows();
    let mut compared = Compared::default();
    for table in ["movies", "people"] {
        let twice = rows(&format!(
            "select id, count(*) from raw.{table}
            where (id, fetched_at) in (select (id, max(fetched_at)) from raw.{table} group by id)
            group by id having count(*) > 1 limit 5"
        ));
        assert!(twice.is_empty(), "{table} with two newest rows: {twice:?}");
        let ids = rows(&format!("select distinct id from raw.{table} order by id"));
        let ids: Vec<i64> = ids.iter().map(|row| row[0].as_i64().unwrap()).collect();
        for id in &ids {
            listed.remove(id);
        }
        if table == "movies" {
            assert!(
                listed.is_empty(),
                "films that are not in the lake: {listed:?}"
            );
        }
        for ids in ids.chunks(FILMS_AT_A_TIME) {
            let newest = rows(&format!(
                "select id, http_status, payload from raw.{table}
                where id between {} and {}
                qualify row_number() over (partition by id order by fetched_at desc) = 1",
                ids[0],
                ids[ids.len() - 1]
            ));
            assert_eq!(newest.len(), ids.len());
            let truths = runtime.block_on(bodies(&client, table, ids));
            for row in newest {
                let id = row[0].as_i64().unwrap();
                let (status, truth) = &truths[&id];
                assert_eq!(row[1].as_u64(), Some(u64::from(*status)), "{table} {id}");
                compared.add(table, id, *status, truth, row[2].as_str().unwrap());
            }
        }
    }
    compared
}

impl Compared {
    fn add(&mut self, table: &str, id: i64, status: u16, truth: &str, told: &str) {
        if status != 200 {
            self.tombstones += 1;
            return;
        }
        let parsed: Value = serde_json::from_str(truth).unwrap();
        let n_credits = |block: &str| parsed["credits"][block].as_array().map_or(0, Vec::len);
        self.credits += n_credits("cast") + n_credits("crew");
        if table == "movies" {
            self.films += 1;
        } else {
            self.people += 1;
        }
        if truth != told {
            self.otherwise += 1;
            let told = serde_json::from_str(told).unwrap();
            let fault = difference(&parsed, &told, "");
            assert_eq!(fault, None, "{table} {id}");
        }
    }
}

fn client(server: &Server) -> tmdb::Client {
    let mut config = tmdb::Config::new(tmdb::Credential::Token("truth".to_owned()));
    config.base_url = format!("{}/3", server.url);
    config.requests_per_second = 0;
    tmdb::Client::new(config).unwrap()
}

/// Every film that there is.
async fn films(client: &tmdb::Client) -> BTreeSet<i64> {
    let everything = tmdb::DiscoverFilter {
        first_release: chrono::NaiveDate::from_ymd_opt(1870, 1, 1).unwrap(),
        last_release: chrono::NaiveDate::from_ymd_opt(2100, 1, 1).unwrap(),
        include_adult: true,
        include_video: true,
        min_votes: 0,
        min_popularity: 0.0,
        languages: Vec::new(),
    };
    let mut discovery = tmdb::discover(client, everything);
    let mut ids = BTreeSet::new();
    while let Some(id) = discovery.next().await {
        ids.insert(id.unwrap());
    }
    let report = discovery.finish().await;
    assert_eq!(report.missing, 0);
    ids
}

async fn bodies(client: &tmdb::Client, table: &str, ids: &[i64]) -> BTreeMap<i64, (u16, String)> {
    let asked = stream::iter(ids.iter().copied()).map(async |id| {
        let answer = match table {
            "movies" => client.movie(id).await,
            _ => client.person(id).await,
        };
        let answer = answer.unwrap();
        (id, (answer.status, answer.body))
    });
    asked.buffer_unordered(IN_FLIGHT).collect().await
}

/// Where two bodies say different things, but for what the API's own shapes differ in: the order of keys, keys that
/// came later, dates in three formats, numbers as text, and null for a yes or no.
fn difference(truth: &Value, told: &Value, path: &str) -> Option<String> {
    let differ = || Some(format!("{path}: {truth} or {told}"));
    match (truth, told) {
        (Value::Object(truth), Value::Object(told)) => {
            let missing = truth
                .keys()
                .find(|key| !told.contains_key(*key) && *key != "softcore");
            if let Some(key) = missing {
                return Some(format!("{path}/{key} is missing"));
            }
            let known = truth
                .iter()
                .filter_map(|(key, truth)| Some((key, truth, told.get(key)?)));
            known
                .filter_map(|(key, truth, told)| difference(truth, told, &format!("{path}/{key}")))
                .next()
        }
        (Value::Array(truth), Value::Array(told)) if truth.len() == told.len() => {
            let pairs = truth.iter().zip(told).enumerate();
            pairs
                .filter_map(|(at, (truth, told))| difference(truth, told, &format!("{path}/{at}")))
                .next()
        }
        (Value::Bool(_), Value::Null) => None,
        (Value::Number(truth), Value::String(told)) if truth.to_string() == *told => None,
        (Value::String(truth), Value::String(told))
            if truth == told
                || path.ends_with("/release_date") && truth.get(..10) == told.get(..10) =>
        {
            None
        }
        _ if truth == told => None,
        _ => differ(),
    }
}

#[test]
fn a_comparison_tells_shapes_from_facts() {
    let truth: Value = serde_json::json!({
        "id": 1, "softcore": false, "video": false, "vote_count": 12, "title": "A",
        "release_dates": {"results": [{"release_date": "2020-01-01T00:00:00.000Z"}]},
    });
    let told: Value = serde_json::json!({
        "release_dates": {"results": [{"release_date": "2020-01-01 00:00:00 UTC"}]},
        "vote_count": "12", "video": null, "title": "A", "heat_index": {}, "id": 1,
    });
    assert_eq!(difference(&truth, &told, ""), None);
    for (key, value) in [
        ("title", Value::from("B")),
        ("vote_count", Value::from("13")),
        ("release_dates", serde_json::json!({"results": []})),
        ("id", Value::Null),
    ] {
        let mut told = told.clone();
        told[key] = value;
        assert!(difference(&truth, &told, "").is_some(), "{key}");
    }
    let mut told = told;
    told.as_object_mut().unwrap().remove("title");
    assert_eq!(difference(&truth, &told, "").unwrap(), "/title is missing");
}
