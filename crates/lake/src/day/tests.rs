use arrow::array::{AsArray as _, Date32Array};
use chrono::DateTime;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;
use crate::WriterOptions;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn line(id: i64, payload: &str, rejected: Option<&str>) -> Observation {
    Observation {
        kind: Kind::MovieExports,
        id,
        fetched_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        http_status: 200,
        payload: payload.to_owned(),
        rejected: rejected.map(str::to_owned),
    }
}

/// Files of the whole lake, by path within it.
fn files(lake: &Lake) -> Vec<String> {
    let folder = lake.journal().parent().unwrap().to_owned();
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap().path();
        for file in fs::read_dir(&entry).unwrap() {
            let file = file.unwrap().path();
            files.push(file.strip_prefix(&folder).unwrap().display().to_string());
        }
    }
    files.retain(|file| file != "journal/lock");
    files.sort();
    files
}

#[tokio::test]
async fn a_day_comes_whole_with_what_was_rejected_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let writer = lake.writer("run", WriterOptions::default()).unwrap();
    let mut exports = writer.day(Kind::MovieExports, day("2026-07-01"));
    let n_rows = 40_000;
    for id in 1..=n_rows {
        let payload = format!(
            r#"{{"adult":false,"id":{id},"original_title":"é {id}","popularity":{id}.5,"video":true,"new":1}}"#
        );
        exports.append(line(id, &payload, None)).unwrap();
    }
    exports
        .append(line(0, "{\"id\":", Some("no JSON")))
        .unwrap();
    assert!(files(&lake).iter().all(|file| file.ends_with(".staged")));
    assert!(
        lake.export_days(Kind::MovieExports)
            .await
            .unwrap()
            .is_empty()
    );
    let written = exports.finish().await.unwrap();
    assert_eq!(written.by_kind[&Kind::MovieExports], 40_000);
    assert_eq!(written.by_kind[&Kind::Quarantine], 1);
    writer.finish().await.unwrap();
    assert_eq!(
        files(&lake),
        [
            "movie_exports/run-2026-07-01.parquet",
            "quarantine/run-movie_exports-2026-07-01.parquet"
        ]
    );
    assert_eq!(
        lake.export_days(Kind::MovieExports).await.unwrap(),
        [day("2026-07-01")].into()
    );

    let file = lake.files(Kind::MovieExports).await.unwrap().remove(0);
    let file = fs::File::open(file.path).unwrap().into_parts().0;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    assert_eq!(
        reader.schema().fields(),
        Kind::MovieExports.schema().fields()
    );
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    let dates: &Date32Array = batch.column_by_name("export_date").unwrap().as_primitive();
    assert_eq!(dates.value_as_date(0), Some(day("2026-07-01")));
    let text = |name: &str| {
        let column = batch.column_by_name(name).unwrap();
        column.as_string::<i32>().value(1).to_owned()
    };
    assert_eq!(text("original_title"), "é 2");
    assert!(text("payload").ends_with(r#","popularity":2.5,"video":true,"new":1}"#));
}

#[tokio::test]
async fn a_day_that_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let writer = lake.writer("run", WriterOptions::default()).unwrap();
    let begin = || {
        let mut exports = writer.day(Kind::MovieExports, day("2026-07-01"));
        for id in 1..40_000 {
            let payload = format!(r#"{{"id":{id}}}"#);
            exports.append(line(id, &payload, None)).unwrap();
        }
        exports
    };
    let exports = begin();
    assert_eq!(files(&lake).len(), 1);
    drop(exports);
    assert_eq!(files(&lake), [""; 0]);

    // As a kill would leave it.
    std::mem::forget(begin());
    assert_eq!(files(&lake).len(), 1);
    drop(writer);
    let lake = Lake::open(folder.path()).unwrap();
    fs::remove_file(lake.journal().join("lock")).unwrap();
    lake.recover().await.unwrap();
    assert_eq!(files(&lake), [""; 0]);
}

#[tokio::test]
async fn a_day_without_a_row_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let writer = lake.writer("run", WriterOptions::default()).unwrap();
    let mut exports = writer.day(Kind::PersonExports, day("2026-07-01"));
    exports.append(line(0, "<html>", Some("no JSON"))).unwrap();
    let error = exports.finish().await.unwrap_err();
    assert!(matches!(error, crate::Error::EmptyDay { .. }), "{error}");
    assert_eq!(files(&lake), [""; 0]);
}
