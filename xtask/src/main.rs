//! The project's own chores, one command each: `cargo xtask help` lists them.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool prints"
)]

mod bench;
mod demo;
mod dependencies;
mod duckdb;
mod process;
mod release;
mod sbom;
mod soak;
mod test;
mod tidy;
mod web;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  setup   fetch libduckdb, build the front end; `cargo build` works alone after it
  demo    set-up and build, then `filmstar demo`: a generated catalogue, the whole way to a page
  dev     set-up, then `filmstar serve` beside Vite's dev server (arguments go to `serve`)
  test    set-up for the tests, then lint and every test; what CI runs
  lint    fmt, clippy, tidy and the front end's type check (`--fix` mends what it can)
  tidy    the rules of the house that a machine can check
  rehearse  thirty days of `filmstar up` with a clock that runs, and with what goes wrong in thirty days (`[days]`)
  bench   load and build a generated catalogue on Postgres, beside psql, pandas and dbt Core (`[films]`);
          `ingest [films]`: from the API to the lake, beside aiohttp and pandas;
          `pages <project>`: a project's pages under load and in a browser, beside Streamlit
  soak-pages  publish a project's build every 10 s while eight clients read (`<project> [seconds]`)
  soak    kill an ingest of many films again and again while everything goes wrong, and compare (`[films]`)
  sbom    what the program is made of, as CycloneDX: target/filmstar.cdx.json
  release the program with DuckDB compiled in (half an hour), packed with completions, manual pages and SBOM
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[] as &[String]),
    };
    match command {
        "setup" => setup(),
        "demo" => demo::run(rest),
        "dev" => demo::develop(rest),
        "test" => test::run(rest),
        "lint" => {
            setup()?;
            test::lint(rest.iter().any(|argument| argument == "--fix"))
        }
        "tidy" => tidy::check(),
        "rehearse" => test::rehearse(rest.first().map_or("30", String::as_str)),
        "bench" => bench::run(rest),
        "soak-pages" => bench::soak::run(rest),
        "soak" => soak::run(rest),
        "sbom" => sbom::run(),
        "release" => release::run_release(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => bail!("there is no command `{unknown}`\n\n{HELP}"),
    }
}

/// What a fresh machine needs before `cargo build`.
fn setup() -> Result<()> {
    duckdb::set_up()?;
    web::build()
}

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the workspace")
}

/// The folder for what is fetched once a user: libduckdb and the test tools.
fn cache() -> Result<PathBuf> {
    let base = match (env::var_os("XDG_CACHE_HOME"), env::var_os("HOME")) {
        (Some(folder), _) if !folder.is_empty() => PathBuf::from(folder),
        (_, Some(home)) => PathBuf::from(home).join(".cache"),
        _ => bail!("neither XDG_CACHE_HOME nor HOME is set, so there is no folder for downloads"),
    };
    Ok(base.join("filmstar"))
}
