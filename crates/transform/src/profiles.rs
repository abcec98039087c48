//! `profiles.yml`: where a project builds.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use serde_json::{Map, Value as Json};

use crate::{
    Diagnostic, Target,
    diagnostic::nearest,
    jinja::{self, Host, Interpreter, Value, fail},
    settings, yaml,
};

/// Entries that templates must not see.
const SECRETS: [&str; 4] = ["password", "pass", "token", "private_key"];

/// Which profile and target to use, when the command line says.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// `--profile`.
    pub profile: Option<String>,
    /// `--target`.
    pub target: Option<String>,
    /// `--threads`.
    pub threads: Option<usize>,
}

/// The `profiles.yml` that dbt would use: the first folder that has one.
pub fn find(folders: &[PathBuf]) -> Option<PathBuf> {
    folders
        .iter()
        .map(|folder| folder.join("profiles.yml"))
        .find(|path| path.is_file())
}

/// Reads the target of a project from `profiles.yml`; relative DuckDB paths are resolved from `base`.
///
/// # Errors
/// What is missing or wrong in either file.
pub fn read(
    profiles: &Path,
    project: &Path,
    base: &Path,
    env: &BTreeMap<String, String>,
    choice: &Choice,
) -> Result<Target, Diagnostic> {
    let read = |path: &Path| {
        let name = path.display().to_string();
        fs_err::read_to_string(path).map_err(|error| Diagnostic::new(name, error.to_string()))
    };
    let mut problems = Vec::new();
    let settings = settings::Settings::parse(&read(&project.join(settings::FILE))?, &mut problems);
    let Some(settings) = settings else {
        return Err(problems.swap_remove(0));
    };
    target(
        &read(profiles)?,
        choice.profile.as_deref().unwrap_or(&settings.profile),
        base,
        env,
        choice,
    )
}

fn target(
    text: &str,
    profile: &str,
    base: &Path,
    env: &BTreeMap<String, String>,
    choice: &Choice,
) -> Result<Target, Diagnostic> {
    const FILE: &str = "profiles.yml";
    let Json::Object(profiles) = yaml::to_json(&yaml::parse(FILE, text)?) else {
        return Err(Diagnostic::new(FILE, "file is not a mapping"));
    };
    let problem = |message: String, name: &str, known: Vec<&str>| {
        Err(Diagnostic::new(FILE, message).with_hint(nearest(name, known)))
    };
    let Some(entry) = profiles.get(profile) else {
        return problem(
            format!("no profile `{profile}`"),
            profile,
            profiles.keys().map(String::as_str).collect(),
        );
    };
    let default = entry
        .get("target")
        .cloned()
        .unwrap_or_else(|| Json::from("default"));
    let name = match &choice.target {
        Some(name) => name.clone(),
        None => yaml::plain(&render(&default, env)?),
    };
    let outputs = entry
        .get("outputs")
        .and_then(Json::as_object)
        .cloned()
        .unwrap_or_default();
    let Some(output) = outputs.get(&name) else {
        return problem(
            format!("profile `{profile}` has no target `{name}`"),
            &name,
            outputs.keys().map(String::as_str).collect(),
        );
    };
    let Json::Object(mut entries) = render(output, env)? else {
        return Err(Diagnostic::new(
            FILE,
            format!("target `{name}` is not a mapping"),
        ));
    };
    let text = |entries: &Map<String, Json>, keys: &[&str]| {
        keys.iter()
            .find_map(|key| entries.get(*key))
            .filter(|value| !value.is_null())
            .map(yaml::plain)
    };
    let Some(adapter) = text(&entries, &["type"]) else {
        return Err(Diagnostic::new(
            FILE,
            format!("target `{name}` has no `type`"),
        ));
    };
    let path = text(&entries, &["path"]).unwrap_or_else(|| ":memory:".to_owned());
    let path = (adapter == "duckdb").then(|| {
        if path == ":memory:" {
            PathBuf::from(path)
        } else {
            base.join(path)
        }
    });
    let stem = path
        .as_deref()
        .and_then(Path::file_stem)
        .map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.map(|stem| {
        if stem == ":memory:" {
            "memory".to_owned()
        } else {
            stem
        }
    });
    let database = text(&entries, &["database", "dbname"])
        .or(stem)
        .unwrap_or_default();
    let schema = text(&entries, &["schema"]).unwrap_or_else(|| "main".to_owned());
    let threads = text(&entries, &["threads"])
        .and_then(|threads| threads.parse().ok())
        .unwrap_or(1);
    entries.retain(|key, _| !SECRETS.contains(&key.as_str()));
    Ok(Target {
        name,
        profile: profile.to_owned(),
        adapter,
        database,
        schema,
        threads: choice.threads.unwrap_or(threads).max(1),
        path,
        entries,
    })
}

/// Only `env_var` exists in profiles.
struct Environment(BTreeMap<String, String>);

impl Host for Environment {
    fn global(&self, name: &str) -> Option<Value> {
        let env = self.0.clone();
        (name == "env_var").then(|| {
            Value::function("env_var", move |_, arguments| {
                let name = arguments.text(0, "name")?;
                let found = env.get(&*name).map(Value::text);
                found
                    .or_else(|| arguments.get(1, "default").cloned())
                    .ok_or_else(|| fail(format!("env var `{name}` is not set")))
            })
        })
    }
}

fn render(json: &Json, env: &BTreeMap<String, String>) -> Result<Json, Diagnostic> {
    Ok(match json {
        Json::String(text) if text.contains("{{") => {
            let file: Arc<str> = Arc::from("profiles.yml");
            let rendered = jinja::parse(&file, text).and_then(|template| {
                Interpreter::new(Rc::new(Environment(env.clone()))).render_native(&template)
            });
            Json::from(&rendered.map_err(|error| Diagnostic::from_jinja(*error, &file))?)
        }
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), render(value, env)?)));
            Json::Object(entries.collect::<Result<_, Diagnostic>>()?)
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests;
