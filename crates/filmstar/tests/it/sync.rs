//! Kept in step from day to day: what is edited, added, deleted and re-created, and runs that go wrong.

use crate::{
    sandbox::{Sandbox, raw},
    world::{Served, days},
};

/// A project whose API is the world, on a morning.
pub(crate) fn project(served: &Served, day: &str) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.set("FILMSTAR_TMDB__BASE_URL", format!("{}/3", served.url));
    sandbox.set("FILMSTAR_TMDB__REQUESTS_PER_SECOND", "0".to_owned());
    sandbox.set("FILMSTAR_INGEST__EXPORTS", r#"["movies"]"#.to_owned());
    sandbox.set("FILMSTAR_INGEST__PEOPLE", "none".to_owned());
    sandbox.set("FILMSTAR_INGEST__EXPORTS_DAYS", "1".to_owned());
    wake(&mut sandbox, day);
    sandbox
}

/// Lets it be nine in the morning of a day.
pub(crate) fn wake(sandbox: &mut Sandbox, day: &str) {
    sandbox.set("FILMSTAR_CLOCK", format!("{day}T09:00:00Z"));
}

/// An ingest that goes well, and what it says.
pub(crate) fn ingest(sandbox: &Sandbox) -> serde_json::Value {
    serde_json::from_str(&sandbox.succeed(&["ingest", "--json"])).unwrap()
}

/// What the lake says there is: each film's edit.
pub(crate) fn known(sandbox: &Sandbox) -> Vec<(i64, u32)> {
    let rows = raw(
        sandbox,
        "select id, vote_count from
            (select *, row_number() over (partition by id order by fetched_at desc) as age from raw.movies)
         where age = 1 and http_status = 200 order by id",
    );
    let number = |value: &serde_json::Value| value.as_i64().unwrap();
    rows.iter()
        .map(|row| (number(&row[0]), number(&row[1]) as u32))
        .collect()
}

#[test]
fn what_happens_between_two_runs_is_in_the_lake_after_the_second() {
    let served = Served::start(20);
    served.world().publish("2026-11-01");
    let mut sandbox = project(&served, "2026-11-01");
    let told = ingest(&sandbox);
    assert_eq!(told["movies"]["fetched"], 20, "{told}");
    assert_eq!(told["changes"]["movies"]["is_in_step"], true, "{told}");
    assert_eq!(served.asked(), (1..=20).collect::<Vec<i64>>());

    {
        let mut world = served.world();
        world.edit("2026-11-01", 3);
        // Deleted, one told of and one not; and one that is new.
        world.films.remove(&5);
        world.changes.push(("2026-11-02".parse().unwrap(), 5));
        world.films.remove(&6);
        world.films.insert(21, 0);
        world.publish("2026-11-02");
    }
    wake(&mut sandbox, "2026-11-02");
    let told = ingest(&sandbox);
    assert_eq!(served.asked(), [3, 5, 6, 21], "{told}");
    assert_eq!(told["movies"]["gone"], 2, "{told}");
    assert_eq!(known(&sandbox), served.world().truth());

    {
        let mut world = served.world();
        // One comes back as the feed says, one as the export says.
        world.films.insert(5, 7);
        world.changes.push(("2026-11-02".parse().unwrap(), 5));
        world.films.insert(6, 8);
        world.publish("2026-11-03");
    }
    wake(&mut sandbox, "2026-11-03");
    ingest(&sandbox);
    assert_eq!(known(&sandbox), served.world().truth());
    served.asked();
    let told = ingest(&sandbox);
    // Whoever was named today may have changed again since.
    assert!(
        served.asked().iter().all(|id| [3, 5].contains(id)),
        "{told}"
    );
}

#[test]
fn a_gap_of_weeks_is_read_day_for_day() {
    let served = Served::start(10);
    served.world().publish("2026-09-01");
    let mut sandbox = project(&served, "2026-09-01");
    ingest(&sandbox);
    {
        let mut world = served.world();
        world.edit("2026-09-02", 2);
        world.edit("2026-09-20", 4);
        world.edit("2026-10-31", 6);
        world.publish("2026-11-01");
        world.windows.clear();
    }
    wake(&mut sandbox, "2026-11-01");
    ingest(&sandbox);
    assert_eq!(known(&sandbox), served.world().truth());
    let windows = served.world().windows.clone();
    for day in days("2026-09-01", "2026-11-01") {
        let is_read =
            |(start, end): &(chrono::NaiveDate, chrono::NaiveDate)| (*start..*end).contains(&day);
        assert!(windows.iter().any(is_read), "{day} in {windows:?}");
    }
}

#[test]
fn what_could_not_be_fetched_is_asked_for_again_however_late() {
    let served = Served::start(10);
    served.world().publish("2026-11-01");
    let mut sandbox = project(&served, "2026-11-01");
    ingest(&sandbox);
    {
        let mut world = served.world();
        world.edit("2026-11-02", 4);
        world.refused.insert(4);
        world.publish("2026-11-02");
        world.publish("2026-11-06");
    }
    wake(&mut sandbox, "2026-11-02");
    let told = ingest(&sandbox);
    assert_eq!(told["movies"]["failed"], 1, "{told}");
    assert_eq!(told["changes"]["movies"]["is_in_step"], false, "{told}");
    served.world().refused.clear();
    wake(&mut sandbox, "2026-11-06");
    let told = ingest(&sandbox);
    assert_eq!(told["changes"]["movies"]["is_in_step"], true, "{told}");
    assert_eq!(known(&sandbox), served.world().truth());
}

#[test]
fn a_run_that_may_make_few_calls_goes_on_where_it_stopped() {
    let served = Served::start(30);
    served.world().publish("2026-11-01");
    let sandbox = project(&served, "2026-11-01");
    let mut asked = Vec::new();
    let mut n_partial = 0;
    loop {
        let output = sandbox
            .filmstar(&["ingest", "--json", "--limit-calls", "18"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect(&said);
        assert!(told["requests"]["sent"].as_u64().unwrap() <= 18, "{told}");
        asked.extend(served.asked());
        if output.status.success() {
            break;
        }
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert_eq!(told["status"], "partial");
        assert!(
            said.contains("`filmstar ingest` goes on from here"),
            "{said}"
        );
        n_partial += 1;
        assert!(n_partial < 10, "no end: {told}");
    }
    assert!(n_partial >= 2);
    asked.sort_unstable();
    assert_eq!(asked, (1..=30).collect::<Vec<i64>>(), "each once");
    assert_eq!(known(&sandbox), served.world().truth());
}

#[test]
fn what_could_not_be_decoded_is_asked_for_again() {
    let served = Served::start(5);
    {
        let mut world = served.world();
        world.odd.insert(3);
        world.publish("2026-11-01");
        world.publish("2026-11-02");
    }
    let mut sandbox = project(&served, "2026-11-01");
    let told = ingest(&sandbox);
    assert_eq!(told["movies"]["quarantined"], 1, "{told}");
    let kept = raw(
        &sandbox,
        "select id, kind, reason, payload from raw.quarantine",
    );
    assert_eq!(kept[0][0], 3);
    assert!(kept[0][3].as_str().unwrap().contains("a film"), "{kept:?}");
    served.world().odd.clear();
    served.asked();
    wake(&mut sandbox, "2026-11-02");
    ingest(&sandbox);
    assert_eq!(served.asked(), [3]);
    assert_eq!(known(&sandbox), served.world().truth());
}

#[test]
fn without_a_whole_export_films_are_discovered_and_nothing_of_it_stays() {
    let served = Served::start(8);
    {
        let mut world = served.world();
        world.publish("2026-11-01");
        world.export_bytes = Some(40);
    }
    let sandbox = project(&served, "2026-11-01");
    let output = sandbox.filmstar(&["ingest"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("it broke off or is damaged"), "{said}");
    assert!(said.contains("films are discovered instead"), "{said}");
    assert_eq!(known(&sandbox), served.world().truth());
    let rows = raw(&sandbox, "select count(*) from raw.movie_exports");
    assert_eq!(rows[0][0], 0);

    // Nobody is taken for gone because a file was.
    let told = ingest(&sandbox);
    assert_eq!(told["movies"]["gone"], 0, "{told}");
}

#[test]
fn ways_can_be_named() {
    let served = Served::start(6);
    served.world().publish("2026-11-01");
    let sandbox = project(&served, "2026-11-01");
    let told = sandbox.succeed(&["ingest", "--json", "--strategy", "reference"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["strategies"], serde_json::json!(["reference"]));
    assert_eq!(told["movies"]["fetched"], 0);
    sandbox.succeed(&["ingest", "--strategy", "catalogue,exports"]);
    assert_eq!(known(&sandbox), served.world().truth());
    let refused = sandbox
        .filmstar(&["ingest", "--strategy", "everything"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("discover, catalogue, changes"), "{said}");
}

#[test]
fn a_dry_run_says_what_each_way_takes_and_fetches_nothing() {
    let served = Served::start(6);
    served.world().publish("2026-11-01");
    let sandbox = project(&served, "2026-11-01");
    let told = sandbox.succeed(&["ingest", "--dry-run", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let ways: Vec<&str> = told["strategies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| way["strategy"].as_str().unwrap())
        .collect();
    let first = [
        "reference",
        "catalogue",
        "changes",
        "reconcile",
        "details",
        "exports",
    ];
    assert_eq!(ways, first);
    assert_eq!(told["strategies"][1]["calls"], 6, "{told}");
    assert!(told["bytes"].as_u64().unwrap() > 0);
    assert!(served.asked().is_empty());
    ingest(&sandbox);
    let said = sandbox.succeed(&["ingest", "--dry-run"]);
    assert!(said.contains("in step 0 h ago"), "{said}");
}
