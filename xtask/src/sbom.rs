//! `sbom`: what the program is made of, as CycloneDX 1.5 in JSON.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use crate::{
    dependencies::{Dependency, crates, packages},
    duckdb, root,
};

/// Writes `target/filmstar.cdx.json`, the same bytes for the same lock files.
pub(crate) fn run() -> Result<()> {
    let file = write(&root().join("target"))?;
    println!("✓ {}", file.display());
    Ok(())
}

/// Writes the file in a folder.
pub(crate) fn write(folder: &Path) -> Result<PathBuf> {
    let text = compose(env!("CARGO_PKG_VERSION"), &crates()?, &packages()?);
    let file = folder.join("filmstar.cdx.json");
    fs::create_dir_all(folder)?;
    fs::write(&file, text).with_context(|| format!("failed to write {}", file.display()))?;
    Ok(file)
}

fn compose(version: &str, crates: &[Dependency], packages: &[Dependency]) -> String {
    let mut components = vec![format!(
        r#"{{"type":"library","name":"duckdb","version":"{0}","purl":"pkg:github/duckdb/duckdb@v{0}","licenses":[{{"expression":"MIT"}}]}}"#,
        duckdb::VERSION
    )];
    for it in crates {
        let hash = (!it.hash.is_empty()).then(|| ("SHA-256", it.hash.clone()));
        components.push(component("cargo", it, hash));
    }
    for it in packages {
        let hash = hex(&it.hash).map(|hash| ("SHA-512", hash));
        components.push(component("npm", it, hash));
    }
    format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":1,\n\
         \"metadata\":{{\"component\":{{\"type\":\"application\",\"name\":\"filmstar\",\"version\":{}}}}},\n\
         \"components\":[\n{}\n]}}\n",
        quoted(version),
        components.join(",\n")
    )
}

fn component(kind: &str, it: &Dependency, hash: Option<(&str, String)>) -> String {
    // A purl writes a scope's @ in percent.
    let name = it.name.replace('@', "%40");
    let purl = format!("pkg:{kind}/{name}@{}", it.version);
    let mut text = format!(
        "{{\"type\":\"library\",\"name\":{},\"version\":{},\"purl\":{},\"licenses\":[{{\"expression\":{}}}]",
        quoted(&it.name),
        quoted(&it.version),
        quoted(&purl),
        quoted(&it.licence.replace(" / ", " OR ").replace('/', " OR ")),
    );
    if let Some((algorithm, content)) = hash {
        let content = quoted(&content);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            ",\"hashes\":[{{\"alg\":\"{algorithm}\",\"content\":{content}}}]"
        );
    }
    text.push('}');
    text
}

/// A string of JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Base 64 to hex, as npm and CycloneDX write the same hash.
fn hex(base64: &str) -> Option<String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut n_bits, mut hex) = (0_u32, 0, String::new());
    for byte in base64.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|it| *it == byte)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            write!(hex, "{:02x}", bits >> n_bits & 0xff).ok()?;
        }
    }
    (!hex.is_empty()).then_some(hex)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Dependency, compose, crates, hex, packages, quoted};

    /// CycloneDX's own library beside its own schema.
    const VALIDATE: &str = "
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(sys.argv[1])
sys.exit(str(error) if error else 0)
";

    #[test]
    fn the_list_is_what_cyclonedx_prescribes() {
        let Some(python) = std::env::var_os("FILMSTAR_TEST_SBOM") else {
            assert!(
                std::env::var_os("CI").is_none(),
                "FILMSTAR_TEST_SBOM is not set"
            );
            println!("SKIPPED: FILMSTAR_TEST_SBOM names no Python with cyclonedx-python-lib");
            return;
        };
        let says = |text: &str| {
            let mut validate = Command::new(&python);
            let output = validate.args(["-c", VALIDATE, text]).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            (output.status.success(), said)
        };
        let text = compose("0.1.0", &crates().unwrap(), &packages().unwrap());
        let (is_valid, said) = says(&text);
        assert!(is_valid, "{said}");
        let (is_valid, _) = says(&text.replacen("\"library\"", "\"shelf\"", 1));
        assert!(!is_valid, "a component that is none was let through");
    }

    #[test]
    fn components_have_purl_licence_and_hash() {
        let it = |name: &str, licence: &str, hash: &str| Dependency {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            hash: hash.to_owned(),
        };
        let text = compose(
            "0.1.0",
            &[it("a", "MIT/Apache-2.0", "0a0b")],
            &[it("@x/b", "ISC", "AQID")],
        );
        assert!(text.contains(
            r#"{"type":"library","name":"a","version":"1.0.0","purl":"pkg:cargo/a@1.0.0","licenses":[{"expression":"MIT OR Apache-2.0"}],"hashes":[{"alg":"SHA-256","content":"0a0b"}]}"#
        ), "{text}");
        assert!(text.contains(r#""purl":"pkg:npm/%40x/b@1.0.0""#), "{text}");
        assert!(
            text.contains(r#"{"alg":"SHA-512","content":"010203"}"#),
            "{text}"
        );
    }

    #[test]
    fn hashes_and_strings_are_written_as_json_wants_them() {
        assert_eq!(hex("/+8=").as_deref(), Some("ffef"));
        assert_eq!(hex(""), None);
        assert_eq!(hex("no base 64"), None);
        assert_eq!(quoted("a\"b\\c\n"), r#""a\"b\\c\u000a""#);
    }
}
