use std::{
    env,
    io::{IsTerminal as _, Write as _},
};

use anyhow::Context as _;
use clap::Args;
use fs_err as fs;
use serde_json::json;

use crate::{
    cli::Global,
    config::{DUCKDB, Layout},
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary, count},
    project::Project,
    project_files,
    targets::TargetArgument,
};

mod set_up;

/// Arguments of `filmstar init`.
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    #[command(flatten)]
    target: TargetArgument,
    /// Take the defaults instead of asking
    #[arg(long, short)]
    yes: bool,
    /// Replace the models and pages of an earlier release that you have not changed; the others are named
    #[arg(long)]
    update: bool,
    /// Films with fewer votes are left out (0 = every film, about 1.2 million)
    #[arg(long, value_name = "N")]
    min_votes: Option<u32>,
}

/// Writes `filmstar.toml`, `dbt/` and `dashboards/` into the current folder, never over what the user changed, and
/// with a target on a server sets that up.
pub(crate) fn run(
    arguments: &InitArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let folder = env::current_dir().context("failed to find the current folder")?;
    let min_votes = match arguments.min_votes {
        Some(votes) => votes,
        None if arguments.yes || !std::io::stdin().is_terminal() || printer.is_json() => 0,
        None => ask_min_votes()?,
    };
    let refuse = |error: std::io::Error| {
        Failure::world("this folder cannot be written")
            .hint("run `filmstar init` in a folder of yours, for example `mkdir films && cd films`")
            .because(error)
    };
    let file = folder.join("filmstar.toml");
    let had_config = file.exists();
    if !had_config {
        let target = arguments.target.name().unwrap_or(DUCKDB);
        fs::write(&file, configuration(min_votes, target)).map_err(refuse)?;
    }
    let files = project_files::bring(&folder, arguments.update)
        .map_err(refuse)?
        .map_err(|newer| {
            Failure::usage(format!(
                "this project's files were written by Filmstar {}, which is newer than this one",
                newer.version
            ))
            .hint("install that release again")
        })?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        fs::write(ignore, "/.env\n/data/\n/dbt/target/\n/dbt/logs/\n").map_err(refuse)?;
    }

    let mut facts = vec![
        (
            "filmstar.toml",
            if had_config {
                "kept as it was".to_owned()
            } else {
                "settings; every key has a default".to_owned()
            },
        ),
        (
            "dbt/",
            format!(
                "the models: a standard dbt project ({} files written)",
                below("dbt/", &files.written)
            ),
        ),
        (
            "dashboards/",
            format!(
                "the pages: one folder each ({} files written)",
                below("dashboards/", &files.written)
            ),
        ),
    ];
    facts.extend(told(&files));
    let set_up = set_up::server(&arguments.target, &folder, global, printer)?;
    let mut next = Vec::new();
    facts.extend(set_up.iter().map(|line| ("database", line.clone())));
    if !files.outdated.is_empty() {
        next.push("filmstar init --update   (takes this release's models and pages; what you changed stays)".to_owned());
    }
    let has_credential = crate::ingest::credential_from_environment().is_some();
    if !has_credential {
        next.push("export TMDB_API_TOKEN=…   (free: themoviedb.org → Settings → API)".to_owned());
    }
    next.push("filmstar ingest".to_owned());
    if let Some(name) = arguments.target.name() {
        let configured = Project::open(global, printer, &[])?;
        if configured.config().warehouse.target != name {
            next.push(format!(
                "target = \"{name}\" below [warehouse] in filmstar.toml, or --target {name} each time"
            ));
        }
    }
    printer.summary(&Summary {
        headline: format!("✓ a Filmstar project in {}", folder.display()),
        facts,
        next,
        json: json!({
            "status": "ok", "folder": folder, "config_written": !had_config, "files": files,
            "database": set_up,
        }),
    });
    Ok(Exit::Ok)
}

/// How many of the files lie below a folder.
fn below(folder: &str, files: &[String]) -> usize {
    files.iter().filter(|file| file.starts_with(folder)).count()
}

/// What became of files that were here.
fn told(files: &project_files::Outcome) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    if files.n_current > 0 {
        told.push((
            "kept",
            format!("{} files are as this release has them", files.n_current),
        ));
    }
    for (name, what, these) in [
        ("updated", "of an earlier release", &files.updated),
        ("removed", "no more part of Filmstar", &files.removed),
        (
            "older",
            "of an earlier release, and not changed by you",
            &files.outdated,
        ),
        (
            "yours",
            "not as any release known here wrote them, left alone",
            &files.changed,
        ),
    ] {
        if !these.is_empty() {
            told.push((
                name,
                format!("{} {what}: {}", count(these.len() as u64), some(these)),
            ));
        }
    }
    told
}

/// The first few names.
fn some(names: &[String]) -> String {
    const N_SHOWN: usize = 8;
    let shown = names.iter().take(N_SHOWN).map(String::as_str);
    let mut shown: Vec<_> = shown.collect();
    if names.len() > N_SHOWN {
        shown.push("…");
    }
    shown.join(", ")
}

fn ask_min_votes() -> anyhow::Result<u32> {
    #[expect(clippy::print_stderr, reason = "a question, and only on a terminal")]
    {
        eprintln!("How much of TMDB do you want? At 35 requests a second:");
        eprintln!("  0    every film, about 1.2 million: 9 to 10 hours (resumable)");
        eprintln!("  10   films with at least 10 votes: well under an hour");
        eprintln!("  500  what most people have heard of: a few minutes");
        eprint!("least number of votes [0]: ");
    }
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .context("failed to read the answer")?;
    let answer = answer.trim();
    if answer.is_empty() {
        return Ok(0);
    }
    Ok(answer
        .parse()
        .map_err(|_| Failure::usage(format!("`{answer}` is not a number of votes")))?)
}

fn configuration(min_votes: u32, target: &str) -> String {
    let layout = Layout::CURRENT.0;
    format!(
        "# Filmstar's settings. Every key has a default; `filmstar config show --origin` lists them all.
# The environment wins over this file: FILMSTAR_TMDB__REQUESTS_PER_SECOND=20.
# The credential is never kept here: set TMDB_API_TOKEN (or TMDB_API_KEY) in the environment.

# Of this file: a release that gives keys another meaning has another.
layout = {layout}

[tmdb]
requests_per_second = 35

[ingest]
# Films with fewer votes are left out; 0 asks for every film there is.
min_votes = {min_votes}
# Whose details are fetched: \"none\", \"leads\", \"principal\" or \"all\".
people = \"leads\"
# Of how many days the popularity of every film and person lands, from TMDB's daily exports; 0 is none.
exports_days = 8

[storage]
lake = \"data/lake\"
warehouse = \"data/warehouse\"

[serve]
# The pages are for this machine alone. To let others read them, an address to listen on, and a token in .env, where
# `echo \"FILMSTAR_SERVE__TOKEN=$(openssl rand -hex 32)\" >> .env` puts a new one.
# host = \"0.0.0.0\"

[warehouse]
# A target of dbt/profiles.yml: \"duckdb\" is a file of this project, \"postgres\" a server.
target = \"{target}\"
"
    )
}
