//! The environment: the process's own, and below it the `.env` beside `filmstar.toml`.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use super::load;
use crate::failure::Failure;

/// The file, and its name in messages.
pub(crate) const FILE: &str = ".env";

static FROM_FILE: OnceLock<BTreeMap<String, String>> = OnceLock::new();

/// Reads `.env` in the folder of the configuration file, or else in the current one. To be called once, first.
///
/// # Errors
/// When the file is there and cannot be read.
pub(crate) fn read_file(configuration: Option<&Path>) -> Result<(), Failure> {
    let current = env::current_dir().unwrap_or_default();
    let configuration = configuration
        .map(Path::to_owned)
        .or_else(|| load::nearest_file(&current));
    let folder = configuration.as_deref().and_then(Path::parent);
    let file = folder.map_or(current.clone(), PathBuf::from).join(FILE);
    if !file.is_file() {
        return Ok(());
    }
    // The error quotes the line, and the line may hold a password.
    let unreadable = |_| {
        Failure::usage(format!("`{}` cannot be read", file.display()))
            .hint("each line is NAME=value; put a value with spaces or # into quotes")
    };
    let pairs = dotenvy::from_path_iter(&file).map_err(unreadable)?;
    let pairs = pairs.collect::<Result<_, _>>().map_err(unreadable)?;
    FROM_FILE.get_or_init(|| pairs);
    Ok(())
}

/// What `.env` sets.
pub(crate) fn from_file() -> impl Iterator<Item = (&'static String, &'static String)> {
    FROM_FILE.get().into_iter().flatten()
}

/// A variable: the process's own, or else the file's. An empty one counts as not set.
pub(crate) fn variable(name: &str) -> Option<String> {
    let own = env::var(name).ok();
    let value = own.or_else(|| FROM_FILE.get()?.get(name).cloned());
    value.filter(|value| !value.is_empty())
}

/// Every variable.
pub(crate) fn variables() -> BTreeMap<String, String> {
    let mut variables: BTreeMap<_, _> = from_file()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    variables.extend(env::vars());
    variables
}
