//! The artifacts of `filmstar dbt`, read by what other tools read them with.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use crate::sandbox::Sandbox;

/// What each kind of node and each part of an artifact is in.
const CASES: [&str; 8] = [
    "comments_and_indexes",
    "contracts",
    "failures",
    "freshness",
    "groups",
    "packages",
    "snapshots",
    "unit_tests",
];

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A case's project, built, with a catalog and the age of its sources; gives the folder of its artifacts.
fn written(sandbox: &mut Sandbox, case: &str) -> PathBuf {
    let folder = sandbox.path().join(case);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dbt");
    copy(&cases.join(case).join("project"), &folder);
    let database = folder.join("case.duckdb").display().to_string();
    sandbox.set("DBT_CASE_PATH", database);
    let folder = folder.display().to_string();
    for command in [
        &["build"][..],
        &["docs", "generate"],
        &["source", "freshness"],
    ] {
        let place = ["--project-dir", &folder, "--profiles-dir", &folder];
        let arguments = [&["dbt"], command, &place[..]].concat();
        // Cases have nodes that fail, which is a result as well.
        let output = sandbox.filmstar(&arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{case}: {said}"
        );
        if command == ["build"] {
            let target = Path::new(&folder).join("target");
            // Later commands write other results: those of the build stay beside them.
            std::fs::create_dir_all(target.join("build")).unwrap();
            let name = "run_results.json";
            std::fs::copy(target.join(name), target.join("build").join(name)).unwrap();
        }
    }
    Path::new(&folder).join("target")
}

#[test]
fn a_public_parser_reads_the_artifacts() {
    let Some(python) = std::env::var_os("FILMSTAR_TEST_ARTIFACTS") else {
        println!("SKIPPED: FILMSTAR_TEST_ARTIFACTS is not set; `cargo xtask test` installs it");
        return;
    };
    let mut sandbox = Sandbox::new();
    let folders: Vec<PathBuf> = CASES
        .iter()
        .map(|case| written(&mut sandbox, case))
        .flat_map(|target| [target.join("build"), target])
        .collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/artifacts/parse.py");
    let output = Command::new(python).arg(script).args(&folders).output();
    let output = output.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}{errors}");
    let read: BTreeSet<&str> = said.lines().collect();
    let expected = [
        "catalog.json",
        "manifest.json",
        "run_results.json",
        "sources.json",
    ];
    assert_eq!(read.into_iter().collect::<Vec<_>>(), expected);
    let n_manifests = said.lines().filter(|name| *name == "manifest.json");
    assert_eq!(n_manifests.count(), CASES.len());
}
