//! `soak-pages <project> [seconds]`: a build is published every ten seconds while eight clients read the pages, two of
//! them in browsers. No request may fail, and no page may mix two builds.

use std::{
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};

use super::{free_port, pages::Server};
use crate::{
    process::{self, cargo, command},
    root, setup,
};

const PERIOD: Duration = Duration::from_secs(10);
const SECONDS: u32 = 300;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let usage = "`cargo xtask soak-pages <project> [seconds]`";
    let (project, seconds) = match arguments {
        [project] => (Path::new(project), SECONDS),
        [project, seconds] => (Path::new(project), seconds.parse().context(usage)?),
        _ => bail!(usage),
    };
    let current = fs::canonicalize(project.join("data/warehouse/current"))
        .context("the project has no published build: `filmstar build` makes one")?;
    setup()?;
    process::run(cargo().args(["build", "--release", "--package", "filmstar"]))?;
    // Beside the build, where its files can have a second name.
    let shelf = Shelf::new(current)?;
    shelf.publish(0)?;
    let port = free_port()?;
    let mut serve = command(super::programs().join("filmstar"));
    serve
        .args(["serve", "--no-open", "--port", &port.to_string()])
        .current_dir(project)
        .env("FILMSTAR_STORAGE__WAREHOUSE", &shelf.folder);
    let server = Server::start(port, &mut serve)?;
    server.wait()?;

    let (stop, publisher) = publishing(shelf.clone());
    let mut node = Command::new("node");
    node.current_dir(root().join("web")).args([
        "e2e/soak.mjs",
        &server.address,
        &seconds.to_string(),
    ]);
    let read = process::run(&mut node);
    drop(stop);
    let n_builds = publisher.join().ok().context("the publisher panicked")??;
    println!(
        "{n_builds} builds published, one each {} s",
        PERIOD.as_secs()
    );
    println!("memory of filmstar serve: {}", server.memory()?);
    drop(server);
    fs::remove_dir_all(&shelf.folder)?;
    read
}

/// Publishes until the other end is dropped; says how many.
fn publishing(shelf: Shelf) -> (Sender<()>, thread::JoinHandle<Result<u32>>) {
    let (stop, stopped) = channel();
    let publisher = thread::spawn(move || {
        let mut number = 0;
        while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
            number += 1;
            shelf.publish(number)?;
        }
        Ok(number)
    });
    (stop, publisher)
}

/// A warehouse whose builds are one build under many names, as a publish and a prune leave them.
#[derive(Clone)]
struct Shelf {
    build: PathBuf,
    folder: PathBuf,
}

impl Shelf {
    fn new(build: PathBuf) -> Result<Self> {
        let warehouse = build.parent().and_then(Path::parent);
        let warehouse = warehouse.context("a build is in a folder of a warehouse")?;
        let folder = warehouse.join(format!("soak-{}", std::process::id()));
        fs::create_dir_all(folder.join("builds"))?;
        Ok(Self { build, folder })
    }

    fn publish(&self, number: u32) -> Result<()> {
        let named = |number: u32| self.folder.join(format!("builds/soak-{number:04}"));
        link(&self.build, &named(number))?;
        let next = self.folder.join("next");
        symlink(format!("builds/soak-{number:04}"), &next)?;
        fs::rename(next, self.folder.join("current"))?;
        if let Some(old) = number.checked_sub(2) {
            fs::remove_dir_all(named(old))?;
        }
        Ok(())
    }
}

/// A folder again, with second names for its files.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let other = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            link(&entry.path(), &other)?;
        } else {
            fs::hard_link(entry.path(), other)?;
        }
    }
    Ok(())
}
