use arrow::json::{WriterBuilder, writer::LineDelimited};
use chrono::DateTime;
use serde_json::json;

use super::*;

fn observation(kind: Kind, payload: &str) -> Observation {
    Observation {
        kind,
        id: 7,
        fetched_at: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
        http_status: 200,
        payload: payload.to_owned(),
        rejected: None,
    }
}

fn origin() -> Origin {
    Origin {
        run_id: "run".to_owned(),
        export_date: None,
    }
}

/// The row that a body becomes, and its odd values.
fn row(kind: Kind, payload: &str) -> (Value, Drift) {
    let mut drift = Drift::new();
    let Ok(batch) = batch(kind, &origin(), &[observation(kind, payload)], &mut drift) else {
        panic!("{payload}")
    };
    let mut lines = Vec::new();
    let mut writer = WriterBuilder::new()
        .with_explicit_nulls(true)
        .build::<_, LineDelimited>(&mut lines);
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    (serde_json::from_slice(&lines).unwrap(), drift)
}

#[test]
fn every_table_starts_with_the_observation_and_ends_with_the_payload() {
    for kind in Kind::ALL {
        let schema = kind.schema();
        let names: Vec<_> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        assert_eq!(names[..4], ["id", "fetched_at", "http_status", "run_id"]);
        assert_eq!(names.last(), Some(&"payload"));
    }
}

#[test]
fn a_missing_block_is_unknown_and_an_empty_one_is_none() {
    let (row, drift) = row(
        Kind::Movies,
        r#"{"id":7,"genres":[],"keywords":{"keywords":[]},"credits":{"crew":null}}"#,
    );
    for (column, value) in [
        ("genres", json!([])),
        ("keywords", json!([])),
        ("credits_cast", json!(null)),
        ("credits_crew", json!(null)),
        ("release_dates", json!(null)),
        ("belongs_to_collection", json!(null)),
        ("title", json!(null)),
    ] {
        assert_eq!(row[column], value, "{column}");
    }
    assert_eq!(drift, Drift::new());
}

#[test]
fn values_are_taken_as_they_are_meant_or_counted_as_odd() {
    let odd = |column: &str| Drift::from([(format!("movies.{column}"), 1)]);
    let none = Drift::new();
    for (member, column, value, drift) in [
        (
            r#""budget":2923706026"#,
            "budget",
            json!(2_923_706_026_i64),
            none.clone(),
        ),
        (r#""budget":3.0"#, "budget", json!(3), none.clone()),
        (r#""budget":3.5"#, "budget", json!(null), odd("budget")),
        (r#""budget":"3""#, "budget", json!(null), odd("budget")),
        (
            r#""budget":18446744073709551615"#,
            "budget",
            json!(null),
            odd("budget"),
        ),
        (
            r#""runtime":2147483648"#,
            "runtime",
            json!(null),
            odd("runtime"),
        ),
        (
            r#""popularity":12"#,
            "popularity",
            json!(12.0),
            none.clone(),
        ),
        (r#""overview":"""#, "overview", json!(""), none.clone()),
        (r#""title":5"#, "title", json!(null), odd("title")),
        (r#""adult":null"#, "adult", json!(null), none.clone()),
        (r#""adult":0"#, "adult", json!(null), odd("adult")),
        (
            r#""release_date":"""#,
            "release_date",
            json!(null),
            none.clone(),
        ),
        (
            r#""release_date":"1999-10-15""#,
            "release_date",
            json!("1999-10-15"),
            none.clone(),
        ),
        (
            r#""release_date":"1999-10-15T00:00:00.000Z""#,
            "release_date",
            json!("1999-10-15"),
            none.clone(),
        ),
        (
            r#""release_date":"1999-13-15""#,
            "release_date",
            json!(null),
            odd("release_date"),
        ),
        (
            r#""release_date":"99-1-1""#,
            "release_date",
            json!(null),
            odd("release_date"),
        ),
        (r#""genres":{"id":1}"#, "genres", json!(null), odd("genres")),
        (
            r#""genres":[{"id":"1"}]"#,
            "genres",
            json!([{"id": null, "name": null}]),
            odd("genres.id"),
        ),
        (
            r#""origin_country":["US",1]"#,
            "origin_country",
            json!(["US", null]),
            odd("origin_country"),
        ),
        (
            r#""title":"a","title":"b""#,
            "title",
            json!("a"),
            none.clone(),
        ),
        (
            r#""genres":[{"id":1,"id":2,"new":[{}]}]"#,
            "genres",
            json!([{"id": 1, "name": null}]),
            none.clone(),
        ),
        (r#""credits":[]"#, "credits_cast", json!(null), none),
    ] {
        let (row, found) = row(Kind::Movies, &format!("{{{member}}}"));
        assert_eq!((&row[column], found), (&value, drift), "{member}");
    }
}

#[test]
fn release_dates_carry_their_country_in_each_of_the_three_forms() {
    let body = r#"{"release_dates":{"results":[
        {"release_dates":[{"type":1,"release_date":"2013-02-14T01:02:03.000Z"}],"iso_3166_1":"NL"},
        {"iso_3166_1":"US","release_dates":[{"release_date":"2023-10-06 14:00:15 UTC"},{"release_date":"2024-01-10"}]},
        {"iso_3166_1":"XX"},"odd"]}}"#;
    let (row, drift) = row(Kind::Movies, body);
    let entries: Vec<_> = row["release_dates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (&entry["iso_3166_1"], &entry["release_date"]))
        .collect();
    assert_eq!(
        entries,
        [
            (&json!("NL"), &json!("2013-02-14T01:02:03")),
            (&json!("US"), &json!("2023-10-06T14:00:15")),
            (&json!("US"), &json!("2024-01-10T00:00:00")),
        ],
    );
    assert_eq!(row["release_dates"][0]["type"], json!(1));
    assert_eq!(drift, Drift::new());
}

#[test]
fn bodies_that_are_bare_arrays_are_their_column() {
    let (countries, _) = row(
        Kind::Countries,
        r#"[{"iso_3166_1":"AD","english_name":"Andorra","native_name":"Andorra"}]"#,
    );
    assert_eq!(
        countries["countries"],
        json!([{"iso_3166_1": "AD", "english_name": "Andorra", "native_name": "Andorra"}])
    );
    let (jobs, _) = row(Kind::Jobs, r#"[{"department":"Art","jobs":["Painter"]}]"#);
    assert_eq!(
        jobs["departments"],
        json!([{"department": "Art", "jobs": ["Painter"]}])
    );
    let (genres, _) = row(Kind::Genres, r#"{"genres":[{"id":28,"name":"Action"}]}"#);
    assert_eq!(genres["genres"], json!([{"id": 28, "name": "Action"}]));
}

#[test]
fn a_tombstone_has_no_values() {
    let mut drift = Drift::new();
    let gone = Observation {
        http_status: 404,
        ..observation(
            Kind::Movies,
            r#"{"success":false,"status_code":34,"title":"not a title"}"#,
        )
    };
    let Ok(batch) = batch(Kind::Movies, &origin(), &[gone], &mut drift) else {
        panic!("a tombstone is a row")
    };
    let typed = &batch.columns()[4..batch.num_columns() - 1];
    assert!(typed.iter().all(|column| column.null_count() == 1));
}
