//! The front end: `web/` to `web/dist`, which `serve` embeds.

use std::{fs, path::Path, time::SystemTime};

use anyhow::Result;

use crate::{
    process::{command, run},
    root,
};

/// Builds `web/dist` unless it is newer than everything it is made of.
pub(crate) fn build() -> Result<()> {
    install()?;
    let web = root().join("web");
    let built = newest(&web.join("dist"));
    let sources = [
        "src",
        "index.html",
        "package-lock.json",
        "vite.config.ts",
        "tsconfig.json",
    ]
    .iter()
    .filter_map(|source| newest(&web.join(source)))
    .max();
    if built.is_some() && built >= sources {
        return Ok(());
    }
    run(npm().args(["run", "build"]))
}

/// Installs the locked packages unless that was done since the lock file changed.
fn install() -> Result<()> {
    let web = root().join("web");
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&web.join("package-lock.json")) {
        return Ok(());
    }
    run(npm().args(["ci", "--no-audit", "--no-fund"]))
}

/// npm in `web/`.
pub(crate) fn npm() -> std::process::Command {
    let mut npm = command("npm");
    npm.current_dir(root().join("web"));
    npm
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok()
}

fn newest(path: &Path) -> Option<SystemTime> {
    let Ok(entries) = fs::read_dir(path) else {
        return modified(path);
    };
    entries
        .flatten()
        .filter_map(|entry| newest(&entry.path()))
        .max()
}
