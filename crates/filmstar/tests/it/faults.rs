//! What goes wrong around an ingest: each has its message, and the lake stays whole.

use std::process::{Command, Output};

use crate::{
    sandbox::{Sandbox, raw},
    sync::{ingest, known, project, wake},
    world::Served,
};

/// Ingests, and gives the exit code and what was said.
fn fails(sandbox: &Sandbox) -> (i32, String) {
    told(&sandbox.filmstar(&["ingest"]).output().unwrap())
}

fn told(output: &Output) -> (i32, String) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), said)
}

#[test]
fn a_proxy_that_answers_html_is_told_and_the_lake_stays() {
    let served = Served::start(10);
    served.world().publish("2026-11-01");
    let sandbox = project(&served, "2026-11-01");
    ingest(&sandbox);
    served.world().answer = Some((200, "<html><body>Please sign in</body></html>"));
    let (code, said) = fails(&sandbox);
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("answers with something else than JSON"),
        "{said}"
    );
    assert!(said.contains("hint: a proxy or the sign-in page"), "{said}");
    assert_eq!(known(&sandbox), served.world().truth());
}

#[test]
fn a_host_that_is_not_there_is_told_and_the_lake_stays() {
    let served = Served::start(10);
    served.world().publish("2026-11-01");
    let mut sandbox = project(&served, "2026-11-01");
    ingest(&sandbox);
    sandbox.set("FILMSTAR_TMDB__BASE_URL", "http://127.0.0.1:9/3".to_owned());
    let (code, said) = fails(&sandbox);
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("no answer from `http://127.0.0.1:9/3`"),
        "{said}"
    );
    assert!(
        said.contains("hint: check the network, the clock"),
        "{said}"
    );
    assert_eq!(known(&sandbox), served.world().truth());
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let served = Served::start(3);
    let mut sandbox = project(&served, "2026-11-01");
    // Where not even root can make a folder.
    sandbox.set("FILMSTAR_STORAGE__LAKE", "/proc/lake".to_owned());
    let (code, said) = fails(&sandbox);
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("the folder `/proc/lake` cannot be written"),
        "{said}"
    );
    assert!(served.asked().is_empty());
}

#[test]
fn a_full_disk_is_told_and_what_was_fetched_before_stays() {
    let served = Served::start(2_500);
    served.world().publish("2026-11-01");
    let mut sandbox = project(&served, "2026-11-01");
    sandbox.set("FILMSTAR_INGEST__STRATEGIES", r#"["discover"]"#.to_owned());
    // No file beyond 256 KiB, and no signal for trying: as a disk that is full.
    let program = sandbox.filmstar(&["ingest"]);
    let mut limited = Command::new("sh");
    limited
        .current_dir(sandbox.path())
        .args(["-c", "trap '' XFSZ; ulimit -f 512; exec \"$0\" ingest"])
        .arg(program.get_program());
    limited.env_clear();
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            limited.env(name, value);
        }
    }
    let (code, said) = told(&limited.output().unwrap());
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("the lake cannot be written any more"),
        "{said}"
    );
    assert!(said.contains("hint: check the free space"), "{said}");

    let n_asked = served.asked().len();
    assert!(n_asked > 100 && n_asked < 2_500, "{n_asked}");
    let told = ingest(&sandbox);
    let again = served.asked().len();
    // What was in the journal is not asked for again; what was under way then is.
    assert!(
        n_asked + again <= 2_500 + 20,
        "{n_asked} and {again}: {told}"
    );
    assert_eq!(known(&sandbox), served.world().truth());
}

#[test]
fn a_clock_that_was_ahead_is_told() {
    let served = Served::start(5);
    {
        let mut world = served.world();
        world.publish("2026-11-10");
        world.publish("2026-11-05");
    }
    let mut sandbox = project(&served, "2026-11-10");
    ingest(&sandbox);
    wake(&mut sandbox, "2026-11-05");
    let output = sandbox.filmstar(&["ingest"]).output().unwrap();
    let (code, said) = told(&output);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("the movies are said to be in step until 2026-11-10 09:00 UTC"),
        "{said}"
    );
    assert_eq!(known(&sandbox), served.world().truth());
}

#[test]
fn what_nothing_expects_is_in_the_drift_report() {
    let served = Served::start(6);
    {
        let mut world = served.world();
        world.publish("2026-11-01");
        world.surprise = true;
        world.odd.insert(4);
    }
    let sandbox = project(&served, "2026-11-01");
    assert!(
        sandbox
            .succeed(&["status", "--drift"])
            .contains("every body is as expected")
    );
    let told = ingest(&sandbox);
    assert_eq!(told["unknown_keys"]["movies.surprise"], 5, "{told}");
    let said = sandbox.succeed(&["status", "--drift"]);
    assert!(
        said.contains("movies.surprise: 5 times, 2026-11-01 to 2026-11-01"),
        "{said}"
    );
    assert!(said.contains("movies: decode `id`"), "{said}");
    let rows = raw(&sandbox, "select path, change, n from raw.drift");
    assert_eq!(rows.len(), 1, "{rows:?}");
}
