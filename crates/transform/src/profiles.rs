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

mod output;

const FILE: &str = "profiles.yml";

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
    let profile = profile_name(project, choice)?;
    target(&text(profiles)?, &profile, base, env, choice)
}

/// The names of the targets that a project's profile has, in the file's order.
///
/// # Errors
/// What is missing or wrong in either file.
pub fn outputs(
    profiles: &Path,
    project: &Path,
    choice: &Choice,
) -> Result<Vec<String>, Diagnostic> {
    let profile = profile_name(project, choice)?;
    let entry = profile_entry(&text(profiles)?, &profile)?;
    Ok(outputs_of(&entry).keys().cloned().collect())
}

fn text(path: &Path) -> Result<String, Diagnostic> {
    let name = path.display().to_string();
    fs_err::read_to_string(path).map_err(|error| Diagnostic::new(name, error.to_string()))
}

fn profile_name(project: &Path, choice: &Choice) -> Result<String, Diagnostic> {
    if let Some(name) = &choice.profile {
        return Ok(name.clone());
    }
    let mut problems = Vec::new();
    let settings = settings::Settings::parse(
        settings::FILE,
        &text(&project.join(settings::FILE))?,
        &mut problems,
    );
    settings
        .map(|settings| settings.profile)
        .ok_or_else(|| problems.swap_remove(0))
}

fn profile_entry(text: &str, profile: &str) -> Result<Json, Diagnostic> {
    let Json::Object(mut profiles) = yaml::to_json(&yaml::parse(FILE, text)?) else {
        return Err(Diagnostic::new(FILE, "file is not a mapping"));
    };
    profiles.remove(profile).ok_or_else(|| {
        Diagnostic::new(FILE, format!("no profile `{profile}`"))
            .with_hint(nearest(profile, profiles.keys().map(String::as_str)))
    })
}

fn outputs_of(profile: &Json) -> Map<String, Json> {
    let outputs = profile.get("outputs").and_then(Json::as_object);
    outputs.cloned().unwrap_or_default()
}

fn target(
    text: &str,
    profile: &str,
    base: &Path,
    env: &BTreeMap<String, String>,
    choice: &Choice,
) -> Result<Target, Diagnostic> {
    let entry = profile_entry(text, profile)?;
    let default = entry.get("target").cloned();
    let default = default.unwrap_or_else(|| Json::from("default"));
    let name = match &choice.target {
        Some(name) => name.clone(),
        None => yaml::plain(&render(&default, env)?),
    };
    let outputs = outputs_of(&entry);
    let Some(output) = outputs.get(&name) else {
        let message = format!("profile `{profile}` has no target `{name}`");
        return Err(Diagnostic::new(FILE, message)
            .with_hint(nearest(&name, outputs.keys().map(String::as_str))));
    };
    let Json::Object(entries) = render(output, env)? else {
        return Err(Diagnostic::new(
            FILE,
            format!("target `{name}` is not a mapping"),
        ));
    };
    let mut target = output::target(profile, &name, entries, base)?;
    target.has_literal_password = output::has_literal_password(output);
    target.threads = choice.threads.unwrap_or(target.threads).max(1);
    Ok(target)
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
            let file: Arc<str> = Arc::from(FILE);
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
