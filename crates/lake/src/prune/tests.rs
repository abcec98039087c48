use arrow::datatypes::TimestampMicrosecondType;
use chrono::TimeDelta;

use super::*;
use crate::{Observation, WriterOptions};

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

async fn append(lake: &Lake, run: &str, kind: Kind, seen: &[(i64, i64)]) {
    let options = WriterOptions {
        segment_observations: 2,
        ..WriterOptions::default()
    };
    let mut writer = lake.writer(run, options).unwrap();
    for (id, second) in seen {
        let observation = Observation {
            kind,
            id: *id,
            fetched_at: at(*second),
            http_status: 200,
            payload: format!("{{\"id\":{id}}}"),
            rejected: None,
        };
        writer.append(observation).await.unwrap();
    }
    writer.finish().await.unwrap();
}

async fn seen(lake: &Lake, kind: Kind) -> Vec<(i64, i64)> {
    let mut seen = Vec::new();
    for file in lake.files(kind).await.unwrap() {
        let (part, _) = open_part(&file.path).unwrap();
        for batch in part.build().unwrap() {
            let batch = batch.unwrap();
            let ids = batch.column(0).as_primitive::<Int64Type>();
            let moments = batch.column(1).as_primitive::<TimestampMicrosecondType>();
            let rows = ids.values().iter().zip(moments.values());
            seen.extend(rows.map(|(id, moment)| (*id, *moment / 1_000_000)));
        }
    }
    seen.sort_unstable();
    seen
}

#[tokio::test]
async fn only_what_was_not_fetched_again_goes() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    append(
        &lake,
        "one",
        Kind::Movies,
        &[(1, 10), (2, 20), (3, 30), (4, 40)],
    )
    .await;
    append(&lake, "two", Kind::Movies, &[(1, 100), (2, 50), (5, 110)]).await;
    append(&lake, "three", Kind::People, &[(7, 100)]).await;
    append(&lake, "four", Kind::Genres, &[(0, 10)]).await;
    let options = CompactOptions {
        id: "p1".to_owned(),
        now: at(200),
        grace: TimeDelta::zero(),
        target_bytes: 1,
    };
    let nothing: IsPinned = Arc::new(|_| false);
    let before = seen(&lake, Kind::Movies).await;
    let dry = lake
        .prune(at(60), true, &options, Arc::clone(&nothing))
        .await
        .unwrap();
    let expected = PrunedKind {
        n_ids: 3,
        n_rows: 4,
        oldest: Some(at(30)),
    };
    assert_eq!(dry.kinds, BTreeMap::from([(Kind::Movies, expected)]));
    assert_eq!(seen(&lake, Kind::Movies).await, before);

    let pruned = lake
        .prune(at(60), false, &options, Arc::clone(&nothing))
        .await
        .unwrap();
    assert_eq!(pruned.kinds, dry.kinds);
    assert_eq!((pruned.n_rewritten, pruned.removed.n_files), (3, 3));
    // The old observation of what was fetched again is history, and stays.
    assert_eq!(
        seen(&lake, Kind::Movies).await,
        [(1, 10), (1, 100), (5, 110)]
    );
    assert_eq!(seen(&lake, Kind::People).await, [(7, 100)]);
    assert_eq!(seen(&lake, Kind::Genres).await, [(0, 10)]);
    let verified = lake.verify(&|_, _| {}).await.unwrap();
    assert_eq!(verified.problems, []);
    let again = CompactOptions {
        id: "p2".to_owned(),
        ..options
    };
    let again = lake.prune(at(60), false, &again, nothing).await.unwrap();
    assert_eq!(again, Pruned::default());
}
