use std::{net::Ipv4Addr, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use serve::Admission;
use tmdb::simulator::{Catalogue, Options};

use super::{
    build,
    serve::{Site, follow, serve_site},
    simulate,
};
use crate::{
    config::Config,
    exit::Exit,
    failure::Failure,
    history::Recorder,
    ingest,
    interrupt::Interrupt,
    printer::{Printer, count, duration},
    project::{shown, writable},
    targets::Place,
};

/// Nobody is to take a made-up film for a real one.
const NOTICE: &str = "Demo: every film, person and amount here is made up.";

/// Arguments of `filmstar demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// How many generated films
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    films: u32,
    /// The same seed makes the same films
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Where to keep it; a second demo starts from what is there
    #[arg(long, value_name = "FOLDER", default_value = "filmstar-demo")]
    folder: PathBuf,
    /// TCP port of the dashboards; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 4600)]
    port: u16,
    /// Do not open the browser
    #[arg(long)]
    no_open: bool,
    /// Stop when the dashboards could be served
    #[arg(long)]
    no_serve: bool,
}

/// Simulator → ingest → build → serve, all on this machine.
pub(crate) fn run(arguments: &DemoArguments, printer: Printer) -> anyhow::Result<Exit> {
    let folder = std::path::absolute(
        arguments
            .folder
            .join(format!("{}-films-seed-{}", arguments.films, arguments.seed)),
    )
    .context("failed to find the current folder")?;
    writable(&folder)?;
    super::runtime()?.block_on(async {
        let interrupt = Interrupt::listen();
        let catalogue = Catalogue::Generated {
            films: arguments.films,
            seed: arguments.seed,
        };
        let simulator = simulate::start(Options::new(catalogue)).await?;
        printer.note(format!(
            "1/4 simulator  {} fictional films at {}",
            count(u64::from(arguments.films)),
            simulator.url()
        ));

        let config = configuration(&simulator.url());
        let lake = lake::Lake::open(&folder.join("lake"))?;
        let client = ingest::client(&config)?;
        let ingested = ingest::ingest(
            &config,
            &ingest::Scope::default(),
            &client,
            &lake,
            &super::new_id(),
            &interrupt,
            printer,
        )
        .await?;
        simulator.shutdown().await;
        if ingested.is_interrupted {
            return Ok(Exit::Interrupted);
        }
        printer.note(format!(
            "2/4 ingest     {} films and {} people fetched, {} fresh already, in {}",
            count(ingested.movies.fetched),
            count(ingested.people.fetched),
            count(ingested.movies.fresh + ingested.people.fresh),
            duration(std::time::Duration::from_secs_f64(ingested.seconds))
        ));

        let warehouse = folder.join("warehouse");
        let job = build::Job {
            lake: Some(lake),
            warehouse: warehouse.clone(),
            dbt: None,
            settings: warehouse::Settings::default(),
            threads: config.build.threads,
            keep: config.build.keep,
            keep_bytes: None,
            full_refresh: false,
            place: Place::DuckDb.into(),
        };
        let recorder = Recorder::begin_at(&job.place, &warehouse, "demo", printer)?;
        let built = build::build(job, &recorder, &interrupt, printer).await;
        let built = recorder.finish_apart(built).await?;
        printer.note(format!(
            "3/4 build      {} in {}",
            built.tally(),
            duration(built.elapsed)
        ));
        if built.published.is_none() {
            return Err(Failure::project("the demo's build was not published")
                .hint("this is a bug of Filmstar; please report it with the lines above")
                .into());
        }
        printer.note(format!(
            "4/4 serve      everything is in {}",
            shown(&folder)
        ));
        if arguments.no_serve {
            return Ok(Exit::Ok);
        }
        let site = Site {
            published: follow(&warehouse, warehouse::Settings::default())?,
            location: shown(&warehouse),
            dashboards: None,
            web: None,
            notice: Some(NOTICE.to_owned()),
            address: (Ipv4Addr::LOCALHOST, arguments.port).into(),
            admission: Admission::default(),
            pictures: false,
            opens_browser: !arguments.no_open,
            metrics: None,
        };
        serve_site(site, async move { interrupt.raised().await }, printer).await?;
        Ok(Exit::Ok)
    })
}

/// The defaults, pointed at the simulator and without a rate limit.
fn configuration(url: &str) -> Config {
    let mut config = Config::default();
    url.clone_into(&mut config.tmdb.base_url);
    config.tmdb.requests_per_second = 0;
    config
}
