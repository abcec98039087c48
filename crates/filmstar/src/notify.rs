//! Tells somebody, through a webhook, that a run failed, that runs are well again, or that the data has become old.

use std::{fmt, time::Duration};

use backon::{ExponentialBuilder, Retryable as _};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use warehouse::history::{Run, RunStatus};

use crate::{config::Notify, failure::Failure, https, schedule::Schedule};

#[cfg(test)]
mod tests;

const TIMEOUT: Duration = Duration::from_secs(10);
const RETRIES: usize = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// An address that lets whoever has it write: it is never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Webhook(String);

impl TryFrom<String> for Webhook {
    type Error = &'static str;

    fn try_from(url: String) -> Result<Self, Self::Error> {
        // What was given is not repeated: it may be a secret all the same.
        match url.starts_with("https://") || url.starts_with("http://") {
            true => Ok(Self(url)),
            false => Err("it must start with http:// or https://"),
        }
    }
}

impl Serialize for Webhook {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str("(set, not shown)")
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook(…)")
    }
}

/// What somebody should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// A run failed, or was killed.
    Failure,
    /// A run succeeded after one that did not.
    Recovery,
    /// What readers see is older than it may be.
    Stale,
    /// Somebody wants to see whether this works.
    Test,
}

/// What is to be told after a run: `runs` has it first, then those before it. A failure is told once for each due
/// time, however often the run is tried again; old data once, when the limit is passed.
pub(crate) fn events(
    runs: &[Run],
    published_at: Option<DateTime<Utc>>,
    schedule: &Schedule,
    stale_after: TimeDelta,
) -> Vec<Event> {
    let counts = |run: &&Run| !matches!(run.status, RunStatus::Running | RunStatus::Interrupted);
    let mut over = runs.iter().filter(counts);
    let (Some(last), before) = (over.next(), over.next()) else {
        return Vec::new();
    };
    let mut events = Vec::new();
    match before {
        Some(before) if last.status.is_failure() && before.status.is_failure() => {
            let due = |run: &Run| schedule.latest(run.started_at);
            // A killed run told nobody.
            if due(last) != due(before) || before.status == RunStatus::Killed {
                events.push(Event::Failure);
            }
        }
        _ if last.status.is_failure() => events.push(Event::Failure),
        Some(before) if before.status.is_failure() => events.push(Event::Recovery),
        _ => {}
    }
    let was_stale = |run: &Run| {
        let seen = run.finished_at.unwrap_or(run.started_at);
        published_at.is_some_and(|published_at| seen - published_at > stale_after)
    };
    if last.status.is_failure() && was_stale(last) && !before.is_some_and(was_stale) {
        events.push(Event::Stale);
    }
    events
}

/// What is sent: `text` for Slack and whatever reads that, the rest for programs.
pub(crate) fn message(
    event: Event,
    project: &str,
    run: Option<&Run>,
    published_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> serde_json::Value {
    let shows = match published_at {
        Some(at) => format!(
            "Readers see the build of {}.",
            at.format("%Y-%m-%d %H:%M UTC")
        ),
        None => "Nothing is published yet.".to_owned(),
    };
    let run_is = run.map_or_else(String::new, |run| {
        format!("run {} (`filmstar {}`)", run.run_id, run.command)
    });
    let because = run.and_then(|run| run.error.as_deref()).unwrap_or_default();
    let text = match event {
        Event::Failure => {
            let how = run.map_or("failed", |run| run.status.name());
            let hint = run.and_then(|run| run.hint.as_deref());
            let hint = hint.map_or_else(String::new, |hint| format!(" Hint: {hint}."));
            format!("✗ {project}: {run_is} {how}: {because}. {shows}{hint}")
        }
        Event::Recovery => format!("✓ {project}: {run_is} succeeded; all is well again. {shows}"),
        Event::Stale => format!("! {project}: the data is old. {shows}"),
        Event::Test => format!("✓ {project}: Filmstar can reach this webhook. {shows}"),
    };
    json!({
        "text": text,
        "event": event,
        "project": project,
        "at": now,
        "published_at": published_at,
        "run": run.map(|run| json!({
            "run_id": run.run_id,
            "command": run.command,
            "status": run.status,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "exit_code": run.exit_code,
            "build_id": run.build_id,
            "error": run.error,
            "hint": run.hint,
        })),
    })
}

/// Sends a message, again when it does not arrive.
pub(crate) async fn send(to: &Webhook, message: &serde_json::Value) -> Result<(), Failure> {
    let failed = |why: String| {
        Failure::world(format!("the webhook was not told: {why}"))
            .hint("`filmstar notify --test` tries it; the address is `notify.webhook`")
    };
    let client = https::client()
        .timeout(TIMEOUT)
        // A redirect would take the message to where nobody decided to send it.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| failed(error.without_url().to_string()))?;
    let body = message.to_string();
    let attempt = || async {
        let answer = client
            .post(&to.0)
            .header("content-type", "application/json")
            .body(body.clone())
            .send()
            .await
            .map_err(|error| (true, in_words(error)))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let is_worth_it = status.is_server_error() || status.as_u16() == 429;
        Err((is_worth_it, format!("it answered {status}")))
    };
    let backoff = ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_jitter()
        .with_max_times(RETRIES);
    attempt
        .retry(backoff)
        .when(|(is_worth_it, _)| *is_worth_it)
        .await
        .map_err(|(_, why)| failed(why))
}

/// Without the address, which is a secret.
fn in_words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        words = cause.to_string();
        source = cause.source();
    }
    words
}

/// How old data may become, as the configuration says.
pub(crate) fn stale_after(config: &Notify) -> TimeDelta {
    TimeDelta::hours(config.stale_after_hours.into())
}
