//! Runs, and the server that makes one a day.

use std::{
    path::PathBuf,
    process::{Child, Stdio},
    time::Duration,
};

use crate::{
    pages::tiles,
    postgres,
    sandbox::{Sandbox, Server, get, terminate, transcript, within},
};

/// What a first run of a small catalogue may take on a busy machine.
const FIRST_RUN: Duration = Duration::from_secs(120);
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// A catalogue whose ingest takes long enough to be met at work.
pub(crate) fn slow() -> Server {
    Server::simulate(&["--films", "600", "--seed", "7", "--latency-ms", "300"])
}

fn start(sandbox: &Sandbox, arguments: &[&str]) -> Child {
    let mut command = sandbox.filmstar(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Waits until the run lock of a sandbox names somebody.
pub(crate) fn holder(sandbox: &Sandbox) -> String {
    within(SOON, || {
        let text = std::fs::read_to_string(sandbox.path().join("data/warehouse/run.lock"));
        text.ok().filter(|text| text.ends_with(" UTC"))
    })
}

/// Programs at work in a sandbox.
fn at_work(sandbox: &Sandbox) -> Vec<PathBuf> {
    let folder = sandbox.path().canonicalize().unwrap();
    let processes = std::fs::read_dir("/proc").unwrap();
    processes
        .map(|entry| entry.unwrap().path())
        .filter(|process| std::fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == folder))
        .collect()
}

fn log(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.path().join("up.log")).unwrap()
}

#[test]
fn a_run_ends_with_a_published_build() {
    let api = Server::generated(60);
    let sandbox = Sandbox::with_api(&api);
    let told: serde_json::Value =
        serde_json::from_str(&sandbox.succeed(&["run", "--json"])).unwrap();
    assert_eq!(told["ingest"]["movies"]["fetched"], 60, "{told}");
    let build_id = told["build"]["build_id"].as_str().unwrap();
    let current = std::fs::read_link(sandbox.path().join("data/warehouse/current")).unwrap();
    assert!(current.ends_with(build_id), "{told}");
    assert_eq!(sandbox.value("select count(*) from dim_movies"), "60");
    let text = sandbox.succeed(&["run"]);
    assert!(text.starts_with("✓ fetched 0 films"), "{text}");
    assert!(text.contains("next: filmstar serve"), "{text}");
}

#[test]
fn a_run_ends_as_the_command_that_failed() {
    let api = Server::generated(40);
    let sandbox = Sandbox::with_api(&api);
    sandbox.succeed(&["init", "--yes"]);
    let never = sandbox.path().join("dbt/tests/never.sql");
    std::fs::write(never, "select 1 as wrong").unwrap();
    let mut command = sandbox.filmstar(&["run"]);
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    command.env("FILMSTAR_TMDB__BASE_URL", nobody());
    assert_eq!(command.output().unwrap().status.code(), Some(3));
}

#[test]
fn a_second_run_is_refused_while_one_is_at_work() {
    let api = slow();
    let sandbox = Sandbox::with_api(&api);
    let mut first = start(&sandbox, &["run"]);
    assert!(holder(&sandbox).starts_with(&format!("process {} ", first.id())));
    let second = sandbox.filmstar(&["run"]).output().unwrap();
    assert_eq!(second.status.code(), Some(3));
    let said = transcript(&sandbox, &second);
    let expected = format!(
        "another run is at work: process {} (`filmstar run`) since ",
        first.id()
    );
    assert!(said.contains(&expected), "{said}");
    assert!(said.contains("hint: wait for it to end"), "{said}");

    // A kill lets go of the lock as an end does.
    first.kill().unwrap();
    first.wait().unwrap();
    let mut third = start(&sandbox, &["run"]);
    within(SOON, || {
        let now = holder(&sandbox);
        now.starts_with(&format!("process {} ", third.id()))
            .then_some(())
    });
    assert_eq!(terminate(&mut third), Some(130));
    assert_eq!(at_work(&sandbox), [] as [PathBuf; 0]);
}

#[test]
fn up_builds_what_is_missing_and_serves_it() {
    let api = Server::generated(60);
    let mut sandbox = Sandbox::with_api(&api);
    sandbox.set("FILMSTAR_SCHEDULE__AT", "23:59".to_owned());
    comes_up(&sandbox);
    let log = log(&sandbox);
    assert!(log.contains("✓ fetched 60 films"), "{log}");
    assert!(log.contains(" 23:59 UTC"), "{log}");
}

#[test]
fn up_builds_what_is_missing_on_postgres_and_serves_it() {
    let api = Server::generated(60);
    let Some(sandbox) = postgres::ingested(&api) else {
        return;
    };
    comes_up(&sandbox);
    assert_eq!(sandbox.value("select count(*) from dim_movies"), "60");
}

/// Starts with nothing, and ends when all is built and the server was told to stop.
fn comes_up(sandbox: &Sandbox) {
    let server = Server::up(sandbox);
    let is_up = || (get(&format!("{}/readyz", server.url)).0 == 200).then_some(());
    within(FIRST_RUN, is_up);
    let (status, body) = get(&tiles(&server)[0]);
    assert_eq!(status, 200, "{body}");
    // The page is there a moment before the run has ended.
    within(SOON, || {
        log(sandbox).contains("the next run is at").then_some(())
    });
    assert_eq!(server.terminate(), Some(0));
    assert_eq!(at_work(sandbox), [] as [PathBuf; 0]);
}

#[test]
fn a_failed_run_is_told_and_tried_again_while_the_pages_are_served() {
    let mut sandbox = Sandbox::new();
    sandbox.set("FILMSTAR_TMDB__BASE_URL", nobody());
    let server = Server::up(&sandbox);
    within(SOON, || log(&sandbox).contains("then: ").then_some(()));
    let told = log(&sandbox);
    assert!(told.contains("error: "), "{told}");
    assert!(told.contains("  because: "), "{told}");
    assert!(told.contains("hint: "), "{told}");
    assert!(told.contains("the next try is at "), "{told}");

    let (status, body) = get(&format!("{}/readyz", server.url));
    assert_eq!(status, 503);
    assert!(body.contains("no published build yet"), "{body}");
    assert!(body.contains("filmstar run"), "{body}");
    let (status, page) = get(&format!("{}/pages/genres", server.url));
    assert_eq!(status, 200);
    assert!(page.contains("There are no numbers yet"), "{page}");
    assert_eq!(server.terminate(), Some(0), "no run was at work");
}

#[test]
fn the_end_of_up_is_the_end_of_its_run() {
    let api = slow();
    let sandbox = Sandbox::with_api(&api);
    let server = Server::up(&sandbox);
    assert!(holder(&sandbox).contains("(`filmstar up`)"));
    assert_eq!(server.terminate(), Some(130));
    let told = log(&sandbox);
    assert!(told.contains("hint: `filmstar up` goes on"), "{told}");
    assert_eq!(at_work(&sandbox), [] as [PathBuf; 0]);
}

#[test]
fn up_without_a_credential_says_so_at_once() {
    let output = Sandbox::new()
        .filmstar(&["up", "--port", "0", "--no-open"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// An address that was free a moment ago: nobody answers.
pub(crate) fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/3", listener.local_addr().unwrap())
}
