//! Everything goes wrong, and the ingest is killed again and again: what it ends with is the truth.

use std::{
    collections::HashMap,
    fs,
    process::{Child, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    sandbox::{Sandbox, Server},
    truth,
};

/// Requests under way that a kill can cost: those at work and those whose answer waits to be written.
const COST_OF_A_KILL: usize = 32;

/// Kinds that strike requests of the API; together 5 % of them.
const FAULTS: [&str; 22] = [
    "rate-limit",
    "internal-error",
    "bad-gateway",
    "bad-gateway-html",
    "offline",
    "maintenance",
    "timeout",
    "timeout-html",
    "html",
    "truncated",
    "half-body",
    "reset",
    "slow-body",
    "latency",
    "missing-block",
    "empty-block",
    "extra-key",
    "other-dates",
    "null-flags",
    "no-softcore",
    "changed-type",
    "garbled",
];
const SHARE: f64 = 0.05;
const RATE_LIMIT_SHARE: f64 = 0.000_5;

/// Each has as large a part as any other, but for the one that the client answers by asking slowly for half a minute:
/// with more of it hardly anything would be fetched between two kills.
fn share(kind: &str) -> f64 {
    match kind {
        "rate-limit" => RATE_LIMIT_SHARE,
        _ => (SHARE - RATE_LIMIT_SHARE) / (FAULTS.len() - 1) as f64,
    }
}

/// How large and how rough a soak is: `cargo xtask soak` asks for a large one.
struct Soak {
    films: u32,
    /// The first kill comes after so long, each further one a little later.
    kill_after: Duration,
    later: Duration,
    longest: Duration,
    is_large: bool,
}

impl Soak {
    fn of_environment() -> Self {
        let films = std::env::var("FILMSTAR_SOAK_FILMS").ok();
        let films: Option<u32> = films.map(|films| films.parse().unwrap());
        Self {
            films: films.unwrap_or(500),
            kill_after: Duration::from_millis(if films.is_some() { 3_000 } else { 400 }),
            later: Duration::from_millis(if films.is_some() { 150 } else { 250 }),
            longest: Duration::from_secs(7),
            is_large: films.is_some(),
        }
    }

    /// What is fetched.
    fn kinds(&self) -> &'static [&'static str] {
        match self.is_large {
            true => &["movies"],
            false => &["movies", "people"],
        }
    }

    /// Enough for a small catalogue to have tombstones; with many films more would change while the test runs.
    fn pace(&self) -> &'static str {
        match self.is_large {
            true => "pace = 1.0\n",
            false => "pace = 5.0\n",
        }
    }

    fn scenario(&self) -> String {
        use std::fmt::Write as _;
        let mut text = self.pace().to_owned();
        for kind in FAULTS {
            let share = share(kind);
            write!(
                text,
                "[[faults]]\nkind = \"{kind}\"\nshare = {share}\nms = 300\n"
            )
            .unwrap();
        }
        text.push_str("[[faults]]\nkind = \"reranked\"\nshare = 0.05\n");
        for kind in ["export-missing", "export-truncated", "export-late"] {
            write!(text, "[[faults]]\nkind = \"{kind}\"\nshare = 0.2\n").unwrap();
        }
        // A good key is refused now and then.
        text.push_str("[[faults]]\nkind = \"unauthorized\"\nat = [130, 400]\n");
        text
    }
}

/// A moment of a living catalogue that the films do not leave while the test runs, on which times still differ.
fn clock() -> String {
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    format!("2026-08-10T09:00:00Z*0.001@{now}")
}

#[test]
fn kills_and_faults_lose_nothing() {
    let soak = Soak::of_environment();
    let clock = clock();
    let mut sandbox = Sandbox::new();
    let (scenario, log) = (
        sandbox.path().join("scenario.toml"),
        sandbox.path().join("access.log"),
    );
    fs::write(&scenario, soak.scenario()).unwrap();
    let films = soak.films.to_string();
    let catalogue = ["--films", &films, "--seed", "7", "--clock", &clock];
    let rough = [
        "--scenario",
        scenario.to_str().unwrap(),
        "--access-log",
        log.to_str().unwrap(),
    ];
    let server = Server::simulate(&[&catalogue[..], &rough].concat());
    sandbox.set_api(&server);
    sandbox.set("FILMSTAR_CLOCK", clock.clone());
    sandbox.set("FILMSTAR_INGEST__EXPORTS_DAYS", "1".to_owned());
    if soak.is_large {
        // A person takes the way of a film, and there are three for each.
        sandbox.set("FILMSTAR_INGEST__PEOPLE", "none".to_owned());
        sandbox.set("FILMSTAR_INGEST__EXPORTS", r#"["movies"]"#.to_owned());
    }

    let started = Instant::now();
    let mut patience = soak.kill_after;
    let mut n_kills = 0;
    let mut log_at_last_kill = 0;
    let last = loop {
        match run(&sandbox, patience) {
            Run::Killed => {
                n_kills += 1;
                log_at_last_kill = fs::metadata(&log).unwrap().len();
            }
            Run::Refused => {}
            // Once it has been through, it is left alone to fetch what failed and what was garbled.
            Run::Done(told) => match is_done(&told, soak.kinds()) {
                true => break told,
                false => patience = Duration::from_secs(600),
            },
        }
        patience = (patience + soak.later).min(soak.longest.max(patience));
        assert!(
            started.elapsed() < Duration::from_secs(3 * 3_600),
            "there is no end"
        );
    };
    println!(
        "{n_kills} kills in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    assert!(n_kills >= 2, "{last}");

    // What the feed of changes names again, once all is there, is no cost of a kill.
    let mut log = fs::read_to_string(&log).unwrap();
    log.truncate(usize::try_from(log_at_last_kill).unwrap());
    let (refetched, all) = refetched(&log);
    println!("fetched again: {refetched:?} of {all:?}");
    assert!(
        refetched.films <= n_kills * COST_OF_A_KILL,
        "{refetched:?} after {n_kills} kills"
    );
    if soak.is_large {
        assert!(
            refetched.bytes * 100 < all.bytes,
            "{refetched:?} of {all:?}"
        );
    }

    let pace = sandbox.path().join("pace.toml");
    fs::write(&pace, soak.pace()).unwrap();
    let clean = ["--scenario", pace.to_str().unwrap()];
    let truth = Server::simulate(&[&catalogue[..], &clean].concat());
    let compared = truth::compare(&truth, &sandbox);
    println!("{compared:?}");
    assert!(
        compared.films > soak.films as usize * 9 / 10,
        "{compared:?}"
    );
    assert!(
        compared.otherwise > 0,
        "no fault came through: {compared:?}"
    );
}

enum Run {
    Killed,
    /// Ended by an error, such as a refused key.
    Refused,
    Done(Value),
}

/// One ingest, which is killed if it takes longer.
fn run(sandbox: &Sandbox, patience: Duration) -> Run {
    let out = sandbox.path().join("told.json");
    let mut child = sandbox
        .filmstar(&["ingest", "--json"])
        .stdout(fs::File::create(&out).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let Some(status) = ended(&mut child, patience) else {
        child.kill().unwrap();
        child.wait().unwrap();
        return Run::Killed;
    };
    let told = fs::read(&out).unwrap();
    match serde_json::from_slice(&told) {
        Ok(told) if status.success() => Run::Done(told),
        _ => Run::Refused,
    }
}

fn ended(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        if started.elapsed() > patience {
            return None;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Whether nothing was missing any more: what the feed of changes names again is fetched again in any case.
fn is_done(told: &Value, kinds: &[&str]) -> bool {
    kinds.iter().all(|kind| {
        let count = |what: &str| told[kind][what].as_u64().unwrap();
        let is_in_step = &told["changes"][kind]["is_in_step"];
        let named = told["changes"][kind]["fetched"]
            .as_u64()
            .unwrap_or_default();
        *is_in_step == true
            && count("fetched") <= named
            && count("failed") + count("quarantined") == 0
    })
}

#[derive(Debug, Default)]
struct Fetched {
    films: usize,
    bytes: usize,
}

/// Of the films whose details came whole, those that came more than once without need, and all.
fn refetched(log: &str) -> (Fetched, Fetched) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let (mut again, mut all) = (Fetched::default(), Fetched::default());
    for line in log.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [path, status, n_bytes, fault] = fields[..] else {
            panic!("`{line}` is no line of an access log")
        };
        let id = path.strip_prefix("/movie/").unwrap_or_default();
        let is_details = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let is_whole = !["truncated", "half-body", "reset", "garbled"].contains(&fault);
        if !is_details || status != "200" || !is_whole || n_bytes == "0" {
            continue;
        }
        let n_bytes: usize = n_bytes.parse().unwrap();
        all.films += 1;
        all.bytes += n_bytes;
        if seen.insert(path, n_bytes).is_some() {
            again.films += 1;
            again.bytes += n_bytes;
        }
    }
    (again, all)
}
