//! PostgreSQL 15 or newer as the warehouse that a team serves from.
//!
//! Read in this order: [`Postgres`] and its settings, the session behind [`Connection`], `copy` (Arrow to the
//! server) and `decode` (the server to Arrow); then [`load`], [`Releases`] and [`initialize`].

mod copy;
mod decode;
mod failure;
mod jobs;
mod load;
mod password;
mod releases;
mod roles;
mod session;
mod settings;
mod tls;

use std::{fmt, sync::Arc};

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

pub use copy::sql_type;
pub use load::{LoadOptions, LoadProgress, Loaded, load};
pub use password::Password;
pub use releases::{PendingRelease, Release, ReleaseReader, Releases, suffix};
pub use roles::{Rights, initialize};
pub use settings::{PostgresSettings, SessionSettings, Tls, TlsMode};

pub(crate) use self::{jobs::texts, session::Session};
use crate::{Connection, Dialect, Error, Result, Warehouse};

const OLDEST_VERSION: u32 = 15;
/// What a session that builds starts with.
const BUILDING: &str = "set max_parallel_workers_per_gather = 0; \
    set synchronous_commit = off; set default_statistics_target = 50";
/// How sessions introduce themselves in `pg_stat_activity`.
const APPLICATION: &str = "filmstar";

/// A PostgreSQL server, one user on it. Cloning shares the network thread.
#[derive(Clone)]
pub struct Postgres {
    settings: Arc<PostgresSettings>,
    config: Config,
    tls: MakeRustlsConnect,
    network: Arc<Network>,
}

impl Postgres {
    /// Looks at the settings; the server is first asked by [`Warehouse::connect`].
    ///
    /// # Errors
    /// When a certificate file cannot be used.
    pub fn new(settings: PostgresSettings) -> Result<Self> {
        let unusable = |message: String| Error::Open {
            location: settings.location(),
            message,
        };
        let tls = tls::connector(&settings.tls).map_err(unusable)?;
        let mut config = Config::new();
        config
            .host(&settings.host)
            .port(settings.port)
            .dbname(&settings.database)
            .user(&settings.user)
            .application_name(APPLICATION)
            .connect_timeout(settings.connect_timeout)
            .ssl_mode(match settings.tls.mode {
                TlsMode::Disable => SslMode::Disable,
                TlsMode::Prefer => SslMode::Prefer,
                _ => SslMode::Require,
            });
        if let Some(password) = &settings.password {
            config.password(password.expose());
        }
        let network = Arc::new(Network::start().map_err(|error| unusable(error.to_string()))?);
        Ok(Self {
            settings: Arc::new(settings),
            config,
            tls,
            network,
        })
    }

    /// Where it is, never with a password.
    pub fn location(&self) -> String {
        self.settings.location()
    }

    /// What it was made with.
    pub fn settings(&self) -> &PostgresSettings {
        &self.settings
    }

    pub(crate) fn session(&self) -> Result<Session> {
        self.network.wait(self.open()).map(|client| {
            Session::new(
                client,
                Arc::clone(&self.network),
                self.tls.clone(),
                self.location(),
            )
        })
    }

    async fn open(&self) -> Result<Client> {
        let (client, connection) = self
            .config
            .connect(self.tls.clone())
            .await
            .map_err(|error| failure::opening(&error, &self.location()))?;
        let version = connection
            .parameter("server_version")
            .unwrap_or("of an unknown version")
            .to_owned();
        // Ends with its client; what ends it earlier, the client's next statement tells.
        tokio::spawn(async move { drop(connection.await) });
        let major = version.split(['.', ' ']).next().and_then(|major| {
            let digits = major.trim_end_matches(|c: char| !c.is_ascii_digit());
            digits.parse::<u32>().ok()
        });
        if major.is_none_or(|major| major < OLDEST_VERSION) {
            return Err(Error::TooOld {
                location: self.location(),
                found: version,
            });
        }
        client
            .batch_execute(&self.greeting())
            .await
            .map_err(|error| failure::opening(&error, &self.location()))?;
        Ok(client)
    }

    /// The statements that every session starts with.
    fn greeting(&self) -> String {
        let session = &self.settings.session;
        let mut statements = vec![
            // Results must not depend on where server and client stand.
            "set timezone = 'UTC'".to_owned(),
            // A page's query would be compiled for two seconds to run for a fifth of one.
            "set jit = off".to_owned(),
        ];
        if let Some(role) = &session.role {
            statements.push(format!("set role {}", quoted(role)));
        }
        if !session.search_path.is_empty() {
            let schemas: Vec<_> = session
                .search_path
                .iter()
                .map(|name| quoted(name))
                .collect();
            statements.push(format!("set search_path = {}", schemas.join(", ")));
        }
        for (name, limit) in [
            ("statement_timeout", session.statement_timeout),
            ("lock_timeout", session.lock_timeout),
        ] {
            if let Some(limit) = limit {
                statements.push(format!("set {name} = {}", limit.as_millis()));
            }
        }
        if session.is_building {
            statements.push(BUILDING.to_owned());
        }
        if session.is_read_only {
            statements.push("set default_transaction_read_only = on".to_owned());
        }
        statements.join("; ")
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("location", &self.location())
            .finish_non_exhaustive()
    }
}

impl Warehouse for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn database(&self) -> &str {
        &self.settings.database
    }

    fn connect(&self) -> Result<Box<dyn Connection>> {
        Ok(Box::new(self.session()?))
    }
}

/// The thread that talks to the server; sessions wait for it from threads of their own.
struct Network(Option<Runtime>);

impl Network {
    fn start() -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    fn runtime(&self) -> &Runtime {
        self.0.as_ref().expect("taken only when dropped")
    }

    /// Waits for the server. Never to be called on a thread that serves other futures.
    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime().block_on(work)
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        drop(self.runtime().spawn(work));
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // The last session may end on a thread that must not wait.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A name as SQL has it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Text as SQL has it.
pub(crate) fn literal(text: &str) -> String {
    postgres_protocol::escape::escape_literal(text)
}

#[cfg(test)]
mod tests;
