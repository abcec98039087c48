//! The account of every run: an append-only folder of JSON lines, and the schema `history` made of it.
//!
//! ```text
//! <warehouse>/history/layout.json                  which layout this is
//! <warehouse>/history/<run_id>/runs.jsonl          the run's row, anew at each step; the last one counts
//! <warehouse>/history/<run_id>/steps.jsonl         the same of its steps
//! <warehouse>/history/<run_id>/node_results.jsonl  a row a model, seed, snapshot and test
//! <warehouse>/history/<run_id>/measures.jsonl      what was counted
//! <warehouse>/history/<run_id>/log.jsonl           what was said
//! <warehouse>/history/<run_id>/lock                held by the process that runs
//! ```
//!
//! A run whose last row says that it is at work, and whose lock nobody holds, was killed.

mod account;
mod rows;
mod server;
mod tables;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
};

use fs_err as fs;
use serde::{Deserialize, de::DeserializeOwned};

pub use account::Account;
pub use rows::{Measure, NodeResult, Run, RunStatus, Step};
pub use server::{amiss_on_server, mirror, runs_on_server};
pub use tables::{SCHEMA, create_views};

use crate::{Error, Result, builds::is_held};
use account::{LOCK_FILE, LOG_FILE};
use rows::Row;

/// What this release writes. A column more is no new layout: readers take what they know.
const LAYOUT: u32 = 1;
const LAYOUT_FILE: &str = "layout.json";
/// Verdicts that somebody should read.
const AMISS: [&str; 3] = ["error", "fail", "warn"];
const FOLDER: &str = "history";

#[derive(serde::Serialize, Deserialize)]
struct Layout {
    layout: u32,
}

/// The runs of a warehouse folder.
#[derive(Debug, Clone)]
pub struct History {
    folder: PathBuf,
}

impl History {
    /// Opens the account in a warehouse folder, which need not have one yet.
    ///
    /// # Errors
    /// When a newer release wrote it, or it cannot be read.
    pub fn open(warehouse: &Path) -> Result<Self> {
        let folder = std::path::absolute(warehouse.join(FOLDER))?;
        let file = folder.join(LAYOUT_FILE);
        match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            read => {
                let Layout { layout } = serde_json::from_slice(&read?).map_err(io::Error::from)?;
                if layout > LAYOUT {
                    return Err(Error::TooNew {
                        what: "history of runs",
                        location: folder.display().to_string(),
                        found: layout,
                        known: LAYOUT,
                    });
                }
            }
        }
        Ok(Self { folder })
    }

    /// Begins a run's account, and settles those whose process was killed.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn begin(&self, run: &Run) -> Result<Account> {
        fs::create_dir_all(&self.folder)?;
        let file = self.folder.join(LAYOUT_FILE);
        if !file.exists() {
            let layout = serde_json::to_vec(&Layout { layout: LAYOUT }).map_err(io::Error::from)?;
            crate::builds::write_whole(&file, &layout)?;
        }
        for killed in self.runs()? {
            if killed.status == RunStatus::Killed && !self.is_settled(&killed.run_id)? {
                account::settle(&self.folder.join(&killed.run_id), &killed)?;
            }
        }
        Account::begin(self.folder.join(&run.run_id), run)
    }

    /// Every run, newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        let runs = names.iter().rev().map(|name| self.run(name));
        runs.filter_map(Result::transpose).collect()
    }

    /// One run.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn run(&self, run_id: &str) -> Result<Option<Run>> {
        let Some(mut run) = self.read::<Run>(run_id)?.pop() else {
            return Ok(None);
        };
        if run.status == RunStatus::Running && !is_held(&self.folder.join(run_id).join(LOCK_FILE))?
        {
            // Between the two looks it may have ended.
            run = self.read::<Run>(run_id)?.pop().unwrap_or(run);
            if run.status == RunStatus::Running {
                run.status = RunStatus::Killed;
                run.finished_at = self.last_sign(run_id)?.or(Some(run.started_at));
                run.error = Some("its process was killed, or the machine went down".to_owned());
            }
        }
        Ok(Some(run))
    }

    /// Whether a run's own last row says how it ended.
    fn is_settled(&self, run_id: &str) -> Result<bool> {
        let last = self.read::<Run>(run_id)?.pop();
        Ok(last.is_some_and(|run| run.status != RunStatus::Running))
    }

    /// The steps of a run, in order.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn steps(&self, run_id: &str) -> Result<Vec<Step>> {
        let mut steps: Vec<Step> = Vec::new();
        let mut places = HashMap::new();
        for step in self.read::<Step>(run_id)? {
            let place = *places.entry(step.step.clone()).or_insert(steps.len());
            match steps.get_mut(place) {
                Some(known) => *known = step,
                None => steps.push(step),
            }
        }
        Ok(steps)
    }

    /// How each model, seed, snapshot and test of a run ended.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn node_results(&self, run_id: &str) -> Result<Vec<NodeResult>> {
        self.read(run_id)
    }

    /// Those that did not go well, warnings included.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn amiss(&self, run_id: &str) -> Result<Vec<NodeResult>> {
        let mut results = self.node_results(run_id)?;
        results.retain(|result| AMISS.contains(&result.status.as_str()));
        Ok(results)
    }

    /// What a run counted.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn measures(&self, run_id: &str) -> Result<Vec<Measure>> {
        self.read(run_id)
    }

    /// The file with what a run said, a JSON object a line.
    pub fn log(&self, run_id: &str) -> PathBuf {
        self.folder.join(run_id).join(LOG_FILE)
    }

    /// The rows of a run's table, in the order they were written. A line that broke off is left out.
    fn read<R: Row>(&self, run_id: &str) -> Result<Vec<R>> {
        read_lines(&self.folder.join(run_id).join(rows::file::<R>()))
    }

    fn last_sign(&self, run_id: &str) -> Result<Option<chrono::DateTime<chrono::Utc>>> {
        #[derive(Deserialize)]
        struct Said {
            at: chrono::DateTime<chrono::Utc>,
        }
        let said = read_lines::<Said>(&self.log(run_id))?;
        let steps = self.read::<Step>(run_id)?;
        let of_steps = steps
            .iter()
            .flat_map(|step| [Some(step.started_at), step.finished_at]);
        Ok(of_steps
            .flatten()
            .chain(said.last().map(|said| said.at))
            .max())
    }
}

fn read_lines<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>> {
    let text = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    let lines = text.split(|byte| *byte == b'\n');
    Ok(lines
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect())
}

#[cfg(test)]
mod tests;
