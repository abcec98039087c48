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
    // reqwest asks for a provider of TLS even where none is needed; it may be there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
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
        min_popularity: 0.0,
        languages: Vec::new(),
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

fn living(clock: &str) -> Options {
    let mut options = generated(1_500);
    options.is_living = true;
    options.clock = clock.parse().unwrap();
    options.scenario.pace = Some(10.0);
    options
}

#[tokio::test]
async fn the_feed_of_changes_keeps_the_apis_rules() {
    let simulator = start(living("2026-07-20T08:00:00Z*0")).await;
    let window = "/movie/changes?start_date=2026-07-06&end_date=2026-07-20";
    let (status, _, first) = get(&simulator, window).await;
    assert_eq!((status, first["page"].as_u64()), (200, Some(1)));
    let rows = first["results"].as_array().unwrap();
    assert_eq!(rows.len(), 100);
    assert!(rows[0]["id"].is_i64() && rows[0].as_object().unwrap().contains_key("softcore"));
    let n_pages = first["total_pages"].as_u64().unwrap();
    let mut ids = BTreeSet::new();
    let mut n_gone = 0;
    for page in 1..=n_pages {
        let (_, _, body) = get(&simulator, &format!("{window}&page={page}")).await;
        for row in body["results"].as_array().unwrap() {
            let id = row["id"].as_i64().unwrap();
            assert!(ids.insert(id), "{id} comes twice");
            let (status, _, _) = get(&simulator, &format!("/movie/{id}")).await;
            assert_eq!(row["adult"].is_null(), status == 404, "{id}");
            n_gone += u32::from(status == 404);
        }
    }
    assert_eq!(first["total_results"], ids.len());
    assert!(n_gone > 5, "{n_gone}");
    let (_, _, beyond) = get(&simulator, &format!("{window}&page={}", n_pages + 1)).await;
    assert_eq!(beyond["results"].as_array().unwrap().len(), 0);

    for (query, status, code) in [
        ("?start_date=2026-07-05&end_date=2026-07-20", 422, 20),
        ("?start_date=2026-07-01", 422, 20),
        ("?start_date=yesterday", 400, 23),
        ("?page=501", 400, 22),
    ] {
        let (got, _, body) = get(&simulator, &format!("/movie/changes{query}")).await;
        assert_eq!((got, body["status_code"].as_u64()), (status, Some(code)));
    }
    let total = async |query: &str| {
        let (_, _, body) = get(&simulator, &format!("/movie/changes{query}")).await;
        body["total_results"].as_u64().unwrap()
    };
    // The last day without an end, a time that is ignored, and the day itself.
    let day = total("?start_date=2026-07-19&end_date=2026-07-19").await;
    assert!(day > 0);
    assert_eq!(total("?end_date=2026-07-19T23:59:59").await, day);
    assert!(total("").await > 0);
    assert!(total("?start_date=2026-07-20").await < day);
    assert_eq!(total("?start_date=2026-06-01&end_date=2026-06-10").await, 0);
    let (_, _, people) = get(&simulator, "/person/changes").await;
    assert!(people["total_results"].as_u64().unwrap() > 0);
    let still = start(generated(10)).await;
    let (status, _, none) = get(&still, "/movie/changes").await;
    assert_eq!((status, none["total_pages"].as_u64()), (200, Some(1)));
}

#[tokio::test]
async fn discover_and_the_exports_tell_of_the_same_films() {
    let mut options = living("2026-08-05T07:00:00Z*0");
    options.is_reranking = false;
    let simulator = start(options).await;
    let (ids, report) = found(&client(&simulator)).await;
    assert_eq!((report.found, report.missing), (ids.len() as u64, 0));
    assert!(ids.len() > 1_550, "{}", ids.len());
    // An hour later the file of the day is there, which was made at seven.
    let simulator = start(living("2026-08-05T08:00:00Z*0")).await;
    let mut listed = BTreeSet::new();
    for name in ["movie_ids", "adult_movie_ids"] {
        let url = format!("{}{name}_08_05_2026.json.gz", simulator.exports_url());
        let packed = reqwest::get(url).await.unwrap().bytes().await.unwrap();
        for line in MultiGzDecoder::new(&*packed).lines_of_text() {
            listed.insert(
                serde_json::from_str::<Value>(&line).unwrap()["id"]
                    .as_i64()
                    .unwrap(),
            );
        }
    }
    assert_eq!(ids, listed);
}

#[tokio::test]
async fn what_films_share_has_exports_too() {
    let mut options = generated(2_000);
    options.clock = "2026-07-31T09:00:00Z*0".parse().unwrap();
    let simulator = start(options).await;
    let mut names = std::collections::BTreeMap::new();
    for list in ["collection_ids", "production_company_ids", "keyword_ids"] {
        let url = format!("{}{list}_07_31_2026.json.gz", simulator.exports_url());
        let packed = reqwest::get(url).await.unwrap().bytes().await.unwrap();
        let mut last = 0;
        for line in MultiGzDecoder::new(&*packed).lines_of_text() {
            let line: Value = serde_json::from_str(&line).unwrap();
            let id = line["id"].as_i64().unwrap();
            assert!(id > last, "{id} comes after {last}");
            last = id;
            names.insert((list, id), line["name"].as_str().unwrap().to_owned());
        }
    }
    let client = client(&simulator);
    for id in found(&client).await.0 {
        let film = decode_movie(&client.movie(id).await.unwrap().body).unwrap();
        let mut shared: Vec<(&str, i64, Option<String>)> = Vec::new();
        for company in film.production_companies.unwrap() {
            shared.push(("production_company_ids", company.id, company.name));
        }
        for keyword in film.keywords.unwrap().keywords.unwrap() {
            shared.push(("keyword_ids", keyword.id, keyword.name));
        }
        if let Some(series) = film.belongs_to_collection {
            shared.push(("collection_ids", series.id, series.name));
        }
        for (list, id, name) in shared {
            assert_eq!(names.get(&(list, id)), name.as_ref(), "{list} {id}");
        }
    }
}

trait LinesOfText {
    fn lines_of_text(self) -> Vec<String>;
}

impl<R: BufRead> LinesOfText for MultiGzDecoder<R> {
    fn lines_of_text(self) -> Vec<String> {
        let lines = std::io::BufReader::new(self).lines();
        lines.map(|line| line.unwrap()).collect()
    }
}
