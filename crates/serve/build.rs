//! Chooses which front end is embedded: the built one, else a placeholder that says how to get it.

use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let built = root.join("web/dist");
    let placeholder = root.join("web/placeholder");
    let chosen = if built.join("manifest.json").is_file() {
        &built
    } else {
        &placeholder
    };
    println!("cargo:rustc-env=FILMSTAR_WEB_DIR={}", chosen.display());
    for watched in [&built, &placeholder, &root.join("dashboards")] {
        watch(watched);
    }
}

/// Files inside a folder are watched one by one: a folder's own time does not move when a file in it changes.
fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
    let Ok(entries) = path.read_dir() else { return };
    for entry in entries.flatten() {
        watch(&entry.path());
    }
}
