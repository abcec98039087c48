use serde_json::Value as Json;
use warehouse::{Connection, RelationKind};

use super::{
    node::{Failure, Outcome},
    statements,
};
use crate::{Node, Options, Status, yaml};

/// Counts the rows of a test and judges them.
pub(super) fn run(
    node: &Node,
    sql: &str,
    existing: Option<RelationKind>,
    connection: &mut dyn Connection,
    options: &Options,
) -> Result<Outcome, Failure> {
    let limit = node.config.get("limit").filter(|limit| !limit.is_null());
    let limited = limit.map_or_else(
        || sql.to_owned(),
        |limit| format!("{sql}\nlimit {}", yaml::plain(limit)),
    );
    let mut rows = limited.clone();
    if node.stores_failures(options) {
        if let Some(kind) = existing {
            connection.execute(&statements::drop(&node.relation(), kind))?;
        }
        let kind = node.config_text("store_failures_as").unwrap_or("table");
        connection.execute(&format!(
            "create {kind} {} as (\n{limited}\n)",
            node.relation()
        ))?;
        rows = format!("select * from {}", node.relation());
    }
    let text = |key, default| node.config_text(key).unwrap_or(default);
    let (fail_calc, warn_if, error_if) = (
        text("fail_calc", "count(*)"),
        text("warn_if", "!= 0"),
        text("error_if", "!= 0"),
    );
    let query = format!(
        "select\n  cast({fail_calc} as bigint) as failures,\n  {fail_calc} {warn_if} as should_warn,\n  \
         {fail_calc} {error_if} as should_error\nfrom (\n{rows}\n) dbt_internal_test"
    );
    let result = connection.query(&query, &[])?;
    let cell = |column: usize| {
        let batch = result.batches.iter().find(|batch| batch.num_rows() > 0)?;
        Some(Json::from(&crate::context::cell(
            batch.column(column).as_ref(),
            0,
        )))
    };
    let failures = cell(0).and_then(|failures| failures.as_i64()).unwrap_or(0);
    let is_true = |column| matches!(cell(column), Some(Json::Bool(true)));
    Ok(judge(node, failures, is_true(1), is_true(2), options))
}

/// How a test ends that finds nothing.
pub(super) fn passed() -> Outcome {
    Outcome {
        status: Status::Pass,
        failures: Some(0),
        ..super::node::success("")
    }
}

fn judge(
    node: &Node,
    failures: i64,
    should_warn: bool,
    should_error: bool,
    options: &Options,
) -> Outcome {
    let is_error = !node
        .config_text("severity")
        .is_some_and(|severity| severity.eq_ignore_ascii_case("warn"));
    let text = |key| node.config_text(key).unwrap_or("!= 0");
    let found = format!(
        "Got {failures} result{}",
        if failures == 1 { "" } else { "s" }
    );
    let (status, message) = if is_error && should_error {
        (
            Status::Fail,
            format!("{found}, configured to fail if {}", text("error_if")),
        )
    } else if should_warn {
        let status = if options.warn_error {
            Status::Fail
        } else {
            Status::Warn
        };
        (
            status,
            format!("{found}, configured to warn if {}", text("warn_if")),
        )
    } else {
        (Status::Pass, String::new())
    };
    Outcome {
        status,
        message,
        failures: Some(failures),
        compiled_code: None,
        messages: Vec::new(),
        age: None,
    }
}
