//! What the machine gives: room, the time, programs, a port.

use std::{net::TcpListener, path::Path, process::Command, time::Duration};

use chrono::{DateTime, Utc};

use super::Check;
use crate::{
    disk, https,
    printer::bytes,
    project::{Project, shown, writable},
    run_lock,
};

/// A build beside the published one, and the one before.
const BUILDS: u64 = 2;
/// Too little for anything.
const LEAST: u64 = 500 << 20;
/// Beyond this, certificates and due times go wrong.
const SKEW_S: i64 = 60;

pub(super) fn folder(name: &'static str, folder: &Path) -> Check {
    // A folder that is not there yet will be made: then its nearest existing parent must be writable.
    let existing = folder
        .ancestors()
        .find(|folder| folder.is_dir())
        .unwrap_or(folder);
    match writable(existing) {
        Ok(()) => Check::good(name, shown(folder)),
        Err(_) => Check::bad(
            name,
            format!("{} cannot be written", shown(existing)),
            "check its owner and the free space",
        ),
    }
}

/// Room for the next build, judged by the one that is published.
pub(super) fn room(project: &Project) -> Check {
    let Some(free) = disk::free(&project.warehouse()) else {
        return Check::warning(
            "disk",
            "the system does not tell how much room is left",
            "look yourself: a build needs as much as the last one",
        );
    };
    let current = super::super::query::published(project).ok();
    let build = current.and_then(|file| Some(fs_err::metadata(file).ok()?.len()));
    let build = build.unwrap_or_default();
    let found = format!(
        "{} free; the published build has {}",
        bytes(free),
        bytes(build)
    );
    let fix = "make room, or keep fewer builds with `build.keep` and `build.keep_bytes`";
    match free {
        _ if free < LEAST || free < build => Check::bad("disk", found, fix),
        _ if free < BUILDS * build + LEAST => Check::warning("disk", found, fix),
        _ => Check::good("disk", found),
    }
}

/// Whether this machine's clock agrees with the API's.
pub(super) async fn clock(base_url: &str) -> Check {
    let Some(theirs) = date_of(base_url).await else {
        return Check::warning(
            "clock",
            "no other clock could be asked",
            "check the network; a wrong clock makes certificates and due times wrong",
        );
    };
    let skew = (Utc::now() - theirs).num_seconds();
    if skew.abs() <= SKEW_S {
        return Check::good("clock", "agrees with the API's");
    }
    let way = if skew > 0 { "ahead of" } else { "behind" };
    Check::bad(
        "clock",
        format!("{} s {way} the API's", skew.abs()),
        "set the clock, for example with `timedatectl set-ntp true`",
    )
}

/// The time that a server states with its answer, whatever the answer is.
async fn date_of(url: &str) -> Option<DateTime<Utc>> {
    let client = https::client()
        .timeout(Duration::from_secs(10))
        .build()
        .ok()?;
    let answer = client.head(url).send().await.ok()?;
    let date = answer.headers().get("date")?.to_str().ok()?;
    DateTime::parse_from_rfc2822(date)
        .ok()
        .map(|date| date.to_utc())
}

/// Who makes a run now.
pub(super) fn holder(project: &Project) -> Check {
    Check::good(
        "run lock",
        run_lock::holder(&project.warehouse())
            .unwrap_or_else(|| "free: no run is at work".to_owned()),
    )
}

/// dbt Core is not needed; an old one beside the project would surprise.
pub(super) fn dbt(project: &Project) -> Option<Check> {
    project.dbt()?;
    let told = Command::new("dbt").arg("--version").output().ok()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let version = told
        .lines()
        .find_map(|line| line.trim().strip_prefix("- installed:"))?
        .trim()
        .to_owned();
    let mut parts = version
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or_default());
    let is_new = (parts.next()?, parts.next()?) >= (1, 9);
    Some(if is_new {
        Check::good("dbt Core", version)
    } else {
        Check::warning(
            "dbt Core",
            format!("{version}; the project asks for 1.9 or newer"),
            "`pip install --upgrade dbt-core`, or use `filmstar dbt`",
        )
    })
}

pub(super) fn port(project: &Project) -> Check {
    let serve = &project.config().serve;
    let port = serve.port;
    match TcpListener::bind((serve.host, port)) {
        Ok(_) => Check::good("port", port.to_string()),
        Err(_) => Check::warning(
            "port",
            format!("{port} is taken; perhaps `filmstar serve` runs already"),
            "`filmstar serve --port 0` takes a free one",
        ),
    }
}
