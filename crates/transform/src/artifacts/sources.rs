//! `sources.json` (v3), and what `manifest.json` says of the age of sources.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value as Json, json};

use super::TIME_FORMAT;
use crate::{Freshness, NodeResult, Report};

/// Adds what a source says of its age to its entry.
pub(super) fn add(entry: &mut Json, freshness: &Freshness, config: &Map<String, Json>) {
    entry["freshness"] = freshness.criteria.clone();
    entry["loaded_at_field"] = freshness.loaded_at_field.clone().into();
    entry["loaded_at_query"] = freshness.loaded_at_query.clone().into();
    entry["config"] = json!({
        "enabled": config.get("enabled").cloned().unwrap_or(Json::Bool(true)),
        "event_time": config.get("event_time").cloned().unwrap_or(Json::Null),
        "freshness": freshness.criteria,
        "loaded_at_field": freshness.loaded_at_field,
        "loaded_at_query": freshness.loaded_at_query,
        "meta": config.get("meta").cloned().unwrap_or_else(|| json!({})),
        "tags": config.get("tags").cloned().unwrap_or_else(|| json!([])),
    });
}

/// The artifact; like dbt's, it leaves out what could not be looked at.
pub(crate) fn sources(report: &Report, metadata: Json) -> Json {
    let results: Vec<Json> = report.results.iter().filter_map(result).collect();
    json!({"metadata": metadata, "results": results, "elapsed_time": report.seconds})
}

fn result(result: &NodeResult) -> Option<Json> {
    let age = result.age.as_ref()?;
    let time = |time: DateTime<Utc>| time.format(TIME_FORMAT).to_string();
    // These two as Python writes them.
    let plain = |time: DateTime<Utc>| match time.timestamp_subsec_micros() {
        0 => time.format("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        _ => time.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(),
    };
    let elapsed = TimeDelta::microseconds((result.seconds * 1e6) as i64);
    let completed_at = result.started_at + elapsed;
    Some(json!({
        "unique_id": result.unique_id,
        "max_loaded_at": plain(age.max_loaded_at),
        "snapshotted_at": plain(age.snapshotted_at),
        "max_loaded_at_time_ago_in_s": age.seconds(),
        "status": result.status.name(),
        "criteria": age.freshness.criteria,
        "adapter_response": {},
        "timing": [
            {"name": "execute", "started_at": time(result.started_at), "completed_at": time(completed_at)},
        ],
        "thread_id": format!("Thread-{}", result.thread),
        "execution_time": result.seconds,
    }))
}
