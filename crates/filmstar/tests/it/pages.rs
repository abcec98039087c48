//! The pages in a real browser.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::{
    pipeline::built,
    postgres::ingested,
    sandbox::{Sandbox, Server, get, post},
};

#[test]
fn a_reader_filters_a_page_in_a_real_browser() {
    journey(&built(&Server::generated(1500)));
}

#[test]
fn the_same_pages_come_from_postgres() {
    let Some(sandbox) = ingested(&Server::generated(1500)) else {
        return;
    };
    sandbox.succeed(&["build"]);
    journey(&sandbox);
    the_console_reaches_tables_alone(&Server::serve(&sandbox));
}

/// What would read the server's files, or keep it busy, is refused or stopped, and says so.
fn the_console_reaches_tables_alone(server: &Server) {
    let address = format!("{}/api/console", server.url);
    let ask = |sql: &str| post(&address, &json!({ "sql": sql }));
    for (sql, reason) in [
        ("select pg_read_file('/etc/passwd')", "permission denied"),
        ("select pg_ls_dir('/')", "permission denied"),
        ("select lo_import('/etc/passwd')", "permission denied"),
        (
            "copy (select 1) to program 'true'",
            "only queries are answered",
        ),
        ("select * from pg_authid", "permission denied"),
        ("select pg_sleep(600)", "stopped after"),
    ] {
        let (status, body) = ask(sql);
        assert!((400..500).contains(&status), "{sql}: {status} {body}");
        assert!(body.contains(reason), "{sql}: {body}");
    }
    let (status, body) = ask("select count(*) > 0 from mart_movies");
    assert_eq!(status, 200, "{body}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(answer["rows"], json!([[true]]));
}

/// Where the tiles of every page that is about nobody in particular answer.
pub(crate) fn tiles(server: &Server) -> Vec<String> {
    let json = |path: &str| -> Value {
        let (status, body) = get(&format!("{}{path}", server.url));
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    };
    let mut tiles = Vec::new();
    for page in json("/api/pages").as_array().unwrap() {
        let name = page["name"].as_str().unwrap();
        let definition = json(&format!("/api/pages/{name}"));
        let ids = definition["tiles"].as_array().unwrap().iter();
        let ids = ids.filter(|_| page["is_subject"] == false);
        tiles.extend(ids.map(|tile| {
            let id = tile["id"].as_str().unwrap();
            format!("{}/api/pages/{name}/tiles/{id}", server.url)
        }));
    }
    assert!(!tiles.is_empty());
    tiles
}

fn every_tile_answers(server: &Server) {
    for tile in tiles(server) {
        let (status, body) = get(&tile);
        assert_eq!(status, 200, "{tile}: {body}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_ne!(answer["columns"], Value::Array(Vec::new()), "{tile}");
        assert_ne!(answer["models"], Value::Array(Vec::new()), "{tile}");
    }
}

/// A reader's way through every page of a published warehouse.
fn journey(sandbox: &Sandbox) {
    sandbox.succeed(&["dashboards", "check"]);
    let server = Server::serve(sandbox);
    every_tile_answers(&server);
    let Some(chromium) = std::env::var_os("CHROMIUM") else {
        println!("SKIPPED: no Chromium; `cargo xtask test` looks for one");
        return;
    };
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    let output = Command::new("node")
        .arg("e2e/journey.mjs")
        .arg(&server.url)
        .env("CHROMIUM", chromium)
        .current_dir(web)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
