//! `bench dbt [films]`: parses and builds our dbt project with `filmstar dbt`, dbt Core and what there is of dbt v2, on
//! DuckDB, each as a whole process with the same threads.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use super::{fill_lake, programs, row};
use crate::{
    cache,
    process::{self, cargo, command},
    setup, test,
};

/// The last of dbt v2 that installs without downloads of its own. Its drivers are such, so that it cannot build.
const V2: [(&str, &str); 2] = [
    ("dbt-core 2.0.0a4", "dbt-core==2.0.0a4"),
    ("dbt 2.0.0rc196", "dbt==2.0.0rc196"),
];
/// The fastest of so many counts: the first reads files that the system does not have in memory.
const PARSES: u32 = 5;
/// The raw tables, in a file that is called as the one it is copied to: views carry the name of their database.
const RAW: &str = "raw/filmstar.duckdb";
const THREADS: &str = "4";

pub(super) fn run(films: u32) -> Result<()> {
    setup()?;
    process::run(cargo().args(["build", "--release", "--package", "filmstar"]))?;
    let folder = prepared(films)?;
    let core = test::dbt()?.context("dbt Core is needed as a peer")?;
    let ours = || {
        let mut ours = Command::new(programs().join("filmstar"));
        ours.arg("dbt");
        ours
    };
    let theirs = || {
        let mut core = command(&core);
        core.env("DBT_SEND_ANONYMOUS_USAGE_STATS", "false");
        core
    };

    let our_parse = parse(&folder, "dbt", ours)?;
    let core_parse = parse(&folder, "dbt", || {
        let mut core = theirs();
        core.arg("--no-partial-parse");
        core
    })?;
    let mut rows = vec![
        row("parse", "filmstar dbt", 0.0, our_parse, our_parse),
        row("", "dbt Core 1.11.16", 0.0, core_parse, our_parse),
    ];
    for (name, package) in V2 {
        let environment = format!("bench-{}", package.replace("==", "-"));
        let programs = test::environment(&environment, &["--no-deps", package])?;
        let program = programs.context("Python is needed for dbt v2")?.join("dbt");
        let time = parse(&folder, "dbt-v2", || command(&program))?;
        rows.push(row("", name, 0.0, time, our_parse));
    }
    let our_build = build(&folder, ours())?;
    let core_build = build(&folder, theirs())?;
    rows.push(row("build", "filmstar dbt", 0.0, our_build, our_build));
    rows.push(row("", "dbt Core 1.11.16", 0.0, core_build, our_build));
    let published = published(&folder)?;
    rows.push(row("", "filmstar build", 0.0, published, our_build));
    println!(
        "\n{films} generated films on DuckDB; dbt v2 reads the project without `+unlogged`, which it refuses, and builds \
         nothing without the driver that it downloads\n\n{}",
        rows.join("\n")
    );
    Ok(())
}

/// A folder with the models of this program, the same for dbt v2, and the raw tables.
fn prepared(films: u32) -> Result<PathBuf> {
    let folder = cache()?.join(format!("bench/{films}-films-dbt"));
    fs::create_dir_all(&folder)?;
    let filmstar = |arguments: &[&str]| {
        let mut filmstar = command(programs().join("filmstar"));
        filmstar.current_dir(&folder).args(arguments);
        filmstar
    };
    if !folder.join("data/lake/genres").is_dir() {
        fill_lake(filmstar(&["ingest"]), films)?;
    }
    for written in ["dbt", "dbt-v2", "dashboards"] {
        drop(fs::remove_dir_all(folder.join(written)));
    }
    fs::create_dir_all(folder.join("raw"))?;
    process::run(&mut filmstar(&["init", "--yes"]))?;
    process::run(&mut filmstar(&["load", "--output", RAW]))?;
    copy(&folder.join("dbt"), &folder.join("dbt-v2"))?;
    let settings = folder.join("dbt-v2/dbt_project.yml");
    let text = fs::read_to_string(&settings)?;
    let kept = text.lines().filter(|line| !line.contains("+unlogged"));
    fs::write(&settings, kept.collect::<Vec<_>>().join("\n"))?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => drop(fs::copy(entry.path(), target)?),
        }
    }
    Ok(())
}

fn parse(folder: &Path, project: &str, engine: impl Fn() -> Command) -> Result<Duration> {
    let times = (0..PARSES).map(|_| {
        let mut engine = engine();
        engine.arg("parse");
        timed(folder, project, &mut engine)
    });
    let times = times.collect::<Result<Vec<_>>>()?;
    times.into_iter().min().context("nothing was parsed")
}

/// Builds everything in a copy of the raw tables.
fn build(folder: &Path, mut engine: Command) -> Result<Duration> {
    fs::copy(folder.join(RAW), folder.join("filmstar.duckdb"))?;
    engine.args(["build", "--threads", THREADS]);
    timed(folder, "dbt", &mut engine)
}

/// The same with what surrounds it in Filmstar: views over the lake, a file of its own, and its publication.
fn published(folder: &Path) -> Result<Duration> {
    let mut filmstar = command(programs().join("filmstar"));
    filmstar.current_dir(folder).args(["build", "--quiet"]);
    let started = Instant::now();
    process::run(&mut filmstar)?;
    Ok(started.elapsed())
}

fn timed(folder: &Path, project: &str, engine: &mut Command) -> Result<Duration> {
    engine
        .args([
            "--project-dir",
            project,
            "--profiles-dir",
            project,
            "--target",
            "duckdb",
        ])
        .current_dir(folder)
        .env("FILMSTAR_WAREHOUSE_PATH", folder.join("filmstar.duckdb"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let started = Instant::now();
    let output = engine.output()?;
    let elapsed = started.elapsed();
    ensure!(
        output.status.success(),
        "{engine:?} failed\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(elapsed)
}
