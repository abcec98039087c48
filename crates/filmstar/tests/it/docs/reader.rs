//! Somebody who follows a page word by word.

use std::{
    fs::{self, File},
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use lake::testing::S3Server;
use tempfile::TempDir;
use warehouse::testing::Server as PostgresServer;

use super::blocks::{Block, Kind, agrees, session};
use crate::sandbox::{Server, get, within};

/// The port of the simulator in the pages; each reader has one of their own instead.
const PORT: &str = "4601";
/// How the pages name a server of the reader's.
const POSTGRES: &str = "export PGHOST=db.example PGUSER=postgres PGPASSWORD=…";
/// How the pages name the key of a bucket of the reader's.
const BUCKET: &str = "export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… AWS_REGION=eu-central-1";
/// Keeps folder and variables from one block to the next.
const KEEP: &str = "\n{ pwd; } > \"$READER/folder\"; export -p > \"$READER/variables\"\n";

pub(super) struct Reader {
    /// `home/`, where the commands run, and beside it what the reader keeps in mind.
    place: TempDir,
    /// None for who is told how to get one.
    api: Option<String>,
    port: String,
    postgres: Option<PostgresServer>,
    bucket: Option<S3Server>,
    /// Process groups that may have servers in them.
    started: Vec<Child>,
}

impl Reader {
    pub(super) fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let home = place.path().join("home");
        fs::create_dir(&home).unwrap();
        fs::write(place.path().join("folder"), home.display().to_string()).unwrap();
        fs::write(place.path().join("variables"), "").unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            place,
            api: None,
            port: free.local_addr().unwrap().port().to_string(),
            postgres: None,
            bucket: None,
            started: Vec::new(),
        }
    }

    /// Begins with a copy of a project, and with its API.
    pub(super) fn take_over(&mut self, project: &Path, api: &Server) {
        self.api = Some(format!("{}/3", api.url));
        let copied = Command::new("cp")
            .arg("-a")
            .arg(project.join("."))
            .arg(self.home())
            .status();
        assert!(copied.unwrap().success());
    }

    /// Has a database server.
    pub(super) fn give(&mut self, server: PostgresServer) {
        self.postgres = Some(server);
    }

    /// Has a bucket.
    pub(super) fn lend(&mut self, bucket: S3Server) {
        self.bucket = Some(bucket);
    }

    fn home(&self) -> PathBuf {
        self.place.path().join("home")
    }

    /// The folder the reader is in.
    fn folder(&self) -> PathBuf {
        let folder = fs::read_to_string(self.place.path().join("folder")).unwrap();
        PathBuf::from(folder.trim_end())
    }

    /// Does what a block says, and gives how many commands that were; or what was wrong.
    pub(super) fn follow(&mut self, block: &Block) -> Result<usize, String> {
        match &block.kind {
            Kind::Prose => Ok(0),
            Kind::File(name) => {
                let file = self.folder().join(name);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, self.own(&block.text))
                    .map(|()| 0)
                    .map_err(|error| error.to_string())
            }
            Kind::Addition(name) => {
                let file = self.folder().join(name);
                let before =
                    fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
                fs::write(file, before + &self.own(&block.text))
                    .map(|()| 0)
                    .map_err(|error| error.to_string())
            }
            Kind::Script => self.succeed(&block.text),
            Kind::Session => {
                let commands = session(&block.text);
                for (command, expected) in &commands {
                    let (_, printed) = self.run(command);
                    if !agrees(&self.own(expected), &printed) {
                        return Err(format!(
                            "`{command}` should print\n{expected}but prints\n{printed}"
                        ));
                    }
                }
                Ok(commands.len())
            }
            Kind::Server => {
                let text = block.text.trim_end();
                let (before, server) = text.rsplit_once('\n').unwrap_or(("", text));
                let n_before = self.succeed(before)?;
                Ok(n_before + self.visit(server)?)
            }
        }
    }

    /// Runs lines of which each must succeed, and says how many those are.
    fn succeed(&mut self, script: &str) -> Result<usize, String> {
        let (code, printed) = self.run(&format!("set -eu\n{script}"));
        if code == Some(0) {
            return Ok(script
                .lines()
                .filter(|line| !line.trim().is_empty())
                .count());
        }
        Err(format!("{script}\nended with {code:?}:\n{printed}"))
    }

    /// The page's text with this reader's port, token and database.
    fn own(&self, text: &str) -> String {
        let text = text
            .replace(PORT, &self.port)
            .replace("TMDB_API_TOKEN=…", "TMDB_API_TOKEN=a-reader-s-token");
        let text = match &self.bucket {
            Some(bucket) => {
                let set = bucket.variables().into_iter();
                let set = set.map(|(name, value)| format!(" {name}={value}"));
                text.replace(BUCKET, &format!("export{}", set.collect::<String>()))
            }
            None => text,
        };
        match &self.postgres {
            Some(server) => text.replace(
                POSTGRES,
                &format!(
                    "export PGHOST=127.0.0.1 PGPORT={} PGUSER=postgres",
                    server.port()
                ),
            ),
            None => text,
        }
    }

    /// Runs commands to their end; gives the exit code and what was printed. Servers in the background go on.
    fn run(&mut self, script: &str) -> (Option<i32>, String) {
        let script = format!("{}{KEEP}", self.own(script));
        let (mut child, output) = self.start(&script);
        let status = child.wait().unwrap();
        self.started.push(child);
        (status.code(), fs::read_to_string(output).unwrap())
    }

    /// Starts what stays up, opens the address it prints, and stops it.
    fn visit(&mut self, script: &str) -> Result<usize, String> {
        let (mut child, output) = self.start(&self.own(script));
        let address = within(Duration::from_secs(120), || {
            let printed = fs::read_to_string(&output).unwrap();
            // `…/3` is the simulator's, which is no page.
            let mut words = printed.split_whitespace();
            let address =
                words.find(|word| word.starts_with("http://127.0.0.1:") && !word.ends_with("/3"));
            let ended = child.try_wait().unwrap().is_some();
            match address {
                Some(address) => Some(Ok(address.trim_end_matches(['/', '.', ',']).to_owned())),
                None => ended.then(|| Err(format!("`{script}` ended:\n{printed}"))),
            }
        });
        self.started.push(child);
        let (status, _) = get(&format!("{}/", address?));
        if status >= 400 {
            return Err(format!("`{script}` answers {status}"));
        }
        Ok(1)
    }

    fn start(&self, script: &str) -> (Child, PathBuf) {
        let place = self.place.path();
        let output = place.join(format!("output-{}", self.started.len()));
        let file = File::create(&output).unwrap();
        let program = Path::new(env!("CARGO_BIN_EXE_filmstar")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut bash = Command::new("bash");
        bash.args(["-c", &format!("source \"$READER/variables\"\n{script}")])
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", format!("{}:{path}", program.display()))
            .env("HOME", self.home())
            .env("READER", place)
            .env("FILMSTAR_INGEST__EXPORTS_DAYS", "1")
            .env("FILMSTAR_SERVE__OPEN", "false")
            .env("FILMSTAR_SERVE__PORT", "0")
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .process_group(0);
        if let Some(api) = &self.api {
            bash.env("FILMSTAR_TMDB__BASE_URL", api)
                .env("FILMSTAR_TMDB__REQUESTS_PER_SECOND", "0");
        }
        if let Some(library) = std::env::var_os("LD_LIBRARY_PATH") {
            bash.env("LD_LIBRARY_PATH", library);
        }
        (bash.spawn().unwrap(), output)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        for child in &mut self.started {
            let group = format!("kill -KILL -{} 2>/dev/null", child.id());
            drop(Command::new("bash").args(["-c", &group]).status());
            drop(child.wait());
        }
    }
}
