//! What can be wrong with the config of a table that a run adds to, known before anything runs.

use serde_json::Value as Json;

use super::Parser;
use crate::{Diagnostic, Node, NodeKind, diagnostic::nearest, settings, yaml};

const STRATEGIES: [&str; 3] = ["append", "delete+insert", "merge"];
const SCHEMA_CHANGES: [&str; 4] = ["ignore", "fail", "append_new_columns", "sync_all_columns"];
/// Configs of dbt-duckdb's `merge` that this engine does not have.
const OTHER_MERGE_CONFIGS: [&str; 2] = ["merge_clauses", "merge_returning_columns"];

impl Parser<'_> {
    pub(super) fn check_state(&mut self, node: &Node) {
        if !Self::is_enabled(node) {
            return;
        }
        match node.kind {
            NodeKind::Snapshot => self.check_snapshot(node),
            NodeKind::Model if node.config_text("materialized") == Some("incremental") => {
                self.check_incremental(node);
            }
            _ => {}
        }
    }

    fn check_incremental(&mut self, node: &Node) {
        let strategy = node
            .config_text("incremental_strategy")
            .unwrap_or("default");
        let name = strategy_macro(strategy);
        let is_known = strategy == "default" || STRATEGIES.contains(&strategy);
        if !is_known && self.shared.macros.find(&node.package, &name).is_none() {
            let hint = if strategy == "microbatch" {
                "this engine has no batches; use `delete+insert` or `merge`".to_owned()
            } else {
                nearest(strategy, STRATEGIES).unwrap_or_else(|| {
                    format!(
                        "strategies are `{}`, or a macro `{name}`",
                        STRATEGIES.join("`, `")
                    )
                })
            };
            let message = format!("incremental strategy `{strategy}` is not supported");
            self.state_problem(node, "incremental_strategy", message, hint);
        }
        if let Some(change) = node.config_text("on_schema_change")
            && !SCHEMA_CHANGES.contains(&change)
        {
            let message = format!("`on_schema_change: {change}` is unknown and counts as `ignore`");
            let warning = self.config_place(node, "on_schema_change", message);
            let hint = nearest(change, SCHEMA_CHANGES)
                .unwrap_or_else(|| format!("values are `{}`", SCHEMA_CHANGES.join("`, `")));
            self.warnings.push(warning.with_hint(Some(hint)));
        }
        if is_set(node, "merge_update_columns") && is_set(node, "merge_exclude_columns") {
            let message =
                "`merge_update_columns` and `merge_exclude_columns` exclude each other".to_owned();
            let hint = "keep one of them".to_owned();
            self.state_problem(node, "merge_exclude_columns", message, hint);
        }
        if strategy != "merge" {
            return;
        }
        if !is_set(node, "unique_key") && !is_set(node, "merge_on_using_columns") {
            let message = format!(
                "`{}` merges without a `unique_key`: every row counts as new",
                node.name
            );
            let warning = self.config_place(node, "incremental_strategy", message);
            let hint = "set `unique_key`, or say `append`".to_owned();
            self.warnings.push(warning.with_hint(Some(hint)));
        }
        for key in OTHER_MERGE_CONFIGS {
            if is_set(node, key) {
                let hint = "write the statement as a macro `get_incremental_<name>_sql`".to_owned();
                self.state_problem(node, key, format!("`{key}` is not supported"), hint);
            }
        }
    }

    fn check_snapshot(&mut self, node: &Node) {
        let problem = |parser: &mut Self, key: &str, message: &str, hint: &str| {
            let message = format!("snapshot `{}`: {message}", node.name);
            parser.state_problem(node, key, message, hint.to_owned());
        };
        let strategy = node.config_text("strategy").unwrap_or_default();
        for key in ["strategy", "unique_key"] {
            if !is_set(node, key) {
                let hint = match key {
                    "strategy" => "set `strategy: timestamp` with `updated_at`, or `check`",
                    _ => "set `unique_key` to the column, or columns, that name a row",
                };
                problem(self, "name", &format!("`{key}` is missing"), hint);
            }
        }
        let columns = node.config.get("check_cols").unwrap_or(&Json::Null);
        match strategy {
            "timestamp" => {
                if !is_set(node, "updated_at") {
                    let hint =
                        "set `updated_at` to the column with the time of a row's last change";
                    problem(self, "strategy", "`updated_at` is missing", hint);
                }
                if is_set(node, "check_cols") {
                    let hint = "remove it, or say `strategy: check`";
                    problem(
                        self,
                        "check_cols",
                        "`timestamp` takes no `check_cols`",
                        hint,
                    );
                }
            }
            "check" => {
                let is_list = columns.as_array().is_some_and(|list| !list.is_empty());
                if !is_list && columns != "all" {
                    let hint = "set `check_cols` to `all` or to a list of columns";
                    problem(self, "strategy", "`check_cols` is missing", hint);
                }
            }
            "" => {}
            other => {
                let name = snapshot_macro(other);
                if self.shared.macros.find(&node.package, &name).is_none() {
                    let message = format!("strategy `{other}` is unknown");
                    let hint =
                        format!("strategies are `timestamp` and `check`, or a macro `{name}`");
                    problem(self, "strategy", &message, &hint);
                }
            }
        }
        let deletes = node
            .config
            .get("hard_deletes")
            .filter(|value| !value.is_null());
        let known = ["ignore", "invalidate", "new_record"];
        if let Some(deletes) = deletes
            && !known.iter().any(|name| deletes == name)
        {
            let message = format!("`hard_deletes: {}` is unknown", yaml::plain(deletes));
            let hint = format!("values are `{}`", known.join("`, `"));
            problem(self, "hard_deletes", &message, &hint);
        }
        let old = node.config.get("invalidate_hard_deletes");
        if deletes.is_some() && old.is_some_and(|value| !value.is_null()) {
            let message = "`hard_deletes` and `invalidate_hard_deletes` exclude each other";
            let hint = "keep `hard_deletes`";
            problem(self, "invalidate_hard_deletes", message, hint);
        }
    }

    fn state_problem(&mut self, node: &Node, key: &str, message: String, hint: String) {
        let problem = self.config_place(node, key, message);
        self.problems.push(problem.with_hint(Some(hint)));
    }

    /// Points at the first line that sets a config: in the node's file, what describes it, or the project's.
    pub(super) fn config_place(&self, node: &Node, key: &str, message: String) -> Diagnostic {
        let described = node.patch_path.as_deref();
        let described = described.and_then(|path| path.split_once("://"));
        let described = described.map_or("", |(_, path)| path);
        let name = format!("name: {}", node.name);
        for file in [&node.original_file_path, described, settings::FILE] {
            let Some(text) = self.files.text_beside(node, file) else {
                continue;
            };
            let mut lines = text.lines().enumerate();
            if file == described {
                // Other entries of the file may set the same.
                let start = text.lines().position(|line| line.contains(&name));
                lines = text.lines().enumerate();
                if let Some(before) = start.and_then(|start| start.checked_sub(1)) {
                    lines.nth(before);
                }
            }
            let found = lines.find_map(|(index, line)| Some((index, line.find(key)?)));
            if let Some((line, column)) = found {
                let (line, column) = (line as u32 + 1, column as u32 + 1);
                return Diagnostic::new(node.named(file), message).at_line(line, column);
            }
        }
        Diagnostic::new(node.file(), message).at_line(node.line, 1)
    }
}

/// The macro that gives the SQL of a strategy of incremental models.
pub(crate) fn strategy_macro(strategy: &str) -> String {
    format!("get_incremental_{}_sql", strategy.replace('+', "_"))
}

/// The macro that says what a strategy of snapshots compares.
pub(crate) fn snapshot_macro(strategy: &str) -> String {
    let name = strategy.rsplit_once('.').map_or(strategy, |(_, name)| name);
    format!("snapshot_{name}_strategy")
}

fn is_set(node: &Node, key: &str) -> bool {
    match node.config.get(key) {
        None | Some(Json::Null) => false,
        Some(Json::String(text)) => !text.is_empty(),
        Some(Json::Array(list)) => !list.is_empty(),
        Some(_) => true,
    }
}
