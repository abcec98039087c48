//! The pages in a real browser.

use std::{path::Path, process::Command};

use crate::{
    pipeline::built,
    postgres::ingested,
    sandbox::{Sandbox, Server},
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
}

/// A reader's way through every page of a published warehouse.
fn journey(sandbox: &Sandbox) {
    let Some(chromium) = std::env::var_os("CHROMIUM") else {
        println!("SKIPPED: no Chromium; `cargo xtask test` looks for one");
        return;
    };
    let server = Server::serve(sandbox);
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
