use std::{path::PathBuf, time::Duration};

use super::Password;

/// Where a server is, who connects, and how the session behaves.
#[derive(Debug, Clone)]
pub struct PostgresSettings {
    /// A name, an address, or the folder of a Unix socket.
    pub host: String,
    /// TCP port, or the number in the socket's name.
    pub port: u16,
    /// The database.
    pub database: String,
    /// Who connects.
    pub user: String,
    /// Their password, if the server asks for one.
    pub password: Option<Password>,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// What every session starts with.
    pub session: SessionSettings,
}

impl PostgresSettings {
    /// A server and a user, with defaults for everything else.
    pub fn new(host: &str, port: u16, database: &str, user: &str) -> Self {
        Self {
            host: host.to_owned(),
            port,
            database: database.to_owned(),
            user: user.to_owned(),
            password: None,
            tls: Tls::default(),
            connect_timeout: Duration::from_secs(10),
            session: SessionSettings::default(),
        }
    }

    /// The server for messages, never with a password: `postgres://user@host:5432/database`.
    pub fn location(&self) -> String {
        format!(
            "postgres://{}@{}:{}/{}",
            self.user, self.host, self.port, self.database
        )
    }
}

/// What every session starts with; `None` leaves the server's own setting.
#[derive(Debug, Clone, Default)]
pub struct SessionSettings {
    /// Schemas that unqualified names are looked for in.
    pub search_path: Vec<String>,
    /// A role to act as, if not the user's own.
    pub role: Option<String>,
    /// Whether the session can only read.
    pub is_read_only: bool,
    /// How long one statement may run.
    pub statement_timeout: Option<Duration>,
    /// How long a statement may wait for another session's lock.
    pub lock_timeout: Option<Duration>,
    /// Whether the session builds models: many short statements, whose rows are only worth something once the
    /// build is published. They are not compiled to machine code nor spread over processes (several sessions build
    /// side by side already), do not wait for the disk, and take half the usual sample for statistics.
    pub is_building: bool,
}

/// How a connection is encrypted, in libpq's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// Whether, and what is verified.
    pub mode: TlsMode,
    /// PEM file with the authorities to trust; the system's without one.
    pub root_certificate: Option<PathBuf>,
    /// PEM files with the client's certificate and its key, if the server asks for one.
    pub client_certificate: Option<(PathBuf, PathBuf)>,
}

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TlsMode {
    /// Never encrypted.
    Disable,
    /// Encrypted if the server can; nothing is verified.
    #[default]
    Prefer,
    /// Encrypted or not at all. The server's certificate is verified only when a root certificate is given.
    Require,
    /// Encrypted, and the server's certificate is signed by an authority that is trusted.
    VerifyCa,
    /// The same, and the certificate is for this very host.
    VerifyFull,
}

impl TlsMode {
    /// libpq's names, in order of strictness.
    pub const NAMES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

    /// By libpq's name. `allow` is taken as `prefer`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "disable" => Self::Disable,
            "allow" | "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => return None,
        })
    }
}
