//! What is kept from build to build: snapshots and incremental tables.

use std::{fs, path::Path};

use warehouse::testing::Server as Database;

use crate::{
    pipeline::built,
    postgres::on_a_database,
    sandbox::{Sandbox, Server},
};

/// The same ids, another catalogue: what TMDB says of every film has changed.
fn everything_changes(sandbox: &mut Sandbox) -> Server {
    let other = Server::simulate(&["--films", "60", "--seed", "8"]);
    sandbox.set("FILMSTAR_TMDB__BASE_URL", other.url.clone());
    sandbox.set("FILMSTAR_INGEST__REFRESH_AFTER_DAYS", "0".to_owned());
    sandbox.succeed(&["ingest"]);
    other
}

const VERSIONS: &str = "select count(*) || ' ' || count(dbt_valid_to) from snap_movies";

/// Builds on before, after and without a change; the last of the three adds nothing.
fn tell(sandbox: &mut Sandbox, value: &dyn Fn(&Sandbox, &str) -> String, flags: &[&str]) {
    let build = |sandbox: &Sandbox| sandbox.succeed(&[&["build"], flags].concat());
    let first = value(sandbox, VERSIONS);
    let n_films: u32 = first.split(' ').next().unwrap().parse().unwrap();
    assert!(n_films > 0 && first.ends_with(" 0"), "{first}");

    let _other = everything_changes(sandbox);
    build(sandbox);
    let second = value(sandbox, VERSIONS);
    let counts: Vec<u32> = second.split(' ').map(|n| n.parse().unwrap()).collect();
    assert!(counts[0] > n_films && counts[1] > 0, "{second}");
    let changed = "select count(*) from mart_changes where attribute = 'budget' and old_value is not null";
    assert_ne!(value(sandbox, changed), "0");

    build(sandbox);
    assert_eq!(value(sandbox, VERSIONS), second);
    sandbox.succeed(&[&["build", "--full-refresh"], flags].concat());
    assert_eq!(value(sandbox, VERSIONS), second, "history is never built anew");
    sandbox.succeed(&[&["rollback"], flags].concat());
    assert_eq!(value(sandbox, VERSIONS), second);
}

#[test]
fn versions_of_films_live_on_from_build_to_build() {
    let server = Server::generated(60);
    let mut sandbox = built(&server);
    tell(&mut sandbox, &|sandbox, sql| sandbox.value(sql), &[]);
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
    assert_eq!(movies["rows"].to_string(), sandbox.value("select count(*) from mart_movies"));
    assert_eq!(movies["columns"][0]["name"], "movie_id");
    assert!(manifest["attribution"].as_str().unwrap().contains("TMDB"));
    for name in ["mart_genre", "dim_people", "fact_credits", "bridge_movies_cast", "snap_movies"] {
        assert!(models.iter().any(|model| model["name"] == name), "{name}");
    }
    let file = one.join(movies["files"][0]["path"].as_str().unwrap());
    assert_eq!(movies["files"][0]["bytes"], fs::metadata(&file).unwrap().len());
    let hash = std::process::Command::new("sha256sum").arg(&file).output().unwrap();
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
    assert_eq!(fs::read_to_string(sandbox.path().join("thesis/chapter.txt")).unwrap(), "precious");
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
