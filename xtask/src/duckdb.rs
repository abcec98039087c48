//! libduckdb: the official prebuilt library from the npm registry, and the settings that link it.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{
    cache,
    process::{command, run},
    root,
};

/// The release that the `duckdb` crate in Cargo.toml speaks to.
pub(crate) const VERSION: &str = "1.5.6";
const PACKAGE: &str = "@duckdb/node-bindings-linux-x64@1.5.6-r.1";
const ARCHIVE: &str = "duckdb-node-bindings-linux-x64-1.5.6-r.1.tgz";
/// SHA-512 of the archive, as the registry states it.
const SHA512: &str = "\
    21772b64913a904a8cd19e30c1d5671811d7fdface4b7dd53cd0300d743f43e1\
    6cf386f4e7c41ef78721ac208870d2651bc6375072145387817824315b998dd5";

/// Fetches the library once a user and points cargo at it.
pub(crate) fn set_up() -> Result<()> {
    let folder = match std::env::var_os("DUCKDB_LIB_DIR") {
        Some(folder) => folder.into(),
        None => {
            let folder = cache()?.join(format!("duckdb-{VERSION}"));
            if !folder.join("libduckdb.so").is_file() {
                fetch(&folder)?;
            }
            folder
        }
    };
    write_settings(&folder)
}

fn fetch(folder: &Path) -> Result<()> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!(
            "there is no prebuilt libduckdb {VERSION} for this platform in the registry\n\
             hint: put one in a folder and set DUCKDB_LIB_DIR to it, or build DuckDB from source with\n\
             `cargo build --release --package filmstar --features bundled` (about half an hour)"
        );
    }
    fs::create_dir_all(folder)?;
    let download = folder.join(format!("download-{}", std::process::id()));
    fs::create_dir_all(&download)?;
    run(command("npm")
        .args(["pack", PACKAGE, "--silent", "--pack-destination"])
        .arg(&download))?;
    let archive = download.join(ARCHIVE);
    verify(&archive)?;
    run(command("tar")
        .arg("--extract")
        .arg("--file")
        .arg(&archive)
        .arg("--directory")
        .arg(&download)
        .args(["package/libduckdb.so", "package/LICENSE"]))?;
    fs::rename(download.join("package/LICENSE"), folder.join("LICENSE"))?;
    fs::rename(
        download.join("package/libduckdb.so"),
        folder.join("libduckdb.so"),
    )?;
    fs::remove_dir_all(&download)?;
    Ok(())
}

fn verify(archive: &Path) -> Result<()> {
    let output = command("sha512sum")
        .arg(archive)
        .output()
        .context("failed to start `sha512sum`")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    ensure!(
        printed.starts_with(SHA512),
        "the archive of {PACKAGE} is not the one that was pinned\n\
         hint: remove {} and try again; if it stays so, the registry serves another file",
        archive.display()
    );
    Ok(())
}

fn write_settings(folder: &Path) -> Result<()> {
    let folder = folder.display();
    let settings = format!(
        "# Written by `cargo xtask setup`.\n\
         [env]\n\
         DUCKDB_LIB_DIR = \"{folder}\"\n\n\
         [target.'cfg(unix)']\n\
         rustflags = [\"-C\", \"link-arg=-Wl,-rpath,{folder}\"]\n"
    );
    let file = root().join(".cargo/duckdb.toml");
    if fs::read_to_string(&file).is_ok_and(|present| present == settings) {
        return Ok(());
    }
    fs::write(&file, settings).with_context(|| format!("failed to write {}", file.display()))
}
