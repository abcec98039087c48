//! The rules of the house that a machine can check; each message says which one.

mod deploy;
mod licences;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::root;

/// Which of our crates each may depend on; data flows down the list.
const EDGES: [(&str, &[&str]); 7] = [
    ("tmdb", &[]),
    ("lake", &[]),
    ("warehouse", &["lake"]),
    ("transform", &["warehouse"]),
    ("serve", &["warehouse", "transform"]),
    (
        "filmstar",
        &["tmdb", "lake", "warehouse", "transform", "serve"],
    ),
    ("xtask", &[]),
];
const NAMELESS: [&str; 5] = ["utils", "helpers", "common", "types", "misc"];
const LINES_PER_FILE: usize = 500;
const LINES_PER_MODEL: usize = 100;
const LINES_PER_PAGE: usize = 120;
const LINES_OF_README: usize = 120;
/// Words that begin a model's grain sentence.
const GRAIN: [&str; 2] = ["One row per", "One row for"];

/// Checks everything and fails with every problem at once.
pub(crate) fn check() -> Result<()> {
    let files = tracked()?;
    let mut problems = Vec::new();
    crate_edges(&mut problems)?;
    for file in &files {
        let text = fs::read_to_string(root().join(file)).unwrap_or_default();
        file_names(file, &mut problems);
        file_lengths(file, &text, &mut problems);
        markers(file, &text, &mut problems);
    }
    models(&files, &mut problems)?;
    deploy::check(&mut problems)?;
    licences::check(&mut problems)?;
    if !problems.is_empty() {
        bail!(
            "{} tidy problem(s):\n  {}",
            problems.len(),
            problems.join("\n  ")
        );
    }
    println!("tidy: {} files in order", files.len());
    Ok(())
}

/// Files of the work tree that git knows or would add.
fn tracked() -> Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .context("failed to start `git`")?;
    let names = String::from_utf8(output.stdout)?;
    Ok(names
        .lines()
        .map(PathBuf::from)
        .filter(|file| root().join(file).is_file())
        .collect())
}

fn crate_edges(problems: &mut Vec<String>) -> Result<()> {
    for (name, allowed) in EDGES {
        let manifest = if name == "xtask" {
            root().join("xtask/Cargo.toml")
        } else {
            root().join("crates").join(name).join("Cargo.toml")
        };
        let text = fs::read_to_string(&manifest)
            .with_context(|| format!("failed to read {}", manifest.display()))?;
        for (other, _) in EDGES {
            let depends = text.lines().any(|line| {
                line.strip_prefix(other)
                    .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
            });
            if depends && !allowed.contains(&other) {
                problems.push(format!(
                    "crates/{name} depends on `{other}`: that edge is not allowed (ARCHITECTURE.md)"
                ));
            }
        }
    }
    Ok(())
}

fn file_names(file: &Path, problems: &mut Vec<String>) {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    if has_extension(file, &["rs", "ts", "tsx"]) && NAMELESS.contains(&stem.as_ref()) {
        problems.push(format!(
            "{}: name the file after its main type or verb",
            file.display()
        ));
    }
}

fn file_lengths(file: &Path, text: &str, problems: &mut Vec<String>) {
    let is_test = file.iter().any(|part| part == "tests") || file.ends_with("tests.rs");
    let limit = match file {
        _ if is_test => return,
        _ if has_extension(file, &["rs"]) => LINES_PER_FILE,
        _ if file.starts_with("dbt/models") && has_extension(file, &["sql"]) => LINES_PER_MODEL,
        _ if file.starts_with("dashboards") && file.ends_with("page.yml") => LINES_PER_PAGE,
        _ if file == Path::new("README.md") => LINES_OF_README,
        _ => return,
    };
    let lines = text.lines().count();
    if lines > limit {
        problems.push(format!(
            "{}: {lines} lines, {limit} at most: split it",
            file.display()
        ));
    }
}

fn markers(file: &Path, text: &str, problems: &mut Vec<String>) {
    if file.starts_with("xtask") || !has_extension(file, &["rs", "ts", "tsx", "sql", "yml", "css"])
    {
        return;
    }
    for (number, line) in text.lines().enumerate() {
        let unnumbered = |word: &str| line.contains(word) && !line.contains(&format!("{word}(#"));
        if unnumbered("TODO") || unnumbered("FIXME") {
            problems.push(format!(
                "{}:{}: a TODO names its issue: TODO(#12)",
                file.display(),
                number + 1
            ));
        }
    }
}

/// Every model has its yml beside it, whose description states the grain and whose key is tested.
fn models(files: &[PathBuf], problems: &mut Vec<String>) -> Result<()> {
    for model in files
        .iter()
        .filter(|file| file.starts_with("dbt/models") && has_extension(file, &["sql"]))
    {
        let properties = model.with_extension("yml");
        if !files.contains(&properties) {
            problems.push(format!(
                "{}: no yml of the same name beside it",
                model.display()
            ));
            continue;
        }
        let text = fs::read_to_string(root().join(&properties))?;
        // Folded YAML may break the sentence over lines.
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !GRAIN.iter().any(|words| folded.contains(words)) {
            problems.push(format!(
                "{}: the description must end with the grain (\"One row per movie.\")",
                properties.display()
            ));
        }
        if !text.contains("unique") {
            problems.push(format!(
                "{}: the key has no uniqueness test",
                properties.display()
            ));
        }
    }
    Ok(())
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension()
        .is_some_and(|extension| extensions.iter().any(|known| extension == *known))
}
