use std::{collections::BTreeMap, path::Path, time::Duration};

use chrono::SecondsFormat;
use serde_json::json;
use transform::{Command, Event, NodeKind, NodeResult, Project, Report, Status};

use super::freshness;
use crate::{
    logging,
    printer::{Printer, Summary, duration},
};

/// Where the events of a run go.
pub(super) struct Output<'a> {
    project: &'a Project,
    printer: Printer,
    /// `--log-format json`: events are lines of JSON on standard output.
    is_json: bool,
}

impl<'a> Output<'a> {
    pub(super) fn new(project: &'a Project, printer: Printer) -> Self {
        Self {
            project,
            printer,
            is_json: logging::is_json(),
        }
    }

    /// Tells an event as it happens.
    pub(super) fn event(&self, event: &Event) {
        match self.is_json {
            false => show(event, self.printer),
            true => self.log(event),
        }
    }

    /// Tells how the run ended.
    pub(super) fn end(&self, report: &Report, artifacts: &Path) {
        if !self.is_json {
            return finish(report, artifacts, self.printer);
        }
        let message = format!("{} done", report.command.name());
        let level = if report.exit_code() == 0 {
            "info"
        } else {
            "error"
        };
        let data = json!({
            "elapsed": report.seconds, "success": report.exit_code() == 0,
            "command": self.project.options().which,
        });
        self.write("CommandCompleted", level, &message, &data);
    }

    /// An event in the shape of dbt's structured logs.
    fn log(&self, event: &Event) {
        match event {
            Event::NodeStarted {
                unique_id,
                index,
                total,
                ..
            } => {
                let data = json!({
                    "index": index, "total": total,
                    "node_info": {"unique_id": unique_id, "node_status": "started"},
                });
                self.write(
                    "LogStartLine",
                    "info",
                    &format!("{index} of {total} START {unique_id}"),
                    &data,
                );
            }
            Event::NodeFinished {
                index,
                total,
                result,
            } => {
                let level = match result.status {
                    Status::Error | Status::Fail => "error",
                    Status::Warn => "warn",
                    _ => "info",
                };
                let data = json!({
                    "index": index, "total": total, "status": result.status.name(),
                    "execution_time": result.seconds, "num_failures": result.failures,
                    "node_info": {
                        "unique_id": result.unique_id, "node_status": result.status.name(),
                        "resource_type": result.kind.name(), "materialized": result.materialized,
                        "node_relation": result.relation,
                    },
                });
                self.write("LogResultLine", level, &line(*index, *total, result), &data);
            }
            Event::Message(message) => {
                self.write("JinjaLogInfo", "info", message, &json!({"msg": message}))
            }
        }
    }

    fn write(&self, name: &str, level: &str, message: &str, data: &serde_json::Value) {
        let info = json!({
            "name": name, "level": level, "msg": message, "code": "", "category": "", "extra": {},
            "invocation_id": self.project.options().invocation_id, "thread": "MainThread",
            "pid": std::process::id(), "ts": crate::clock::now().to_rfc3339_opts(SecondsFormat::Micros, true),
        });
        self.printer
            .line(json!({"info": info, "data": data}).to_string());
    }
}

/// Lists what is selected.
pub(super) fn list(project: &Project, selected: &[String], printer: Printer) {
    let mut names: Vec<String> = selected
        .iter()
        .filter_map(|id| project.node(id))
        .map(listed)
        .collect();
    names.sort();
    for name in names {
        printer.line(name);
    }
}

/// As `dbt ls` writes it: the fqn, with the type in front where it is not a model's.
fn listed(node: &transform::Node) -> String {
    let fqn = node.fqn.join(".");
    match node.kind.name() {
        kind @ ("source" | "exposure") => format!("{kind}:{fqn}"),
        "unit_test" => format!("unit_test:{}.{}", node.package, node.name),
        _ => fqn,
    }
}

fn show(event: &Event, printer: Printer) {
    match event {
        Event::NodeFinished {
            index,
            total,
            result,
        } if result.kind == NodeKind::Source => {
            printer.note(freshness::line(*index, *total, result));
        }
        Event::NodeFinished {
            index,
            total,
            result,
        } => printer.note(line(*index, *total, result)),
        Event::Message(message) => printer.note(message),
        Event::NodeStarted { .. } => {}
    }
}

/// `12 of 80  ok     table main.dim_movies  0.14 s`.
fn line(index: usize, total: usize, result: &NodeResult) -> String {
    let seconds = format!("{:.2} s", result.seconds);
    let width = total.to_string().len();
    let message = match result.status {
        Status::Success | Status::Pass | Status::NoOp => String::new(),
        _ => format!("  {}", result.message),
    };
    let status = result.status.name();
    format!(
        "{index:width$} of {total}  {status:7}  {:5} {}  {seconds}{message}",
        result.materialized, result.relation
    )
}

fn finish(report: &Report, artifacts: &Path, printer: Printer) {
    let counts = [
        Status::Success,
        Status::Pass,
        Status::Warn,
        Status::Fail,
        Status::Error,
        Status::Skipped,
        Status::NoOp,
    ];
    let tally: Vec<String> = counts
        .iter()
        .filter(|status| report.count(**status) > 0)
        .map(|status| format!("{} {}", report.count(*status), status.name()))
        .collect();
    let mark = if report.exit_code() == 0 {
        "✓"
    } else {
        "✗"
    };
    let elapsed = duration(Duration::from_secs_f64(report.seconds));
    let tally = if tally.is_empty() {
        "nothing to do".to_owned()
    } else {
        tally.join(", ")
    };
    let next = if report.exit_code() == 0 || report.command == Command::Freshness {
        Vec::new()
    } else {
        vec![format!(
            "read the SQL in {}",
            artifacts.join("compiled").display()
        )]
    };
    printer.summary(&Summary {
        headline: format!("{mark} {}: {tally} in {elapsed}", report.command.name()),
        facts: vec![("artifacts", artifacts.display().to_string())],
        next,
        json: json!({
            "status": if report.exit_code() == 0 { "ok" } else { "failed" },
            "command": report.command.name(),
            "counts": counts.map(|status| (status.name(), report.count(status))).into_iter().collect::<BTreeMap<_, _>>(),
            "artifacts": artifacts,
            "seconds": report.seconds,
        }),
    });
}
