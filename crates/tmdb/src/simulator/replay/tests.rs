use std::io::Write;

use flate2::write::GzEncoder;
use serde_json::Value;

use super::{Films, Replay};
use crate::simulator::Error;

const FILMS: &str = r#"{"id":2,"title":"Old","release_date":"1999-01-01","credits":{"cast":[{"id":5,"name":"Ada","gender":1,"character":"X"}],"crew":[{"id":6,"name":"Bo","department":"Sound","job":"Foley","gender":0}]}}
{"id":1,"title":"Undated","release_date":"","vote_average":8.10,"production_countries":[{"iso_3166_1":"XX","name":"Nowhere"}],"original_language":"qq"}

{"id":2,"title":"New","release_date":"2001-05-05","keywords":{"keywords":[]},"credits":{"cast":[{"id":5,"name":"Ada","gender":1}],"crew":[{"id":6,"name":"Bo","department":"Sound"}]}}
{"id":5,"name":"Ada Body","birthday":"1970-01-01"}
"#;

fn load(bytes: &[u8]) -> Result<Replay, Error> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    Replay::load(file.path())
}

#[test]
fn the_last_body_of_an_id_wins_however_the_file_is_packed() {
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(FILMS.as_bytes()).unwrap();
    let zstd = zstd::stream::encode_all(FILMS.as_bytes(), 1).unwrap();
    for bytes in [FILMS.as_bytes(), &gzip.finish().unwrap(), &zstd] {
        let replay = load(bytes).unwrap();
        assert_eq!(replay.count(), 2);
        assert_eq!(replay.titles(1).0, "New");
    }
}

#[test]
fn bodies_are_verbatim_but_for_blocks_not_asked_for() {
    let replay = load(FILMS.as_bytes()).unwrap();
    let line = FILMS.lines().nth(3).unwrap();
    assert_eq!(
        replay
            .movie(2, &["credits", "keywords", "external_ids"])
            .unwrap(),
        line
    );
    assert_eq!(
        replay.movie(2, &["keywords"]).unwrap(),
        r#"{"id":2,"title":"New","release_date":"2001-05-05","keywords":{"keywords":[]}}"#
    );
    assert!(replay.movie(1, &[]).unwrap().contains("8.10"));
    assert_eq!(
        replay.block(2, "keywords").unwrap(),
        r#"{"keywords":[],"id":2}"#
    );
    assert_eq!(replay.block(2, "external_ids"), None);
    assert_eq!(replay.block(2, "title"), None);
}

#[test]
fn people_without_a_body_are_composed_from_credits() {
    let replay = load(FILMS.as_bytes()).unwrap();
    assert!(replay.person(5).unwrap().contains("Ada Body"));
    let person: Value = serde_json::from_str(&replay.person(6).unwrap()).unwrap();
    assert_eq!(person["name"], "Bo");
    assert_eq!(person["known_for_department"], "Sound");
    assert_eq!(person["birthday"], Value::Null);
    assert_eq!(replay.person(7), None);
}

#[test]
fn codes_of_the_file_join_the_lists() {
    let replay = load(FILMS.as_bytes()).unwrap();
    assert!(
        replay
            .lists()
            .countries()
            .contains(r#"{"iso_3166_1":"XX","english_name":"Nowhere""#)
    );
    assert!(replay.lists().languages().contains(r#"{"iso_639_1":"qq""#));
}

#[test]
fn a_bad_line_is_named() {
    let error = load(b"{\"id\":1,\"title\":\"x\"}\n{oops")
        .map(drop)
        .unwrap_err();
    assert!(matches!(error, Error::Line { line: 2, .. }));
    assert!(error.to_string().starts_with("read line 2 of `"), "{error}");
}
