//! A part of the catalogue that the user names: by id, by release date, by day of export.

use serde_json::{Value, json};

use crate::{
    sandbox::{Sandbox, Server, raw},
    sync::{known, project, wake},
    world::Served,
};

fn ingest(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let told = sandbox.succeed(&[&["ingest", "--json"], arguments].concat());
    serde_json::from_str(&told).unwrap()
}

fn refused(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let output = sandbox.filmstar(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn ids_are_fetched_alone_and_again_when_that_is_asked_for() {
    let served = Served::start(10);
    let mut sandbox = project(&served, "2026-11-01");
    // No floor holds back what is named.
    sandbox.set("FILMSTAR_INGEST__MIN_VOTES", "1000".to_owned());
    let plan = ingest(&sandbox, &["--ids", "2-4,9", "--dry-run"]);
    assert_eq!(
        (&plan["films"], &plan["requests"]),
        (&json!(4), &json!(4)),
        "{plan}"
    );
    assert!(served.asked().is_empty());

    let told = ingest(&sandbox, &["--ids", "2-4,3,9,40"]);
    assert_eq!(told["strategies"], json!(["ids"]), "{told}");
    assert_eq!(served.asked(), [2, 3, 4, 9, 40]);
    assert_eq!(told["movies"]["gone"], 1, "there is no film 40: {told}");
    assert_eq!(known(&sandbox), [(2, 0), (3, 0), (4, 0), (9, 0)]);

    let told = ingest(&sandbox, &["--ids", "1-4"]);
    assert_eq!(served.asked(), [1], "{told}");
    assert_eq!(told["movies"]["fresh"], 3, "{told}");
    wake(&mut sandbox, "2026-11-02");
    served.world().edit("2026-11-02", 4);
    ingest(&sandbox, &["--ids", "3-4", "--again"]);
    assert_eq!(served.asked(), [3, 4]);
    assert_eq!(known(&sandbox)[3], (4, 1));
}

#[test]
fn films_of_a_span_are_those_that_a_whole_ingest_has_of_it() {
    let api = Server::generated(300);
    let whole = Sandbox::with_api(&api);
    whole.succeed(&["ingest", "--strategy", "discover"]);
    let dates = "select id, cast(release_date as varchar) from raw.movies order by id";
    let mut expected = raw(&whole, dates);
    expected.retain(|row| {
        let date = row[1].as_str().unwrap_or_default();
        ("1990-06-15"..="2009-03-31").contains(&date)
    });
    assert!((5..200).contains(&expected.len()), "{}", expected.len());

    let part = Sandbox::with_api(&api);
    let span = ["--released", "1990-06-15..2009-03-31"];
    let plan = ingest(&part, &[&span[..], &["--dry-run"]].concat());
    assert_eq!(plan["films"], json!(expected.len()), "{plan}");
    assert!(!part.path().join("data/lake").exists());
    let told = ingest(&part, &span);
    assert_eq!(told["strategies"], json!(["discover", "people"]), "{told}");
    assert!(told["people"]["fetched"].as_u64().unwrap() > 0, "{told}");
    let mut found = raw(&part, dates);
    // A film may be listed with a date that its own body lacks.
    found.retain(|row| row[1].is_string());
    assert_eq!(found, expected);
}

#[test]
fn exports_are_fetched_from_a_day_on() {
    let served = Served::start(3);
    for day in [
        "2026-10-28",
        "2026-10-29",
        "2026-10-30",
        "2026-10-31",
        "2026-11-01",
    ] {
        served.world().publish(day);
    }
    let sandbox = project(&served, "2026-11-01");
    let told = ingest(&sandbox, &["--exports-since", "2026-10-30"]);
    assert_eq!(told["strategies"], json!(["exports"]), "{told}");
    assert_eq!(told["exports"]["fetched"], 3, "{told}");
    assert!(served.asked().is_empty(), "exports are no calls");
    let told = ingest(&sandbox, &["--exports-since", "2026-10-28"]);
    let exports = &told["exports"];
    assert_eq!(
        (&exports["fetched"], &exports["fresh"]),
        (&json!(2), &json!(3))
    );
    let said = refused(&sandbox, &["ingest", "--exports-since", "2026-01-01"]);
    assert!(
        said.contains("there are those of 2026-08-04 to 2026-11-01"),
        "{said}"
    );
}

#[test]
fn a_run_builds_from_the_part_that_it_fetched() {
    let api = Server::generated(60);
    let sandbox = Sandbox::with_api(&api);
    sandbox.succeed(&["ingest", "--strategy", "reference,discover"]);
    let ids = raw(&sandbox, "select id from raw.movies order by id limit 20");
    let ids: Vec<_> = ids.iter().map(|row| row[0].to_string()).collect();
    let fresh = Sandbox::with_api(&api);
    fresh.succeed(&["ingest", "--strategy", "reference"]);
    let told = fresh.succeed(&["run", "--json", "--ids", &ids.join(",")]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["ingest"]["movies"]["fetched"], 20, "{told}");
    assert_eq!(fresh.value("select count(*) from dim_movies"), "20");
}

#[test]
fn what_makes_no_sense_together_is_refused() {
    let sandbox = Sandbox::new();
    let said = refused(&sandbox, &["ingest", "--ids", "5", "--strategy", "people"]);
    assert!(said.contains("cannot be used with"), "{said}");
    let said = refused(&sandbox, &["ingest", "--released", "1990", "--dry-run"]);
    assert!(said.contains("write a day or two"), "{said}");
    let said = refused(&sandbox, &["run", "--again"]);
    assert!(
        said.contains("--again is for films, and none are named"),
        "{said}"
    );
}
