use std::{path::PathBuf, time::Duration};

use serde_json::json;
use transform::{Report, Status};

use crate::{failure::Failure, printer::count, project::shown};

/// How a build ended.
pub(crate) struct Built {
    pub(crate) report: Report,
    /// The build that readers now see; `None` when something failed and they see the one before.
    pub(crate) published: Option<String>,
    /// The build that readers see, whichever it is.
    pub(super) standing: Option<String>,
    /// Where readers find it.
    pub(super) location: String,
    /// `manifest.json` and `run_results.json`; of a build that failed, the compiled SQL as files too.
    pub(super) artifacts: PathBuf,
    /// What the user types next to read it.
    pub(super) target: Option<String>,
    pub(crate) elapsed: Duration,
}

impl Built {
    /// `54 models, 2 snapshots, 3 seeds and 210 tests; 2 warnings`.
    pub(crate) fn tally(&self) -> String {
        let of = |kind: &str| {
            self.report
                .results
                .iter()
                .filter(|result| result.kind.name() == kind)
                .count() as u64
        };
        let mut tally = format!(
            "{} models, {} snapshots, {} seeds and {} tests",
            count(of("model")),
            count(of("snapshot")),
            count(of("seed")),
            count(of("test"))
        );
        for (status, word) in [
            (Status::Warn, "warnings"),
            (Status::Fail, "failed tests"),
            (Status::Error, "errors"),
            (Status::Skipped, "skipped"),
        ] {
            let n = self.report.count(status);
            if n > 0 {
                tally.push_str(&format!("; {n} {word}"));
            }
        }
        tally
    }

    /// The build that was published, or why none was.
    pub(crate) fn outcome(&self) -> Result<&str, Failure> {
        if let Some(build_id) = &self.published {
            return Ok(build_id);
        }
        let standing = match &self.standing {
            Some(current) => format!("readers still see build {current}"),
            None => "nothing was published".to_owned(),
        };
        let again = format!("filmstar build{}", self.flag());
        Err(if self.report.was_cancelled {
            Failure::interrupted(format!("the build was interrupted; {standing}"))
                .hint(format!("`{again}` starts anew"))
        } else {
            Failure::project(format!("not published: {}; {standing}", self.tally())).hint(format!(
                "the compiled SQL is in {}; mend the models or the data, then `{again}`",
                shown(&self.artifacts.join("compiled"))
            ))
        })
    }

    /// What was built and where it is.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("result", self.tally()),
            ("warehouse", self.location.clone()),
            ("artifacts", shown(&self.artifacts)),
        ]
    }

    /// What to type next.
    pub(crate) fn next(&self) -> Vec<String> {
        let flag = self.flag();
        vec![
            format!("filmstar serve{flag}"),
            format!(
                "filmstar query{flag} \"select title, roi from mart_movies where is_in_analysis_set order by roi desc limit 10\""
            ),
        ]
    }

    /// The facts for machines.
    pub(crate) fn json(&self) -> serde_json::Value {
        json!({
            "build_id": self.published,
            "warehouse": self.location,
            "artifacts": self.artifacts,
            "nodes": self.report.results.len(),
            "warnings": self.report.count(Status::Warn),
            "seconds": self.elapsed.as_secs_f64(),
        })
    }

    fn flag(&self) -> String {
        let target = self.target.as_ref();
        target.map_or_else(String::new, |name| format!(" --target {name}"))
    }
}
