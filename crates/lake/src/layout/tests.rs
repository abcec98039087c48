//! Parts that other releases wrote, in `fixtures/lake/<layout>`: what they say by their columns is what this release
//! would say.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate};
use fs_err as fs;
use parquet::{arrow::ArrowWriter, file::metadata::KeyValue};

use super::*;
use crate::{Error, Kind, Lake, Observation, WriterOptions, footer::open_part};

const KINDS: [Kind; 5] = [
    Kind::Movies,
    Kind::People,
    Kind::Genres,
    Kind::MovieExports,
    Kind::Quarantine,
];

const FILM: &str = r#"{"adult":false,"softcore":false,"id":7,"imdb_id":"tt0000007","title":"The Tab\t","original_title":"Die Lasche","original_language":"de","tagline":"","overview":"a\nb","homepage":null,"status":"Released","release_date":"1899-12-31","runtime":61,"budget":0,"revenue":2923706026,"popularity":0.125,"vote_average":6.5,"vote_count":12,"video":false,"poster_path":null,"backdrop_path":"/b.jpg","belongs_to_collection":{"id":70,"name":"Tabs","poster_path":null,"backdrop_path":null},"genres":[{"id":18,"name":"Drama"},{"id":35,"name":"Comedy"}],"production_companies":[{"id":71,"name":"Paper & Sons","logo_path":null,"origin_country":"DE"}],"production_countries":[{"iso_3166_1":"DE","name":"Germany"}],"spoken_languages":[{"iso_639_1":"de","english_name":"German","name":"Deutsch"}],"origin_country":["DE","AT"],"keywords":{"keywords":[{"id":72,"name":"stationery"}]},"credits":{"cast":[{"id":73,"cast_id":1,"credit_id":"c1","order":0,"character":"The Tab","name":"Ada Bell","original_name":"Ada Bell","gender":1,"adult":false,"known_for_department":"Acting","popularity":0.5,"profile_path":null}],"crew":[{"id":74,"credit_id":"c2","department":"Directing","job":"Director","name":"Cy Dorn","original_name":"Cy Dorn","gender":0,"adult":false,"known_for_department":"Directing","popularity":0.25,"profile_path":null}]},"release_dates":{"results":[{"iso_3166_1":"DE","release_dates":[{"iso_639_1":"","certification":"6","note":"","release_date":"1899-12-31T00:00:00.000Z","type":3}]}]},"external_ids":{"imdb_id":"tt0000007","wikidata_id":null,"facebook_id":null,"instagram_id":null,"twitter_id":""}}"#;
const PERSON: &str = r#"{"adult":false,"also_known_as":["A. Bell"],"biography":"","birthday":"1870-02-03","deathday":null,"gender":1,"homepage":null,"id":73,"imdb_id":"nm0000073","known_for_department":"Acting","name":"Ada Bell","place_of_birth":"Graz","popularity":0.5,"profile_path":null}"#;
const GONE: &str = r#"{"success":false,"status_code":34,"status_message":"The resource you requested could not be found."}"#;

fn said(kind: Kind, id: i64, second: i64, http_status: u16, payload: &str) -> Observation {
    Observation {
        kind,
        id,
        fetched_at: DateTime::from_timestamp(1_782_900_000 + second, 250_000_000).unwrap(),
        http_status,
        payload: payload.to_owned(),
        rejected: None,
    }
}

/// What every fixture was made from.
async fn write(folder: &Path) {
    let lake = Lake::open(folder).unwrap();
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    let genres = r#"{"genres":[{"id":18,"name":"Drama"}]}"#;
    for observation in [
        said(Kind::Movies, 7, 0, 200, FILM),
        said(Kind::Movies, 8, 1, 200, r#"{"id":8,"title":"Bare"}"#),
        said(Kind::Movies, 8, 2, 404, GONE),
        said(Kind::People, 73, 3, 200, PERSON),
        said(Kind::Genres, 0, 4, 200, genres),
        Observation {
            rejected: Some("decode `title`: expected a string".to_owned()),
            ..said(Kind::Movies, 9, 5, 200, r#"{"id":9,"title":[]}"#)
        },
    ] {
        writer.append(observation).await.unwrap();
    }
    let mut day = writer.day(Kind::MovieExports, day());
    for (id, line) in [
        (
            7,
            r#"{"adult":false,"id":7,"original_title":"Die Lasche","popularity":0.125,"video":false}"#,
        ),
        (
            8,
            r#"{"adult":false,"id":8,"original_title":"Bare","popularity":null,"video":true}"#,
        ),
    ] {
        day.append(said(Kind::MovieExports, id, 6, 200, line))
            .unwrap();
    }
    day.finish().await.unwrap();
    writer.finish().await.unwrap();
}

fn day() -> NaiveDate {
    "2026-07-01".parse().unwrap()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/lake")
}

/// A copy of a lake's parts, which nothing that is done to it can harm.
fn copied(from: &Path, to: &Path) {
    for kind in KINDS {
        fs::create_dir_all(to.join(kind.name())).unwrap();
        for part in fs::read_dir(from.join(kind.name())).unwrap() {
            let part = part.unwrap();
            fs::copy(part.path(), to.join(kind.name()).join(part.file_name())).unwrap();
        }
    }
}

/// Every row of a kind in this release's columns, and the layouts that the parts say they have.
async fn rows(lake: &Lake, kind: Kind) -> (RecordBatch, Vec<u32>) {
    let mut batches = Vec::new();
    let mut layouts = Vec::new();
    for file in lake.files(kind).await.unwrap() {
        let (reader, recorded) = open_part(&file.path).unwrap();
        layouts.push(recorded.version);
        for batch in reader.build().unwrap() {
            batches.push(align(&batch.unwrap(), &kind.schema()).unwrap());
        }
    }
    let all = arrow::compute::concat_batches(&kind.schema(), &batches).unwrap();
    (all, layouts)
}

#[tokio::test]
async fn parts_of_every_layout_stay_readable() {
    let today = tempfile::tempdir().unwrap();
    write(today.path()).await;
    let fixture = fixtures().join(VERSION.to_string());
    if !fixture.is_dir() {
        assert!(
            std::env::var_os("FILMSTAR_UPDATE").is_some(),
            "a new layout needs a fixture: FILMSTAR_UPDATE=1 writes it"
        );
        copied(today.path(), &fixture);
    }
    let today = Lake::open(today.path()).unwrap();
    for layout in 1..=VERSION {
        let folder = tempfile::tempdir().unwrap();
        copied(&fixtures().join(layout.to_string()), folder.path());
        let lake = Lake::open(folder.path()).unwrap();
        for kind in KINDS {
            let (found, layouts) = rows(&lake, kind).await;
            assert_eq!(layouts, [layout], "{}", kind.name());
            let (expected, _) = rows(&today, kind).await;
            assert_eq!(found, expected, "{} of layout {layout}", kind.name());
        }
        let newest = lake.newest(Kind::Movies).await.unwrap();
        assert!(newest.get(8).unwrap().is_gone());
        assert_eq!(lake.credited(2).await.unwrap(), [73, 74]);
        let days = lake.export_days(Kind::MovieExports).await.unwrap();
        assert_eq!(days.into_iter().collect::<Vec<_>>(), [day()]);
        let verified = lake.verify(&|_, _| {}).await.unwrap();
        assert!(verified.problems.is_empty(), "{:?}", verified.problems);
        // Layout 1 had no sums over the rows.
        let n_without_sum = if layout == 1 { 5 } else { 0 };
        assert_eq!(verified.n_without_sum, n_without_sum);
    }
}

#[tokio::test]
async fn a_part_of_a_later_release_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path()).await;
    let lake = Lake::open(folder.path()).unwrap();
    let part = lake.files(Kind::People).await.unwrap().remove(0).path;
    crate::check_layout(&part).unwrap();
    let later = written_later(&part);
    let refused = |error: &Error| matches!(error, Error::NewerPart { version, newest: VERSION, .. } if *version == VERSION + 1);
    let error = crate::check_layout(&part).unwrap_err();
    assert!(refused(&error), "{error}");
    let error = lake.newest(Kind::People).await.unwrap_err();
    assert!(refused(&error), "{error}");
    assert_eq!(fs::read(&part).unwrap(), later);
}

/// Writes the rows of a part anew with a layout that is to come; returns the bytes.
fn written_later(part: &Path) -> Vec<u8> {
    let (reader, _) = open_part(part).unwrap();
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    let version = (VERSION + 1).to_string();
    writer.append_key_value_metadata(KeyValue::new("filmstar.version".to_owned(), version));
    writer.close().unwrap();
    fs::write(part, &bytes).unwrap();
    bytes
}
