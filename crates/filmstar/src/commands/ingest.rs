use clap::Args;
use figment::value::Value;
use serde_json::json;

use crate::{
    cli::Global,
    disk,
    exit::Exit,
    failure::Failure,
    history::Recorder,
    ingest::{self, Ingested, Scope, Strategy},
    interrupt::Interrupt,
    printer::{Printer, Summary, bytes, count, duration},
    project::{Project, shown_lake, writable},
};

/// Arguments of `filmstar ingest`.
#[derive(Debug, Args)]
pub(crate) struct IngestArguments {
    /// Films with fewer votes are left out [config: ingest.min_votes]
    #[arg(long, value_name = "N")]
    min_votes: Option<u32>,
    /// First release year [config: ingest.first_year]
    #[arg(long, value_name = "YEAR", conflicts_with = "released")]
    first_year: Option<i32>,
    /// Last release year [config: ingest.last_year]
    #[arg(long, value_name = "YEAR", conflicts_with = "released")]
    last_year: Option<i32>,
    /// Less popular films are left out [config: ingest.min_popularity]
    #[arg(long, value_name = "N")]
    min_popularity: Option<f64>,
    /// Original languages alone, such as `en,fr` [config: ingest.languages]
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    languages: Vec<String>,
    /// These ways alone, rather than those that fit [config: ingest.strategies]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with_all = ["ids", "released", "exports_since"])]
    strategy: Vec<Strategy>,
    /// Stop after so many calls of the API, with exit code 4; the next run goes on [config: ingest.limit_calls]
    #[arg(long, value_name = "N")]
    limit_calls: Option<u64>,
    /// Stop after so many minutes, with exit code 4; the next run goes on [config: ingest.limit_minutes]
    #[arg(long, value_name = "N")]
    limit_minutes: Option<u32>,
    /// Say how much there is to fetch and how long it takes, and fetch nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    scope: Scope,
}

impl IngestArguments {
    /// The flags as overrides of the configuration.
    fn flags(&self) -> Result<Vec<(&'static str, Value)>, Failure> {
        let mut flags = self.scope.flags()?;
        let mut set = |key, value: Option<Value>| flags.extend(value.map(|value| (key, value)));
        set("ingest.min_votes", self.min_votes.map(Value::from));
        set("ingest.first_year", self.first_year.map(Value::from));
        set("ingest.last_year", self.last_year.map(Value::from));
        set(
            "ingest.min_popularity",
            self.min_popularity.map(Value::from),
        );
        set("ingest.limit_calls", self.limit_calls.map(Value::from));
        set("ingest.limit_minutes", self.limit_minutes.map(Value::from));
        let languages = (!self.languages.is_empty()).then(|| self.languages.clone().into());
        set("ingest.languages", languages);
        let names = self.strategy.iter().map(|strategy| strategy.name());
        let names: Vec<&str> = names.collect();
        set(
            "ingest.strategies",
            (!names.is_empty()).then(|| names.into()),
        );
        Ok(flags)
    }
}

/// Fetches what is missing or stale.
pub(crate) fn run(
    arguments: &IngestArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.flags()?)?;
    let scope = &arguments.scope;
    let runtime = super::runtime()?;
    if arguments.dry_run {
        let client = ingest::client(project.config())?;
        return runtime.block_on(async {
            ingest::greet(project.config()).await?;
            dry_run(&project, scope, &client, printer).await
        });
    }
    writable(&project.warehouse())?;
    let target = &project.config().warehouse.target;
    let recorder = Recorder::begin(&project.warehouse(), "ingest", target, printer)?;
    let ingested = runtime.block_on(async {
        let interrupt = Interrupt::listen();
        fetch(&project, "ingest", scope, &recorder, &interrupt, printer).await
    });
    recorder.finish(&ingested);
    let ingested = ingested?;
    finish(&ingested, &project, printer);
    Ok(if ingested.is_partial {
        Exit::Partial
    } else {
        Exit::Ok
    })
}

/// Brings the lake up to date, or says why it could not. `command` is what the user types to go on.
pub(crate) async fn fetch(
    project: &Project,
    command: &str,
    scope: &Scope,
    recorder: &Recorder,
    interrupt: &Interrupt,
    printer: Printer,
) -> anyhow::Result<Ingested> {
    let step = recorder.step("ingest");
    let command = format!("{command}{scope}");
    let ingested = bring(project, &command, scope, recorder, interrupt, printer).await;
    step.end(&ingested);
    ingested
}

async fn bring(
    project: &Project,
    command: &str,
    scope: &Scope,
    recorder: &Recorder,
    interrupt: &Interrupt,
    printer: Printer,
) -> anyhow::Result<Ingested> {
    let interrupted = |when: String| {
        Failure::interrupted(format!("interrupted {when}"))
            .hint(format!("`filmstar {command}` goes on from here"))
    };
    // Of this run alone, because it counts its requests.
    let client = ingest::client(project.config())?;
    tokio::select! {
        greeted = ingest::greet(project.config()) => greeted?,
        () = interrupt.raised() => return Err(interrupted("before anything was fetched".to_owned()).into()),
    }
    let lake = project.open_lake()?;
    if let Some(folder) = project.lake().folder() {
        disk::expect_room(folder, 0, "an ingest")?;
    }
    let ingested = ingest::ingest(
        project.config(),
        scope,
        &client,
        &lake,
        &recorder.run_id(),
        interrupt,
        printer,
    )
    .await;
    recorder.requested(&client.statistics());
    let ingested = ingested?;
    recorder.ingested(&ingested);
    if ingested.is_interrupted {
        return Err(interrupted(format!(
            "after {} films and {} people; all of them are in {}",
            count(ingested.movies.fetched),
            count(ingested.people.fetched),
            shown_lake(project.lake())
        ))
        .into());
    }
    if ingested.is_partial {
        printer.warn(format!(
            "the calls or minutes that a run may take are used up; `filmstar {command}` goes on from here"
        ));
    }
    let failed = ingested.movies.failed + ingested.people.failed;
    if failed > 0 {
        printer.warn(format!(
            "{} could not be fetched; run `filmstar {command}` again to ask for them",
            count(failed)
        ));
    }
    Ok(ingested)
}

/// What there is to fetch, in films, requests and time.
async fn dry_run(
    project: &Project,
    scope: &Scope,
    client: &tmdb::Client,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let lake = project.existing_lake()?;
    let plan = ingest::plan(project.config(), scope, client, lake.as_ref()).await?;
    let mut facts = vec![("in the lake", format!("{} fresh", count(plan.fresh)))];
    facts.extend(plan.ways.iter().map(|way| {
        let told = format!(
            "{} calls, {}: {}",
            count(way.calls),
            bytes(way.bytes),
            way.why
        );
        (way.strategy, told)
    }));
    facts.push((
        "altogether",
        format!(
            "about {} calls, {}",
            count(plan.calls()),
            bytes(plan.bytes())
        ),
    ));
    let time = match plan.seconds {
        None => "no rate limit is set".to_owned(),
        Some(seconds) => format!(
            "about {} at {} requests a second",
            duration(std::time::Duration::from_secs(seconds)),
            project.config().tmdb.requests_per_second
        ),
    };
    facts.push(("time", time));
    printer.summary(&Summary {
        headline: format!("{} films match; nothing was fetched", count(plan.films)),
        facts,
        next: vec![match scope.is_some() {
            true => format!("filmstar ingest{scope}"),
            false => "filmstar ingest   (narrower: --min-votes 10, --first-year 1980)".to_owned(),
        }],
        json: json!({
            "status": "ok", "dry_run": true, "films": plan.films, "fresh": plan.fresh, "requests": plan.calls(),
            "bytes": plan.bytes(), "seconds": plan.seconds, "strategies": plan.ways,
        }),
    });
    Ok(Exit::Ok)
}

fn finish(ingested: &Ingested, project: &Project, printer: Printer) {
    let mut json = json(ingested, project);
    json["status"] = if ingested.is_partial { "partial" } else { "ok" }.into();
    printer.summary(&Summary {
        headline: format!(
            "✓ fetched {} films and {} people in {}",
            count(ingested.movies.fetched),
            count(ingested.people.fetched),
            duration(std::time::Duration::from_secs_f64(ingested.seconds))
        ),
        facts: facts(ingested, project),
        next: vec!["filmstar build".to_owned()],
        json,
    });
}

/// What was fetched and where it is.
pub(crate) fn facts(ingested: &Ingested, project: &Project) -> Vec<(&'static str, String)> {
    let requests = &ingested.requests;
    let mut facts = vec![
        ("lake", shown_lake(project.lake())),
        ("films", line(ingested.movies)),
        ("people", line(ingested.people)),
        ("by", ingested.strategies.join(", ")),
        ("popularity", popularity(ingested.exports)),
        (
            "requests",
            format!(
                "{} ({} retried, {} rate limited), {}",
                count(requests.requests),
                count(requests.retries),
                count(requests.rate_limited),
                bytes(requests.bytes)
            ),
        ),
    ];
    if ingested.discovered.missing > 0 {
        facts.push((
            "not listed",
            format!(
                "{} films that the API counts but did not list; the next run looks again",
                count(ingested.discovered.missing)
            ),
        ));
    }
    let abandoned = abandoned(ingested);
    if !abandoned.is_empty() {
        facts.push((
            "unavailable",
            format!("{}: this server does not have it", abandoned.join(", ")),
        ));
    }
    if !ingested.drift.is_empty() {
        let columns: Vec<String> = ingested
            .drift
            .iter()
            .map(|(column, n)| format!("{column} ({n})"))
            .collect();
        facts.push((
            "odd values",
            format!(
                "{}; null in the column, kept in the payload",
                columns.join(", ")
            ),
        ));
    }
    if !ingested.unknown_keys.is_empty() {
        facts.push((
            "unknown keys",
            format!(
                "{}; kept in the payload, see `filmstar status --drift`",
                count(ingested.unknown_keys.len() as u64)
            ),
        ));
    }
    facts
}

/// The same for machines.
pub(crate) fn json(ingested: &Ingested, project: &Project) -> serde_json::Value {
    let Ingested {
        movies,
        people,
        lists,
        exports,
        discovered,
        requests,
        ..
    } = ingested;
    json!({
        "lake": project.lake().to_string(),
        "movies": movies,
        "people": people,
        "lists": lists,
        "exports": exports,
        "strategies": ingested.strategies,
        "changes": { "movies": ingested.synced_movies, "people": ingested.synced_people },
        "discovered": { "windows": discovered.windows, "found": discovered.found, "expected": discovered.expected, "missing": discovered.missing },
        "requests": { "sent": requests.requests, "retried": requests.retries, "rate_limited": requests.rate_limited, "bytes": requests.bytes },
        "abandoned_blocks": abandoned(ingested),
        "odd_values": ingested.drift.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "unknown_keys": ingested.unknown_keys.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "recovered": ingested.recovered,
        "seconds": ingested.seconds,
    })
}

/// Blocks that the server never had.
fn abandoned(ingested: &Ingested) -> Vec<String> {
    let blocks = ingested.requests.abandoned_blocks.iter();
    blocks.map(ToString::to_string).collect()
}

fn popularity(exports: ingest::ExportCounts) -> String {
    let mut parts = vec![format!(
        "{} daily exports with {} rows ({})",
        count(exports.fetched),
        count(exports.rows),
        bytes(exports.bytes)
    )];
    for (number, what) in [
        (exports.fresh, "there already"),
        (exports.missing, "not published"),
        (exports.failed, "left to the next run"),
        (exports.quarantined, "lines in quarantine"),
    ] {
        if number > 0 {
            parts.push(format!("{} {what}", count(number)));
        }
    }
    parts.join(", ")
}

fn line(counts: ingest::Counts) -> String {
    let mut parts = vec![
        format!("{} fetched", count(counts.fetched)),
        format!("{} fresh already", count(counts.fresh)),
    ];
    for (number, what) in [
        (counts.gone, "gone (tombstones)"),
        (counts.quarantined, "in quarantine"),
        (counts.failed, "failed"),
    ] {
        if number > 0 {
            parts.push(format!("{} {what}", count(number)));
        }
    }
    parts.join(", ")
}
