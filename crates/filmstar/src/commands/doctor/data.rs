//! What there is: builds, runs, how long observations are kept.

use std::io::Read as _;

use chrono::TimeDelta;
use warehouse::history::{History, RunStatus};

use super::Check;
use crate::{
    clock,
    commands::{query, runs::essence, up::minute},
    failure::Explained,
    notify,
    project::{Project, shown},
};

/// TMDB's terms let nobody keep what it said for longer.
const LONGEST_DAYS: u32 = 180;

pub(super) fn duckdb() -> Check {
    use warehouse::Warehouse as _;
    let version = || {
        let database = warehouse::DuckDb::in_memory(&warehouse::Settings::default())?;
        database.connect()?.query("select version()", &[])
    };
    match version() {
        Ok(rows) => Check::good(
            "DuckDB",
            rows.json_rows()
                .concat()
                .iter()
                .filter_map(|cell| cell.as_str())
                .collect::<String>(),
        ),
        Err(error) => Check::bad(
            "DuckDB",
            error.to_string(),
            "run `cargo xtask setup` and build again",
        ),
    }
}

/// The published file: that it is there, opens, and which release of DuckDB wrote it.
pub(super) fn published(project: &Project) -> Check {
    let path = match query::published(project) {
        Ok(path) => path,
        Err(failure) => {
            return Check::warning(
                "published build",
                failure.to_string(),
                failure.advice().unwrap_or_default(),
            );
        }
    };
    let opened = warehouse::DuckDb::open(
        &path,
        warehouse::Access::ReadOnly,
        &warehouse::Settings::default(),
    );
    match opened {
        Ok(_) => {
            let version =
                written_by(&path).map_or_else(String::new, |by| format!(", by DuckDB {by}"));
            Check::good("published build", format!("{}{version}", shown(&path)))
        }
        Err(error) => Check::bad(
            "published build",
            error.to_string(),
            "`filmstar build` makes a new one; `filmstar rollback` goes back to the one before",
        ),
    }
}

/// The release in a DuckDB file's header: checksum, `DUCK`, a number, flags, then the name.
fn written_by(file: &std::path::Path) -> Option<String> {
    let mut header = [0; 84];
    fs_err::File::open(file)
        .ok()?
        .read_exact(&mut header)
        .ok()?;
    let name = header
        .get(52..84)
        .filter(|_| header.get(8..12) == Some(b"DUCK"))?;
    let name = String::from_utf8_lossy(name);
    let name = name.trim_matches('\0');
    name.starts_with('v').then(|| name.to_owned())
}

/// How the last run went, and when.
pub(super) fn last_run(project: &Project) -> Check {
    let runs = match History::open(&project.warehouse()).and_then(|history| history.runs()) {
        Ok(runs) => runs,
        Err(error) => {
            let explained = Explained::new(&error.into());
            return Check::bad(
                "last run",
                explained.message,
                explained.hint.unwrap_or_default(),
            );
        }
    };
    let Some(last) = runs.iter().find(|run| run.status != RunStatus::Running) else {
        return Check::warning("last run", "none yet", "`filmstar run` makes one");
    };
    let found = format!(
        "`filmstar {}` {} at {}: {}",
        last.command,
        last.status.name(),
        minute(last.started_at),
        essence(last)
    );
    let age = clock::now() - last.started_at;
    let oldest: TimeDelta = notify::stale_after(&project.config().notify);
    match last.status {
        status if status.is_failure() => {
            Check::bad("last run", found, "`filmstar logs` tells what it said")
        }
        _ if age > oldest => Check::warning(
            "last run",
            found,
            "`filmstar run`, or `filmstar up` for a run every day",
        ),
        _ => Check::good("last run", found),
    }
}

/// How long what TMDB said is kept before it is asked again.
pub(super) fn retention(project: &Project) -> Check {
    let days = project.config().ingest.refresh_after_days;
    let found = format!("fetched again after {days} days");
    if days <= LONGEST_DAYS {
        return Check::good("retention", found);
    }
    Check::warning(
        "retention",
        found,
        "TMDB's terms allow six months: set `ingest.refresh_after_days` to 170",
    )
}
