use clap::Args;
use serde_json::json;

use crate::{
    cli::Global,
    exit::Exit,
    failure::Failure,
    ingest::{self, Ingested},
    interrupt::Interrupt,
    printer::{Printer, Summary, bytes, count, duration},
    project::{Project, shown, writable},
};

/// Arguments of `filmstar ingest`.
#[derive(Debug, Args)]
pub(crate) struct IngestArguments {
    /// Films with fewer votes are left out [config: ingest.min_votes]
    #[arg(long, value_name = "N")]
    min_votes: Option<u32>,
    /// First release year [config: ingest.first_year]
    #[arg(long, value_name = "YEAR")]
    first_year: Option<i32>,
    /// Last release year [config: ingest.last_year]
    #[arg(long, value_name = "YEAR")]
    last_year: Option<i32>,
    /// Say how much there is to fetch and how long it takes, and fetch nothing
    #[arg(long)]
    dry_run: bool,
}

/// Fetches what is missing or stale.
pub(crate) fn run(
    arguments: &IngestArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let mut flags: Vec<(&str, figment::value::Value)> = Vec::new();
    flags.extend(
        arguments
            .min_votes
            .map(|votes| ("ingest.min_votes", votes.into())),
    );
    flags.extend(
        arguments
            .first_year
            .map(|year| ("ingest.first_year", year.into())),
    );
    flags.extend(
        arguments
            .last_year
            .map(|year| ("ingest.last_year", year.into())),
    );
    let project = Project::open(global, printer, &flags)?;
    let client = ingest::client(project.config())?;
    let runtime = super::runtime()?;
    runtime.block_on(ingest::greet(project.config()))?;
    if arguments.dry_run {
        return runtime.block_on(dry_run(&project, &client, printer));
    }
    writable(&project.lake())?;
    let ingested = runtime.block_on(async {
        let lake = lake::Lake::open(&project.lake())?;
        let interrupt = Interrupt::listen();
        ingest::ingest(
            project.config(),
            &client,
            &lake,
            &super::new_id(),
            &interrupt,
            printer,
        )
        .await
    })?;
    finish(&ingested, &project, printer)
}

/// What there is to fetch, in films, requests and time.
async fn dry_run(
    project: &Project,
    client: &tmdb::Client,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let plan = ingest::plan(project.config(), client, &project.lake()).await?;
    printer.summary(&Summary {
        headline: format!("{} films match; nothing was fetched", count(plan.films)),
        facts: vec![
            ("in the lake", format!("{} fresh", count(plan.fresh))),
            ("requests", format!("about {}, people's details apart", count(plan.requests))),
            ("time", plan.seconds.map_or_else(|| "no rate limit is set".to_owned(), |seconds| {
                format!("about {} at {} requests a second", duration(std::time::Duration::from_secs(seconds)), project.config().tmdb.requests_per_second)
            })),
        ],
        next: vec!["filmstar ingest   (narrower: --min-votes 10, --first-year 1980)".to_owned()],
        json: json!({
            "status": "ok", "dry_run": true, "films": plan.films, "fresh": plan.fresh, "requests": plan.requests, "seconds": plan.seconds,
        }),
    });
    Ok(Exit::Ok)
}

fn finish(ingested: &Ingested, project: &Project, printer: Printer) -> anyhow::Result<Exit> {
    let Ingested {
        movies,
        people,
        lists,
        discovered,
        requests,
        ..
    } = ingested;
    if ingested.is_interrupted {
        return Err(Failure::interrupted(format!(
            "interrupted after {} films and {} people; all of them are in {}",
            count(movies.fetched),
            count(people.fetched),
            shown(&project.lake())
        ))
        .hint("`filmstar ingest` goes on from here")
        .into());
    }
    let abandoned: Vec<String> = requests
        .abandoned_blocks
        .iter()
        .map(ToString::to_string)
        .collect();
    let mut facts = vec![
        ("lake", shown(&project.lake())),
        ("films", line(*movies)),
        ("people", line(*people)),
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
    if discovered.missing > 0 {
        facts.push((
            "not listed",
            format!(
                "{} films that the API counts but did not list; the next run looks again",
                count(discovered.missing)
            ),
        ));
    }
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
    let failed = movies.failed + people.failed;
    if failed > 0 {
        printer.warn(format!(
            "{} could not be fetched; run `filmstar ingest` again to ask for them",
            count(failed)
        ));
    }
    printer.summary(&Summary {
        headline: format!(
            "✓ fetched {} films and {} people in {}",
            count(movies.fetched),
            count(people.fetched),
            duration(std::time::Duration::from_secs_f64(ingested.seconds))
        ),
        facts,
        next: vec!["filmstar build".to_owned()],
        json: json!({
            "status": "ok",
            "lake": project.lake(),
            "movies": movies,
            "people": people,
            "lists": lists,
            "discovered": { "windows": discovered.windows, "found": discovered.found, "expected": discovered.expected, "missing": discovered.missing },
            "requests": { "sent": requests.requests, "retried": requests.retries, "rate_limited": requests.rate_limited, "bytes": requests.bytes },
            "abandoned_blocks": abandoned,
            "odd_values": ingested.drift.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
            "recovered": ingested.recovered,
            "seconds": ingested.seconds,
        }),
    });
    Ok(Exit::Ok)
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
