use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::{Fault, FaultKind, FaultSwitch, Faults, Scenario};
use crate::simulator::{Catalogue, Options, Simulator};

fn options(scenario: Scenario) -> Options {
    Options {
        scenario,
        is_reranking: false,
        clock: "2026-07-31T09:00:00Z*0".parse().unwrap(),
        ..Options::new(Catalogue::Generated { films: 60, seed: 3 })
    }
}

async fn start(faults: Vec<Fault>) -> Simulator {
    // reqwest asks for a provider of TLS even where none is needed; it may be there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let scenario = Scenario {
        faults,
        ..Scenario::default()
    };
    Simulator::start(options(scenario)).await.unwrap()
}

async fn always(kind: FaultKind) -> Simulator {
    start(vec![Fault {
        ms: Some(40),
        ..Fault::new(kind, 1.0)
    }])
    .await
}

const FILM: &str =
    "movie/5?api_key=k&append_to_response=credits,keywords,release_dates,external_ids";

async fn get(simulator: &Simulator, path: &str) -> reqwest::Result<(u16, String)> {
    let response = reqwest::get(format!("{}/{path}", simulator.url())).await?;
    Ok((response.status().as_u16(), response.text().await?))
}

#[tokio::test]
async fn every_fault_does_what_it_says() {
    let clean = start(Vec::new()).await;
    let (_, truth) = get(&clean, FILM).await.unwrap();
    for kind in FaultKind::ALL {
        let simulator = always(*kind).await;
        let asked = std::time::Instant::now();
        let got = get(&simulator, FILM).await;
        let code = |body: &str| serde_json::from_str::<Value>(body).unwrap()["status_code"].clone();
        let failed = |status: u16, status_code: u16| {
            let (got, body) = got.as_ref().unwrap();
            assert_eq!((*got, code(body)), (status, status_code.into()), "{kind}");
        };
        let html = |status: u16| {
            let (got, body) = got.as_ref().unwrap();
            assert_eq!(*got, status, "{kind}");
            assert!(body.starts_with("<html>"), "{body}");
        };
        match kind {
            FaultKind::RateLimit => failed(429, 25),
            FaultKind::Unauthorized => failed(401, 7),
            FaultKind::InternalError => failed(500, 11),
            FaultKind::BadGateway => failed(502, 43),
            FaultKind::Offline => failed(503, 9),
            FaultKind::Maintenance => failed(503, 46),
            FaultKind::Timeout => failed(504, 24),
            FaultKind::BadGatewayHtml => html(502),
            FaultKind::TimeoutHtml => html(504),
            FaultKind::Html => html(200),
            FaultKind::Truncated | FaultKind::Reset => assert!(got.is_err(), "{kind}"),
            FaultKind::HalfBody => {
                let (status, body) = got.unwrap();
                assert_eq!(status, 200);
                assert!(body.len() < truth.len() && truth.starts_with(&body));
            }
            FaultKind::SlowBody | FaultKind::Latency => {
                assert_eq!(got.unwrap(), (200, truth.clone()));
                assert!(asked.elapsed() >= Duration::from_millis(35), "{kind}");
            }
            FaultKind::Reranked => {
                assert_eq!(got.unwrap().1, truth);
                let list = "discover/movie?api_key=k&include_adult=true&include_video=true";
                let (_, moved) = get(&simulator, list).await.unwrap();
                assert_ne!(moved, get(&clean, list).await.unwrap().1);
            }
            FaultKind::Stale
            | FaultKind::ExportMissing
            | FaultKind::ExportTruncated
            | FaultKind::ExportLate => assert_eq!(got.unwrap().1, truth, "{kind}"),
            FaultKind::MissingBlock
            | FaultKind::EmptyBlock
            | FaultKind::ExtraKey
            | FaultKind::OtherDates
            | FaultKind::NullFlags
            | FaultKind::NoSoftcore
            | FaultKind::ChangedType
            | FaultKind::Garbled => {
                let (status, body) = got.unwrap();
                assert_eq!(status, 200, "{kind}");
                assert!(serde_json::from_str::<Value>(&body).is_ok(), "{kind}");
                assert_ne!(body, truth, "{kind}");
            }
        }
    }
}

#[tokio::test]
async fn exports_are_missing_cut_off_or_late() {
    let file = |simulator: &Simulator, day: &str| {
        format!("{}movie_ids_07_{day}_2026.json.gz", simulator.exports_url())
    };
    let clean = start(Vec::new()).await;
    let whole = reqwest::get(file(&clean, "31")).await.unwrap();
    let whole = whole.bytes().await.unwrap();
    let missing = always(FaultKind::ExportMissing).await;
    assert_eq!(
        reqwest::get(file(&missing, "31")).await.unwrap().status(),
        403
    );
    let late = always(FaultKind::ExportLate).await;
    assert_eq!(reqwest::get(file(&late, "31")).await.unwrap().status(), 403);
    assert_eq!(reqwest::get(file(&late, "30")).await.unwrap().status(), 200);
    let cut = always(FaultKind::ExportTruncated).await;
    let part = reqwest::get(file(&cut, "31")).await.unwrap();
    let part = part.bytes().await.unwrap();
    assert!(part.len() < whole.len() && whole.starts_with(&part));
}

#[tokio::test]
async fn a_fault_keeps_to_its_requests_its_path_and_its_time() {
    let mut second = Fault::new(FaultKind::Offline, 0.0);
    second.at = Some(vec![2]);
    let mut lists = Fault::new(FaultKind::Timeout, 1.0);
    lists.path = Some("/genre/".to_owned());
    let mut past = Fault::new(FaultKind::Maintenance, 1.0);
    past.until = Some("2026-07-31T09:00:00Z".parse().unwrap());
    let simulator = start(vec![second, lists, past]).await;
    let mut statuses = Vec::new();
    for path in ["movie/5", "movie/5", "movie/5", "genre/movie/list"] {
        let path = format!("{path}?api_key=k");
        statuses.push(get(&simulator, &path).await.unwrap().0);
    }
    assert_eq!(statuses, [200, 503, 200, 504]);
}

#[test]
fn who_is_struck_follows_from_the_seed_alone() {
    let struck = |seed: u64, order: &[u32]| -> BTreeSet<(u32, FaultKind)> {
        let FaultSwitch(faults) = "all=0.2".parse().unwrap();
        let faults = Faults::new(seed, faults);
        let mut struck = BTreeSet::new();
        for id in order {
            let path = format!("/movie/{id}");
            let strike = faults.strike(&path, chrono::DateTime::UNIX_EPOCH);
            struck.extend(strike.kind().map(|kind| (*id, kind)));
        }
        struck
    };
    let forwards: Vec<u32> = (0..2_000).collect();
    let backwards: Vec<u32> = (0..2_000).rev().collect();
    let first = struck(1, &forwards);
    assert_eq!(first, struck(1, &backwards));
    assert_ne!(first, struck(2, &forwards));
    let share = first.len() as f64 / 2_000.0;
    assert!((0.1..0.25).contains(&share), "{share}");
    let kinds: BTreeSet<FaultKind> = first.into_iter().map(|(_, kind)| kind).collect();
    assert!(kinds.len() > 15, "{kinds:?}");
}

#[test]
fn a_switch_names_a_fault_and_a_share() {
    let FaultSwitch(faults) = "truncated=0.25".parse().unwrap();
    assert_eq!(faults, [Fault::new(FaultKind::Truncated, 0.25)]);
    for text in ["", "nothing", "truncated=2", "truncated=x", "=1"] {
        assert!(text.parse::<FaultSwitch>().is_err(), "{text}");
    }
}
