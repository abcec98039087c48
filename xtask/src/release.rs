//! `release`: one archive with everything, and its hash.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::{
    process::{cargo, command, run},
    root, sbom, web,
};

/// Files of the repository that go along.
const FILES: [&str; 4] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];
const SHELLS: [&str; 3] = ["bash", "fish", "zsh"];

/// Builds the program with DuckDB compiled in, and packs it with completions, manual pages and SBOM.
pub(crate) fn run_release() -> Result<()> {
    let changes = printed("git", &["status", "--porcelain", "--untracked-files=no"])?;
    ensure!(
        changes.is_empty(),
        "there are changes that are in no commit, so the release could not be made again:\n{changes}"
    );
    let epoch = printed("git", &["show", "-s", "--format=%ct", "HEAD"])?;
    web::build()?;
    // The folder's name would else be in messages of panics.
    let flags = format!("--remap-path-prefix={}=.", root().display());
    run(cargo()
        .args(["build", "--locked", "--release", "--package", "filmstar"])
        .args(["--features", "bundled"])
        .env("SOURCE_DATE_EPOCH", &epoch)
        .env("RUSTFLAGS", flags))?;

    let name = format!(
        "filmstar-{}-{}-{}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        std::env::consts::OS
    );
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let built = target.join("release/filmstar");
    let place = target.join("package");
    let folder = place.join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("completions"))?;
    let program = folder.join("filmstar");
    fs::copy(&built, &program).with_context(|| format!("failed to copy {}", built.display()))?;
    for file in FILES {
        fs::copy(root().join(file), folder.join(file))?;
    }
    let libraries = printed("ldd", &[&program.to_string_lossy()])?;
    ensure!(
        !libraries.contains("libduckdb"),
        "the program still needs libduckdb:\n{libraries}"
    );
    let program = program.to_string_lossy();
    for shell in SHELLS {
        let script = printed(&program, &["completions", shell])?;
        fs::write(
            folder.join("completions").join(format!("filmstar.{shell}")),
            script,
        )?;
    }
    printed(&program, &["man", &folder.join("man").to_string_lossy()])?;
    sbom::write(&folder)?;

    let archive = format!("{name}.tar.gz");
    run(command("tar")
        .current_dir(&place)
        .args(["--create", "--gzip", "--file", &archive])
        .args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"])
        .arg(format!("--mtime=@{epoch}"))
        .arg(&name)
        .env("GZIP", "--no-name"))?;
    let sums = command("sha256sum")
        .current_dir(&place)
        .arg(&archive)
        .output()?;
    ensure!(sums.status.success(), "`sha256sum` failed");
    fs::write(place.join("SHA256SUMS"), &sums.stdout)?;
    println!("✓ {}", place.join(archive).display());
    print!("{}", String::from_utf8_lossy(&sums.stdout));
    Ok(())
}

/// What a program prints.
fn printed(program: &str, arguments: &[&str]) -> Result<String> {
    let output = command(program)
        .args(arguments)
        .output()
        .with_context(|| format!("failed to start `{program}`"))?;
    ensure!(
        output.status.success(),
        "`{program} {}` failed: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}
