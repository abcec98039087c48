//! From the API to the lake: nothing lost, nothing twice, nothing fetched again without need.

use std::{collections::BTreeMap, process::Stdio, thread, time::Duration};

use serde_json::json;

use crate::sandbox::{Sandbox, Server, raw, real_films};

/// Every observation of a film in the lake as id → payload.
fn movies(sandbox: &Sandbox) -> BTreeMap<i64, String> {
    let json = raw(sandbox, "select id, payload from raw.movies order by id");
    let by_id: BTreeMap<i64, String> = json
        .iter()
        .map(|row| {
            (
                row[0].as_i64().unwrap(),
                row[1].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    assert_eq!(by_id.len(), json.len(), "an id is there twice");
    by_id
}

#[test]
fn a_second_ingest_fetches_nothing_that_is_fresh() {
    let server = Server::generated(300);
    let sandbox = Sandbox::with_api(&server);
    let first: serde_json::Value =
        serde_json::from_str(&sandbox.succeed(&["ingest", "--json"])).unwrap();
    let before = movies(&sandbox);
    assert_eq!(before.len(), 300);
    let again: serde_json::Value =
        serde_json::from_str(&sandbox.succeed(&["ingest", "--json"])).unwrap();
    assert_eq!(again["movies"]["fetched"], 0, "{again}");
    assert_eq!(again["movies"]["fresh"], 300, "{again}");
    // Several ways find the same people.
    assert_eq!(again["people"]["fetched"], 0, "{again}");
    assert_eq!(
        again["people"]["fresh"], first["people"]["fetched"],
        "{again}"
    );
    assert_eq!(movies(&sandbox), before);
}

#[test]
fn a_kill_loses_nothing_that_was_fetched() {
    let server = Server::simulate(&["--films", "600", "--seed", "7", "--latency-ms", "3"]);
    let undisturbed = Sandbox::with_api(&server);
    undisturbed.succeed(&["ingest"]);
    let killed = Sandbox::with_api(&server);
    for round in 0..6 {
        let mut child = killed
            .filmstar(&["ingest"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(120 + 70 * round));
        drop(child.kill());
        child.wait().unwrap();
    }
    killed.succeed(&["ingest"]);
    assert_eq!(movies(&killed), movies(&undisturbed));
}

#[test]
fn every_real_film_lands() {
    let Some(file) = real_films() else { return };
    let server = Server::simulate(&["--replay", file.to_str().unwrap()]);
    let sandbox = Sandbox::with_api(&server);
    let told: serde_json::Value =
        serde_json::from_str(&sandbox.succeed(&["ingest", "--json"])).unwrap();
    assert_eq!(told["movies"]["fetched"], 3336, "{told}");
    assert_eq!(movies(&sandbox).len(), 3336);
}

#[test]
fn a_refused_key_stops_the_run_and_leaves_the_lake() {
    let server = Server::simulate(&[
        "--films",
        "50",
        "--seed",
        "7",
        "--credential",
        "the-only-key",
    ]);
    let sandbox = Sandbox::with_api(&server);
    let refused = sandbox
        .filmstar(&["ingest"])
        .env("TMDB_API_KEY", "another")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("TMDB_API_KEY"), "{said}");
    assert!(
        !said.contains("another"),
        "a credential must not be shown: {said}"
    );
    let accepted = sandbox
        .filmstar(&["ingest"])
        .env("TMDB_API_KEY", "the-only-key")
        .output()
        .unwrap();
    assert!(
        accepted.status.success(),
        "{}",
        String::from_utf8_lossy(&accepted.stderr)
    );
}

/// An ingest, and what it says of the daily exports.
fn exports(sandbox: &Sandbox) -> serde_json::Value {
    let told = sandbox.succeed(&["ingest", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    told["exports"].clone()
}

#[test]
fn daily_exports_land_whole_and_missed_days_later() {
    let server = Server::generated(200);
    let mut sandbox = Sandbox::with_api(&server);
    let told = exports(&sandbox);
    assert_eq!((&told["fetched"], &told["fresh"]), (&json!(2), &json!(0)));
    let days = |sandbox: &Sandbox, table: &str| {
        let sql = format!(
            "select export_date, count(*) as n, count(distinct id) as n_ids, count(popularity) as n_known,
                count(distinct fetched_at) as n_files, bool_and(contains(payload, '\"id\":' || id)) as is_verbatim
            from raw.{table} group by export_date order by export_date desc"
        );
        raw(sandbox, &sql)
    };
    let films = days(&sandbox, "movie_exports");
    assert_eq!(films.len(), 1);
    // Adult films are in a file of their own.
    let n_films = films[0][1].as_u64().unwrap();
    assert!((190..=200).contains(&n_films), "{films:?}");
    assert_eq!(
        films[0][1..],
        [
            json!(n_films),
            json!(n_films),
            json!(n_films),
            json!(1),
            json!(true)
        ]
    );
    let people = days(&sandbox, "person_exports");
    let n_people = people[0][1].as_u64().unwrap();
    assert_eq!(told["rows"], n_films + n_people);

    // What is there is not asked for again, so a host that is away goes unnoticed.
    sandbox.set("FILMSTAR_TMDB__EXPORTS_URL", NOBODY.to_owned());
    let told = exports(&sandbox);
    assert_eq!((&told["fetched"], &told["fresh"]), (&json!(0), &json!(2)));
    assert_eq!(told["failed"], 0);

    sandbox.set(
        "FILMSTAR_TMDB__EXPORTS_URL",
        format!("{}/p/exports", server.url),
    );
    sandbox.set("FILMSTAR_INGEST__EXPORTS_DAYS", "4".to_owned());
    let told = exports(&sandbox);
    assert_eq!((&told["fetched"], &told["fresh"]), (&json!(6), &json!(2)));
    let films = days(&sandbox, "movie_exports");
    let dates: Vec<chrono::NaiveDate> = films
        .iter()
        .map(|day| day[0].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(dates.len(), 4);
    assert!(
        dates
            .windows(2)
            .all(|days| days[0].pred_opt() == Some(days[1]))
    );
    assert!(films.iter().all(|day| day[1] == n_films));
    assert_eq!(days(&sandbox, "person_exports").len(), 4);
    let movers = "select count(*) from (
        select id from raw.movie_exports group by id having count(distinct popularity) > 1)";
    assert!(raw(&sandbox, movers)[0][0].as_u64().unwrap() > n_films / 2);
}

#[test]
fn a_search_under_a_limit_of_calls_comes_to_its_end_and_the_next_begins_anew() {
    let server = Server::generated(120);
    let sandbox = Sandbox::with_api(&server);
    let search = |limit: &str| {
        let arguments = ["ingest", "--json", "--strategy", "discover"];
        let limit = ["--limit-calls", limit];
        let output = sandbox
            .filmstar(&[&arguments[..], &limit].concat())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect(&said);
        (output.status.code(), told)
    };
    let mut n_partial = 0;
    while let (Some(4), told) = search("50") {
        n_partial += 1;
        assert!(n_partial < 10, "no end: {told}");
    }
    assert!(n_partial >= 2);
    assert_eq!(movies(&sandbox).len(), 120);
    let marks = |what: &str| {
        let sql =
            format!("select count(*) from raw.syncs where feed = 'discover' and state = '{what}'");
        raw(&sandbox, &sql)[0][0].clone()
    };
    // Those without a date, and one window.
    assert_eq!(
        (marks("begun"), marks("read"), marks("done")),
        (json!(1), json!(2), json!(1))
    );
    let (code, told) = search("1000");
    assert_eq!((code, &told["movies"]["fresh"]), (Some(0), &json!(120)));
    assert_eq!((marks("begun"), marks("done")), (json!(2), json!(2)));
}

#[test]
fn who_asks_for_names_gets_the_newest_list_of_each() {
    let server = Server::generated(200);
    let mut sandbox = Sandbox::with_api(&server);
    sandbox.set("FILMSTAR_INGEST__PEOPLE", "none".to_owned());
    sandbox.set("FILMSTAR_INGEST__EXPORTS_DAYS", "3".to_owned());
    let named = r#"["movies", "collections", "companies", "keywords"]"#;
    sandbox.set("FILMSTAR_INGEST__EXPORTS", named.to_owned());
    let told = exports(&sandbox);
    assert_eq!((&told["fetched"], &told["fresh"]), (&json!(6), &json!(0)));
    // Whoever a film names is there, and by that name.
    let lacking = raw(
        &sandbox,
        "with listed as (
            select 'collection' as list, id, name from raw.collection_exports
            union all select 'company', id, name from raw.company_exports
            union all select 'keyword', id, name from raw.keyword_exports
        ), told as (
            select 'collection' as list, belongs_to_collection.id, belongs_to_collection.name from raw.movies
            union all select 'company', unnest(production_companies).id, unnest(production_companies).name from raw.movies
            union all select 'keyword', unnest(keywords).id, unnest(keywords).name from raw.movies
        )
        select list, count(distinct told.id), count(told.id) filter (listed.id is null)
        from told left join listed using (list, id, name)
        group by list order by list",
    );
    for row in &lacking {
        assert!(row[1].as_u64().unwrap() > 0, "{lacking:?}");
        assert_eq!(row[2], 0, "{lacking:?}");
    }
    assert_eq!(lacking.len(), 3);
    let told = exports(&sandbox);
    assert_eq!((&told["fetched"], &told["fresh"]), (&json!(0), &json!(6)));
}

/// No server: the port is one that nothing listens on.
const NOBODY: &str = "http://127.0.0.1:9/p/exports";

#[test]
fn without_the_host_of_the_exports_films_and_people_still_land() {
    let server = Server::generated(60);
    let mut sandbox = Sandbox::with_api(&server);
    sandbox.set("FILMSTAR_TMDB__EXPORTS_URL", NOBODY.to_owned());
    let ingest = |sandbox: &Sandbox| {
        let output = sandbox.filmstar(&["ingest", "--json"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (told, said)
    };
    let (told, said) = ingest(&sandbox);
    assert_eq!(told["movies"]["fetched"], 60);
    assert_eq!(told["exports"]["failed"], 2);
    assert!(said.contains("no daily export of the films of"), "{said}");
    assert!(said.contains("left to the next run"), "{said}");
    assert_eq!(movies(&sandbox).len(), 60);
    assert_eq!(
        raw(&sandbox, "select count(*) from raw.movie_exports"),
        [[json!(0)]]
    );

    // A host that answers, but has no such files.
    let elsewhere = format!("{}/p/exports/elsewhere", server.url);
    sandbox.set("FILMSTAR_TMDB__EXPORTS_URL", elsewhere);
    let (told, said) = ingest(&sandbox);
    assert_eq!(told["exports"]["missing"], 2);
    assert!(
        said.contains("TMDB has no daily export of the films of"),
        "{said}"
    );

    // Nobody who wants none is told of any.
    sandbox.set("FILMSTAR_INGEST__EXPORTS_DAYS", "0".to_owned());
    let (told, said) = ingest(&sandbox);
    assert_eq!(told["exports"]["missing"], 0);
    assert!(!said.contains("export"), "{said}");

    // One kind alone.
    sandbox.set(
        "FILMSTAR_TMDB__EXPORTS_URL",
        format!("{}/p/exports", server.url),
    );
    sandbox.set("FILMSTAR_INGEST__EXPORTS_DAYS", "1".to_owned());
    sandbox.set("FILMSTAR_INGEST__EXPORTS", r#"["people"]"#.to_owned());
    let (told, _) = ingest(&sandbox);
    assert_eq!(told["exports"]["fetched"], 1);
    assert_eq!(
        raw(
            &sandbox,
            "select (select count(*) from raw.movie_exports), (select count(*) from raw.person_exports) > 0"
        ),
        [[json!(0), json!(true)]]
    );
}
