use clap::Args;
use serde_json::json;
use warehouse::history::History;

use super::up::published;
use crate::{
    cli::Global,
    clock,
    exit::Exit,
    failure::Failure,
    notify::{self, Event, message, send},
    printer::{Printer, Summary},
    project::Project,
    targets::Place,
};

/// Arguments of `filmstar notify`.
#[derive(Debug, Args)]
pub(crate) struct NotifyArguments {
    /// Send a message that says that this is a test
    #[arg(long, required = true)]
    test: bool,
}

/// Sends a test message to the webhook.
pub(crate) fn run(
    arguments: &NotifyArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    debug_assert!(arguments.test, "there is nothing else to do yet");
    let project = Project::open(global, printer, &[])?;
    let Some(webhook) = &project.config().notify.webhook else {
        return Err(Failure::usage("no webhook is set")
            .hint("put FILMSTAR_NOTIFY__WEBHOOK=https://… into .env; whoever has the address can write there")
            .into());
    };
    let place = Place::of(&project, printer)?;
    let published_at = published(&place, &project.warehouse()).ok().flatten();
    let text = message(
        Event::Test,
        &project.name(),
        None,
        published_at.map(|(_, at)| at),
        clock::now(),
    );
    super::runtime()?.block_on(send(webhook, &text))?;
    printer.summary(&Summary {
        headline: "✓ the webhook took the message".to_owned(),
        facts: vec![(
            "message",
            text["text"].as_str().unwrap_or_default().to_owned(),
        )],
        json: json!({ "status": "ok", "message": text }),
        ..Summary::default()
    });
    Ok(Exit::Ok)
}

/// Tells what a run that has just ended gives reason to tell. A webhook that cannot be reached is a warning.
pub(crate) async fn after_run(
    project: &Project,
    published_at: Option<chrono::DateTime<chrono::Utc>>,
    printer: Printer,
) {
    let config = &project.config().notify;
    let Some(webhook) = &config.webhook else {
        return;
    };
    let history = History::open(&project.warehouse()).and_then(|history| history.runs());
    let runs = match history {
        Ok(runs) => runs,
        Err(error) => return printer.warn(format!("the webhook was not told: {error}")),
    };
    let schedule = project.config().schedule.schedule();
    let events = notify::events(&runs, published_at, &schedule, notify::stale_after(config));
    let over = |run: &&warehouse::history::Run| run.finished_at.is_some();
    for event in events {
        let last = runs.iter().find(over);
        let text = message(event, &project.name(), last, published_at, clock::now());
        if let Err(failure) = send(webhook, &text).await {
            printer.warn(failure.to_string());
        }
    }
}
