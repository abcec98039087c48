use chrono::DateTime;

use crate::{Kind, Lake, Observation, WriterOptions};

fn film(id: i64, second: i64, payload: &str) -> Observation {
    Observation {
        kind: Kind::Movies,
        id,
        fetched_at: DateTime::from_timestamp(second, 0).unwrap(),
        http_status: if payload.is_empty() { 404 } else { 200 },
        payload: payload.to_owned(),
        rejected: None,
    }
}

#[tokio::test]
async fn directors_and_the_first_billed_of_the_newest_observations_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut writer = lake.writer("run", WriterOptions::default()).unwrap();
    let cast = r#"{"cast":[{"id":10,"order":0,"name":"A"},{"id":11,"order":7},{"id":null,"order":1},{"id":14}]"#;
    let crew =
        r#""crew":[{"id":12,"job":"Director"},{"id":13,"job":"Editor"},{"job":"Director"}]}"#;
    let films = [
        film(1, 20, &format!(r#"{{"id":1,"credits":{cast},{crew}}}"#)),
        // An older observation, a film without credits, one that is gone.
        film(
            1,
            10,
            r#"{"id":1,"credits":{"cast":[{"id":99,"order":0}]}}"#,
        ),
        film(2, 10, r#"{"id":2,"credits":{"cast":[],"crew":null}}"#),
        film(3, 10, r#"{"id":3}"#),
        film(
            4,
            10,
            r#"{"id":4,"credits":{"cast":[{"id":98,"order":0}]}}"#,
        ),
        film(4, 20, ""),
        film(
            5,
            10,
            r#"{"id":5,"credits":{"cast":[{"id":10,"order":1}]}}"#,
        ),
    ];
    for film in films {
        writer.append(film).await.unwrap();
        writer.roll().await.unwrap();
    }
    writer.finish().await.unwrap();
    assert_eq!(lake.credited(2).await.unwrap(), [10, 12]);
    assert_eq!(lake.credited(8).await.unwrap(), [10, 11, 12]);
    let everybody = lake.credited(i32::MAX).await.unwrap();
    assert_eq!(everybody, [10, 11, 12, 13, 14]);
}
