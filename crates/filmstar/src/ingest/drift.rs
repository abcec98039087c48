//! What bodies held and nothing here expects: counted at each ingest, and told of altogether.

use anyhow::Context as _;
use lake::{Kind, Lake, Observation, WriterOptions};
use serde::Serialize;
use serde_json::json;

use crate::{clock, commands::load::raw_table};

/// One thing that drifted, over all runs.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Drifted {
    /// `unknown key`, `odd value` or `not decoded`.
    pub(crate) change: String,
    /// The raw table and the dotted path in the body; of what was not decoded, the reason.
    pub(crate) path: String,
    /// How often.
    pub(crate) n: u64,
    pub(crate) first_seen: String,
    pub(crate) last_seen: String,
}

/// Adds what a run has counted to the lake.
pub(super) async fn keep(
    lake: &Lake,
    run_id: &str,
    unknown_keys: &[(String, u64)],
    odd_values: &[(String, u64)],
) -> anyhow::Result<()> {
    if unknown_keys.is_empty() && odd_values.is_empty() {
        return Ok(());
    }
    let unknown = unknown_keys.iter().map(|counted| ("unknown key", counted));
    let odd = odd_values.iter().map(|counted| ("odd value", counted));
    let now = clock::now();
    let mut writer = lake.writer(run_id, WriterOptions::default())?;
    for (position, (change, (path, n))) in unknown.chain(odd).enumerate() {
        let observation = Observation {
            kind: Kind::Drift,
            id: position as i64 + 1,
            fetched_at: now,
            http_status: 200,
            payload: json!({ "path": path, "change": change, "n": n }).to_string(),
            rejected: None,
        };
        writer.append(observation).await?;
    }
    let written = writer.finish().await;
    written.map(drop).context("failed to keep the drift report")
}

/// Everything that has drifted, the most frequent first.
pub(crate) async fn report(lake: &Lake) -> anyhow::Result<Vec<Drifted>> {
    let tables = [
        raw_table(lake, Kind::Drift).await?,
        raw_table(lake, Kind::Quarantine).await?,
    ];
    let rows = tokio::task::spawn_blocking(move || warehouse::raw::drift(&tables))
        .await
        .context("the query for drift ended early")?
        .context("failed to read the drift report")?;
    let drifted = |row: Vec<serde_json::Value>| {
        let text = |column: usize| row[column].as_str().unwrap_or_default().to_owned();
        Drifted {
            change: text(0),
            path: text(1),
            n: row[2].as_u64().unwrap_or_default(),
            first_seen: text(3),
            last_seen: text(4),
        }
    };
    Ok(rows.into_iter().map(drifted).collect())
}
