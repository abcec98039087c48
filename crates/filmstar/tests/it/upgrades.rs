//! What another release wrote: an older one's is read, a newer one's is refused with the way out.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    pipeline::built,
    sandbox::{Sandbox, Server, transcript},
};

fn refused(sandbox: &Sandbox, arguments: &[&str], expected: &[&str]) {
    let output = sandbox.filmstar(arguments).output().unwrap();
    let said = transcript(sandbox, &output);
    assert!(!output.status.success(), "{said}");
    for text in expected {
        assert!(said.contains(text), "{arguments:?}: {said}");
    }
}

/// A release that renames a key, or gives it another meaning, has to read this file as before or raise the layout.
#[test]
fn a_configuration_of_the_first_layout_is_read_key_by_key() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/layouts");
    let text = fs::read_to_string(fixture.join("filmstar-1.toml")).unwrap();
    // Files of before layouts were written are of the first one.
    for text in [text.clone(), text.replace("layout = 1\n", "")] {
        let sandbox = Sandbox::new();
        fs::write(sandbox.path().join("filmstar.toml"), &text).unwrap();
        let shown = sandbox.succeed(&["config", "show", "--json"]);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        for setting in shown["settings"].as_array().unwrap() {
            assert_eq!(setting["origin"], "filmstar.toml", "{setting}");
            let (_, name) = setting["key"].as_str().unwrap().split_once('.').unwrap();
            // Secrets are not shown.
            if !["webhook", "token"].contains(&name) {
                let line = format!("\n{name} = {}\n", setting["value"]);
                let text = text.replace("\", \"", "\",\"");
                assert!(text.contains(&line), "{line}");
            }
        }
    }
}

#[test]
fn a_configuration_of_a_newer_release_is_refused_before_its_keys_are() {
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("filmstar.toml");
    fs::write(&file, "layout = 2\n[ingest]\nwhat_is_to_come = true\n").unwrap();
    refused(
        &sandbox,
        &["config", "show"],
        &[
            "exit code: 2",
            "`filmstar.toml` has layout 2, and this release of Filmstar knows 1 at most",
            "hint: install the newer release of Filmstar again",
        ],
    );
}

#[test]
fn a_build_and_a_history_of_a_newer_release_are_refused_with_the_way_out() {
    let api = Server::generated(40);
    let sandbox = built(&api);
    sandbox.succeed(&["build"]);
    let warehouse = sandbox.path().join("data/warehouse");
    let marker = fs::canonicalize(warehouse.join("current"))
        .unwrap()
        .join("published.json");
    let mut published: Value = serde_json::from_slice(&fs::read(&marker).unwrap()).unwrap();
    published["layout"] = 2.into();
    fs::write(&marker, published.to_string()).unwrap();
    let too_new = "has layout 2, and this release of Filmstar knows 1 at most";
    for command in [
        &["query", "select 1"][..],
        &["build"],
        &["export", "mart_movies", "--output", "out"],
    ] {
        let way_out = "or `filmstar rollback` to the newest build of this one";
        refused(&sandbox, command, &[too_new, way_out]);
    }
    sandbox.succeed(&["rollback"]);
    assert_eq!(sandbox.value("select count(*) from dim_movies"), "40");

    fs::write(warehouse.join("history/layout.json"), r#"{"layout":2}"#).unwrap();
    let way_out = "hint: install the newer release of Filmstar again";
    refused(&sandbox, &["runs"], &["history of runs", too_new, way_out]);
    refused(&sandbox, &["run"], &["history of runs", too_new, way_out]);
}
