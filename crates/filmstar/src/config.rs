//! Configuration: flag > environment > `filmstar.toml` > default, each value with its origin.

pub(crate) mod environment;
mod keys;
mod load;
mod token;

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use crate::{ingest::Strategy, notify, schedule};
pub(crate) use keys::settings;
pub(crate) use load::{Loaded, TOKEN, load};

/// Everything that can be configured; `filmstar config show --origin` lists it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Of the file: which keys it may have and what they mean.
    pub(crate) layout: Layout,
    /// Where things are stored.
    pub(crate) storage: Storage,
    /// Which database is built and served.
    pub(crate) warehouse: Warehouse,
    /// How the API is called.
    pub(crate) tmdb: Tmdb,
    /// Which films and people are fetched.
    pub(crate) ingest: Ingest,
    /// How the models are built.
    pub(crate) build: Build,
    /// When `filmstar up` runs.
    pub(crate) schedule: Schedule,
    /// Who is told when something is wrong.
    pub(crate) notify: Notify,
    /// How the pages are served.
    pub(crate) serve: Serve,
}

/// A number that goes up when a key changes its name or its meaning. Files of before it was written are the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Layout(pub(crate) u32);

impl Layout {
    /// What this release reads and writes.
    pub(crate) const CURRENT: Self = Self(1);
}

impl Default for Layout {
    fn default() -> Self {
        Self::CURRENT
    }
}

/// `[storage]`: where things are stored, relative to the project folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Storage {
    /// The Parquet lake: a folder, or a bucket of an object store as `s3://bucket/prefix`.
    pub(crate) lake: String,
    /// Of a lake on an object store, what stays on this machine: its journal, and copies of its parts.
    pub(crate) local: PathBuf,
    /// The address of a server that speaks S3; the cloud's own when absent.
    pub(crate) endpoint: Option<String>,
    /// Whether an object store beyond this machine may be asked over unencrypted HTTP.
    pub(crate) allow_http: bool,
    /// How long an object store may be silent before it is asked again.
    pub(crate) timeout_s: u32,
    /// The DuckDB builds.
    pub(crate) warehouse: PathBuf,
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            lake: "data/lake".into(),
            local: "data/local".into(),
            endpoint: None,
            allow_http: false,
            timeout_s: 30,
            warehouse: "data/warehouse".into(),
        }
    }
}

/// `[warehouse]`: which database is built and served. Where it is and who connects stands in `profiles.yml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Warehouse {
    /// A target of `profiles.yml`; `duckdb` is the embedded one.
    pub(crate) target: String,
    /// Postgres: connections that load side by side.
    pub(crate) load_connections: usize,
    /// Postgres: how long a statement waits for another session's lock.
    pub(crate) lock_timeout_s: u32,
    /// Postgres: how long a reader's query may run.
    pub(crate) statement_timeout_s: u32,
}

impl Default for Warehouse {
    fn default() -> Self {
        Self {
            target: DUCKDB.to_owned(),
            load_connections: 4,
            lock_timeout_s: 30,
            statement_timeout_s: 30,
        }
    }
}

/// The target that needs no server.
pub(crate) const DUCKDB: &str = "duckdb";

/// `[tmdb]`: how the API is called. The credential comes from `TMDB_API_TOKEN` or `TMDB_API_KEY` alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tmdb {
    /// The API's address; the simulator's for tests.
    pub(crate) base_url: String,
    /// The folder of the daily ID exports; TMDB's when absent, or the simulator's when `base_url` is on this machine.
    pub(crate) exports_url: Option<String>,
    /// Requests a second at most, for the whole process; 0 = no limit.
    pub(crate) requests_per_second: u32,
    /// Requests in flight at most.
    pub(crate) max_in_flight: usize,
}

impl Default for Tmdb {
    fn default() -> Self {
        Self {
            base_url: "https://api.themoviedb.org/3".to_owned(),
            exports_url: None,
            requests_per_second: 35,
            max_in_flight: 16,
        }
    }
}

impl Tmdb {
    /// Where the daily ID exports are.
    pub(crate) fn exports_url(&self) -> String {
        let base = &self.base_url;
        match &self.exports_url {
            Some(url) => url.clone(),
            None if is_loopback(base) => {
                let (scheme, rest) = base.split_once("://").unwrap_or(("http", base));
                let host = rest.split('/').next().unwrap_or_default();
                format!("{scheme}://{host}/p/exports")
            }
            None => "https://files.tmdb.org/p/exports".to_owned(),
        }
    }
}

/// Whether an address is on this machine, where only a simulator would be.
pub(crate) fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|local| {
        host.strip_prefix(local)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

/// `[ingest]`: which films and people are fetched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Ingest {
    /// First release year asked for.
    pub(crate) first_year: i32,
    /// Last release year asked for; the year after next by default.
    pub(crate) last_year: Option<i32>,
    /// Films with fewer votes are left out.
    pub(crate) min_votes: u32,
    /// Less popular films are left out.
    pub(crate) min_popularity: f64,
    /// Original languages asked for, as TMDB's codes; all when empty.
    pub(crate) languages: Vec<String>,
    /// How the lake is filled and kept in step; what fits when empty.
    pub(crate) strategies: Vec<Strategy>,
    /// Calls of the API a run may make; 0 is any number.
    pub(crate) limit_calls: u64,
    /// Minutes for which a run may call the API; 0 is any number.
    pub(crate) limit_minutes: u32,
    /// Adult films too.
    pub(crate) include_adult: bool,
    /// Entries flagged as video (compilations, clips, concerts) too.
    pub(crate) include_video: bool,
    /// Whose details are fetched; everybody credited is in `dim_people` in any case.
    pub(crate) people: People,
    /// A film or person seen longer ago than this is fetched again.
    pub(crate) refresh_after_days: u32,
    /// Which daily exports land: the popularity of everything there is, and names.
    pub(crate) exports: Vec<ExportKind>,
    /// Of how many days, the newest and those missed before it; 0 is none, and TMDB keeps 90.
    pub(crate) exports_days: u32,
}

impl Default for Ingest {
    fn default() -> Self {
        Self {
            first_year: 1870,
            last_year: None,
            min_votes: 0,
            min_popularity: 0.0,
            languages: Vec::new(),
            strategies: Vec::new(),
            limit_calls: 0,
            limit_minutes: 0,
            include_adult: false,
            include_video: false,
            people: People::Leads,
            refresh_after_days: 170,
            exports: vec![ExportKind::Movies, ExportKind::People],
            exports_days: 8,
        }
    }
}

/// A daily export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExportKind {
    /// Of films.
    Movies,
    /// Of people.
    People,
    /// Of collections.
    Collections,
    /// Of production companies.
    Companies,
    /// Of keywords.
    Keywords,
}

impl ExportKind {
    /// Whether it says how popular things are; the others say their names and no more.
    pub(crate) fn has_popularity(self) -> bool {
        matches!(self, Self::Movies | Self::People)
    }
}

/// Whose details are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum People {
    /// Nobody's.
    None,
    /// Directors and the first two of each cast.
    Leads,
    /// Directors and the first five of each cast.
    Principal,
    /// Everybody's.
    All,
}

/// `[build]`: how the models are built.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Build {
    /// Models and tests at work side by side.
    pub(crate) threads: usize,
    /// DuckDB's memory limit, as DuckDB spells it; half the machine's memory when absent.
    pub(crate) memory_limit: Option<String>,
    /// What DuckDB may write to disk for work that its memory does not hold, as DuckDB spells it; half of what is free
    /// when absent.
    pub(crate) temp_directory_limit: Option<String>,
    /// Published builds kept for `rollback`, the current one included.
    pub(crate) keep: usize,
    /// Bytes that kept builds may have together; the current one stays in any case.
    pub(crate) keep_bytes: Option<u64>,
}

impl Default for Build {
    fn default() -> Self {
        Self {
            threads: 4,
            memory_limit: None,
            temp_directory_limit: None,
            keep: 3,
            keep_bytes: None,
        }
    }
}

/// `[schedule]`: when `filmstar up` ingests and builds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Schedule {
    /// The time of day.
    pub(crate) at: schedule::TimeOfDay,
    /// A cron expression in the place of `at`.
    pub(crate) cron: Option<schedule::Pattern>,
    /// The time zone of either.
    pub(crate) time_zone: schedule::Zone,
}

impl Schedule {
    /// When runs are due.
    pub(crate) fn schedule(&self) -> schedule::Schedule {
        schedule::Schedule::new(self.at, self.cron.as_ref(), self.time_zone)
    }
}

/// `[notify]`: who is told when something is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Notify {
    /// Where a message is posted when a run fails, when runs are well again, and when the data has become old.
    pub(crate) webhook: Option<notify::Webhook>,
    /// Data older than this is old.
    pub(crate) stale_after_hours: u32,
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            webhook: None,
            stale_after_hours: 36,
        }
    }
}

/// `[serve]`: how the pages are served, on loopback unless a token opens them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Serve {
    /// The address to listen on; any other than loopback needs a token.
    pub(crate) host: IpAddr,
    /// TCP port; 0 takes a free one.
    pub(crate) port: u16,
    /// Names beside `localhost` that requests may give the server.
    pub(crate) hosts: Vec<String>,
    /// What readers must show.
    #[serde(with = "token")]
    pub(crate) token: Option<serve::Token>,
    /// Requests a second of one client on another machine; 0 = no limit.
    pub(crate) requests_per_second: u32,
    /// Whether pages show pictures from TMDB's image host.
    pub(crate) pictures: bool,
    /// Whether to open the browser.
    pub(crate) open: bool,
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 4600,
            hosts: Vec::new(),
            token: None,
            requests_per_second: 30,
            pictures: false,
            open: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Tmdb, is_loopback};

    #[test]
    fn only_this_machine_is_loopback() {
        for local in [
            "http://127.0.0.1:4601/3",
            "http://localhost",
            "http://[::1]:80/3",
        ] {
            assert!(is_loopback(local), "{local}");
        }
        for other in [
            "https://api.themoviedb.org/3",
            "http://127.0.0.1.example.org/3",
            "http://localhost.example.org",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }

    #[test]
    fn a_simulator_has_its_own_exports() {
        let check = |base_url: &str, expect: &str| {
            let tmdb = Tmdb {
                base_url: base_url.to_owned(),
                ..Tmdb::default()
            };
            assert_eq!(tmdb.exports_url(), expect);
        };
        check("http://127.0.0.1:4601/3", "http://127.0.0.1:4601/p/exports");
        check("http://[::1]:80", "http://[::1]:80/p/exports");
        check(
            "https://mirror.example/3",
            "https://files.tmdb.org/p/exports",
        );
    }
}
