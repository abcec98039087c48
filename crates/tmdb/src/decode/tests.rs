use std::io::BufRead;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

mod mutations;

use super::{UnknownKeys, decode_movie, decode_person, inspect_movie, parse_time};

/// One body of each generation of the API, with made-up content.
const OLDEST: &str = r#"{"id":7,"budget":12,"genres":[{"id":10769,"name":"Foreign"}],"homepage":null,
    "original_language":"fr","overview":null,"popularity":1,"production_companies":[{"name":"Atelier Nord","id":3}],
    "release_date":"","revenue":0,"runtime":null,"spoken_languages":[{"iso_639_1":"fr","name":""}],
    "status":"Rumored","title":"Rien","vote_average":0,"vote_count":0,
    "credits":{"cast":[{"cast_id":1,"credit_id":"a","id":4,"name":"B C","order":0}],"crew":[{"department":"Directing","job":"Director"}]},
    "keywords":{}}"#;
const NEWEST: &str = r#"{"adult":false,"softcore":false,"video":null,"id":8,"imdb_id":null,"origin_country":["SU"],
    "belongs_to_collection":{"id":1,"name":"X","poster_path":null,"backdrop_path":null},"revenue":2923706026,
    "release_date":"2026-02-30","popularity":0.0,"new_key":{"a":1},
    "release_dates":{"results":[{"iso_3166_1":"US","release_dates":[
      {"certification":"","descriptors":[],"iso_639_1":"","note":"","release_date":"2013-02-14T00:00:00.000Z","type":3},
      {"release_date":"2024-01-10","type":4}]}]},
    "external_ids":{"imdb_id":null,"twitter_id":""},"credits":null}"#;

#[test]
fn the_oldest_generation_decodes() {
    let movie = decode_movie(OLDEST).unwrap();
    assert_eq!(movie.release_date, None);
    assert_eq!(movie.runtime, None);
    assert_eq!(movie.keywords.unwrap().keywords, None);
    assert_eq!(movie.credits.unwrap().crew.unwrap()[0].id, None);
}

#[test]
fn the_newest_generation_decodes() {
    let movie = decode_movie(NEWEST).unwrap();
    assert_eq!(movie.revenue, Some(2_923_706_026));
    assert_eq!(movie.release_date, None, "30 February is not a date");
    assert_eq!(movie.credits, None);
    let regions = movie.release_dates.unwrap().results.unwrap();
    let releases = regions[0].release_dates.as_ref().unwrap();
    assert_eq!(
        releases[1].release_date.unwrap().to_string(),
        "2024-01-10 00:00:00"
    );
}

#[test]
fn keys_that_nothing_knows_are_counted_by_path() {
    let mut unknown = UnknownKeys::default();
    inspect_movie(NEWEST, &mut unknown).unwrap();
    let body =
        r#"{"id":1,"credits":{"cast":[{"id":1,"shoe":9},{"id":2,"shoe":8}]},"new_key":[{"a":1}]}"#;
    inspect_movie(body, &mut unknown).unwrap();
    let counted: Vec<_> = unknown.iter().collect();
    assert_eq!(counted, [("credits.cast[].shoe", 2), ("new_key", 2)]);
}

#[test]
fn times_are_read_in_all_three_spellings() {
    for text in ["2023-10-06T14:00:15.000Z", "2023-10-06 14:00:15 UTC"] {
        assert_eq!(parse_time(text).unwrap().to_string(), "2023-10-06 14:00:15");
    }
    assert_eq!(
        parse_time("2023-10-06").unwrap().to_string(),
        "2023-10-06 00:00:00"
    );
    assert_eq!(parse_time(""), None);
}

#[test]
fn an_error_names_the_path() {
    let body = r#"{"id":1,"credits":{"cast":[{"id":1},{"id":"two"}]}}"#;
    let error = decode_movie(body).unwrap_err();
    assert_eq!(error.path, "credits.cast[1].id");
    assert!(
        error.reason.contains("invalid type: string \"two\""),
        "{}",
        error.reason
    );
    assert_eq!(decode_movie("{\"id\":1} x").unwrap_err().path, ".");
    assert_eq!(decode_movie("{}").unwrap_err().path, ".");
}

/// The folder of recorded bodies beside the workspace, which not every machine has.
pub(crate) fn recorded(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/tmdb")
        .join(name);
    if !path.exists() {
        println!("skipped: no recorded bodies at `{}`", path.display());
        return None;
    }
    Some(path)
}

fn lines(path: &Path) -> impl Iterator<Item = String> {
    let file = std::fs::File::open(path).unwrap();
    std::io::BufReader::new(GzDecoder::new(file))
        .lines()
        .map(|line| line.unwrap())
}

#[test]
fn every_recorded_body_decodes() {
    for (name, expected) in [("movies.jsonl.gz", 3_336), ("recorded-movies.jsonl.gz", 30)] {
        let Some(path) = recorded(name) else { return };
        let decoded = lines(&path).map(|line| decode_movie(&line).unwrap());
        assert_eq!(
            decoded.filter(|movie| movie.title.is_some()).count(),
            expected
        );
    }
    let Some(path) = recorded("people.jsonl.gz") else {
        return;
    };
    let decoded = lines(&path).map(|line| decode_person(&line).unwrap());
    assert_eq!(decoded.filter(|person| person.name.is_some()).count(), 9);
}
