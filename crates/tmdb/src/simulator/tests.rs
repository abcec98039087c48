use std::collections::BTreeSet;
use std::io::BufRead;
use std::path::Path;

use chrono::NaiveDate;
use flate2::bufread::MultiGzDecoder;
use serde_json::Value;

use super::{Admission, Catalogue, Error, Options, Simulator};
use crate::decode::tests::recorded;
use crate::{
    Block, Client, Config, Credential, DiscoverFilter, decode_configuration, decode_countries,
    decode_genres, decode_jobs, decode_languages, decode_movie, decode_person, discover,
};

const KEY: &str = "0123456789abcdef0123456789abcdef";

async fn start(options: Options) -> Simulator {
    Simulator::start(options).await.unwrap()
}

fn generated(films: u32) -> Options {
    Options::new(Catalogue::Generated { films, seed: 1 })
}

fn client(simulator: &Simulator) -> Client {
    let mut config = Config::new(Credential::ApiKey(KEY.to_owned()));
    config.base_url = simulator.url();
    config.requests_per_second = 0;
    Client::new(config).unwrap()
}

fn everything() -> DiscoverFilter {
    DiscoverFilter {
        first_release: NaiveDate::from_ymd_opt(1870, 1, 1).unwrap(),
        last_release: NaiveDate::from_ymd_opt(2100, 12, 31).unwrap(),
        min_votes: 0,
        include_adult: true,
        include_video: true,
    }
}

/// Status, headers and body of an answer to a good key.
async fn get(simulator: &Simulator, path: &str) -> (u16, reqwest::header::HeaderMap, Value) {
    let separator = if path.contains('?') { '&' } else { '?' };
    let url = format!("{}{path}{separator}api_key={KEY}", simulator.url());
    let response = reqwest::get(url).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (
        status,
        headers,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
    )
}

async fn found(client: &Client) -> (BTreeSet<i64>, crate::Discovered) {
    let mut discovery = discover(client, everything());
    let mut ids = BTreeSet::new();
    while let Some(id) = discovery.next().await {
        assert!(ids.insert(id.unwrap()), "an id came twice");
    }
    (ids, discovery.finish().await)
}

fn lines(path: &Path) -> Vec<String> {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let lines = std::io::BufReader::new(MultiGzDecoder::new(file)).lines();
    lines.map(|line| line.unwrap()).collect()
}

#[tokio::test]
async fn every_replayed_film_is_found_and_comes_back_verbatim() {
    let Some(path) = recorded("movies.jsonl.gz") else {
        return;
    };
    let lines = lines(&path);
    let simulator = start(Options::new(Catalogue::Replay { path })).await;
    let client = client(&simulator);
    let (ids, report) = found(&client).await;
    assert_eq!(ids.len(), lines.len());
    assert_eq!((report.found, report.missing), (3_336, 0));
    for line in lines.iter().step_by(50) {
        let id = decode_movie(line).unwrap().id;
        let answer = client.movie(id).await.unwrap();
        let extras = BTreeSet::from(["external_ids", "release_dates"]);
        if !extras.iter().any(|extra| line.contains(extra)) {
            assert_eq!(&answer.body, line);
        }
    }
    let abandoned = client.statistics().abandoned_blocks;
    assert_eq!(abandoned, [Block::ReleaseDates, Block::ExternalIds]);
    let person = decode_person(&client.person(65_731).await.unwrap().body).unwrap();
    assert_eq!(person.gender, Some(2));
    simulator.shutdown().await;
}

#[tokio::test]
async fn reference_lists_decode() {
    let simulator = start(generated(10)).await;
    let client = client(&simulator);
    client.authenticate().await.unwrap();
    assert_eq!(
        decode_genres(&client.genres().await.unwrap().body)
            .unwrap()
            .genres
            .len(),
        19
    );
    let countries = decode_countries(&client.countries().await.unwrap().body).unwrap();
    assert!(countries.len() > 240, "{}", countries.len());
    assert!(
        countries
            .iter()
            .all(|country| country.iso_3166_1.len() == 2)
    );
    let languages = decode_languages(&client.languages().await.unwrap().body).unwrap();
    assert!(languages.len() > 180, "{}", languages.len());
    assert!(
        languages
            .iter()
            .all(|language| language.iso_639_1.as_ref().unwrap().len() == 2)
    );
    assert_eq!(
        decode_jobs(&client.jobs().await.unwrap().body)
            .unwrap()
            .len(),
        12
    );
    let configuration = client.configuration().await.unwrap().body;
    assert!(
        decode_configuration(&configuration)
            .unwrap()
            .images
            .secure_base_url
            .is_some()
    );
}

#[tokio::test]
async fn without_a_credential_there_is_nothing() {
    let simulator = start(generated(10)).await;
    for path in [
        "/movie/1",
        "/no/such/path",
        "/genre/movie/list?api_key=invalid",
    ] {
        let response = reqwest::get(format!("{}{path}", simulator.url()))
            .await
            .unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["cache-control"], "public, max-age=300");
        let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert_eq!(body["status_code"], 7);
    }
    let mut options = generated(10);
    options.admission = Admission::Only("the one and only token".to_owned());
    let simulator = start(options).await;
    let error = client(&simulator).authenticate().await.unwrap_err();
    assert!(matches!(error, crate::Error::Unauthorized { .. }));
}

#[tokio::test]
async fn pages_end_as_the_real_ones_do() {
    let simulator = start(generated(45)).await;
    let all = "/discover/movie?include_adult=true&include_video=true";
    let (status, headers, body) = get(&simulator, all).await;
    assert_eq!(
        (
            status,
            body["page"].as_u64(),
            body["total_results"].as_u64()
        ),
        (200, Some(1), Some(45))
    );
    assert_eq!(body["total_pages"], 3);
    assert_eq!(body["results"].as_array().unwrap().len(), 20);
    assert!(headers["etag"].to_str().unwrap().starts_with("W/\""));
    assert!(
        headers["cache-control"]
            .to_str()
            .unwrap()
            .contains("max-age=")
    );
    let url = format!("{}{all}&api_key={KEY}", simulator.url());
    let request = reqwest::Client::new()
        .get(url)
        .header("if-none-match", &headers["etag"]);
    assert_eq!(request.send().await.unwrap().status(), 304);
    let (_, _, beyond) = get(&simulator, &format!("{all}&page=7")).await;
    assert_eq!(
        (
            beyond["page"].as_u64(),
            beyond["results"].as_array().unwrap().len()
        ),
        (Some(7), 0)
    );
    let (_, _, none) = get(&simulator, &format!("{all}&with_original_language=en-US")).await;
    assert_eq!(
        (none["total_pages"].as_u64(), none["total_results"].as_u64()),
        (Some(1), Some(0))
    );
    for page in ["501", "0", "x"] {
        let (status, _, body) = get(&simulator, &format!("{all}&page={page}")).await;
        assert_eq!((status, body["status_code"].as_u64()), (400, Some(22)));
    }
    let (status, _, body) = get(&simulator, "/movie/999999999").await;
    assert_eq!((status, body["status_code"].as_u64()), (404, Some(34)));
}

#[tokio::test]
async fn the_rate_limit_is_kept_and_waited_out() {
    let mut options = generated(10);
    options.rate_limit = 20;
    options.retry_after_seconds = Some(0);
    let simulator = start(options).await;
    let client = client(&simulator);
    let requests = (0..30).map(|_| client.authenticate());
    for result in futures::future::join_all(requests).await {
        result.unwrap();
    }
    assert!(client.statistics().rate_limited > 0);
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let simulator = start(generated(10)).await;
    let mut options = generated(10);
    options.port = simulator
        .url()
        .rsplit([':', '/'])
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let error = Simulator::start(options).await.unwrap_err();
    assert!(matches!(error, Error::Listen { .. }));
}

#[tokio::test]
async fn every_generated_film_is_found_once() {
    for is_reranking in [false, true] {
        let mut options = generated(3_000);
        options.is_reranking = is_reranking;
        let simulator = start(options).await;
        let (ids, report) = found(&client(&simulator)).await;
        assert_eq!(ids.len(), 3_000);
        assert_eq!(
            (report.found, report.missing),
            (3_000, 0),
            "reranking: {is_reranking}"
        );
    }
}

#[tokio::test]
async fn windows_are_split_until_they_can_be_read() {
    let mut options = generated(15_000);
    options.is_reranking = false;
    let simulator = start(options).await;
    let client = client(&simulator);
    let mut filter = everything();
    filter.min_votes = 5;
    let total = crate::count(&client, &filter).await.unwrap();
    let mut discovery = discover(&client, filter);
    let mut ids = BTreeSet::new();
    while let Some(id) = discovery.next().await {
        ids.insert(id.unwrap());
    }
    let report = discovery.finish().await;
    assert!(total > 10_000, "{total}");
    assert!(report.windows > 1, "{report:?}");
    assert_eq!(ids.len() as u64, report.unfiltered_total);
    assert_eq!((report.found, report.missing), (report.expected, 0));
}

#[tokio::test]
async fn packed_bodies_are_unpacked() {
    let mut options = generated(10);
    options.is_compressing = true;
    let simulator = start(options).await;
    let client = client(&simulator);
    let (ids, _) = found(&client).await;
    for id in ids {
        decode_movie(&client.movie(id).await.unwrap().body).unwrap();
    }
}

#[tokio::test]
async fn recorded_generations_come_through_the_client() {
    let Some(path) = recorded("recorded-movies.jsonl.gz") else {
        return;
    };
    let simulator = start(Options::new(Catalogue::Replay { path })).await;
    let client = client(&simulator);
    let (ids, report) = found(&client).await;
    assert_eq!((ids.len(), report.missing), (18, 0));
    let mut n_with_credits = 0;
    for id in ids {
        let movie = decode_movie(&client.movie(id).await.unwrap().body).unwrap();
        assert_eq!(movie.id, id);
        n_with_credits += usize::from(movie.credits.is_some());
    }
    assert!(
        (1..18).contains(&n_with_credits),
        "some have no credits, and get none"
    );
}
