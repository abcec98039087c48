//! Whatever the API sends: it lands, as a film or in quarantine, and as it came.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead as _, BufReader},
    time::{Duration, Instant},
};

use flate2::read::GzDecoder;
use lake::{Kind, Lake, Observation, WriterOptions};

use crate::sandbox::{Sandbox, raw, real_films};

/// Seconds to go on for, with ever new bodies; one round without it.
const FUZZ_SECONDS: &str = "FILMSTAR_TEST_FUZZ_SECONDS";
const BODIES_PER_ROUND: i64 = 1_500;
const MADE_UP: &str = r#"{"adult":false,"softcore":null,"id":8,"imdb_id":"","origin_country":["SU"],"title":"A \"B\"\n\u0000",
 "belongs_to_collection":{"id":1,"name":"X","poster_path":null},"revenue":2923706026,"budget":0,"popularity":"1.5",
 "release_date":"2026-02-30","runtime":null,"genres":[{"id":18,"name":"Drama"}],"production_companies":[{"id":3,"name":"N","origin_country":""}],
 "credits":{"cast":[{"id":4,"name":"B","order":0,"credit_id":"a","character":""}],"crew":[{"job":"Director","department":"Directing"}]},
 "keywords":{"keywords":[{"id":1,"name":"k"}]},"external_ids":{"imdb_id":null,"twitter_id":""},
 "release_dates":{"results":[{"iso_3166_1":"US","release_dates":[{"release_date":"2013-02-14T00:00:00.000Z","type":3}]}]}}"#;
const PIECES: [&str; 16] = [
    "null",
    "[]",
    "{}",
    "-1",
    "1e400",
    "0.5",
    "\"\"",
    "\"2020-13-40\"",
    "true",
    "18446744073709551616",
    "[[[[]]]]",
    "{\"id\":{}}",
    "\"\\ud800\"",
    ",",
    "}",
    "\u{feff}",
];

/// Xorshift: the same seed, the same bodies.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// A body as damage, a proxy or another shape of the API would make it.
fn mutated(body: &str, random: &mut Random) -> String {
    let mut bytes = body.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let place = random.below(bytes.len());
        let end = (place + 1 + random.below(40)).min(bytes.len());
        match random.below(6) {
            0 => bytes.truncate(place),
            1 => drop(bytes.drain(place..end)),
            2 => {
                let piece = bytes[place..end].to_vec();
                bytes.splice(place..place, piece);
            }
            3 => drop(
                bytes
                    .get_mut(place)
                    .map(|byte| *byte = byte.wrapping_add(1)),
            ),
            // A value in the place of another one: most such bodies are JSON still.
            _ => {
                let colon = bytes[place..].iter().position(|byte| *byte == b':');
                let Some(start) = colon.map(|at| place + at + 1) else {
                    continue;
                };
                let value = bytes[start..]
                    .iter()
                    .position(|byte| b",}]".contains(byte))
                    .unwrap_or_default();
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(start..start + value, piece.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn originals() -> Vec<String> {
    let mut bodies = vec![MADE_UP.to_owned()];
    if let Some(file) = real_films() {
        let file = std::fs::File::open(file).unwrap();
        let lines = BufReader::new(GzDecoder::new(file)).lines();
        bodies.extend(lines.map(Result::unwrap).filter(|body| body.len() < 40_000));
    }
    bodies
}

/// Appends bodies as an ingest does, and compares what the lake holds with them.
async fn keep(lake: &Lake, bodies: &BTreeMap<i64, String>, run_id: &str) {
    let mut writer = lake.writer(run_id, WriterOptions::default()).unwrap();
    for (id, body) in bodies {
        let mut unknown = tmdb::UnknownKeys::default();
        let rejected = tmdb::inspect_movie(body, &mut unknown).err();
        let observation = Observation {
            kind: Kind::Movies,
            id: *id,
            fetched_at: chrono::DateTime::UNIX_EPOCH,
            http_status: 200,
            payload: body.clone(),
            rejected: rejected.map(|fault| fault.to_string()),
        };
        writer.append(observation).await.unwrap();
    }
    writer.finish().await.unwrap();
}

#[test]
fn no_body_is_lost_or_changed_whatever_it_is() {
    let seconds = env::var(FUZZ_SECONDS).map_or(0, |text| text.parse().unwrap());
    let started = Instant::now();
    let originals = originals();
    let mut random = Random(0x5eed_f11b);
    let mut n_films = 0;
    let mut n_rejected = 0;
    loop {
        let sandbox = Sandbox::new();
        let bodies: BTreeMap<i64, String> = (1..=BODIES_PER_ROUND)
            .map(|id| {
                let body = &originals[random.below(originals.len())];
                (id, mutated(body, &mut random))
            })
            .collect();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let lake = Lake::open(&sandbox.path().join("data/lake")).unwrap();
        runtime.block_on(keep(&lake, &bodies, "run"));
        drop(lake);
        let kept = raw(
            &sandbox,
            "select id, payload, '' as reason from raw.movies
             union all select id, payload, reason from raw.quarantine order by id",
        );
        assert_eq!(kept.len(), bodies.len());
        for (row, (id, body)) in kept.iter().zip(&bodies) {
            assert_eq!(row[0], *id);
            assert_eq!(row[1].as_str().unwrap(), body);
            n_rejected += usize::from(row[2] != "");
        }
        n_films += kept.len();
        if started.elapsed() >= Duration::from_secs(seconds) {
            break;
        }
    }
    println!("{n_films} bodies, {n_rejected} of them in quarantine");
    assert!(n_rejected > 0 && n_rejected < n_films);
}
