//! The TMDB API served on loopback, so that a demo, a test or a benchmark takes the real path.
//!
//! Its films come from a catalogue: *generated* ones are fictional and a pure function of a seed
//! and a position; *replayed* ones are bodies recorded from the API.
//! Auth, paging, error bodies, caching headers and the rate limit are the real API's.
//! The daily exports are at `/p/exports/` of the same address, open to everybody as the real ones are.
//! Popularity drifts there from day to day around what the film's or person's own page says.
//! With a clock a generated catalogue lives: from its first day on it is edited, added to, deleted from and merged,
//! each change a pure function of seed, id and time, and told of by the changes feed.
//! A [`Scenario`] makes go wrong what does go wrong with the real API.

mod access_log;
mod api;
mod changes;
mod exports;
mod faults;
mod films;
mod generated;
mod listing;
mod lists;
mod query;
mod replay;
mod reply;
mod source;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use axum::serve::ListenerExt;
use chrono::NaiveDate;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use access_log::AccessLog;
use source::Source;

pub use faults::{Fault, FaultKind, FaultSwitch, NotAFault, Scenario};

use crate::Clock;

/// Where the films come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Catalogue {
    /// Fictional films, any number of them, which take no memory.
    Generated {
        /// How many, up to a few million.
        films: u32,
        /// Another seed, other films.
        seed: u64,
    },
    /// Bodies of `/movie/{id}` and `/person/{id}`, one a line, plain or packed by gzip or zstd.
    ///
    /// The last body of an id wins. Blocks that a body lacks are missing here too. A person that
    /// has no body of their own is composed from what the credits say.
    Replay {
        /// The `.jsonl`, `.jsonl.gz` or `.jsonl.zst` file.
        path: PathBuf,
    },
}

/// Who is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Whoever sends a key or token, unless it begins with `invalid`, `wrong` or `bad`: those are there to try
    /// what a refused credential looks like.
    Anybody,
    /// Whoever sends this text as key or token.
    Only(String),
}

/// What the simulator is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the films come from.
    pub catalogue: Catalogue,
    /// The port on loopback; 0 takes any free one.
    pub port: u16,
    /// Requests per second before HTTP 429; 0 is no limit.
    pub rate_limit: u32,
    /// The `Retry-After` that comes with HTTP 429, which the real API does not send.
    pub retry_after_seconds: Option<u64>,
    /// How long every answer takes.
    pub latency_ms: u64,
    /// Whether ranks shift between pages, so that pages overlap, fall short and miss films.
    pub is_reranking: bool,
    /// Whether bodies are packed for clients that accept it.
    pub is_compressing: bool,
    /// Who is let in.
    pub admission: Admission,
    /// The generated catalogue's present: later films are not out yet.
    pub today: NaiveDate,
    /// Tells of which days there are exports, and how far a living catalogue is.
    pub clock: Clock,
    /// Whether a generated catalogue changes from `today` on, as the clock goes.
    pub is_living: bool,
    /// Requests under way at once before HTTP 429; 0 is no limit.
    pub max_in_flight: usize,
    /// What goes wrong, and how much changes.
    pub scenario: Scenario,
    /// A file that gets a line for each request.
    pub access_log: Option<PathBuf>,
}

impl Options {
    /// The catalogue served as the real API would, on any free port and without a rate limit.
    pub fn new(catalogue: Catalogue) -> Self {
        Self {
            catalogue,
            port: 0,
            rate_limit: 0,
            retry_after_seconds: None,
            latency_ms: 0,
            is_reranking: true,
            is_compressing: false,
            admission: Admission::Anybody,
            today: NaiveDate::from_ymd_opt(2026, 7, 1).expect("it is a date"),
            clock: Clock::default(),
            is_living: false,
            max_in_flight: 0,
            scenario: Scenario::default(),
            access_log: None,
        }
    }
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file of recorded bodies cannot be read.
    #[error("read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The failure.
        #[source]
        source: std::io::Error,
    },
    /// A line of the file is not a body.
    #[error("read line {line} of `{}`: it is not a film or person of the API", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The port cannot be had.
    #[error("listen on port {port} of 127.0.0.1")]
    Listen {
        /// The port asked for.
        port: u16,
        /// The failure.
        #[source]
        source: std::io::Error,
    },
    /// The file for requests cannot be had.
    #[error("open `{}`", path.display())]
    AccessLog {
        /// The file.
        path: PathBuf,
        /// The failure.
        #[source]
        source: std::io::Error,
    },
    /// The loader died.
    #[error("load the catalogue")]
    Load(#[source] tokio::task::JoinError),
}

/// A running simulator; dropping it stops it.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    n_films: u32,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Loads the catalogue and serves it until the simulator is dropped or shut down.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let listen = |source| Error::Listen {
            port: options.port,
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await;
        let listener = listener.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let log = options.access_log.as_ref().map(|path| {
            AccessLog::open(path).map_err(|source| Error::AccessLog {
                path: path.clone(),
                source,
            })
        });
        let log = log.transpose()?;
        let (catalogue, today) = (options.catalogue.clone(), options.today);
        let pace = options
            .is_living
            .then_some(options.scenario.pace.unwrap_or(1.0));
        let source = tokio::task::spawn_blocking(move || Source::load(&catalogue, today, pace));
        let source = source.await.map_err(Error::Load)??;
        let n_films = source.at(options.clock.now()).count();
        let router = api::router(source, log, &options);
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(async move {
            let listener = listener.tap_io(|stream| {
                // Slower without, but no worse.
                let _ = stream.set_nodelay(true);
            });
            let server = axum::serve(listener, router).with_graceful_shutdown(async {
                // A dropped sender means the same as a sent message.
                let _ = stopped.await;
            });
            if let Err(error) = server.await {
                tracing::error!("the simulator stopped: {error}");
            }
        });
        Ok(Self {
            address,
            n_films,
            stop,
            server,
        })
    }

    /// The base URL for a client.
    pub fn url(&self) -> String {
        format!("http://{}/3", self.address)
    }

    /// The folder of the daily exports.
    pub fn exports_url(&self) -> String {
        format!("http://{}{}", self.address, exports::FOLDER)
    }

    /// Films in the catalogue.
    pub fn n_films(&self) -> u32 {
        self.n_films
    }

    /// Stops taking requests and waits for the ones under way.
    pub async fn shutdown(self) {
        let _ = self.stop.send(());
        let _ = self.server.await;
    }
}

#[cfg(test)]
mod tests;
