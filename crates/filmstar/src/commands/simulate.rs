use std::{io::ErrorKind, path::PathBuf};

use clap::Args;
use serde_json::json;
use tmdb::simulator::{Admission, Catalogue, Error, Options, Simulator};

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
    super::runtime()?.block_on(async {
        let options = Options {
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
