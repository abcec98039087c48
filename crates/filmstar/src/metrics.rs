//! What monitoring is told of runs and data: read anew at each look, out of what every process sees, so that it is
//! the same whether this one makes the runs or cron does.

use std::{fmt, path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
};
use warehouse::history::{History, Run, RunStatus};

use crate::{
    clock,
    commands::{status::size, up::published},
    disk,
    project::Project,
    run_lock,
    schedule::Schedule,
    targets::Place,
};

/// Tells of one project.
pub(crate) struct Told {
    place: Arc<Place>,
    /// When it is on this machine.
    lake: Option<PathBuf>,
    warehouse: PathBuf,
    /// Only while this process makes the runs.
    schedule: Option<Schedule>,
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told")
            .field("warehouse", &self.warehouse)
            .finish_non_exhaustive()
    }
}

impl Told {
    /// Of a project and its schedule, if this process keeps it.
    pub(crate) fn new(project: &Project, place: Arc<Place>, schedule: Option<Schedule>) -> Self {
        Self {
            place,
            lake: project.lake().folder().map(Into::into),
            warehouse: project.warehouse(),
            schedule,
        }
    }
}

impl Collector for Told {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut told = Telling(encoder);
        let history = History::open(&self.warehouse).and_then(|history| history.runs());
        told.of_runs(&history.unwrap_or_default())?;

        let published_at = published(&self.place, &self.warehouse)
            .ok()
            .flatten()
            .map(|(_, published_at)| published_at);
        told.moment(
            "published_timestamp_seconds",
            "When the build that readers see was published",
            published_at,
        )?;
        let next = self
            .schedule
            .as_ref()
            .map(|schedule| schedule.next(clock::now()));
        told.moment(
            "next_run_timestamp_seconds",
            "When the next run is due",
            next,
        )?;
        told.gauge(
            "run_at_work",
            "1 while a run is at work",
            f64::from(u8::from(run_lock::holder(&self.warehouse).is_some())),
        )?;
        if let Some(lake) = &self.lake {
            told.gauge("lake_bytes", "Size of the lake's folder", size(lake) as f64)?;
        }
        told.gauge(
            "warehouse_bytes",
            "Size of the warehouse's folder",
            size(&self.warehouse) as f64,
        )?;
        if let Some(free) = disk::free(&self.warehouse) {
            told.gauge(
                "disk_free_bytes",
                "Room left on the disk of the warehouse's folder",
                free as f64,
            )?;
        }
        told.of_process()
    }
}

/// Writes one metric after the other.
struct Telling<'a>(DescriptorEncoder<'a>);

impl Telling<'_> {
    fn of_runs(&mut self, runs: &[Run]) -> fmt::Result {
        let statuses = [
            RunStatus::Succeeded,
            RunStatus::Failed,
            RunStatus::Interrupted,
            RunStatus::Killed,
        ];
        let mut encoder =
            self.0
                .encode_descriptor("runs", "Runs that are over", None, MetricType::Counter)?;
        for status in statuses {
            let n_runs = runs.iter().filter(|run| run.status == status).count() as u64;
            let labels = [("status", status.name())];
            ConstCounter::new(n_runs).encode(encoder.encode_family(&labels)?)?;
        }
        type Count = fn(&Run) -> Option<i64>;
        let sums: [(&str, &str, Count); 5] = [
            ("requests", "Requests to the API", |run| run.n_requests),
            ("retries", "Requests sent again", |run| run.n_retries),
            (
                "rate_limited",
                "Answers of the API with status 429",
                |run| run.n_rate_limited,
            ),
            ("response_bytes", "Bytes of the API's answers", |run| {
                run.n_bytes
            }),
            ("test_failures", "Tests that failed, over all runs", |run| {
                run.n_test_failures
            }),
        ];
        for (name, help, count) in sums {
            let sum: i64 = runs.iter().filter_map(count).sum();
            self.metric(name, help, &ConstCounter::new(sum.max(0) as u64))?;
        }

        let over = |run: &&Run| run.status != RunStatus::Running;
        if let Some(last) = runs.iter().find(over) {
            let is_well = last.status == RunStatus::Succeeded;
            self.gauge(
                "last_run_success",
                "1 if the last run succeeded",
                f64::from(u8::from(is_well)),
            )?;
            self.moment(
                "last_run_timestamp_seconds",
                "When the last run ended",
                last.finished_at,
            )?;
            self.gauge(
                "last_run_duration_seconds",
                "How long the last run took",
                last.seconds.unwrap_or_default(),
            )?;
        }
        let succeeded = runs.iter().find(|run| run.status == RunStatus::Succeeded);
        self.moment(
            "last_success_timestamp_seconds",
            "When the last run that succeeded ended",
            succeeded.and_then(|run| run.finished_at),
        )?;
        if let Some(tested) = runs.iter().find(|run| run.n_tests.is_some()) {
            for (name, help, number) in [
                (
                    "last_build_test_failures",
                    "Tests that failed in the last build",
                    tested.n_test_failures,
                ),
                (
                    "last_build_test_warnings",
                    "Tests that warned in the last build",
                    tested.n_test_warnings,
                ),
            ] {
                self.gauge(name, help, number.unwrap_or_default() as f64)?;
            }
        }
        Ok(())
    }

    /// Memory and open files, where the system tells them as Linux does.
    fn of_process(&mut self) -> fmt::Result {
        if let Ok(open) = fs_err::read_dir("/proc/self/fd") {
            self.gauge(
                "process_open_fds",
                "Open files of this process",
                open.count() as f64,
            )?;
        }
        let memory = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
        let resident = memory.lines().find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .trim()
                .strip_suffix(" kB")?
                .parse()
                .ok()
        });
        if let Some(kilobytes) = resident.map(|kilobytes: f64| kilobytes * 1024.0) {
            self.gauge(
                "process_resident_memory_bytes",
                "Memory of this process",
                kilobytes,
            )?;
        }
        Ok(())
    }

    fn moment(&mut self, name: &str, help: &str, at: Option<DateTime<Utc>>) -> fmt::Result {
        match at {
            Some(at) => self.gauge(name, help, at.timestamp_millis() as f64 / 1e3),
            None => Ok(()),
        }
    }

    fn gauge(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        self.metric(name, help, &ConstGauge::new(value))
    }

    fn metric(&mut self, name: &str, help: &str, metric: &impl EncodeMetric) -> fmt::Result {
        let encoder = self
            .0
            .encode_descriptor(name, help, None, metric.metric_type())?;
        metric.encode(encoder)
    }
}
