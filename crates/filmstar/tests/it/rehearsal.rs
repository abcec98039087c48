//! Days of `filmstar up` in a row, with a clock that runs: the API goes away, a test fails, the disk is full, the
//! process is killed, the database is restarted. Each day must end well or be told, no reader may see a wrong number,
//! and the history must explain it all.
//!
//! `cargo xtask rehearse` makes thirty days of it.

mod proxy;
mod readers;
mod small_disk;

use std::{
    collections::BTreeSet,
    fs,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;
use tmdb::Clock;
use warehouse::{
    history::{History, Run, RunStatus},
    testing::Server as PostgresServer,
};

use crate::{
    postgres,
    sandbox::{Sandbox, Server, get, raw},
    signals::webhook,
    truth,
};
use proxy::Proxy;
use readers::Reader;
use small_disk::SmallDisk;

const START: &str = "2026-11-01T08:00:00Z";
/// A day in twenty seconds: a run takes about as long, so some are late, as in life. The few days of a test are half
/// as long.
const SPEED: u32 = 4320;
/// What a run and what comes before it may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);
const CATALOGUE: [&str; 4] = ["--films", "60", "--seed", "7"];
/// Room for the builds that are kept, and the lake.
const DISK_MEGABYTES: u32 = 600;

/// What goes wrong on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing.
    None,
    /// The API does not answer.
    Outage,
    /// A test of severity error fails.
    BadBuild,
    /// The lake and the builds have no room.
    FullDisk,
    /// The process is killed in the middle of a run.
    Kill,
    /// The database goes down in the middle of a run.
    Restart,
}

struct Stage {
    // Ends before the folders and servers that it uses.
    up: Option<Server>,
    reader: Reader,
    clock: Clock,
    disk: Option<SmallDisk>,
    alerts: mpsc::Receiver<Value>,
    sandbox: Sandbox,
    proxy: Proxy,
    database: Option<PostgresServer>,
    n_kills: u32,
    _api: Server,
}

impl Stage {
    fn new(database: Option<PostgresServer>, speed: u32) -> Self {
        let since = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let spelt = format!("{START}*{speed}@{since}");
        let api = Server::simulate(&[&CATALOGUE[..], &["--clock", &spelt]].concat());
        let proxy = Proxy::to(&api.url);
        let mut sandbox = match &database {
            Some(server) => postgres::set_up_on(server, &api),
            None => {
                let sandbox = Sandbox::with_api(&api);
                sandbox.succeed(&["init", "--yes"]);
                sandbox
            }
        };
        let (url, alerts) = webhook();
        sandbox.set("FILMSTAR_NOTIFY__WEBHOOK", url);
        // The first message of all is refused.
        sandbox.succeed(&["notify", "--test"]);
        sandbox.set("FILMSTAR_CLOCK", spelt.clone());
        sandbox.set_address(&format!("{}/3", proxy.url));
        let mut stage = Self {
            up: None,
            reader: Reader::default(),
            clock: spelt.parse().unwrap(),
            disk: SmallDisk::mount(&sandbox.path().join("data"), DISK_MEGABYTES),
            alerts,
            sandbox,
            proxy,
            database,
            n_kills: 0,
            _api: api,
        };
        stage.start();
        stage
    }

    fn start(&mut self) {
        let up = Server::up(&self.sandbox);
        self.reader.go_to(&up.url);
        self.up = Some(up);
    }

    /// Every run, oldest first.
    fn runs(&self) -> Vec<Run> {
        let history = History::open(&self.sandbox.path().join("data/warehouse")).unwrap();
        let mut runs = history.runs().unwrap();
        runs.reverse();
        runs
    }

    /// Waits for a run after the first `n_known` that is so.
    fn ends(&self, n_known: usize, status: RunStatus) -> Run {
        let started = Instant::now();
        loop {
            let runs = self.runs();
            let mut new = runs.iter().skip(n_known);
            if let Some(run) = new.find(|run| run.status == status) {
                return run.clone();
            }
            let log = self.sandbox.path().join("up.log");
            assert!(
                started.elapsed() < PATIENCE,
                "no run {} after {n_known}: {runs:#?}\n{}",
                status.name(),
                fs::read_to_string(log).unwrap()
            );
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Lets a day go wrong, and waits until all is well again.
    fn pass(&mut self, fault: Fault) {
        let n_known = self.runs().len();
        match fault {
            Fault::None => {}
            Fault::Outage => {
                self.proxy.cut(true);
                let failed = self.ends(n_known, RunStatus::Failed);
                assert_eq!(failed.exit_code, Some(3), "{failed:?}");
                self.proxy.cut(false);
            }
            Fault::BadBuild => {
                let never = self.sandbox.path().join("dbt/tests/never.sql");
                fs::write(&never, "select 1 as wrong").unwrap();
                let failed = self.ends(n_known, RunStatus::Failed);
                assert_eq!(failed.exit_code, Some(1), "{failed:?}");
                assert_eq!(failed.n_test_failures, Some(1), "{failed:?}");
                fs::remove_file(never).unwrap();
            }
            Fault::FullDisk => {
                let Some(disk) = &self.disk else { return };
                disk.fill();
                let failed = self.ends(n_known, RunStatus::Failed);
                assert_eq!(failed.exit_code, Some(3), "{failed:?}");
                disk.clear();
            }
            Fault::Kill => {
                self.ends(n_known, RunStatus::Running);
                // Each in another part of the run.
                thread::sleep(Duration::from_secs(2) * (self.n_kills % 4));
                self.n_kills += 1;
                // As a power cut does.
                self.up = None;
                assert_ne!(self.runs().pop().unwrap().status, RunStatus::Running);
                self.start();
            }
            Fault::Restart => {
                self.ends(n_known, RunStatus::Running);
                // The run fails, unless it was between two questions.
                self.database.as_ref().unwrap().restart();
            }
        }
        let n_over = match fault {
            Fault::None | Fault::Restart => n_known,
            Fault::Outage | Fault::BadBuild | Fault::FullDisk | Fault::Kill => n_known + 1,
        };
        self.ends(n_over, RunStatus::Succeeded);
    }

    /// Open files of the server, and its memory in bytes.
    fn weight(&self) -> (f64, f64) {
        let url = format!("{}/metrics", self.up.as_ref().unwrap().url);
        let text = get(&url).1;
        let value = |name: &str| -> f64 {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap();
            line.rsplit(' ').next().unwrap().parse().unwrap()
        };
        (
            value("filmstar_process_open_fds "),
            value("filmstar_process_resident_memory_bytes "),
        )
    }

    /// Simulated days since the first run.
    fn n_days(&self) -> i64 {
        let first = self.runs()[0].started_at.date_naive();
        (self.clock.now().date_naive() - first).num_days()
    }

    /// No due time was forgotten: a run began before the next one, or one was at work across it. Whatever failed says
    /// why, and somebody was told on that day.
    fn every_day_is_explained(&self, over_at: DateTime<Utc>) {
        let (runs, alerts) = (self.runs(), self.alerts.try_iter().collect::<Vec<_>>());
        let first = runs[0].started_at.date_naive();
        let whole_days = first.iter_days().skip(1).map(due);
        for due in whole_days.take_while(|due| *due + Days::new(1) < over_at) {
            let next = due + Days::new(1);
            let is_explained = runs.iter().any(|run| {
                run.started_at < next && run.finished_at.is_none_or(|ended| ended >= due)
            });
            assert!(is_explained, "nothing explains {due}: {runs:#?}");
        }
        let told: BTreeSet<_> = alerts
            .iter()
            .filter(|alert| alert["event"] == "failure")
            .map(|alert| {
                due_day(
                    alert["run"]["started_at"]
                        .as_str()
                        .unwrap()
                        .parse()
                        .unwrap(),
                )
            })
            .collect();
        for run in &runs {
            assert_eq!(run.status.is_failure(), run.error.is_some(), "{run:?}");
            if run.status == RunStatus::Failed {
                let day = due_day(run.started_at);
                assert!(told.contains(&day), "{run:?} was not told: {alerts:#?}");
            }
        }
        let n_recovered = runs
            .windows(2)
            .filter(|pair| pair[0].status.is_failure() && pair[1].status == RunStatus::Succeeded)
            .count();
        let n_told = alerts
            .iter()
            .filter(|alert| alert["event"] == "recovery")
            .count();
        assert_eq!(n_told, n_recovered, "{alerts:#?}");
    }

    /// The next morning, on a clock that hardly moves, one more run, and all of the lake and of the published films
    /// beside what the API says then.
    fn end_is_right(&mut self) {
        assert!(self.up.take().unwrap().terminate().is_some());
        let then = due(self.clock.now().date_naive() + Days::new(1));
        let (start, since) = (
            then.to_rfc3339_opts(SecondsFormat::Micros, true),
            Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true),
        );
        let clock = format!("{start}*0.0001@{since}");
        let api = Server::simulate(&[&CATALOGUE[..], &["--clock", &clock]].concat());
        self.sandbox.set("FILMSTAR_CLOCK", clock);
        self.sandbox.set_api(&api);
        self.sandbox.succeed(&["run"]);
        let published = self.sandbox.value("select count(*) from dim_movies");
        // The lake itself is compared, whatever was built from it.
        let target = "FILMSTAR_WAREHOUSE__TARGET";
        self.sandbox.set(target, "duckdb".to_owned());
        assert_eq!(published, films(&self.sandbox).to_string());
        // What is new since the morning's export comes with the next one, but for the comparison.
        let late = self
            .sandbox
            .succeed(&["ingest", "--json", "--strategy", "discover,people"]);
        let late: Value = serde_json::from_str(&late).unwrap();
        assert!(late["movies"]["fetched"].as_u64().unwrap() <= 2, "{late}");
        let compared = truth::compare(&api, &self.sandbox);
        println!("the end: {published} films published; {compared:?}");
    }
}

/// Films of the lake that are not gone.
fn films(sandbox: &Sandbox) -> Value {
    let sql = "select count(*) from
        (select id, arg_max(http_status, fetched_at) as status from raw.movies group by id) where status = 200";
    raw(sandbox, sql)[0][0].clone()
}

fn due(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::from_hms_opt(8, 30, 0).unwrap())
        .and_utc()
}

/// The day whose due time was the latest one.
fn due_day(at: DateTime<Utc>) -> NaiveDate {
    (at - TimeDelta::minutes(8 * 60 + 30)).date_naive()
}

/// Days with these faults, or with all of them again and again until there are as many days as are asked for.
fn rehearse(database: Option<PostgresServer>, faults: &[Fault]) {
    let n_days: i64 =
        std::env::var("FILMSTAR_TEST_REHEARSAL_DAYS").map_or(0, |days| days.parse().unwrap());
    let all = [
        Fault::Outage,
        Fault::Kill,
        Fault::None,
        Fault::BadBuild,
        Fault::FullDisk,
        if database.is_some() {
            Fault::Restart
        } else {
            Fault::None
        },
    ];
    let faults = if n_days > 0 { &all[..] } else { faults };
    let started = Instant::now();
    let speed = if n_days > 0 { SPEED } else { 2 * SPEED };
    let mut stage = Stage::new(database, speed);
    stage.ends(0, RunStatus::Succeeded);
    let mut weights = Vec::new();
    loop {
        for fault in faults {
            // A new process weighs little, so the last two thirds are one's alone.
            if *fault == Fault::Kill && 3 * stage.n_days() > n_days && stage.n_kills > 0 {
                continue;
            }
            stage.pass(*fault);
            if *fault == Fault::Kill {
                weights.clear();
            }
            let weight = stage.weight();
            println!(
                "day {}: {fault:?}; {} files and {:.0} MB open after {:.0} s",
                stage.n_days(),
                weight.0,
                weight.1 / 1e6,
                started.elapsed().as_secs_f64()
            );
            weights.push(weight);
        }
        if stage.n_days() >= n_days {
            break;
        }
    }
    let (first, last) = (weights[0], weights[weights.len() - 1]);
    assert!(last.0 <= first.0 + 16.0, "open files: {weights:?}");
    assert!(last.1 <= first.1 * 1.5 + 64e6, "memory: {weights:?}");

    let seen = stage.reader.end();
    // The days from here to the last run are nobody's.
    let over_at = stage.clock.now();
    stage.end_is_right();
    stage.every_day_is_explained(over_at);
    let runs = stage.runs();
    let count = |status| runs.iter().filter(|run| run.status == status).count();
    println!(
        "{} runs: {} succeeded, {} failed, {} killed; readers saw {} answers",
        runs.len(),
        count(RunStatus::Succeeded),
        count(RunStatus::Failed),
        count(RunStatus::Killed),
        seen.len()
    );
    assert!(!seen.is_empty());
    for build in seen.keys().map(|key| key.split(' ').next().unwrap()) {
        // A run that is killed right after it published is a killed one.
        let was_published = runs.iter().any(|run| {
            let is_it = run.build_id.as_deref();
            is_it.is_some_and(|id| id.eq_ignore_ascii_case(build))
                && (run.status == RunStatus::Succeeded || run.status == RunStatus::Killed)
        });
        assert!(was_published, "readers saw {build} of {runs:#?}");
    }
}

#[test]
fn days_of_up_end_well_whatever_happens() {
    rehearse(None, &[Fault::Kill, Fault::FullDisk]);
}

#[test]
fn days_of_up_on_a_server_end_well_whatever_happens() {
    let Some(database) = PostgresServer::start("") else {
        return;
    };
    rehearse(
        Some(database),
        &[Fault::Restart, Fault::BadBuild, Fault::Outage],
    );
}
