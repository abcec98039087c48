//! The database of a project: roles, schemas, rights, and passwords for the roles.

use std::{io::Write as _, path::Path};

use anyhow::Context as _;
use chrono::Utc;
use fs_err as fs;
use rand::{RngExt as _, distr::Alphanumeric};
use warehouse::postgres;

use crate::{
    cli::Global,
    commands,
    config::environment,
    failure::Failure,
    printer::Printer,
    project::Project,
    targets::{Place, Server, TargetArgument},
};

/// Where profiles.yml takes the roles' passwords from.
const PASSWORDS: [&str; 3] = [
    "FILMSTAR_LOADER_PASSWORD",
    "FILMSTAR_TRANSFORMER_PASSWORD",
    "FILMSTAR_READER_PASSWORD",
];
const PASSWORD_LENGTH: usize = 32;

/// Sets up the server that `--target` names, if it names one; returns what was done, a sentence each.
pub(super) fn server(
    target: &TargetArgument,
    folder: &Path,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Vec<String>> {
    if target.name().is_none() {
        return Ok(Vec::new());
    }
    let project = Project::open(global, printer, &target.flags())?;
    if matches!(Place::of(&project, printer)?, Place::DuckDb) {
        return Ok(Vec::new());
    }
    let mut done: Vec<String> = write_passwords(folder)?.into_iter().collect();
    // Once more, with the passwords.
    let Place::Server(server) = Place::of(&project, printer)? else {
        return Ok(done);
    };
    let schemas = schemas(&project, &server)?;
    let admin = server.admin()?;
    let made = postgres::initialize(&admin, &server.rights(&schemas)?)
        .with_context(|| format!("failed to set up the database as {}", admin.location()))?;
    if made.is_empty() {
        done.push("roles, database and rights are as they should be".to_owned());
    }
    done.extend(made);
    Ok(done)
}

/// The schemas that the project's models live in.
fn schemas(project: &Project, server: &Server) -> anyhow::Result<Vec<String>> {
    let folder = project.dbt().context("`init` has just written dbt/")?;
    let mut options =
        transform::Options::new(server.target.clone(), commands::new_id(), Utc::now());
    options.env = environment::variables();
    let loaded = transform::Project::load(&folder, options)
        .map_err(|problems| commands::dbt::unusable(&folder, &problems))?;
    Ok(loaded.schemas())
}

/// Makes up passwords and keeps them in `.env`, unless there are some or there is such a file.
fn write_passwords(folder: &Path) -> Result<Option<String>, Failure> {
    let file = folder.join(environment::FILE);
    let has_some = PASSWORDS
        .iter()
        .any(|name| environment::variable(name).is_some());
    if has_some || file.exists() {
        return Ok(None);
    }
    let mut text =
        "# Passwords of the roles on the server. Keep this file to yourself.\n".to_owned();
    for name in PASSWORDS {
        let password: String = rand::rng()
            .sample_iter(Alphanumeric)
            .take(PASSWORD_LENGTH)
            .map(char::from)
            .collect();
        text.push_str(&format!("{name}={password}\n"));
    }
    let written = private(&file).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        Failure::world(format!("failed to write `{}`", file.display())).because(error)
    })?;
    ignore(folder).map_err(|error| {
        Failure::world("failed to keep .env out of git: add it to .gitignore").because(error)
    })?;
    environment::read_file(None)?;
    Ok(Some("passwords for three roles in .env".to_owned()))
}

/// Sees to it that git leaves `.env` alone, whatever `.gitignore` was there before.
fn ignore(folder: &Path) -> std::io::Result<()> {
    let file = folder.join(".gitignore");
    let text = fs::read_to_string(&file).unwrap_or_default();
    let is_ignored = |line: &str| ["/.env", ".env"].contains(&line.trim());
    if text.lines().any(is_ignored) {
        return Ok(());
    }
    let gap = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    fs::write(&file, format!("{text}{gap}/.env\n"))
}

/// A new file that nobody else can read.
fn private(file: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(file)
}
