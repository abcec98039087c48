//! Against a server that speaks S3, or against what is none.

use std::{net::TcpListener, path::Path as FsPath};

use chrono::{DateTime, NaiveDate};

use super::*;
use crate::{Kind, Lake, Observation, Seen, WriterOptions, testing::S3Server};

const BUCKET: &str = "films";

fn observation(kind: Kind, id: i64, second: i64, payload: &str) -> Observation {
    Observation {
        kind,
        id,
        fetched_at: DateTime::from_timestamp(second, 0).unwrap(),
        http_status: 200,
        payload: payload.to_owned(),
        rejected: None,
    }
}

fn lake_at(text: &str, settings: &StoreSettings) -> Lake {
    let location = Location::parse(text, FsPath::new("/")).unwrap();
    Lake::at(&location, settings).unwrap()
}

fn copies(folder: &FsPath) -> Vec<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_lake_in_a_bucket_is_one_in_a_folder() {
    let server = S3Server::start(BUCKET).unwrap();
    let local = tempfile::tempdir().unwrap();
    let settings = server.settings(local.path());
    let lake = lake_at("s3://films/tmdb/lake", &settings);
    assert_eq!(lake.files(Kind::Movies).await.unwrap(), []);
    let options = WriterOptions {
        segment_observations: 2,
        ..WriterOptions::default()
    };
    let mut writer = lake.writer("run", options).unwrap();
    for id in 1..=5 {
        let movie = observation(Kind::Movies, id, id, "{\"title\":\"a\"}");
        writer.append(movie).await.unwrap();
    }
    // More than a piece of an upload, and nothing that compresses.
    let mut day = writer.day(Kind::PersonExports, "2026-07-01".parse().unwrap());
    let mut noise = 1_u64;
    for id in 1..=60_000 {
        let mut name = String::new();
        for _ in 0..16 {
            noise = noise
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            name.push_str(&format!("{:016x}", noise));
        }
        let line = format!("{{\"id\":{id},\"name\":\"{name}\"}}");
        day.append(observation(Kind::PersonExports, id, 1, &line))
            .unwrap();
    }
    day.finish().await.unwrap();
    writer.finish().await.unwrap();

    let object = server
        .bucket(BUCKET)
        .join("tmdb/lake/person_exports/run-2026-07-01.parquet");
    assert!(fs_err::metadata(object).unwrap().len() > 9 << 20);
    let seen = lake.newest(Kind::Movies).await.unwrap();
    assert_eq!(seen.len(), 5);
    assert_eq!(
        seen.get(5).unwrap(),
        Seen {
            fetched_at: DateTime::from_timestamp(5, 0).unwrap(),
            http_status: 200
        }
    );
    let days = lake.export_days(Kind::PersonExports).await.unwrap();
    assert_eq!(days, [NaiveDate::from_ymd_opt(2026, 7, 1).unwrap()].into());
    let files = lake.files(Kind::PersonExports).await.unwrap();
    lake.fetch(&files).await.unwrap();
    assert_eq!(
        fs_err::metadata(&files[0].path).unwrap().len(),
        files[0].size_bytes
    );
    let journal = local.path().join("s3/films/tmdb/lake/journal");
    assert_eq!(copies(&journal), ["lock"]);
    assert!(!server.bucket(BUCKET).join("tmdb/lake/journal").exists());
}

#[tokio::test]
async fn another_machine_fetches_each_part_once_and_recovers_its_own_journal() {
    let server = S3Server::start(BUCKET).unwrap();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = lake_at("s3://films", &server.settings(one.path()));
    let mut writer = first.writer("run", WriterOptions::default()).unwrap();
    for id in 1..=3 {
        writer
            .append(observation(Kind::Movies, id, 1, "{}"))
            .await
            .unwrap();
        writer.roll().await.unwrap();
    }
    writer
        .append(observation(Kind::Movies, 4, 1, "{}"))
        .await
        .unwrap();
    drop(writer);

    let second = lake_at("s3://films", &server.settings(other.path()));
    let files = second.files(Kind::Movies).await.unwrap();
    assert_eq!(second.fetch(&files).await.unwrap().n_files, 3);
    assert_eq!(second.fetch(&files).await.unwrap().n_files, 0);
    assert_eq!(second.newest(Kind::Movies).await.unwrap().len(), 3);
    // A copy that broke off, and a part that somebody wrote anew.
    fs_err::write(&files[0].path, "half").unwrap();
    fs_err::copy(
        &files[2].path,
        server.bucket(BUCKET).join("movies/run-0001.parquet"),
    )
    .unwrap();
    let files = second.files(Kind::Movies).await.unwrap();
    assert_eq!(second.fetch(&files).await.unwrap().n_files, 2);
    assert_eq!(second.newest(Kind::Movies).await.unwrap().len(), 2);

    assert_eq!(second.recover().await.unwrap().observations, 0);
    assert_eq!(first.recover().await.unwrap().observations, 1);
    assert_eq!(second.files(Kind::Movies).await.unwrap().len(), 4);
}

#[tokio::test]
async fn every_page_of_a_long_listing_is_read() {
    let server = S3Server::start(BUCKET).unwrap();
    let folder = server.bucket(BUCKET).join("movies");
    fs_err::create_dir(&folder).unwrap();
    for number in 0..2_345 {
        fs_err::write(folder.join(format!("run-{number:04}.parquet")), "x").unwrap();
    }
    let local = tempfile::tempdir().unwrap();
    let lake = lake_at("s3://films", &server.settings(local.path()));
    let files = lake.files(Kind::Movies).await.unwrap();
    assert_eq!(files.len(), 2_345);
    assert_eq!(files[2_344].name, "run-2344.parquet");
}

#[tokio::test]
async fn a_file_is_made_once_where_it_must_be_new() {
    let server = S3Server::start(BUCKET).unwrap();
    let local = tempfile::tempdir().unwrap();
    let lake = lake_at("s3://films/a", &server.settings(local.path()));
    let folder = tempfile::tempdir().unwrap();
    for store in [lake.store().clone(), Store::folder(folder.path()).unwrap()] {
        let path = Path::from("manifests/1.json");
        assert!(store.put_new(&path, b"one".to_vec()).await.unwrap());
        assert!(!store.put_new(&path, b"two".to_vec()).await.unwrap());
        let pieces: Vec<_> = store
            .read(&path)
            .await
            .unwrap()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(pieces.concat(), b"one");
        store.delete(&path).await.unwrap();
        store.delete(&path).await.unwrap();
        assert!(!store.has(&path).await.unwrap());
    }
}

async fn fault(text: &str, settings: &StoreSettings) -> (Fault, String) {
    let lake = lake_at(text, settings);
    let error = lake.files(Kind::Movies).await.unwrap_err();
    let Error::Store {
        location,
        fault,
        detail,
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(location, text);
    let secret = settings.variables.get("AWS_SECRET_ACCESS_KEY").cloned();
    assert!(
        !detail
            .to_string()
            .contains(&secret.unwrap_or("-".repeat(9))),
        "{detail}"
    );
    (fault, detail.to_string())
}

#[tokio::test]
async fn errors_say_whose_fault_it_is() {
    let server = S3Server::start(BUCKET).unwrap();
    let local = tempfile::tempdir().unwrap();
    let settings = server.settings(local.path());
    assert_eq!(fault("s3://other/a", &settings).await.0, Fault::NoBucket);

    let mut wrong = settings.clone();
    let key = "AWS_SECRET_ACCESS_KEY".to_owned();
    wrong.variables.insert(key, "somebody-elses".to_owned());
    let (found, detail) = fault("s3://films/a", &wrong).await;
    assert_eq!(found, Fault::Refused, "{detail}");

    let mut open = settings.clone();
    open.endpoint = Some("http://objects.example".to_owned());
    let (found, detail) = fault("s3://films/a", &open).await;
    assert_eq!(found, Fault::PlainHttp, "{detail}");

    let mut nobody = settings.clone();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    nobody.endpoint = Some(format!("http://{}", gone.local_addr().unwrap()));
    nobody.timeout = Duration::from_millis(100);
    // A listener that never answers.
    let (found, detail) = fault("s3://films/a", &nobody).await;
    assert_eq!(found, Fault::Unreachable, "{detail}");
    drop(gone);
    assert_eq!(fault("s3://films/a", &nobody).await.0, Fault::Unreachable);
}

#[tokio::test]
async fn what_a_store_refuses_stays_in_the_journal() {
    let server = S3Server::start(BUCKET).unwrap();
    let local = tempfile::tempdir().unwrap();
    let mut settings = server.settings(local.path());
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    settings.endpoint = Some(format!("http://{}", gone.local_addr().unwrap()));
    drop(gone);
    settings.timeout = Duration::from_millis(100);
    let lake = lake_at("s3://films", &settings);
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    // The numbers of a run's parts are asked for first.
    let error = writer
        .append(observation(Kind::Movies, 1, 1, "{}"))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Store {
                fault: Fault::Unreachable,
                ..
            }
        ),
        "{error}"
    );
    drop(writer);

    let lake = lake_at("s3://films", &server.settings(local.path()));
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    writer
        .append(observation(Kind::Movies, 1, 1, "{}"))
        .await
        .unwrap();
    let bucket = server.bucket(BUCKET);
    fs_err::rename(&bucket, bucket.with_extension("away")).unwrap();
    let error = writer.finish().await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Store {
                fault: Fault::NoBucket,
                ..
            }
        ),
        "{error}"
    );
    fs_err::rename(bucket.with_extension("away"), &bucket).unwrap();
    assert_eq!(lake.recover().await.unwrap().observations, 1);
}
