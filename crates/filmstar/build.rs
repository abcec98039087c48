//! Tells the program which commit it is made from, in builds that are handed on.

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo::rerun-if-changed=build.rs");
    let is_known = env::var("PROFILE").is_ok_and(|profile| profile == "release")
        // A tarball may lie within a repository that knows nothing of it.
        && git(&["ls-files", "--error-unmatch", "build.rs"]).is_some();
    let commit = is_known.then(commit).flatten();
    let seconds = env::var("SOURCE_DATE_EPOCH").ok().or_else(|| {
        commit
            .is_some()
            .then(|| git(&["show", "-s", "--format=%ct", "HEAD"]))
            .flatten()
    });
    println!(
        "cargo::rustc-env=FILMSTAR_BUILD_COMMIT={}",
        commit.unwrap_or_default()
    );
    println!(
        "cargo::rustc-env=FILMSTAR_BUILD_SECONDS={}",
        seconds.unwrap_or_default()
    );
}

/// The commit, with a word on changes that are in no commit. Development builds do without: they would be made anew
/// with each commit.
fn commit() -> Option<String> {
    for file in ["HEAD", "index"] {
        if let Some(path) = git(&["rev-parse", "--path-format=absolute", "--git-path", file]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changes = git(&["status", "--porcelain", "--untracked-files=no"])?;
    let mark = if changes.is_empty() {
        ""
    } else {
        " and changes"
    };
    Some(commit + mark)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
