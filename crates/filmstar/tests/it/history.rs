//! What is kept from build to build: snapshots and incremental tables.

use std::{fs, path::Path};

use crate::{
    pipeline::built,
    postgres::ingested,
    sandbox::{Sandbox, Server},
};

/// The same ids, another catalogue: what TMDB says of every film has changed.
fn everything_changes(sandbox: &mut Sandbox) -> Server {
    let other = Server::simulate(&["--films", "60", "--seed", "8"]);
    sandbox.set_api(&other);
    sandbox.set("FILMSTAR_INGEST__REFRESH_AFTER_DAYS", "0".to_owned());
    sandbox.succeed(&["ingest"]);
    other
}

const VERSIONS: &str = "select count(*) || ' ' || count(dbt_valid_to) from snap_movies";

/// Builds after everything has changed, and again without a change, which adds nothing.
fn versions_live_on(sandbox: &mut Sandbox) {
    let first = sandbox.value(VERSIONS);
    assert_eq!(first, "60 0");
    let _other = everything_changes(sandbox);
    sandbox.succeed(&["build"]);
    let second = sandbox.value(VERSIONS);
    let counts: Vec<u32> = second.split(' ').map(|n| n.parse().unwrap()).collect();
    assert!(counts[0] > 100 && counts[1] > 40, "{second}");
    let changed = "select count(*) from mart_changes where attribute = 'budget_usd' and old_value is not null";
    assert_ne!(sandbox.value(changed), "0");

    sandbox.succeed(&["build"]);
    assert_eq!(sandbox.value(VERSIONS), second);
    // History is never built anew.
    sandbox.succeed(&["build", "--full-refresh"]);
    assert_eq!(sandbox.value(VERSIONS), second);
    sandbox.succeed(&["rollback"]);
    assert_eq!(sandbox.value(VERSIONS), second);
}

#[test]
fn versions_of_films_live_on_from_build_to_build() {
    let server = Server::generated(60);
    versions_live_on(&mut built(&server));
}

#[test]
fn versions_of_films_live_on_from_build_to_build_on_postgres() {
    let server = Server::generated(60);
    let Some(mut sandbox) = ingested(&server) else {
        return;
    };
    sandbox.succeed(&["build"]);
    versions_live_on(&mut sandbox);
}

/// Splits, repeats and shuffles what a lake holds: every film twice, in parts cut anew, in another order.
fn stir(lake: &Path) {
    use warehouse::{DuckDb, Settings, Warehouse as _};
    let database = DuckDb::in_memory(&Settings::default()).unwrap();
    let mut connection = database.connect().unwrap();
    for kind in ["movies", "people"] {
        let folder = lake.join(kind);
        let glob = folder.join("*.parquet").display().to_string();
        let read = format!("select * from read_parquet('{glob}')");
        connection
            .execute(&format!("create table {kind} as {read}"))
            .unwrap();
        for entry in fs::read_dir(&folder).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (part, rows) in [
            "hash(id) % 3 = 0",
            "hash(id) % 3 = 1",
            "hash(id) % 3 = 2",
            "id % 2 = 0",
            "id % 2 = 1",
        ]
        .into_iter()
        .enumerate()
        {
            let file = folder.join(format!("20200101T000000000Z-{part:04}.parquet"));
            connection
                .execute(&format!(
                    "copy (select * from {kind} where {rows} order by hash(id + {part})) to '{}' (format parquet, compression zstd)",
                    file.display()
                ))
                .unwrap();
        }
    }
}

#[test]
fn order_duplicates_and_late_arrivals_change_nothing() {
    let server = Server::generated(150);
    let mut sandbox = Sandbox::with_api(&server);
    sandbox.succeed(&["init", "--yes"]);
    sandbox.succeed(&["ingest"]);
    let _other = everything_changes(&mut sandbox);
    sandbox.succeed(&["build"]);
    sandbox.succeed(&["export", "marts", "--output", "plain"]);
    fs::remove_dir_all(sandbox.path().join("data/warehouse")).unwrap();
    stir(&sandbox.path().join("data/lake"));
    sandbox.succeed(&["build", "--threads", "2"]);
    sandbox.succeed(&["export", "marts", "--output", "stirred"]);
    let folders = ["plain", "stirred"].map(|name| sandbox.path().join(name));
    assert_eq!(differing(&folders[0], &folders[1]), Vec::<String>::new());
}

#[test]
fn a_compacted_lake_makes_the_same_tables() {
    let server = Server::generated(150);
    let mut sandbox = Sandbox::with_api(&server);
    sandbox.succeed(&["init", "--yes"]);
    sandbox.succeed(&["ingest"]);
    let _other = everything_changes(&mut sandbox);
    sandbox.succeed(&["build"]);
    sandbox.succeed(&["export", "marts", "--output", "plain"]);
    let lake = sandbox.path().join("data/lake");
    let movies = || fs::read_dir(lake.join("movies")).unwrap().count();
    stir(&lake);
    let n_parts = movies();
    let rows = "select count(*) || ' ' || (select count(*) from raw.people) from raw.movies";
    fs::remove_dir_all(sandbox.path().join("data/warehouse")).unwrap();
    sandbox.succeed(&["build"]);
    let n_rows = sandbox.value(rows);

    // What the published build reads stays, whatever the grace.
    let told = sandbox.succeed(&["lake", "compact", "--grace", "0"]);
    assert!(
        told.contains("merged") && told.contains("builds that are kept"),
        "{told}"
    );
    assert_eq!(movies(), n_parts + 1);
    assert_eq!(sandbox.value(rows), n_rows);
    fs::remove_dir_all(sandbox.path().join("data/warehouse")).unwrap();
    let told = sandbox.succeed(&["lake", "compact", "--grace", "0"]);
    assert!(told.contains("deleted"), "{told}");
    assert_eq!(movies(), 1);

    sandbox.succeed(&["build"]);
    assert_eq!(sandbox.value(rows), n_rows);
    sandbox.succeed(&["export", "marts", "--output", "compacted"]);
    let folders = ["plain", "compacted"].map(|name| sandbox.path().join(name));
    assert_eq!(differing(&folders[0], &folders[1]), Vec::<String>::new());
}

#[test]
fn a_release_of_the_marts_has_the_same_bytes_for_the_same_data() {
    let server = Server::generated(60);
    let sandbox = built(&server);
    sandbox.succeed(&["export", "marts", "--output", "one"]);
    // Another build, with other threads.
    sandbox.succeed(&["build", "--threads", "1"]);
    sandbox.succeed(&["export", "marts", "--output", "two"]);
    let (one, two) = (sandbox.path().join("one"), sandbox.path().join("two"));
    assert_eq!(differing(&one, &two), Vec::<String>::new());

    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(one.join("manifest.json")).unwrap()).unwrap();
    let models = manifest["models"].as_array().unwrap();
    let movies = models
        .iter()
        .find(|model| model["name"] == "mart_movies")
        .unwrap();
    assert_eq!(
        movies["rows"].to_string(),
        sandbox.value("select count(*) from mart_movies")
    );
    assert_eq!(movies["columns"][0]["name"], "movie_id");
    assert!(manifest["attribution"].as_str().unwrap().contains("TMDB"));
    for name in [
        "mart_genre",
        "dim_people",
        "fact_credits",
        "bridge_movies_cast",
        "snap_movies",
    ] {
        assert!(models.iter().any(|model| model["name"] == name), "{name}");
    }
    let file = one.join(movies["files"][0]["path"].as_str().unwrap());
    assert_eq!(
        movies["files"][0]["bytes"],
        fs::metadata(&file).unwrap().len()
    );
    let hash = std::process::Command::new("sha256sum")
        .arg(&file)
        .output()
        .unwrap();
    let hash = String::from_utf8(hash.stdout).unwrap();
    assert!(hash.starts_with(movies["files"][0]["sha256"].as_str().unwrap()));

    // A release is replaced whole; anything else is left alone.
    fs::write(one.join("csv/of_an_older_model.csv"), "").unwrap();
    sandbox.succeed(&["export", "marts", "--output", "one"]);
    assert_eq!(differing(&one, &two), Vec::<String>::new());
    fs::create_dir(sandbox.path().join("thesis")).unwrap();
    fs::write(sandbox.path().join("thesis/chapter.txt"), "precious").unwrap();
    let refused = sandbox
        .filmstar(&["export", "marts", "--output", "thesis"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(sandbox.path().join("thesis/chapter.txt")).unwrap(),
        "precious"
    );
}

/// Paths under two folders that only one has, or whose bytes differ.
fn differing(one: &Path, two: &Path) -> Vec<String> {
    let files = |root: &Path| {
        let mut files = Vec::new();
        for folder in ["", "csv", "parquet"] {
            for entry in fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    files.push(path.strip_prefix(root).unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    };
    let (ours, theirs) = (files(one), files(two));
    assert!(ours.len() > 60, "only {} files", ours.len());
    ours.iter()
        .chain(&theirs)
        .filter(|path| fs::read(one.join(path)).ok() != fs::read(two.join(path)).ok())
        .map(|path| path.display().to_string())
        .collect()
}
