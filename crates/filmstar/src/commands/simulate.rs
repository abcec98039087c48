use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use clap::Args;
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use serde_json::json;
use tmdb::{
    Clock, NotAClock,
    simulator::{Admission, Catalogue, Error, FaultSwitch, Options, Scenario, Simulator},
};

use crate::{
    exit::Exit,
    failure::Failure,
    interrupt::Interrupt,
    printer::{Printer, Summary},
};

/// Arguments of `filmstar simulate`.
#[derive(Debug, Args)]
pub(crate) struct SimulateArguments {
    /// Serve recorded bodies: a .jsonl, .jsonl.gz or .jsonl.zst file, one film (or person) a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["films", "seed"])]
    replay: Option<PathBuf>,
    /// Serve so many generated, fictional films
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    films: u32,
    /// The same seed makes the same catalogue
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// TCP port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 4601)]
    port: u16,
    /// Requests a second before the API answers 429; 0 = off
    #[arg(long, value_name = "N", default_value_t = 0)]
    rate_limit: u32,
    /// Wait so long before each answer
    #[arg(long, value_name = "N", default_value_t = 0)]
    latency_ms: u64,
    /// Requests under way at once before the API answers 429; 0 = off
    #[arg(long, value_name = "N", default_value_t = 0)]
    max_in_flight: usize,
    /// Send this `Retry-After` with 429, which the real API does not
    #[arg(long, value_name = "SECONDS")]
    retry_after: Option<u64>,
    /// Let the generated catalogue live from 2026-07-01 on, as this clock goes: `2026-11-01T08:00:00Z*1440` = a day a minute
    #[arg(long, value_name = "START[*SPEED]", value_parser = clock, conflicts_with = "replay")]
    clock: Option<Clock>,
    /// What goes wrong, and when: a TOML file, see docs/reference.md
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Let this go wrong for so large a part of the requests; `all=0.05` = every fault
    #[arg(long, value_name = "KIND[=SHARE]")]
    fault: Vec<FaultSwitch>,
    /// Write a line for each request: path, status, bytes, fault
    #[arg(long, value_name = "FILE")]
    access_log: Option<PathBuf>,
    /// Accept this key or token alone; else any is, unless it begins with `invalid`, `wrong` or `bad`
    #[arg(long, value_name = "TEXT")]
    credential: Option<String>,
}

/// Serves the API until Ctrl-C.
pub(crate) fn run(arguments: &SimulateArguments, printer: Printer) -> anyhow::Result<Exit> {
    let catalogue = match &arguments.replay {
        Some(path) => Catalogue::Replay { path: path.clone() },
        None => Catalogue::Generated {
            films: arguments.films,
            seed: arguments.seed,
        },
    };
    let mut scenario = match &arguments.scenario {
        Some(path) => scenario(path)?,
        None => Scenario::default(),
    };
    for FaultSwitch(faults) in &arguments.fault {
        scenario.faults.extend_from_slice(faults);
    }
    super::runtime()?.block_on(async {
        let options = Options {
            max_in_flight: arguments.max_in_flight,
            retry_after_seconds: arguments.retry_after,
            clock: arguments.clock.unwrap_or_default(),
            is_living: arguments.clock.is_some(),
            scenario,
            access_log: arguments.access_log.clone(),
            port: arguments.port,
            rate_limit: arguments.rate_limit,
            latency_ms: arguments.latency_ms,
            admission: arguments.credential.clone().map_or(Admission::Anybody, Admission::Only),
            ..Options::new(catalogue)
        };
        let simulator = start(options).await?;
        let url = simulator.url();
        let n_films = u64::from(simulator.n_films());
        printer.summary(&Summary {
            headline: format!("✓ TMDB's API, simulated, at {url}"),
            facts: vec![("films", crate::printer::count(n_films))],
            next: vec![format!("FILMSTAR_TMDB__BASE_URL={url} filmstar ingest   (in another terminal; Ctrl-C here stops)")],
            json: json!({ "status": "ok", "url": url, "films": n_films }),
        });
        Interrupt::listen().raised().await;
        simulator.shutdown().await;
        Ok(Exit::Ok)
    })
}

fn clock(text: &str) -> Result<Clock, String> {
    text.parse()
        .map_err(|error: NotAClock| format!("{error}: {}", NotAClock::HINT))
}

/// Reads a script of faults.
fn scenario(path: &Path) -> anyhow::Result<Scenario> {
    let text = fs_err::read_to_string(path)
        .map_err(|error| Failure::usage("failed to read the scenario").because(error))?;
    let scenario: Scenario = Figment::from(Toml::string(&text))
        .extract()
        .map_err(|error| {
            Failure::usage(format!("`{}` is no scenario", path.display()))
                .because(error)
                .hint("docs/reference.md shows one, and lists the faults")
        })?;
    Ok(scenario)
}

/// Starts it, or says what stands in the way.
pub(crate) async fn start(options: Options) -> Result<Simulator, Failure> {
    let port = options.port;
    Simulator::start(options)
        .await
        .map_err(|error| match error {
            Error::Listen { source, .. } if source.kind() == ErrorKind::AddrInUse => {
                port_taken(port)
            }
            error => Failure::usage("failed to start the simulator").because(error),
        })
}

/// The error for a port that another program has.
pub(crate) fn port_taken(port: u16) -> Failure {
    Failure::usage(format!("port {port} is taken by another program"))
        .hint("`--port 0` takes a free one")
}
