//! What projects of older dbt still say: it is read as it was meant, with a warning and how it is written now.

use dbt_yaml::Value as Yaml;
use serde_json::{Map, Value as Json};

use super::generic_tests::CONFIG_KEYS;
use crate::{Diagnostic, yaml};

/// The keys of `dbt_project.yml` with new names.
const RENAMED: [(&str, &str); 2] = [
    ("source-paths", "model-paths"),
    ("data-paths", "seed-paths"),
];
/// Keys of `dbt_project.yml` for what the command line says, with the value that dbt passes over.
const MOVED: [(&str, &str, &str); 2] = [
    ("log-path", "logs", "--log-path"),
    ("target-path", "target", "--target-path"),
];
/// What stands beside `arguments:` in a test without being an argument.
const BESIDE_ARGUMENTS: [&str; 6] = [
    "config",
    "column_name",
    "description",
    "name",
    "model",
    "arguments",
];

/// The old keys of `dbt_project.yml`; both spellings of one are a problem.
pub(crate) fn of_settings(
    file: &str,
    settings: &Yaml,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (key, value) in settings.as_mapping().into_iter().flatten() {
        let (line, column) = yaml::place(key);
        let name = yaml::key_text(key);
        let found = |message: String, hint: String| {
            let found = Diagnostic::new(file, message).at_line(line, column);
            found.with_hint(Some(hint))
        };
        if let Some((old, new)) = RENAMED.iter().find(|(old, _)| *old == name) {
            let hint = format!("write `{new}`");
            match settings.get(*new) {
                None => warnings.push(found(format!("`{old}` is an old spelling"), hint)),
                Some(_) => {
                    let message = format!("`{old}` and `{new}` cannot both be there");
                    let hint = format!("leave `{old}` out");
                    problems.push(found(message, hint));
                }
            }
        }
        if let Some((old, default, flag)) = MOVED.iter().find(|(old, ..)| *old == name)
            && value.as_str() != Some(default)
        {
            let message = format!("`{old}` is an old place for a folder");
            warnings.push(found(message, format!("say `{flag}` when dbt is called")));
        }
    }
    warnings
}

/// The old spellings in a generic test: what is wrong, and what to do.
pub(super) fn of_test(test: &Map<String, Json>) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let is_config = |key: &str| CONFIG_KEYS.contains(&key);
    if test.keys().any(|key| is_config(key)) {
        found.push((
            "a config of a test stands beside its arguments",
            "put it under `config:`",
        ));
    }
    let is_argument = |key: &str| !is_config(key) && !BESIDE_ARGUMENTS.contains(&key);
    let has_arguments =
        matches!(test.get("arguments"), Some(Json::Object(nested)) if !nested.is_empty());
    if !has_arguments && test.keys().any(|key| is_argument(key)) {
        found.push((
            "arguments of a test stand beside its configs",
            "put them under `arguments:`",
        ));
    }
    found
}

/// Keeps the first of the warnings that say the same, and how many more there are: an old project has hundreds.
pub(super) fn once_each(warnings: &mut Vec<Diagnostic>) {
    let mut kept: Vec<(Diagnostic, usize)> = Vec::new();
    for warning in warnings.drain(..) {
        match kept
            .iter_mut()
            .find(|(first, _)| first.message == warning.message)
        {
            Some((_, n_more)) => *n_more += 1,
            None => kept.push((warning, 0)),
        }
    }
    warnings.extend(kept.into_iter().map(|(mut first, n_more)| {
        if n_more > 0 {
            first.message.push_str(&format!(" (and {n_more} more)"));
        }
        first
    }));
}
