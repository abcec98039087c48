use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::{CompactOptions, Observation, WriterOptions};

fn observation(kind: Kind, id: i64) -> Observation {
    Observation {
        kind,
        id,
        fetched_at: DateTime::from_timestamp(id, 0).unwrap(),
        http_status: 200,
        payload: format!("{{\"id\":{id},\"title\":\"a title of some length\"}}"),
        rejected: None,
    }
}

/// A lake with five parts of films and a day's export.
async fn lake(folder: &Path) -> Lake {
    let lake = Lake::open(folder).unwrap();
    let options = WriterOptions {
        segment_observations: 4,
        ..WriterOptions::default()
    };
    let mut writer = lake.writer("run", options).unwrap();
    for id in 1..=20 {
        writer.append(observation(Kind::Movies, id)).await.unwrap();
    }
    let mut day = writer.day(Kind::MovieExports, "2026-07-01".parse().unwrap());
    day.append(observation(Kind::MovieExports, 1)).unwrap();
    day.append(Observation {
        rejected: Some("odd".to_owned()),
        payload: "<html>".to_owned(),
        ..observation(Kind::MovieExports, 2)
    })
    .unwrap();
    day.finish().await.unwrap();
    writer.finish().await.unwrap();
    lake
}

async fn compact(lake: &Lake, id: &str) {
    let options = CompactOptions {
        id: id.to_owned(),
        now: DateTime::from_timestamp(1_900_000_000, 0).unwrap(),
        grace: TimeDelta::days(1),
        target_bytes: 64 << 20,
    };
    let pinned: crate::IsPinned = Arc::new(|_| false);
    lake.compact(&options, pinned, &|_, _| {}).await.unwrap();
}

async fn verify(lake: &Lake) -> Verified {
    lake.verify(&|_, _| {}).await.unwrap()
}

/// The only problem that there is.
async fn problem(lake: &Lake) -> String {
    let mut problems = verify(lake).await.problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    let Finding { place, what } = problems.remove(0);
    format!("{place} {what}")
}

#[tokio::test]
async fn a_whole_lake_has_no_problems() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path()).await;
    let verified = verify(&lake).await;
    assert_eq!((verified.n_files, verified.n_rows), (7, 22));
    assert_eq!((verified.n_without_sum, verified.problems), (0, vec![]));
    assert_eq!(verified.notes, []);
    compact(&lake, "one").await;
    let verified = verify(&lake).await;
    assert_eq!((verified.n_files, verified.n_rows), (3, 22));
    assert_eq!(verified.problems, []);
    assert_eq!(verified.notes.len(), 1, "{:?}", verified.notes);
}

#[tokio::test]
async fn damage_and_loss_are_found_wherever_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path()).await;
    let part = |number: u32| -> PathBuf {
        folder
            .path()
            .join(format!("movies/run-{number:04}.parquet"))
    };
    let (path, other) = (part(0), part(1));
    let whole = fs::read(&path).unwrap();

    // Cut short, overwritten, another's rows under this name, another kind's part.
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(
        problem(&lake)
            .await
            .starts_with("movies/run-0000.parquet cannot be read")
    );
    let mut damaged = whole.clone();
    damaged[4..whole.len() / 2].fill(7);
    fs::write(&path, &damaged).unwrap();
    assert!(
        problem(&lake)
            .await
            .starts_with("movies/run-0000.parquet cannot be read")
    );
    fs::write(&path, &whole).unwrap();
    fs::copy(&other, folder.path().join("movies/other-0001.parquet")).unwrap();
    assert_eq!(
        problem(&lake).await,
        "movies/other-0001.parquet 4 rows are of another run than the name says, the first is of id 5"
    );
    fs::remove_file(folder.path().join("movies/other-0001.parquet")).unwrap();
    let export = folder.path().join("movie_exports/run-2026-07-01.parquet");
    fs::rename(&export, export.with_file_name("run-2026-07-02.parquet")).unwrap();
    assert!(
        problem(&lake)
            .await
            .contains("1 rows are of another day than the name says")
    );
    fs::rename(export.with_file_name("run-2026-07-02.parquet"), &export).unwrap();
    fs::create_dir(folder.path().join("people")).unwrap();
    fs::copy(&path, folder.path().join("people/run-0009.parquet")).unwrap();
    assert_eq!(
        problem(&lake).await,
        "people/run-0009.parquet is a part of `movies`"
    );
    fs::remove_file(folder.path().join("people/run-0009.parquet")).unwrap();

    compact(&lake, "one").await;
    let merged = folder.path().join("movies/merged-one-0000.parquet");
    fs::rename(&merged, folder.path().join("away")).unwrap();
    assert_eq!(
        problem(&lake).await,
        "movies/merged-one-0000.parquet is gone, and 20 observations with it"
    );
    let error = lake.files(Kind::Movies).await.unwrap_err();
    assert!(matches!(error, Error::MissingPart { .. }), "{error}");
    fs::rename(folder.path().join("away"), &merged).unwrap();
    fs::write(
        folder.path().join("manifests/0000000009.json"),
        "{\"layout\":7,\"kinds\":{}}",
    )
    .unwrap();
    assert!(problem(&lake).await.contains("layout 7"));
    fs::write(folder.path().join("manifests/0000000009.json"), "{").unwrap();
    assert!(
        problem(&lake)
            .await
            .starts_with("manifests/0000000009.json")
    );
}

#[tokio::test]
async fn what_killed_runs_left_is_told_apart_from_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path()).await;
    let mut writer = lake.writer("later", WriterOptions::default()).unwrap();
    writer.append(observation(Kind::Movies, 1)).await.unwrap();
    drop(writer);
    fs::write(lake.journal().join("x.movies.staged"), "").unwrap();
    fs::write(folder.path().join("movies/README"), "").unwrap();
    fs::copy(
        folder.path().join("movies/run-0000.parquet"),
        folder.path().join("movies/merged-x-0000.parquet"),
    )
    .unwrap();
    let verified = verify(&lake).await;
    assert_eq!(verified.problems, []);
    let places: Vec<_> = verified
        .notes
        .iter()
        .map(|note| note.place.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "journal/later-0000.jsonl",
            "journal/x.movies.staged",
            "movies/README",
            "movies/merged-x-0000.parquet"
        ]
    );
    fs::write(lake.journal().join("old.damaged"), "").unwrap();
    assert!(problem(&lake).await.starts_with("journal/old.damaged"));
}
