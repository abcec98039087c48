//! What becomes of bodies that were damaged on their way or have another shape than ever before.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::{NEWEST, OLDEST, lines, recorded};
use crate::{
    UnknownKeys, decode_configuration, decode_countries, decode_genres, decode_jobs,
    decode_languages, decode_movie, decode_person, inspect_movie, inspect_person,
};

/// A change of a body's bytes.
#[derive(Debug, Clone)]
enum Damage {
    Cut(Index),
    Remove(Index, Index),
    Replace(Index, u8),
    Repeat(Index, Index),
}

/// A change of a body's shape.
#[derive(Debug, Clone)]
enum Change {
    Value(Index, Value),
    Rename(Index),
    Drop(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Damage::Cut),
        (at(), at()).prop_map(|(start, length)| Damage::Remove(start, length)),
        (at(), any::<u8>()).prop_map(|(place, byte)| Damage::Replace(place, byte)),
        (at(), at()).prop_map(|(start, length)| Damage::Repeat(start, length)),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    let value = prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"id": null}])),
        Just(json!(1e308)),
        Just(json!(-1.5)),
        Just(json!(u64::MAX)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    prop_oneof![
        (at(), value).prop_map(|(place, value)| Change::Value(place, value)),
        at().prop_map(Change::Rename),
        at().prop_map(Change::Drop),
    ]
}

fn damaged(body: &str, damages: &[Damage]) -> String {
    let mut bytes = body.as_bytes().to_vec();
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let n = bytes.len();
        let span = |start: &Index, length: &Index| {
            let start = start.index(n);
            start..(start + 1 + length.index(64)).min(n)
        };
        match damage {
            Damage::Cut(place) => bytes.truncate(place.index(n)),
            Damage::Remove(start, length) => drop(bytes.drain(span(start, length))),
            Damage::Replace(place, byte) => bytes[place.index(n)] = *byte,
            Damage::Repeat(start, length) => {
                let span = span(start, length);
                let piece = bytes[span.clone()].to_vec();
                bytes.splice(span.start..span.start, piece);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every place of a body, parents before what they hold.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{path}/{key}"), found);
            }
        }
        Value::Array(values) => {
            for (place, value) in values.iter().enumerate() {
                places(value, &format!("{path}/{place}"), found);
            }
        }
        _ => {}
    }
}

fn changed(body: &str, changes: &[Change]) -> String {
    let mut body: Value = serde_json::from_str(body).unwrap();
    for change in changes {
        let mut found = Vec::new();
        places(&body, "", &mut found);
        let (Change::Value(place, _) | Change::Rename(place) | Change::Drop(place)) = change;
        let path = &found[place.index(found.len())];
        if let Change::Value(_, value) = change {
            *body.pointer_mut(path).unwrap() = value.clone();
            continue;
        }
        let (parent, key) = path.rsplit_once('/').unwrap_or_default();
        if let Some(entries) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
            let removed = entries.remove(key);
            if let (Some(value), Change::Rename(_)) = (removed, change) {
                entries.insert(format!("{key}_anew"), value);
            }
        }
    }
    body.to_string()
}

/// Each decoder reads the body or says where and why not.
fn check(body: &str) {
    let mut unknown = UnknownKeys::default();
    let faults = [
        inspect_movie(body, &mut unknown).err(),
        inspect_person(body, &mut unknown).err(),
        decode_genres(body).err(),
        decode_countries(body).err(),
        decode_languages(body).err(),
        decode_jobs(body).err(),
        decode_configuration(body).err(),
    ];
    for fault in faults.into_iter().flatten() {
        assert!(!fault.path.is_empty() && !fault.reason.is_empty());
    }
    // To count keys changes no verdict.
    let mut again = UnknownKeys::default();
    assert_eq!(
        decode_movie(body).is_ok(),
        inspect_movie(body, &mut again).is_ok()
    );
    assert_eq!(
        decode_person(body).is_ok(),
        inspect_person(body, &mut again).is_ok()
    );
}

fn bodies() -> Vec<String> {
    let files = ["recorded-movies.jsonl.gz", "people.jsonl.gz"];
    let files = files.into_iter().filter_map(recorded);
    let mut bodies: Vec<String> = files
        .flat_map(|file| lines(&file).collect::<Vec<_>>())
        .collect();
    // Long casts make every case slow and show nothing that short ones do not.
    bodies.retain(|body| body.len() < 60_000);
    bodies.extend([OLDEST.to_owned(), NEWEST.to_owned()]);
    bodies
}

#[test]
fn no_damage_and_no_new_shape_makes_a_decoder_panic() {
    let bodies = bodies();
    let mut config = ProptestConfig::with_cases(400);
    config.failure_persistence = None;
    proptest!(config, |(body in any::<Index>(), damages in vec(damage(), 1..4), changes in vec(change(), 1..6))| {
        let body = &bodies[body.index(bodies.len())];
        check(&damaged(body, &damages));
        check(&changed(body, &changes));
    });
}

#[test]
fn a_key_under_another_name_is_counted() {
    let bodies = bodies();
    let mut config = ProptestConfig::with_cases(300);
    config.failure_persistence = None;
    proptest!(config, |(body in any::<Index>(), place in any::<Index>())| {
        let body = &bodies[body.index(bodies.len())];
        let value: Value = serde_json::from_str(body).unwrap();
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        let key = keys[place.index(keys.len())].clone();
        let mut renamed = value.clone();
        let entries = renamed.as_object_mut().unwrap();
        let moved = entries.remove(&key).unwrap();
        entries.insert("anew".to_owned(), moved);
        let mut unknown = UnknownKeys::default();
        match inspect_movie(&renamed.to_string(), &mut unknown) {
            Ok(_) => prop_assert!(unknown.iter().any(|(path, n)| (path, n) == ("anew", 1))),
            Err(fault) => prop_assert!(key == "id", "{}: {}", key, fault),
        }
    });
}
