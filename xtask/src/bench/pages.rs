//! `bench pages <project>`: the pages of a project's published build under load and in a browser, beside the same
//! three charts in Streamlit over the same file.

use std::{
    fs,
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};

use super::free_port;
use crate::{
    process::{self, cargo, command},
    root, setup, test,
};

/// Does the asking and the browsing, and prints what it measured.
const SCRIPT: &str = "e2e/bench.mjs";

pub(super) fn run(project: &Path) -> Result<()> {
    let build = fs::canonicalize(project.join("data/warehouse/current/filmstar.duckdb"))
        .context("the project has no published build: `filmstar build` makes one")?;
    setup()?;
    process::run(cargo().args(["build", "--release", "--package", "filmstar"]))?;
    let app = root().join("examples/streamlit");
    let packages = fs::read_to_string(app.join("requirements.txt"))?;
    let packages: Vec<&str> = packages.lines().collect();
    let programs = test::environment("bench-streamlit", &packages)?
        .context("Streamlit needs python3 with venv")?;

    let port = free_port()?;
    let ours = Server::start(
        port,
        command(super::programs().join("filmstar"))
            .args(["serve", "--no-open", "--port", &port.to_string()])
            .current_dir(project),
    )?;
    let port = free_port()?;
    let peer = Server::start(
        port,
        command(programs.join("streamlit"))
            .args(["run", "app.py", "--server.headless", "true"])
            .args(["--server.port", &port.to_string()])
            .args(["--browser.gatherUsageStats", "false"])
            .current_dir(&app)
            .env("FILMSTAR_WAREHOUSE_PATH", &build),
    )?;
    let script = |arguments: &[&str]| {
        let mut node = command("node");
        node.current_dir(root().join("web"))
            .arg(SCRIPT)
            .args(arguments);
        process::run(&mut node)
    };
    script(&["load", &ours.address])?;
    println!(
        "memory of filmstar serve after the load: {}",
        ours.memory()?
    );
    script(&["browse", &ours.address, &peer.address])?;
    println!("memory of filmstar serve: {}", ours.memory()?);
    println!("memory of Streamlit: {}", peer.memory()?);
    Ok(())
}

/// A web server that is stopped when it goes out of scope.
pub(super) struct Server {
    pub(super) address: String,
    child: Child,
}

impl Server {
    pub(super) fn start(port: u16, command: &mut Command) -> Result<Self> {
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("failed to start {:?}", command.get_program()))?;
        let address = format!("http://127.0.0.1:{port}");
        Ok(Self { address, child })
    }

    /// Until it listens.
    pub(super) fn wait(&self) -> Result<()> {
        let address = self.address.trim_start_matches("http://");
        for _ in 0..100 {
            if TcpStream::connect(address).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!("nothing listens at {address} after ten seconds")
    }

    /// The number of its process.
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory, as Linux counts it.
    pub(super) fn memory(&self) -> Result<String> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kilobytes: u64 = line
            .and_then(|line| line.split_whitespace().nth(1))
            .context("/proc has no VmRSS")?
            .parse()?;
        ensure!(kilobytes > 0, "the server is gone");
        Ok(format!("{} MB", kilobytes / 1024))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
