use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// A new folder with nothing in it, and the program to run there.
pub(crate) struct Sandbox {
    folder: TempDir,
    api: Option<String>,
    variables: BTreeMap<String, String>,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            api: None,
            variables: BTreeMap::new(),
        }
    }

    /// A sandbox whose API is the given server, with no rate limit and no film left out, and one day's exports.
    pub(crate) fn with_api(server: &Server) -> Self {
        let mut sandbox = Self {
            api: Some(format!("{}/3", server.url)),
            ..Self::new()
        };
        sandbox.set("FILMSTAR_INGEST__EXPORTS_DAYS", "1".to_owned());
        sandbox
    }

    /// Lets another server be the API from now on.
    pub(crate) fn set_api(&mut self, server: &Server) {
        self.api = Some(format!("{}/3", server.url));
    }

    /// The same by its address.
    pub(crate) fn set_address(&mut self, url: &str) {
        self.api = Some(url.to_owned());
    }

    /// Sets an environment variable of every program that is run here.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.variables.insert(name.to_owned(), value);
    }

    /// The variables that were set.
    pub(crate) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// One that must have been set.
    pub(crate) fn variable(&self, name: &str) -> String {
        self.variables[name].clone()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The program with the given arguments and an environment that holds nothing of the machine's.
    pub(crate) fn filmstar(&self, arguments: &[&str]) -> Command {
        let mut command = filmstar();
        command
            .current_dir(self.path())
            .args(arguments)
            .envs(&self.variables);
        if let Some(api) = &self.api {
            command
                .env("FILMSTAR_TMDB__BASE_URL", api)
                .env("FILMSTAR_TMDB__REQUESTS_PER_SECOND", "0")
                .env("FILMSTAR_INGEST__INCLUDE_ADULT", "true")
                .env("FILMSTAR_INGEST__INCLUDE_VIDEO", "true");
        }
        command
    }

    /// Runs to the end and gives the standard output; fails the test with everything printed otherwise.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.filmstar(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "filmstar {arguments:?} ended with {}\n{}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a query on the published warehouse and gives its only value.
    pub(crate) fn value(&self, sql: &str) -> String {
        let csv = self.succeed(&["query", "--format", "csv", sql]);
        csv.lines().nth(1).unwrap_or_default().to_owned()
    }
}

/// The program with a clean environment.
fn filmstar() -> Command {
    let built = env!("CARGO_BIN_EXE_filmstar");
    // The soak runs the optimized program through the tests that are there.
    let program = std::env::var_os("FILMSTAR_TEST_PROGRAM").unwrap_or_else(|| built.into());
    let mut command = Command::new(program);
    command.env_clear();
    for kept in ["HOME", "LD_LIBRARY_PATH", "PATH", "TMPDIR"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
}

/// What one run printed, as a transcript for snapshots: exit code, output, errors, with what varies replaced.
pub(crate) fn transcript(sandbox: &Sandbox, output: &Output) -> String {
    let clean = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes)
            .replace(&sandbox.path().display().to_string(), "[folder]")
            .trim_end()
            .to_owned()
    };
    format!(
        "exit code: {}\n----- stdout -----\n{}\n----- stderr -----\n{}",
        output.status.code().unwrap_or(-1),
        clean(&output.stdout),
        clean(&output.stderr)
    )
}

/// A long-running `filmstar` that printed where it listens; ended with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Server {
    /// `filmstar simulate` with the given arguments on a free port.
    pub(crate) fn simulate(arguments: &[&str]) -> Self {
        let mut command = filmstar();
        command.args(["simulate", "--port", "0"]).args(arguments);
        Self::start(command)
    }

    /// A generated catalogue of so many films.
    pub(crate) fn generated(n_films: u32) -> Self {
        Self::simulate(&["--films", &n_films.to_string(), "--seed", "7"])
    }

    /// `filmstar serve` in a sandbox on a free port.
    pub(crate) fn serve(sandbox: &Sandbox) -> Self {
        Self::start(sandbox.filmstar(&["serve", "--port", "0", "--no-open"]))
    }

    /// `filmstar up` in a sandbox on a free port; what it says on standard error goes to the file `up.log` there.
    pub(crate) fn up(sandbox: &Sandbox) -> Self {
        let mut command = sandbox.filmstar(&["up", "--port", "0", "--no-open"]);
        let log = std::fs::File::create(sandbox.path().join("up.log")).unwrap();
        command.stderr(log);
        Self::start(command)
    }

    /// Sends SIGTERM and gives the exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        terminate(&mut self.child)
    }

    fn start(mut command: Command) -> Self {
        let child = command
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        // Dropped, and so ended, if the address never comes.
        let mut server = Self {
            child,
            url: String::new(),
        };
        let mut seen = String::new();
        for line in BufReader::new(server.child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(start) = line.find("http://127.0.0.1:") {
                let url = line[start..].split_whitespace().next().unwrap();
                let url = url.trim_end_matches(['/', '.', ',']);
                url.trim_end_matches("/3").clone_into(&mut server.url);
                return server;
            }
            seen.push_str(&line);
        }
        panic!("the server ended without saying where it listens: {seen}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends SIGTERM to a program and gives its exit code.
pub(crate) fn terminate(child: &mut Child) -> Option<i32> {
    let signal = format!("kill -TERM {}", child.id());
    let sent = Command::new("sh").args(["-c", &signal]).status().unwrap();
    assert!(sent.success());
    let ended = within(Duration::from_secs(30), || child.try_wait().unwrap());
    ended.code()
}

/// Asks until there is an answer; fails the test when there is none in time.
pub(crate) fn within<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < limit, "nothing within {limit:?}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Status and body of an HTTP answer.
pub(crate) fn get(url: &str) -> (u16, String) {
    ask("GET", url, "")
}

/// As [`get`], of a question in JSON.
pub(crate) fn post(url: &str, question: &serde_json::Value) -> (u16, String) {
    ask("POST", url, &question.to_string())
}

fn ask(method: &str, url: &str, question: &str) -> (u16, String) {
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{question}",
        question.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap();
    (status.parse().unwrap(), body.to_owned())
}

/// What a query of the raw tables finds.
pub(crate) fn raw(sandbox: &Sandbox, sql: &str) -> Vec<Vec<serde_json::Value>> {
    sandbox.succeed(&["load", "--output", "lake.duckdb"]);
    let path = sandbox.path().join("lake.duckdb");
    let warehouse = warehouse::DuckDb::open(
        &path,
        warehouse::Access::ReadOnly,
        &warehouse::Settings::default(),
    )
    .unwrap();
    let mut connection = warehouse::Warehouse::connect(&warehouse).unwrap();
    connection.query(sql, &[]).unwrap().json_rows()
}

/// The recorded real films beside the checkout, when they are there.
pub(crate) fn real_films() -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/tmdb/movies.jsonl.gz");
    if !file.is_file() {
        println!("SKIPPED: the recorded real films are not beside this checkout");
        return None;
    }
    Some(file)
}
