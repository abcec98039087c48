//! A PostgreSQL server for tests: made by `initdb`, on a free port, stopped with the process that asked for it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "only tests use this: a panic is a failed test, and a skipped one must say so"
)]

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::{Password, Postgres, PostgresSettings, Warehouse as _};

/// The folders where packages put the server's programs.
const PROGRAMS: [&str; 4] = [
    "/usr/lib/postgresql/17/bin",
    "/usr/lib/postgresql/16/bin",
    "/usr/lib/postgresql/15/bin",
    "/usr/local/bin",
];
const SCRIPT: &str = include_str!("testing/server.sh");
/// What a test server's administrator is called; nobody needs a password on it unless a test says so.
const ADMIN: &str = "postgres";
/// Durability is for data that outlives a test.
const CONFIGURATION: &str = "
fsync = off
full_page_writes = off
max_connections = 60
shared_buffers = 128MB
listen_addresses = '127.0.0.1'
lc_messages = 'C'
";

/// A running server.
pub struct Server {
    host: String,
    port: u16,
    admin: (String, Option<Password>),
    /// None when the server is somebody else's.
    own: Option<Own>,
}

struct Own {
    programs: PathBuf,
    folder: PathBuf,
    /// Stops the server and removes the folder when its standard input closes: also when this process is killed.
    _keeper: Child,
}

impl Server {
    /// The server that all tests of this process share: the one at `FILMSTAR_TEST_POSTGRES_URL`, else one of its
    /// own. `None`, with a line that says so, when there are no server programs.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::given().or_else(|| Self::start("")));
        shared.as_ref()
    }

    /// A server of one test alone, which may restart it; `configuration` is added to its settings.
    pub fn start(configuration: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                std::env::var_os("CI").is_none(),
                "PostgreSQL's server programs are missing; install the package postgresql"
            );
            println!(
                "SKIPPED: no PostgreSQL; install its server programs or set FILMSTAR_TEST_POSTGRES_URL"
            );
            return None;
        };
        let folder = tempfile::Builder::new()
            .prefix("filmstar-postgres-")
            .tempdir()
            .unwrap()
            .keep();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        std::fs::write(
            folder.join("settings"),
            format!("{CONFIGURATION}{configuration}\n"),
        )
        .unwrap();
        let mut keeper = Command::new("sh")
            .args(["-c", SCRIPT, "server.sh", "keep"])
            .args([&programs, &folder])
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(keeper.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(
            line,
            "started\n",
            "the test server in {} did not start",
            folder.display()
        );
        Some(Self {
            host: "127.0.0.1".to_owned(),
            port,
            admin: (ADMIN.to_owned(), None),
            own: Some(Own {
                programs,
                folder,
                _keeper: keeper,
            }),
        })
    }

    /// The server named in the environment; databases and roles of the tests stay on it.
    fn given() -> Option<Self> {
        let url = std::env::var("FILMSTAR_TEST_POSTGRES_URL").ok()?;
        let config: tokio_postgres::Config = url
            .parse()
            .expect("FILMSTAR_TEST_POSTGRES_URL is no URL of a server");
        let host = match config.get_hosts().first() {
            Some(tokio_postgres::config::Host::Tcp(host)) => host.clone(),
            Some(tokio_postgres::config::Host::Unix(folder)) => folder.display().to_string(),
            None => "localhost".to_owned(),
        };
        let password = config.get_password().map(String::from_utf8_lossy);
        Some(Self {
            host,
            port: config.get_ports().first().copied().unwrap_or(5432),
            admin: (
                config.get_user().unwrap_or(ADMIN).to_owned(),
                password.and_then(Password::new),
            ),
            own: None,
        })
    }

    /// How its administrator connects to a database.
    pub fn admin(&self, database: &str) -> PostgresSettings {
        PostgresSettings {
            password: self.admin.1.clone(),
            ..PostgresSettings::new(&self.host, self.port, database, &self.admin.0)
        }
    }

    /// A new database, empty, and how its owner connects to it.
    pub fn database(&self) -> PostgresSettings {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::SeqCst)
        );
        let admin = Postgres::new(self.admin(ADMIN)).unwrap();
        admin
            .connect()
            .unwrap()
            .execute(&format!(
                "create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
            ))
            .unwrap();
        self.admin(&name)
    }

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops the server at once, as a crash would look to its clients, and starts it again.
    pub fn restart(&self) {
        self.control(&["-m", "immediate", "-w", "restart"]);
    }

    /// Stops the server at once.
    pub fn stop(&self) {
        self.control(&["-m", "immediate", "-w", "stop"]);
    }

    /// A folder that the server's user can write to.
    pub fn folder(&self) -> Option<&Path> {
        self.own.as_ref().map(|own| own.folder.as_path())
    }

    fn control(&self, arguments: &[&str]) {
        let own = self
            .own
            .as_ref()
            .expect("only a server of the test's own is restarted");
        let status = Command::new("sh")
            .args(["-c", SCRIPT, "server.sh", "control"])
            .args([&own.programs, &own.folder])
            .args(arguments)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "pg_ctl {arguments:?} failed");
        // A restart keeps the port; give the system a moment to see the socket.
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn programs() -> Option<PathBuf> {
    let mut folders = PROGRAMS.iter().map(PathBuf::from);
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}
