use arrow::{
    array::AsArray as _,
    datatypes::{Int32Type, Int64Type, TimestampMicrosecondType},
};

use super::*;
use crate::{Error, Location, Observation, WriterOptions, footer::open_part, testing::S3Server};

type Row = (i64, i64, i32, String, String);

/// A small generator, so that every run of a test does the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

fn options(id: &str) -> CompactOptions {
    CompactOptions {
        id: id.to_owned(),
        now: at(1_900_000_000),
        grace: TimeDelta::zero(),
        target_bytes: 64 << 20,
    }
}

fn nothing() -> IsPinned {
    Arc::new(|_| false)
}

async fn compact(lake: &Lake, options: &CompactOptions) -> Compacted {
    lake.compact(options, nothing(), &|_, _| {}).await.unwrap()
}

/// Runs of films in parts of a few each, with repeats, tombstones and bodies that cannot be read.
async fn fill(lake: &Lake, run: &str, dice: &mut Dice, n_observations: u64) {
    let options = WriterOptions {
        segment_observations: 1 + dice.roll(9),
        ..WriterOptions::default()
    };
    let mut writer = lake.writer(run, options).unwrap();
    for _ in 0..n_observations {
        let id = i64::try_from(dice.roll(40)).unwrap();
        let is_gone = dice.roll(10) == 0;
        let observation = Observation {
            kind: [Kind::Movies, Kind::People][usize::try_from(dice.roll(2)).unwrap()],
            id,
            fetched_at: at(i64::try_from(dice.roll(5_000)).unwrap()),
            http_status: if is_gone { 404 } else { 200 },
            payload: format!("{{\"id\":{id},\"title\":\"{}\"}}", dice.roll(1_000_000)),
            rejected: (dice.roll(20) == 0).then(|| "odd".to_owned()),
        };
        writer.append(observation).await.unwrap();
    }
    writer.finish().await.unwrap();
}

/// Every observation that is visible, file by file in the order of ids.
async fn rows(lake: &Lake) -> BTreeMap<Kind, Vec<Row>> {
    let mut all = BTreeMap::new();
    for (kind, files) in lake.snapshot().await.unwrap() {
        lake.fetch(&files).await.unwrap();
        let mut rows: Vec<Row> = files.iter().flat_map(|file| rows_of(&file.path)).collect();
        rows.sort();
        all.insert(kind, rows);
    }
    all
}

fn rows_of(path: &Path) -> Vec<Row> {
    let (builder, _) = open_part(path).unwrap();
    let mut rows = Vec::new();
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        let column = |name| batch.column_by_name(name).unwrap();
        for row in 0..batch.num_rows() {
            let text = |name| column(name).as_string::<i32>().value(row).to_owned();
            rows.push((
                column("id").as_primitive::<Int64Type>().value(row),
                column("fetched_at")
                    .as_primitive::<TimestampMicrosecondType>()
                    .value(row),
                column("http_status").as_primitive::<Int32Type>().value(row),
                text("payload"),
                text("run_id"),
            ));
        }
    }
    rows
}

async fn newest(lake: &Lake) -> crate::Newest {
    lake.newest(Kind::Movies).await.unwrap()
}

#[tokio::test]
async fn however_often_a_lake_is_compacted_it_has_the_same_observations() {
    for seed in 1..=6 {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let mut dice = Dice(seed);
        for round in 0..4 {
            let n = 1 + dice.roll(120);
            fill(&lake, &format!("run{round}"), &mut dice, n).await;
            let (before, newest_before) = (rows(&lake).await, newest(&lake).await);
            let n_files = lake.files(Kind::Movies).await.unwrap().len();
            let how = CompactOptions {
                target_bytes: [1 << 10, 12 << 10, 64 << 20][usize::try_from(dice.roll(3)).unwrap()],
                grace: TimeDelta::seconds(i64::try_from(dice.roll(2)).unwrap()),
                ..options(&format!("c{round}"))
            };
            let old = lake.files(Kind::Movies).await.unwrap();
            let compacted = compact(&lake, &how).await;
            assert_eq!(rows(&lake).await, before, "seed {seed} round {round}");
            assert_eq!(newest(&lake).await, newest_before);
            assert!(lake.files(Kind::Movies).await.unwrap().len() <= n_files);
            if !how.grace.is_zero() {
                // Who began to read before goes on reading.
                assert!(old.iter().all(|file| file.path.exists()));
                assert_eq!(compacted.removed.n_files, 0);
            }
        }
        // All small again into one, and what was replaced is gone.
        let before = rows(&lake).await;
        compact(&lake, &options("last")).await;
        let later = CompactOptions {
            now: at(1_900_000_100),
            ..options("later")
        };
        compact(&lake, &later).await;
        let files = lake.files(Kind::Movies).await.unwrap();
        assert_eq!(files.len(), 1);
        let on_disk = fs::read_dir(folder.path().join("movies")).unwrap().count();
        assert_eq!(on_disk, 1);
        assert_eq!(rows(&lake).await, before);
        let ids: Vec<_> = rows_of(&files[0].path)
            .iter()
            .map(|row| (row.0, row.1))
            .collect();
        assert!(ids.is_sorted());
    }
}

#[tokio::test]
async fn large_parts_are_left_alone_and_runs_on_disk_are_merged_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    let overview = "long ".repeat(4_000);
    // More than is sorted in memory at once, backwards.
    for id in (0..4_000).rev() {
        let observation = Observation {
            kind: Kind::Movies,
            id,
            fetched_at: at(id),
            http_status: 200,
            payload: format!("{{\"id\":{id},\"overview\":\"{overview}{id}\"}}"),
            rejected: None,
        };
        writer.append(observation).await.unwrap();
        if id == 2_000 {
            writer.roll().await.unwrap();
        }
    }
    writer.finish().await.unwrap();
    let before = rows(&lake).await;
    let tiny = CompactOptions {
        target_bytes: 2,
        ..options("tiny")
    };
    assert_eq!(compact(&lake, &tiny).await, Compacted::default());
    let compacted = compact(&lake, &options("all")).await.merged[&Kind::Movies];
    assert_eq!((compacted.n_after, compacted.n_rows), (1, 4_000));
    assert_eq!(rows(&lake).await, before);
    let path = &lake.files(Kind::Movies).await.unwrap()[0].path;
    assert!(rows_of(path).iter().map(|row| row.0).eq(0..4_000));
}

#[tokio::test]
async fn a_kill_at_any_step_leaves_a_whole_lake() {
    let mut dice = Dice(99);
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    fill(&lake, "run", &mut dice, 60).await;
    let before = rows(&lake).await;
    let patient = CompactOptions {
        grace: TimeDelta::days(1),
        ..options("one")
    };
    compact(&lake, &patient).await;

    // After the upload, before the manifest.
    let manifest = folder.path().join("manifests/0000000003.json");
    assert!(manifest.exists());
    for number in 1..=3 {
        fs::remove_file(folder.path().join(format!("manifests/{number:010}.json"))).unwrap();
    }
    assert_eq!(rows(&lake).await, before);
    compact(
        &lake,
        &CompactOptions {
            id: "two".to_owned(),
            ..patient.clone()
        },
    )
    .await;
    assert_eq!(rows(&lake).await, before);
    let orphan = folder.path().join("movies/merged-one-0000.parquet");
    assert!(!orphan.exists());

    // In the middle of the deletes.
    let replaced: Vec<_> = fs::read_dir(folder.path().join("movies"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("run-")
        })
        .collect();
    for path in replaced.iter().step_by(2) {
        fs::remove_file(path).unwrap();
    }
    assert_eq!(rows(&lake).await, before);
    compact(&lake, &options("three")).await;
    assert!(replaced.iter().all(|path| !path.exists()));
    assert_eq!(rows(&lake).await, before);

    // Somebody deleted the manifests: what they named is found again.
    fs::remove_dir_all(folder.path().join("manifests")).unwrap();
    assert_eq!(rows(&lake).await[&Kind::Movies], []);
    compact(&lake, &options("four")).await;
    assert_eq!(rows(&lake).await, before);
}

#[tokio::test]
async fn names_and_days_live_on_in_what_replaced_them() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    let observation = |kind| Observation {
        kind,
        id: 1,
        fetched_at: at(1),
        http_status: 200,
        payload: "{\"id\":1}".to_owned(),
        rejected: None,
    };
    for day in ["2026-07-01", "2026-07-02"] {
        let mut export = writer.day(Kind::MovieExports, day.parse().unwrap());
        export.append(observation(Kind::MovieExports)).unwrap();
        export.finish().await.unwrap();
        writer.append(observation(Kind::Movies)).await.unwrap();
        writer.roll().await.unwrap();
    }
    writer.append(observation(Kind::Movies)).await.unwrap();
    drop(writer);
    let segment = lake.journal().join("run-0002.jsonl");
    let bytes = fs::read(&segment).unwrap();
    let days = lake.export_days(Kind::MovieExports).await.unwrap();
    compact(&lake, &options("one")).await;
    compact(&lake, &options("two")).await;
    assert_eq!(lake.export_days(Kind::MovieExports).await.unwrap(), days);
    assert_eq!(lake.files(Kind::Movies).await.unwrap().len(), 1);

    // As if the process had been killed between its part and the delete of the segment.
    fs::write(&segment, bytes).unwrap();
    assert_eq!(lake.recover().await.unwrap().observations, 0);
    assert_eq!(rows(&lake).await[&Kind::Movies].len(), 3);
    assert_eq!(lake.next_number("run").await.unwrap(), 3);
    let taken = lake.writer("merged-1", WriterOptions::default());
    assert!(matches!(taken, Err(Error::RunName { .. })));
}

#[tokio::test]
async fn a_damaged_part_stops_the_merge_and_nothing_changes() {
    let mut dice = Dice(5);
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    fill(&lake, "run", &mut dice, 40).await;
    let file = lake.files(Kind::Movies).await.unwrap().remove(1);
    let names = |files: Vec<LakeFile>| files.into_iter().map(|file| file.name).collect::<Vec<_>>();
    let before = names(lake.files(Kind::Movies).await.unwrap());
    let mut bytes = fs::read(&file.path).unwrap();
    let whole = bytes.clone();
    let middle = bytes.len() / 2;
    bytes[4..middle].fill(7);
    fs::write(&file.path, &bytes).unwrap();
    let error = lake
        .compact(&options("one"), nothing(), &|_, _| {})
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Part { path, .. } if *path == file.path),
        "{error}"
    );
    assert_eq!(names(lake.files(Kind::Movies).await.unwrap()), before);
    let names = fs::read_dir(lake.journal())
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    assert_eq!(names.collect::<Vec<_>>(), ["lock"]);
    fs::write(&file.path, &whole).unwrap();
    compact(&lake, &options("two")).await;
}

#[tokio::test]
async fn nothing_goes_that_is_read_or_named() {
    let mut dice = Dice(5);
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    fill(&lake, "run", &mut dice, 40).await;
    let first = lake.files(Kind::Movies).await.unwrap().remove(0).path;
    let reading = Lake::open(folder.path()).unwrap().reading().unwrap();
    let compacted = compact(&lake, &options("one")).await;
    assert!(
        compacted.is_read && compacted.removed.n_files == 0,
        "{compacted:?}"
    );
    drop(reading);
    let pinned = first.clone();
    let pin: IsPinned = Arc::new(move |path| path == pinned);
    let compacted = lake
        .compact(&options("two"), pin, &|_, _| {})
        .await
        .unwrap();
    assert!(compacted.removed.n_files > 0, "{compacted:?}");
    assert_eq!((compacted.n_waiting, compacted.n_pinned), (1, 1));
    assert!(first.exists());
    let writer = lake.writer("run2", WriterOptions::default()).unwrap();
    let refused = lake.compact(&options("three"), nothing(), &|_, _| {}).await;
    assert!(matches!(refused, Err(Error::Held { .. })));
    drop(writer);
    assert_eq!(compact(&lake, &options("four")).await.removed.n_files, 1);
}

#[tokio::test]
async fn two_machines_that_compact_one_bucket_lose_and_double_nothing() {
    let server = S3Server::start("films").unwrap();
    let location = Location::parse("s3://films/lake", Path::new("/")).unwrap();
    let machines: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let lakes: Vec<_> = machines
        .iter()
        .map(|local| Lake::at(&location, &server.settings(local.path())).unwrap())
        .collect();
    let mut dice = Dice(3);
    for round in 0..3 {
        fill(&lakes[0], &format!("run{round}"), &mut dice, 60).await;
        let before = rows(&lakes[2]).await;
        let how = |machine: usize| CompactOptions {
            // As the bucket's clock, or what the other machine is just making would look like an orphan.
            now: Utc::now(),
            grace: TimeDelta::days(1),
            ..options(&format!("c{round}-{machine}"))
        };
        let (one, other) = (how(0), how(1));
        let (one, other) = tokio::join!(
            lakes[0].compact(&one, nothing(), &|_, _| {}),
            lakes[1].compact(&other, nothing(), &|_, _| {}),
        );
        one.unwrap();
        other.unwrap();
        assert_eq!(rows(&lakes[2]).await, before, "round {round}");
    }
    let before = rows(&lakes[2]).await;
    let removed = compact(&lakes[1], &options("end")).await.removed;
    assert!(removed.n_files > 10, "{removed:?}");
    assert_eq!(rows(&lakes[0]).await, before);
    let pruned = lakes[0].prune_copies(&nothing()).await.unwrap();
    assert!(pruned.n_files > 10, "{pruned:?}");
    assert_eq!(rows(&lakes[0]).await, before);
}
