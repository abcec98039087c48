//! Chooses which front end is embedded: the built one, else a placeholder that says how to get it.

use std::path::Path;

/// Relative to the crate, where Cargo runs this script: a target folder that another clone has used holds none of its paths.
fn main() {
    let built = Path::new("../../web/dist");
    let placeholder = Path::new("../../web/placeholder");
    let chosen = if built.join("manifest.json").is_file() {
        built
    } else {
        placeholder
    };
    println!("cargo:rustc-env=FILMSTAR_WEB_DIR={}", chosen.display());
    for watched in [built, placeholder, Path::new("../../dashboards")] {
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
