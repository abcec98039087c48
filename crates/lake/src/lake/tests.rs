use std::{io::Read, time::Instant};

use arrow::{
    array::{Array, AsArray as _, Date32Array, ListArray, StringArray},
    compute::concat_batches,
    datatypes::{Int64Type, TimestampMicrosecondType},
    record_batch::RecordBatch,
};
use chrono::DateTime;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use super::*;
use crate::Observation;

fn movie(id: i64, second: i64, payload: &str) -> Observation {
    Observation {
        kind: Kind::Movies,
        id,
        fetched_at: DateTime::from_timestamp(second, 123_456_000).unwrap(),
        http_status: 200,
        payload: payload.to_owned(),
        rejected: None,
    }
}

fn few() -> WriterOptions {
    WriterOptions {
        segment_observations: 2,
        ..WriterOptions::default()
    }
}

/// Everything of a kind, file by file.
async fn read(lake: &Lake, kind: Kind) -> RecordBatch {
    let mut batches = vec![RecordBatch::new_empty(kind.schema())];
    for file in lake.files(kind).await.unwrap() {
        let reader = ParquetRecordBatchReaderBuilder::try_new(
            fs_err::File::open(file.path).unwrap().into_parts().0,
        );
        batches.extend(reader.unwrap().build().unwrap().map(|batch| batch.unwrap()));
    }
    concat_batches(&kind.schema(), &batches).unwrap()
}

fn texts(batch: &RecordBatch, column: &str) -> Vec<Option<String>> {
    let column: &StringArray = batch.column_by_name(column).unwrap().as_string();
    column
        .iter()
        .map(|text| text.map(ToOwned::to_owned))
        .collect()
}

async fn payloads(lake: &Lake, kind: Kind) -> Vec<String> {
    texts(&read(lake, kind).await, "payload")
        .into_iter()
        .flatten()
        .collect()
}

fn journal_files(lake: &Lake) -> Vec<String> {
    let entries = fs_err::read_dir(lake.journal()).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| name != "lock");
    names.sort();
    names
}

#[tokio::test]
async fn what_is_appended_is_read_back_by_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let bodies = [
        "{\"title\":\"a\"}",
        "{ \"title\" : \"new\\nline \\u0000 \u{92}\" ,\n\t\"x\":1.50e1}\r\n",
        "{\"title\":\"\u{2028}🎬\"}",
        "{}",
        "{\"title\":null}",
    ];
    let mut writer = lake.writer("run", few()).unwrap();
    for (id, body) in (1..).zip(bodies) {
        writer.append(movie(id, 1, body)).await.unwrap();
    }
    let written = writer.finish().await.unwrap();
    assert_eq!((written.observations, written.files), (5, 3));
    assert_eq!(payloads(&lake, Kind::Movies).await, bodies);
    let batch = read(&lake, Kind::Movies).await;
    assert_eq!(
        texts(&batch, "title")[1].as_deref(),
        Some("new\nline \0 \u{92}")
    );
    assert_eq!(texts(&batch, "run_id"), vec![Some("run".to_owned()); 5]);
    let moments = batch
        .column_by_name("fetched_at")
        .unwrap()
        .as_primitive::<TimestampMicrosecondType>();
    assert_eq!(moments.value(0), 1_123_456);
    assert_eq!(journal_files(&lake), [""; 0]);
    let summary = lake.summary().await.unwrap()[&Kind::Movies];
    assert_eq!((summary.n_rows, summary.n_files), (5, 3));
}

#[tokio::test]
async fn a_journal_torn_at_any_byte_loses_only_the_line_in_flight() {
    let folder = tempfile::tempdir().unwrap();
    let whole = Lake::open(folder.path()).unwrap();
    let bodies = ["{\"title\":\"a\\nb\"}", "{\"x\":\n\"\\\"\"}", "{}"];
    let mut writer = whole.writer("run", WriterOptions::default()).unwrap();
    for (id, body) in (1..).zip(bodies) {
        writer.append(movie(id, 1, body)).await.unwrap();
    }
    drop(writer);
    let name = "run-0000.jsonl";
    let segment = fs_err::read(whole.journal().join(name)).unwrap();
    for n_bytes in 0..=segment.len() {
        let folder = tempfile::tempdir().unwrap();
        let mut lake = Lake::open(folder.path()).unwrap();
        // Hundreds of parts: not each needs to be on the platter.
        lake.store = Store::without_fsync(folder.path());
        fs_err::create_dir_all(lake.journal()).unwrap();
        fs_err::write(lake.journal().join(name), &segment[..n_bytes]).unwrap();
        let n_whole = segment[..n_bytes]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        assert_eq!(lake.recover().await.unwrap().observations, n_whole as u64);
        assert_eq!(
            payloads(&lake, Kind::Movies).await,
            bodies[..n_whole],
            "{n_bytes} bytes"
        );
        assert_eq!(journal_files(&lake), [""; 0]);
    }
}

#[tokio::test]
async fn recovery_after_a_kill_between_parts_or_before_the_delete_adds_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    writer.append(movie(1, 1, "{}")).await.unwrap();
    writer
        .append(Observation {
            kind: Kind::People,
            ..movie(2, 1, "{}")
        })
        .await
        .unwrap();
    drop(writer);
    let path = lake.journal().join("run-0000.jsonl");
    let segment = fs_err::read(&path).unwrap();
    assert_eq!(lake.recover().await.unwrap().observations, 2);
    assert_eq!(lake.recover().await.unwrap(), Written::default());

    fs_err::write(&path, &segment).unwrap();
    assert_eq!(lake.recover().await.unwrap().observations, 0);
    fs_err::write(&path, &segment).unwrap();
    fs_err::remove_file(folder.path().join("people/run-0000.parquet")).unwrap();
    assert_eq!(lake.recover().await.unwrap().observations, 1);
    assert_eq!(journal_files(&lake), [""; 0]);
    for kind in [Kind::Movies, Kind::People] {
        assert_eq!(payloads(&lake, kind).await, ["{}"]);
    }
}

#[tokio::test]
async fn one_writer_at_a_time_and_the_second_hears_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut writer = lake.writer("first", WriterOptions::default()).unwrap();
    writer.append(movie(1, 1, "{}")).await.unwrap();
    let other = Lake::open(folder.path()).unwrap();
    let holder = format!("process {} (run first)", std::process::id());
    for refused in [
        other.writer("second", few()).map(|_| ()),
        other.recover().await.map(|_| ()),
    ] {
        let error = refused.unwrap_err();
        assert!(
            matches!(&error, Error::Held { holder: found, .. } if *found == holder),
            "{error}"
        );
    }
    assert_eq!(journal_files(&lake), ["first-0000.jsonl"]);
    drop(writer);
    assert_eq!(other.recover().await.unwrap().observations, 1);
    other.writer("second", few()).unwrap();
}

#[tokio::test]
async fn a_run_that_goes_on_under_its_name_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    for body in ["{}", "[]"] {
        let mut writer = lake.writer("run", few()).unwrap();
        writer.append(movie(1, 1, body)).await.unwrap();
        writer.finish().await.unwrap();
    }
    assert_eq!(payloads(&lake, Kind::Movies).await, ["{}", "[]"]);
    for name in ["", "..", "a/b", "ü"] {
        assert!(matches!(
            lake.writer(name, few()),
            Err(Error::RunName { .. })
        ));
    }
}

#[tokio::test]
async fn the_newest_observation_wins_wherever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    assert!(lake.newest(Kind::Movies).await.unwrap().is_empty());
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    writer.append(movie(1, 100, "{}")).await.unwrap();
    writer.append(movie(2, 300, "{}")).await.unwrap();
    writer.roll().await.unwrap();
    writer
        .append(Observation {
            http_status: 404,
            ..movie(1, 200, "{}")
        })
        .await
        .unwrap();
    writer.append(movie(2, 200, "{}")).await.unwrap();
    writer.append(movie(3, 1, "{}")).await.unwrap();
    writer
        .append(Observation {
            rejected: Some("odd".into()),
            ..movie(4, 1, "?")
        })
        .await
        .unwrap();
    writer
        .append(Observation {
            kind: Kind::People,
            ..movie(5, 1, "{}")
        })
        .await
        .unwrap();
    let before = lake.newest(Kind::Movies).await.unwrap();
    let mut seen: Vec<_> = before
        .iter()
        .map(|(id, seen)| (id, seen.fetched_at.timestamp(), seen.http_status))
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, [(1, 200, 404), (2, 300, 200), (3, 1, 200)]);
    writer.finish().await.unwrap();
    assert_eq!(lake.newest(Kind::Movies).await.unwrap(), before);
    let rejected = lake.rejected(Kind::Movies).await.unwrap();
    assert_eq!(rejected.iter().map(|(id, _)| id).collect::<Vec<_>>(), [4]);
    assert!(lake.rejected(Kind::People).await.unwrap().is_empty());
    assert_eq!(
        Lake::open(folder.path())
            .unwrap()
            .newest(Kind::Movies)
            .await
            .unwrap(),
        before
    );
}

#[tokio::test]
async fn what_cannot_be_decoded_is_kept_apart_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    writer
        .append(movie(1, 1, "{\"title\":\"fine\",\"budget\":\"odd\"}"))
        .await
        .unwrap();
    writer
        .append(Observation {
            rejected: Some("no id".into()),
            ..movie(2, 1, "{\"a\":1}")
        })
        .await
        .unwrap();
    writer
        .append(movie(3, 1, "{\"title\":\"torn"))
        .await
        .unwrap();
    writer.append(movie(4, 1, "<html>")).await.unwrap();
    writer
        .append(movie(5, 1, "{\"budget\":1} {}"))
        .await
        .unwrap();
    writer
        .append(movie(6, 1, "{\"budget\":2.5}"))
        .await
        .unwrap();
    let written = writer.finish().await.unwrap();
    assert_eq!(
        written.by_kind,
        BTreeMap::from([(Kind::Movies, 2), (Kind::Quarantine, 4)])
    );
    assert_eq!(written.drift, [("movies.budget".to_owned(), 2)]);
    let quarantine = read(&lake, Kind::Quarantine).await;
    assert_eq!(
        texts(&quarantine, "kind"),
        vec![Some("movies".to_owned()); 4]
    );
    assert_eq!(texts(&quarantine, "reason")[0].as_deref(), Some("no id"));
    assert!(
        texts(&quarantine, "reason")[1..]
            .iter()
            .flatten()
            .all(|reason| reason.starts_with("not JSON: "))
    );
    assert_eq!(
        payloads(&lake, Kind::Quarantine).await[1..],
        ["{\"title\":\"torn", "<html>", "{\"budget\":1} {}"]
    );
}

#[tokio::test]
async fn a_damaged_segment_gives_what_it_can_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    for id in 1..=3 {
        writer.append(movie(id, 1, "{}")).await.unwrap();
    }
    drop(writer);
    let path = lake.journal().join("run-0000.jsonl");
    let mut segment = fs_err::read(&path).unwrap();
    let second = segment.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    segment[second..second + 8].fill(0);
    fs_err::write(&path, segment).unwrap();
    assert_eq!(lake.recover().await.unwrap().observations, 2);
    assert_eq!(journal_files(&lake), ["run-0000.damaged"]);
}

#[tokio::test]
async fn every_real_body_lands_as_it_is() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/tmdb");
    if !shared.is_dir() {
        println!("skipped: no recorded bodies in `{}`", shared.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut writer = lake
        .writer(
            "run",
            WriterOptions {
                segment_observations: 1500,
                ..Default::default()
            },
        )
        .unwrap();
    let mut bodies = BTreeMap::new();
    for (name, kind) in [
        ("movies", Kind::Movies),
        ("recorded-movies", Kind::Movies),
        ("people", Kind::People),
    ] {
        let file = fs_err::File::open(shared.join(format!("{name}.jsonl.gz"))).unwrap();
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(file)
            .read_to_string(&mut text)
            .unwrap();
        let lines = text.lines().map(ToOwned::to_owned);
        bodies.entry(kind).or_insert_with(Vec::new).extend(lines);
    }
    for (name, kind) in [
        ("genres", Kind::Genres),
        ("countries", Kind::Countries),
        ("languages", Kind::Languages),
        ("jobs", Kind::Jobs),
        ("configuration", Kind::Configuration),
    ] {
        bodies.insert(
            kind,
            vec![fs_err::read_to_string(shared.join(format!("{name}.json"))).unwrap()],
        );
    }
    let started = Instant::now();
    for (kind, bodies) in &bodies {
        for body in bodies {
            let id = serde_json::from_str::<Value>(body).unwrap()["id"]
                .as_i64()
                .unwrap_or_default();
            writer
                .append(Observation {
                    kind: *kind,
                    ..movie(id, 1, body)
                })
                .await
                .unwrap();
        }
    }
    let written = writer.finish().await.unwrap();
    println!(
        "{} bodies in {:?}, odd values: {:?}",
        written.observations,
        started.elapsed(),
        written.drift
    );
    for (kind, bodies) in &bodies {
        assert!(payloads(&lake, *kind).await == *bodies, "{}", kind.name());
    }
    assert_eq!(written.by_kind.get(&Kind::Quarantine), None);
    check_movies(&read(&lake, Kind::Movies).await);
    assert_eq!(
        read(&lake, Kind::Countries)
            .await
            .column(4)
            .as_list::<i32>()
            .value(0)
            .len(),
        251
    );
}

/// The typed columns against another reading of the same bodies.
fn check_movies(batch: &RecordBatch) {
    let column = |name| batch.column_by_name(name).unwrap();
    let payloads: &StringArray = column("payload").as_string();
    let titles: &StringArray = column("title").as_string();
    let budgets = column("budget").as_primitive::<Int64Type>();
    let dates: &Date32Array = column("release_date").as_primitive();
    let lists: Vec<(&ListArray, &str)> = [
        ("genres", "/genres"),
        ("production_companies", "/production_companies"),
        ("keywords", "/keywords/keywords"),
        ("credits_cast", "/credits/cast"),
        ("credits_crew", "/credits/crew"),
    ]
    .map(|(name, pointer)| (column(name).as_list::<i32>(), pointer))
    .into();
    for row in 0..batch.num_rows() {
        let body: Value = serde_json::from_str(payloads.value(row)).unwrap();
        assert_eq!(Some(titles.value(row)), body["title"].as_str());
        assert_eq!(Some(budgets.value(row)), body["budget"].as_i64());
        let date = dates
            .is_valid(row)
            .then(|| dates.value_as_date(row).unwrap().to_string());
        assert_eq!(
            date.unwrap_or_default(),
            body["release_date"].as_str().unwrap_or_default()
        );
        for (list, pointer) in &lists {
            let n = list.is_valid(row).then(|| list.value(row).len());
            assert_eq!(
                n,
                body.pointer(pointer)
                    .and_then(Value::as_array)
                    .map(Vec::len),
                "{pointer}"
            );
        }
        let names = lists[3].0.value(row);
        let names: &StringArray = names
            .as_struct()
            .column_by_name("name")
            .unwrap()
            .as_string();
        let cast = body.pointer("/credits/cast").and_then(Value::as_array);
        let expected = cast
            .into_iter()
            .flatten()
            .map(|member| member["name"].as_str());
        assert!(names.iter().eq(expected) || cast.is_none());
    }
}
