//! One output of a profile: a target's entries, checked.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};
use warehouse::Password;

use super::FILE;
use crate::{Diagnostic, Target, diagnostic::nearest, yaml};

/// The spellings of the password's entry.
const PASSWORD: [&str; 2] = ["password", "pass"];
/// Other entries that templates must not see.
const SECRETS: [&str; 2] = ["token", "private_key"];
/// Postgres entries that are numbers, with what dbt takes when they are not given.
const NUMBERS: [(&str, Option<u64>); 4] = [
    ("port", None),
    ("connect_timeout", Some(10)),
    ("keepalives_idle", Some(0)),
    ("retries", Some(1)),
];

/// The target that an output's rendered entries describe.
pub(super) fn target(
    profile: &str,
    name: &str,
    mut entries: Map<String, Json>,
    base: &Path,
) -> Result<Target, Diagnostic> {
    let problem = |message: String| Diagnostic::new(FILE, message);
    let Some(adapter) = text(&entries, &["type"]) else {
        return Err(problem(format!("target `{name}` has no `type`")));
    };
    let (path, database, schema) = match adapter.as_str() {
        "duckdb" => {
            let (path, catalog) = duckdb_file(&entries, base);
            let database = text(&entries, &["database", "dbname"]).unwrap_or(catalog);
            let schema = text(&entries, &["schema"]).unwrap_or_else(|| "main".to_owned());
            (Some(path), database, schema)
        }
        "postgres" => {
            check_postgres(name, &mut entries)?;
            let given = |keys: &[&str]| text(&entries, keys).unwrap_or_default();
            (None, given(&["database", "dbname"]), given(&["schema"]))
        }
        other => {
            let hint = nearest(other, ["duckdb", "postgres"])
                .unwrap_or_else(|| "types are `duckdb` and `postgres`".to_owned());
            let message = format!("target `{name}` has the type `{other}`, which is not supported");
            return Err(problem(message).with_hint(Some(hint)));
        }
    };
    let threads = text(&entries, &["threads"]).and_then(|threads| threads.parse().ok());
    let password = text(&entries, &PASSWORD).and_then(Password::new);
    let is_secret = |key: &str| PASSWORD.contains(&key) || SECRETS.contains(&key);
    entries.retain(|key, _| !is_secret(key));
    Ok(Target {
        name: name.to_owned(),
        profile: profile.to_owned(),
        adapter,
        database,
        schema,
        threads: threads.unwrap_or(1),
        path,
        entries,
        password,
        has_literal_password: false,
    })
}

/// Whether an output, before rendering, has its password written out.
pub(super) fn has_literal_password(output: &Json) -> bool {
    let written = PASSWORD.iter().filter_map(|key| output.get(*key));
    let mut written = written.filter(|value| !value.is_null()).map(yaml::plain);
    written.any(|text| !text.is_empty() && !text.contains("{{"))
}

fn text(entries: &Map<String, Json>, keys: &[&str]) -> Option<String> {
    let mut found = keys.iter().filter_map(|key| entries.get(*key));
    found.find(|value| !value.is_null()).map(yaml::plain)
}

/// DuckDB's file, and the catalog that DuckDB names after it.
fn duckdb_file(entries: &Map<String, Json>, base: &Path) -> (PathBuf, String) {
    match text(entries, &["path"]) {
        Some(path) if path != ":memory:" => {
            let path = base.join(path);
            let stem = path.file_stem().unwrap_or_default();
            let catalog = stem.to_string_lossy().into_owned();
            (path, catalog)
        }
        _ => (PathBuf::from(":memory:"), "memory".to_owned()),
    }
}

/// What dbt-postgres demands, and its defaults.
fn check_postgres(name: &str, entries: &mut Map<String, Json>) -> Result<(), Diagnostic> {
    let required: [&[&str]; 5] = [
        &["host"],
        &["port"],
        &["user"],
        &["dbname", "database"],
        &["schema"],
    ];
    let is_missing = |keys: &&&[&str]| text(entries, keys).is_none_or(|value| value.is_empty());
    if let Some(keys) = required.iter().find(is_missing) {
        let message = format!("target `{name}` has no `{}`", keys[0]);
        return Err(Diagnostic::new(FILE, message));
    }
    for (key, default) in NUMBERS {
        let number = match text(entries, &[key]) {
            Some(text) => text.parse().map(Some).map_err(|_| {
                let message = format!("`{key}` of target `{name}` is no whole number: `{text}`");
                Diagnostic::new(FILE, message)
            })?,
            None => default,
        };
        if let Some(number) = number {
            entries.insert(key.to_owned(), Json::from(number));
        }
    }
    Ok(())
}
