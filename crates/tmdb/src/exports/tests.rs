use std::io::Write;
use std::time::Duration;

use chrono::NaiveDate;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Export, ExportLine, Exports, export_days};
use crate::{Error, Patience};

/// A host that gives each connection the next of `replies`.
async fn host(replies: Vec<Vec<u8>>) -> Exports {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/p/exports/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for reply in replies {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut chunk = [0; 1_024];
                let n_bytes = stream.read(&mut chunk).await.unwrap();
                request.extend_from_slice(&chunk[..n_bytes]);
            }
            let asked = String::from_utf8(request).unwrap();
            assert!(
                asked.starts_with("GET /p/exports/movie_ids_07_01_2026.json.gz HTTP"),
                "{asked}"
            );
            assert!(!asked.to_lowercase().contains("authorization"), "{asked}");
            stream.write_all(&reply).await.unwrap();
        }
    });
    let patience = Patience {
        retries: 2,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
        attempt_timeout: Duration::from_secs(20),
        jitter_seed: Some(1),
    };
    Exports::new(&base_url, &patience, crate::Clock::default()).unwrap()
}

fn reply(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\ncontent-type: binary/octet-stream\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// Reads the day that every test asks for.
async fn read(exports: &Exports) -> Result<Vec<ExportLine>, Error> {
    let day = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
    let mut file = exports.open(Export::Movies, day).await?;
    let mut lines = Vec::new();
    while let Some(some) = file.next().await? {
        lines.extend(some);
    }
    Ok(lines)
}

#[tokio::test]
async fn lines_come_verbatim_and_what_is_none_says_why() {
    let text = "{\"adult\":false,\"id\":3,\"original_title\":\"Sh\u{f4}\",\"popularity\":1.50,\"video\":false,\"new_key\":[1]}\n\
        {\"id\":4}\r\n\
        \n\
        {\"id\":\"5\"}\n\
        {\"popularity\":1\n\
        {\"id\":0}\n\
        {\"id\":6,\"popularity\":null}";
    let lines = read(&host(vec![reply("200 OK", &gzip(text))]).await)
        .await
        .unwrap();
    let ids: Vec<i64> = lines.iter().map(|line| line.id).collect();
    assert_eq!(ids, [3, 4, 0, 0, 0, 6]);
    assert_eq!(lines[0].text, text.lines().next().unwrap());
    assert_eq!(lines[1].text, "{\"id\":4}");
    let rejected: Vec<_> = lines.iter().map(|line| line.rejected.as_deref()).collect();
    assert_eq!(rejected[..2], [None, None]);
    let starts = |line: usize, start: &str| rejected[line].unwrap().starts_with(start);
    assert!(starts(
        2,
        "line 3 of movie_ids_07_01_2026.json.gz: decode `id`: "
    ));
    assert!(starts(
        3,
        "line 4 of movie_ids_07_01_2026.json.gz: decode `"
    ));
    assert!(starts(
        4,
        "line 5 of movie_ids_07_01_2026.json.gz: 0 is no id"
    ));
    assert_eq!(rejected[5], None);
}

#[tokio::test]
async fn a_large_file_of_several_members_comes_whole() {
    let line = |id: i64| format!("{{\"id\":{id},\"original_title\":\"{}\"}}\n", id * 7_919);
    let part = |ids: std::ops::Range<i64>| gzip(ids.map(line).collect::<String>());
    let packed = [part(1..60_000), part(60_000..100_001)].concat();
    let lines = read(&host(vec![reply("200 OK", &packed)]).await)
        .await
        .unwrap();
    assert_eq!(lines.len(), 100_000);
    assert!(lines.iter().zip(1..).all(|(line, id)| line.id == id));
}

#[tokio::test]
async fn a_file_that_breaks_off_is_an_error_wherever_it_does() {
    let text: String = (1..400).map(|id| format!("{{\"id\":{id}}}\n")).collect();
    let packed = gzip(text);
    for n_bytes in [2, 9, packed.len() / 2, packed.len() - 9, packed.len() - 1] {
        // The host may say that this is all, as a copy that was cut would.
        let exports = host(vec![reply("200 OK", &packed[..n_bytes])]).await;
        let error = read(&exports).await.unwrap_err();
        assert!(
            matches!(error, Error::BrokenExport { .. }),
            "{n_bytes}: {error}"
        );
        // Or the connection breaks.
        let mut cut = reply("200 OK", &packed);
        cut.truncate(cut.len() - packed.len() + n_bytes);
        let error = read(&host(vec![cut]).await).await.unwrap_err();
        assert!(
            matches!(error, Error::Transport { .. }),
            "{n_bytes}: {error}"
        );
        assert!(error.is_transient());
    }
    let mut damaged = packed.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    let error = read(&host(vec![reply("200 OK", &damaged)]).await)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::BrokenExport { .. }), "{error}");
}

#[tokio::test]
async fn a_missing_day_is_not_asked_for_again() {
    for status in ["403 Forbidden", "404 Not Found"] {
        let exports = host(vec![reply(status, b"<Error>AccessDenied</Error>")]).await;
        let error = read(&exports).await.unwrap_err();
        assert!(matches!(error, Error::NoExport { .. }), "{error}");
        let message = error.to_string();
        assert!(
            message.contains("`movie_ids_07_01_2026.json.gz`"),
            "{message}"
        );
        assert!(!error.is_transient());
    }
}

#[tokio::test]
async fn what_is_no_export_is_asked_for_again_and_then_told() {
    let page = || reply("200 OK", b"<html>maintenance</html>");
    let whole = || reply("200 OK", &gzip("{\"id\":1}\n"));
    let exports = host(vec![page(), reply("503 Slow Down", b""), whole()]).await;
    assert_eq!(read(&exports).await.unwrap().len(), 1);
    let error = read(&host(vec![page(), page(), page()]).await)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotGzip { .. }), "{error}");
    let error = read(&host(vec![reply("200 OK", b""); 3]).await)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotGzip { .. }), "{error}");
}

#[tokio::test]
async fn a_line_without_end_is_refused_before_it_fills_memory() {
    let line = vec![b'x'; 3 << 20];
    for text in [line.clone(), [line, b"\n{\"id\":1}\n".to_vec()].concat()] {
        let exports = host(vec![reply("200 OK", &gzip(text))]).await;
        let read = read(&exports).await.map(|lines| lines.len());
        let error = read.unwrap_err();
        assert!(matches!(error, Error::BrokenExport { .. }), "{error}");
    }
}

#[test]
fn days_begin_with_the_newest_that_is_due() {
    let days = |now: &str, n_days| -> Vec<String> {
        let days = export_days(now.parse().unwrap(), n_days);
        days.map(|day| day.to_string()).collect()
    };
    assert_eq!(
        days("2026-03-01T08:00:00Z", 2),
        ["2026-03-01", "2026-02-28"]
    );
    assert_eq!(
        days("2026-03-01T07:59:59Z", 2),
        ["2026-02-28", "2026-02-27"]
    );
    assert_eq!(days("2026-03-01T12:00:00Z", 0), [""; 0]);
    assert_eq!(days("2026-03-01T12:00:00Z", 5_000).len(), 90);
}
