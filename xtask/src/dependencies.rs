//! What the program is made of: crates and npm packages with version, licence and hash.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, Result, ensure};

use crate::{process::cargo, root};

/// One thing that ends up in the program.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression; with `/` for `OR` in old manifests.
    pub(crate) licence: String,
    /// SHA-256 of a crate, in hex; SHA-512 of an npm package, in base 64.
    pub(crate) hash: String,
}

/// The crates of `filmstar` and its build, ours left out, sorted.
pub(crate) fn crates() -> Result<Vec<Dependency>> {
    let output = cargo()
        .args(["tree", "--locked", "--package", "filmstar"])
        .args(["--edges", "normal,build", "--prefix", "none"])
        .args(["--no-dedupe", "--format", "{p}|{l}"])
        .output()
        .context("failed to start `cargo tree`")?;
    ensure!(
        output.status.success(),
        "`cargo tree` failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let mut found = read_tree(&String::from_utf8(output.stdout)?, &read_lock(&lock));
    found.sort();
    found.dedup();
    Ok(found)
}

/// The npm packages that the front end ships, sorted.
pub(crate) fn packages() -> Result<Vec<Dependency>> {
    let lock = fs::read_to_string(root().join("web/package-lock.json"))?;
    let mut found = read_packages(&lock);
    found.sort();
    Ok(found)
}

/// `serde v1.0.0|MIT OR Apache-2.0` a line, ours with a folder behind the version.
fn read_tree(tree: &str, hashes: &BTreeMap<String, String>) -> Vec<Dependency> {
    let mut found = Vec::new();
    for line in tree.lines() {
        let (package, licence) = line.rsplit_once('|').unwrap_or((line, ""));
        let mut words = package.split(' ');
        let (Some(name), Some(version)) = (words.next(), words.next()) else {
            continue;
        };
        let version = version.trim_start_matches('v');
        if let Some(hash) = hashes.get(&format!("{name} {version}")) {
            found.push(Dependency {
                name: name.to_owned(),
                version: version.to_owned(),
                licence: licence.to_owned(),
                hash: hash.clone(),
            });
        }
    }
    found
}

/// `name version` of each crate of a registry in Cargo.lock, with its checksum.
fn read_lock(lock: &str) -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.strip_prefix(" = \"")?.trim_end_matches('"').to_owned())
        };
        if let (Some(name), Some(version), Some(hash)) =
            (value("name"), value("version"), value("checksum"))
        {
            hashes.insert(format!("{name} {version}"), hash);
        }
    }
    hashes
}

/// Packages of a package-lock.json that are no development tools; npm writes a key a line.
fn read_packages(lock: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        let Some(name) = line
            .strip_prefix("    \"node_modules/")
            .and_then(|rest| rest.strip_suffix("\": {"))
        else {
            continue;
        };
        let block: Vec<&str> = lines
            .by_ref()
            .take_while(|line| *line != "    },")
            .collect();
        let value = |key: &str| {
            let quoted = format!("      \"{key}\": \"");
            let line = block.iter().find_map(|line| line.strip_prefix(&quoted));
            line.unwrap_or_default()
                .trim_end_matches(',')
                .trim_end_matches('"')
                .to_owned()
        };
        if block.contains(&"      \"dev\": true,") {
            continue;
        }
        found.push(Dependency {
            name: name
                .rsplit("node_modules/")
                .next()
                .unwrap_or(name)
                .to_owned(),
            version: value("version"),
            licence: value("license"),
            hash: value("integrity").trim_start_matches("sha512-").to_owned(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{read_lock, read_packages, read_tree};

    #[test]
    fn crates_of_a_registry_have_version_licence_and_hash() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"0a\"\n\n\
            [[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
        let tree = "ours v0.1.0 (/x)|MIT\na v1.0.0|MIT/Apache-2.0\n";
        let found = read_tree(tree, &read_lock(lock));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].licence.as_str(), found[0].hash.as_str()),
            ("MIT/Apache-2.0", "0a")
        );
    }

    #[test]
    fn packages_that_only_develop_are_left_out() {
        let lock = "{\n    \"\": {\n      \"license\": \"MIT\"\n    },\n    \"node_modules/@x/a\": {\n      \"version\": \"1.2.3\",\n      \
            \"integrity\": \"sha512-AB==\",\n      \"license\": \"ISC\"\n    },\n    \"node_modules/b\": {\n      \
            \"version\": \"1.0.0\",\n      \"dev\": true,\n      \"license\": \"GPL-3.0\"\n    },\n}\n";
        let found = read_packages(lock);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].name.as_str(), found[0].version.as_str()),
            ("@x/a", "1.2.3")
        );
        assert_eq!(
            (found[0].licence.as_str(), found[0].hash.as_str()),
            ("ISC", "AB==")
        );
    }
}
