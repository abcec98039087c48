//! `bench ingest [films]`: films from the API to Parquet, ours beside a loader of aiohttp and pandas, in the same run
//! and against the same simulator, without a rate limit.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use super::{free_port, pages::Server, programs};
use crate::{
    process::{self, cargo, command},
    root, setup, test,
};

const PACKAGES: [&str; 3] = ["aiohttp==3.14.1", "pandas==2.3.3", "pyarrow==22.0.0"];

pub(super) fn run(films: u32) -> Result<()> {
    setup()?;
    process::run(cargo().args(["build", "--release", "--package", "filmstar"]))?;
    let python = test::environment("bench-ingest", &PACKAGES)?
        .context("the peer needs python3 with venv")?;
    let folder = env::temp_dir().join(format!("filmstar-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measure(films, &folder, &python.join("python"));
    fs::remove_dir_all(&folder)?;
    let [ours, theirs] = measured?;
    println!("\n{films} generated films, details and credits, from a simulator on loopback\n");
    println!(
        "{:18} {:>9} {:>12} {:>22} {:>9}",
        "", "films/s", "seconds", "CPU s / 1,000 films", "peak MB"
    );
    for (name, figures) in [("filmstar ingest", &ours), ("aiohttp + pandas", &theirs)] {
        println!(
            "{name:18} {:>9.0} {:>12.1} {:>22.2} {:>9.0}",
            figures.films_per_second(),
            figures.seconds,
            figures.cpu_per_thousand(),
            figures.peak_mb
        );
    }
    println!(
        "{:18} {:>9.2} {:>12} {:>22.2} {:>9.2}",
        "ours / theirs",
        ours.films_per_second() / theirs.films_per_second(),
        "",
        ours.cpu_per_thousand() / theirs.cpu_per_thousand(),
        ours.peak_mb / theirs.peak_mb
    );
    println!(
        "\nthe simulator took {:.2} CPU s / 1,000 films for ours, {:.2} for theirs",
        ours.simulator_per_thousand(),
        theirs.simulator_per_thousand()
    );
    Ok(())
}

struct Figures {
    films: f64,
    seconds: f64,
    cpu_seconds: f64,
    simulator_seconds: f64,
    peak_mb: f64,
}

impl Figures {
    fn films_per_second(&self) -> f64 {
        self.films / self.seconds
    }

    fn cpu_per_thousand(&self) -> f64 {
        self.cpu_seconds * 1_000.0 / self.films
    }

    fn simulator_per_thousand(&self) -> f64 {
        self.simulator_seconds * 1_000.0 / self.films
    }
}

fn measure(films: u32, folder: &Path, python: &Path) -> Result<[Figures; 2]> {
    let simulator = simulator(films)?;
    let before = cpu(&simulator)?;
    let ours = ours(&simulator, folder)?;
    let between = cpu(&simulator)?;
    let theirs = theirs(&simulator, folder, python)?;
    let after = cpu(&simulator)?;
    Ok([
        Figures {
            simulator_seconds: between - before,
            ..ours
        },
        Figures {
            simulator_seconds: after - between,
            ..theirs
        },
    ])
}

fn ours(simulator: &Server, folder: &Path) -> Result<Figures> {
    let started = Instant::now();
    let mut ingest = Command::new(programs().join("filmstar"));
    ingest
        .current_dir(folder)
        .args(["ingest", "--json"])
        .env(
            "FILMSTAR_TMDB__BASE_URL",
            format!("{}/3", simulator.address),
        )
        .env("FILMSTAR_TMDB__REQUESTS_PER_SECOND", "0")
        .env("FILMSTAR_INGEST__INCLUDE_VIDEO", "true")
        .env("FILMSTAR_INGEST__PEOPLE", "none")
        .env("FILMSTAR_INGEST__EXPORTS_DAYS", "0")
        .stdout(Stdio::piped());
    let mut child = ingest.spawn()?;
    let mut usage = Usage::default();
    while child.try_wait()?.is_none() {
        usage.look(child.id());
        std::thread::sleep(Duration::from_millis(20));
    }
    let seconds = started.elapsed().as_secs_f64();
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the ingest failed");
    let said = String::from_utf8(output.stdout)?;
    let fetched = said
        .split_once("\"movies\":")
        .and_then(|(_, movies)| movies.split_once("\"fetched\":"))
        .context("the ingest says how many films it fetched")?
        .1;
    let digits: String = fetched
        .trim_start()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    Ok(Figures {
        films: digits.parse()?,
        seconds,
        cpu_seconds: usage.cpu_seconds,
        simulator_seconds: 0.0,
        peak_mb: usage.peak_mb,
    })
}

fn theirs(simulator: &Server, folder: &Path, python: &Path) -> Result<Figures> {
    let mut peer = command(python);
    peer.arg(root().join("benches/aiohttp_to_parquet.py"))
        .arg(format!("{}/3", simulator.address))
        .arg(folder.join("peer"));
    let output = peer.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "the peer failed");
    let said = String::from_utf8(output.stdout)?;
    let figures: Vec<f64> = said
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [films, seconds, cpu_seconds, peak_mb] = figures[..] else {
        anyhow::bail!("the peer said `{said}`");
    };
    Ok(Figures {
        films,
        seconds,
        cpu_seconds,
        simulator_seconds: 0.0,
        peak_mb,
    })
}

/// What a process has used so far, as Linux counts it.
#[derive(Default)]
struct Usage {
    cpu_seconds: f64,
    peak_mb: f64,
}

impl Usage {
    /// Looks again, as long as the process is there.
    fn look(&mut self, process: u32) {
        if let Some(seconds) = cpu_seconds(process) {
            self.cpu_seconds = seconds;
        }
        if let Some(peak) = peak_mb(process) {
            self.peak_mb = peak;
        }
    }
}

/// User and system time; a hundredth of a second is the kernel's unit for programs.
fn cpu_seconds(process: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name may hold anything, so the fields are counted from its closing bracket.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

fn peak_mb(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}

/// `filmstar simulate`, ended with the value.
fn simulator(films: u32) -> Result<Server> {
    let port = free_port()?;
    let mut simulate = Command::new(programs().join("filmstar"));
    simulate
        .args(["simulate", "--seed", "7", "--films", &films.to_string()])
        .args(["--port", &port.to_string()]);
    let simulator = Server::start(port, &mut simulate)?;
    simulator.wait()?;
    Ok(simulator)
}

fn cpu(simulator: &Server) -> Result<f64> {
    cpu_seconds(simulator.process()).context("the simulator is gone")
}
