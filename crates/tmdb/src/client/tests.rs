use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Block, Client, Config, Credential, Patience, parse_base_url};
use crate::Error;

const KEY: &str = "0123456789abcdef0123456789abcdef";
const FILM: &str = r#"{"id":1,"vote_average":8.10,"credits":{"cast":[]},"keywords":{"keywords":[]},"release_dates":{"results":[]},"external_ids":{"imdb_id":null}}"#;

/// A server that gives each connection the next of `replies`, and what it was asked for.
struct Scripted {
    base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    async fn start(replies: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        tokio::spawn(async move {
            for reply in replies {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    let mut chunk = [0; 1_024];
                    let n_bytes = stream.read(&mut chunk).await.unwrap();
                    request.extend_from_slice(&chunk[..n_bytes]);
                }
                log.lock()
                    .unwrap()
                    .push(String::from_utf8(request).unwrap());
                stream.write_all(reply.as_bytes()).await.unwrap();
            }
        });
        Self { base_url, requests }
    }

    fn client(&self) -> Client {
        client(&self.base_url, Credential::ApiKey(KEY.to_owned()))
    }

    fn paths(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        let path = |request: &String| request.split([' ', '?']).nth(1).unwrap().to_owned();
        requests.iter().map(path).collect()
    }
}

fn client(base_url: &str, credential: Credential) -> Client {
    let mut config = Config::new(credential);
    config.base_url = base_url.to_owned();
    config.requests_per_second = 0;
    config.patience = Patience {
        retries: 3,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
        attempt_timeout: Duration::from_secs(20),
        jitter_seed: Some(1),
    };
    Client::new(config).unwrap()
}

fn reply(status: &str, headers: &str, body: &str) -> String {
    let n_bytes = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {n_bytes}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}

fn ok(body: &str) -> String {
    reply("200 OK", "content-type: application/json\r\n", body)
}

fn not_found() -> String {
    reply(
        "404 Not Found",
        "",
        r#"{"status_code":34,"status_message":"none"}"#,
    )
}

#[tokio::test]
async fn a_body_comes_back_verbatim() {
    let server = Scripted::start(vec![ok(FILM)]).await;
    let answer = server.client().movie(1).await.unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (200, FILM));
    let request = server.requests.lock().unwrap()[0].clone();
    assert!(request.starts_with("GET /3/movie/1?"), "{request}");
    assert!(request.contains("credits%2Ckeywords%2Crelease_dates%2Cexternal_ids"));
    assert!(request.contains("accept-encoding: gzip"));
}

#[tokio::test]
async fn whatever_may_pass_is_retried() {
    let replies = vec![
        reply(
            "502 Bad Gateway",
            "content-type: text/html\r\n",
            "<html>bad</html>",
        ),
        reply("200 OK", "", "<html>soon</html>"),
        "HTTP/1.1 200 OK\r\ncontent-length: 500\r\nconnection: close\r\n\r\n{\"id\":".to_owned(),
        ok(FILM),
    ];
    let client = Scripted::start(replies).await.client();
    assert!(client.movie(1).await.unwrap().is_found());
    let statistics = client.statistics();
    assert_eq!((statistics.requests, statistics.retries), (4, 3));
    assert_eq!(statistics.bytes, FILM.len() as u64);
}

#[tokio::test]
async fn the_last_failure_is_reported_without_the_key() {
    let busy = reply(
        "503 Service Unavailable",
        "",
        r#"{"status_code":46,"status_message":"Maintenance."}"#,
    );
    let client = Scripted::start(vec![busy; 4]).await.client();
    let error = client.person(2).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get `/person/2`: the API is out of order (HTTP 503: Maintenance)"
    );
    let nobody = client_of_nobody().await;
    let error = nobody.movie(1).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }));
    assert!(!format!("{error:?}").contains(KEY));
    assert!(!format!("{nobody:?}").contains(KEY));
}

/// A port that was free a moment ago.
async fn client_of_nobody() -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    client(&base_url, Credential::ApiKey(KEY.to_owned()))
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_with_and_without_a_hint() {
    let replies = vec![
        reply(
            "429 Too Many Requests",
            "retry-after: 0\r\n",
            r#"{"status_code":25}"#,
        ),
        reply("429 Too Many Requests", "", r#"{"status_code":25}"#),
        reply("429 Too Many Requests", "retry-after: 600\r\n", "slow down"),
        ok(FILM),
    ];
    let client = Scripted::start(replies).await.client();
    client.movie(1).await.unwrap();
    assert_eq!(client.statistics().rate_limited, 3);
}

#[tokio::test]
async fn a_refused_credential_is_final() {
    let refusal = reply(
        "401 Unauthorized",
        "",
        r#"{"status_code":7,"status_message":"Invalid API key."}"#,
    );
    let server = Scripted::start(vec![refusal]).await;
    let client = client(
        &server.base_url,
        Credential::Token("secret-token-of-mine".to_owned()),
    );
    let error = client.authenticate().await.unwrap_err();
    assert!(matches!(&error, Error::Unauthorized { message, .. } if message == "Invalid API key"));
    assert!(error.hint().is_some());
    assert_eq!(client.statistics().requests, 1);
    let request = server.requests.lock().unwrap()[0].clone();
    assert!(request.contains("authorization: Bearer secret-token-of-mine"));
    assert!(!request.contains("api_key"));
}

fn refused() -> String {
    reply(
        "401 Unauthorized",
        "",
        r#"{"status_code":7,"status_message":"Invalid API key.","success":false}"#,
    )
}

#[tokio::test]
async fn a_credential_that_was_good_is_tried_once_more() {
    let server = Scripted::start(vec![ok(FILM), refused(), ok(FILM)]).await;
    let client = server.client();
    client.movie(1).await.unwrap();
    assert!(client.movie(2).await.unwrap().is_found());
    assert_eq!(client.statistics().requests, 3);
}

#[tokio::test]
async fn after_a_credential_was_taken_away_nothing_is_sent() {
    let server = Scripted::start(vec![ok(FILM), refused(), refused()]).await;
    let client = server.client();
    client.movie(1).await.unwrap();
    for id in 2..100 {
        let error = client.movie(id).await.unwrap_err();
        assert!(matches!(error, Error::Unauthorized { .. }), "{error}");
    }
    assert_eq!(client.statistics().requests, 3);
}

#[tokio::test]
async fn a_clock_that_is_off_shows() {
    let long_ago = reply("200 OK", "date: Tue, 24 Nov 2015 08:00:00 GMT\r\n", FILM);
    let client = Scripted::start(vec![long_ago]).await.client();
    client.movie(1).await.unwrap();
    assert!(client.statistics().clock_ahead_seconds > 10 * 365 * 86_400);
}

#[tokio::test]
async fn no_more_requests_go_out_than_are_allowed() {
    let server = Scripted::start(vec![ok(FILM), ok(FILM)]).await;
    let mut config = Config::new(Credential::ApiKey(KEY.to_owned()));
    config.base_url.clone_from(&server.base_url);
    config.limit_requests = Some(2);
    let client = Client::new(config.clone()).unwrap();
    client.movie(1).await.unwrap();
    client.movie(2).await.unwrap();
    assert!(matches!(client.movie(3).await, Err(Error::OverLimit)));
    assert_eq!(client.statistics().requests, 2);

    config.limit_requests = None;
    config.limit_time = Some(Duration::ZERO);
    let late = Client::new(config).unwrap();
    assert!(matches!(late.movie(3).await, Err(Error::OverLimit)));
    assert_eq!(server.paths().len(), 2);
}

#[tokio::test]
async fn only_the_apis_own_word_makes_a_thing_missing() {
    let stranger = reply("404 Not Found", "", "<html>no such page</html>");
    let client = Scripted::start(vec![not_found(), stranger]).await.client();
    assert_eq!(client.movie(1).await.unwrap().status, 404);
    assert!(matches!(
        client.movie(1).await,
        Err(Error::Refused {
            http_status: 404,
            ..
        })
    ));
}

#[tokio::test]
async fn a_missing_block_is_fetched_and_spliced_in() {
    let film = r#"{"id":1,"credits":{},"vote_average":8.10,"release_dates":{"results":[]},"external_ids":{"imdb_id":null}}"#;
    let alone = ok(r#"{"id":1,"keywords":[],"cast":[],"crew":[]}"#);
    let server = Scripted::start(vec![ok(film), alone.clone(), alone]).await;
    let answer = server.client().movie(1).await.unwrap();
    let block = r#"{"keywords":[],"cast":[],"crew":[]}"#;
    assert_eq!(
        answer.body,
        format!(
            r#"{{"id":1,"credits":{block},"vote_average":8.10,"release_dates":{{"results":[]}},"external_ids":{{"imdb_id":null}},"keywords":{block}}}"#
        )
    );
    let mut paths = server.paths();
    paths.sort();
    assert_eq!(
        paths,
        ["/3/movie/1", "/3/movie/1/credits", "/3/movie/1/keywords"]
    );
}

#[tokio::test]
async fn a_block_that_this_api_does_not_have_is_asked_for_five_times() {
    let film = r#"{"id":1,"credits":{"cast":[]},"keywords":{"keywords":[]},"release_dates":{"results":[]}}"#;
    let mut replies = Vec::new();
    for _ in 0..5 {
        replies.extend([ok(film), not_found()]);
    }
    replies.extend([ok(film), ok(film)]);
    let client = Scripted::start(replies).await.client();
    for _ in 0..7 {
        assert_eq!(client.movie(1).await.unwrap().body, film);
    }
    let statistics = client.statistics();
    assert_eq!(statistics.abandoned_blocks, [Block::ExternalIds]);
    assert_eq!((statistics.requests, statistics.missing_blocks), (12, 7));
}

#[test]
fn a_base_url_without_a_path_means_version_three() {
    let url = |text| parse_base_url(text).unwrap().to_string();
    assert_eq!(url("http://127.0.0.1:80"), "http://127.0.0.1/3");
    assert_eq!(
        url("https://proxy.example/tmdb/3/"),
        "https://proxy.example/tmdb/3/"
    );
    for text in ["", "127.0.0.1:80", "ftp://x/3", "http://"] {
        assert!(
            matches!(parse_base_url(text), Err(Error::BaseUrl { .. })),
            "{text}"
        );
    }
}

#[test]
fn a_credential_never_shows() {
    let credential = Credential::ApiKey(KEY.to_owned());
    assert_eq!(
        format!("{:?}", Config::new(credential).credential),
        "ApiKey(…)"
    );
}
