//! Whether each dependency may be handed on with the program, by the list in `deny.toml`.

use std::fs;

use anyhow::{Context as _, Result};

use crate::{
    dependencies::{crates, packages},
    root,
};

/// Checks what the program is made of, crates and npm packages.
pub(super) fn check(problems: &mut Vec<String>) -> Result<()> {
    let file = fs::read_to_string(root().join("deny.toml")).context("failed to read deny.toml")?;
    let allowed = allowed(&file);
    for (kind, dependencies) in [("crate", crates()?), ("npm package", packages()?)] {
        if dependencies.is_empty() {
            problems.push(format!("no {kind} was found, so no licence was checked"));
        }
        for dependency in dependencies {
            if !is_allowed(&dependency.licence, &allowed) {
                problems.push(format!(
                    "{kind} `{}` {} has the licence `{}`, which deny.toml does not allow",
                    dependency.name, dependency.version, dependency.licence
                ));
            }
        }
    }
    Ok(())
}

/// The entries of `allow = [ … ]`.
fn allowed(file: &str) -> Vec<&str> {
    let lines = file.lines().skip_while(|line| *line != "allow = [").skip(1);
    lines
        .take_while(|line| *line != "]")
        .filter_map(|line| line.trim().strip_prefix('"'))
        .filter_map(|line| line.split('"').next())
        .collect()
}

/// Whether an SPDX expression can be met: one side of each `OR`, both of each `AND`.
fn is_allowed(licence: &str, allowed: &[&str]) -> bool {
    // A slash meant `OR` before there were expressions.
    let expression = licence.replace('/', " OR ");
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest, allowed) == Some(true) && rest.is_empty()
}

/// `None` when it is no expression.
fn either(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut met = both(words, allowed)?;
    while let ["OR", rest @ ..] = words {
        *words = rest;
        met |= both(words, allowed)?;
    }
    Some(met)
}

fn both(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut met = one(words, allowed)?;
    while let ["AND", rest @ ..] = words {
        *words = rest;
        met &= one(words, allowed)?;
    }
    Some(met)
}

fn one(words: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    match words {
        ["(", rest @ ..] => {
            *words = rest;
            let met = either(words, allowed)?;
            *words = words.strip_prefix(&[")"])?;
            Some(met)
        }
        [licence, "WITH", exception, rest @ ..] => {
            *words = rest;
            Some(allowed.contains(&format!("{licence} WITH {exception}").as_str()))
        }
        [licence, rest @ ..] => {
            *words = rest;
            Some(allowed.contains(licence))
        }
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{allowed, is_allowed};

    #[test]
    fn an_expression_is_met_by_one_side_of_or_and_both_of_and() {
        let file = "[licenses]\nallow = [\n    # Why.\n    \"MIT\",\n    \"Apache-2.0 WITH LLVM-exception\",\n    \"ISC\",\n]\n";
        let allowed = allowed(file);
        assert_eq!(allowed, ["MIT", "Apache-2.0 WITH LLVM-exception", "ISC"]);
        for good in [
            "MIT",
            "MIT/GPL-3.0",
            "GPL-3.0 OR MIT",
            "(GPL-3.0 OR MIT) AND ISC",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        ] {
            assert!(is_allowed(good, &allowed), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT",
            "MIT ISC",
            "Apache-2.0",
        ] {
            assert!(!is_allowed(bad, &allowed), "{bad}");
        }
    }
}
