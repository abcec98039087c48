use std::{
    future::Future,
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use serde_json::json;
use serve::{Admission, App, Options, Published, PublishedReleases};
use tokio::net::TcpListener;
use warehouse::{Access, Builds, Reader, postgres::ReleaseReader};

use super::simulate::port_taken;
use crate::{
    cli::Global,
    config,
    exit::Exit,
    failure::Failure,
    interrupt::Interrupt,
    metrics::Told,
    printer::{Printer, Summary},
    project::{Project, shown},
    targets::{Place, TargetArgument},
};

/// Arguments of `filmstar serve` and `filmstar up`.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    target: TargetArgument,
    /// Address to listen on; others than 127.0.0.1 need a token [config: serve.host]
    #[arg(long, value_name = "ADDRESS")]
    host: Option<IpAddr>,
    /// TCP port; 0 takes a free one [config: serve.port]
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Do not open the browser [config: serve.open]
    #[arg(long)]
    no_open: bool,
    /// A folder with a build of the front end instead of the embedded one, for those who work on it
    #[arg(long, value_name = "FOLDER", hide = true)]
    web: Option<PathBuf>,
}

impl ServeArguments {
    /// The flags as overrides of the configuration.
    pub(crate) fn flags(&self) -> Vec<(&'static str, figment::value::Value)> {
        let mut flags = self.target.flags();
        flags.extend(
            self.host
                .map(|host| ("serve.host", host.to_string().into())),
        );
        flags.extend(self.port.map(|port| ("serve.port", port.into())));
        if self.no_open {
            flags.push(("serve.open", false.into()));
        }
        flags
    }
}

/// Serves the pages until Ctrl-C.
pub(crate) fn run(
    arguments: &ServeArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.flags())?;
    let place = Place::of(&project, printer)?;
    let place = Arc::new(place);
    let site = Site {
        web: arguments.web.clone(),
        metrics: Some(Told::new(&project, Arc::clone(&place), None)),
        ..Site::new(&project, &place)?
    };
    // Told before anything listens: without a build there is nothing to serve.
    drop(super::query::connect(&project, &place)?);
    super::runtime()?.block_on(async {
        let interrupt = Interrupt::listen();
        serve_site(site, async move { interrupt.raised().await }, printer).await
    })?;
    Ok(Exit::Ok)
}

/// What to serve, and where.
pub(crate) struct Site {
    pub(crate) published: Arc<dyn Published>,
    /// Where that is, for the user.
    pub(crate) location: String,
    /// A folder of pages; the binary's own while there is none.
    pub(crate) dashboards: Option<PathBuf>,
    /// A build of the front end on disk; the embedded one without.
    pub(crate) web: Option<PathBuf>,
    /// What readers must know about the data.
    pub(crate) notice: Option<String>,
    pub(crate) address: SocketAddr,
    /// Who is answered.
    pub(crate) admission: Admission,
    /// Whether pages show pictures from TMDB's image host.
    pub(crate) pictures: bool,
    pub(crate) opens_browser: bool,
    /// What monitoring is told beside how long answers take.
    pub(crate) metrics: Option<Told>,
}

impl Site {
    /// The project's pages on what is published, now or later.
    pub(crate) fn new(project: &Project, place: &Place) -> anyhow::Result<Self> {
        let (published, location): (Arc<dyn Published>, _) = match place {
            Place::DuckDb => {
                let folder = project.warehouse();
                (
                    follow(&folder, super::query::settings(project))?,
                    shown(&folder),
                )
            }
            Place::Server(server) => {
                let reader = server.reader()?;
                let location = reader.location();
                let published = PublishedReleases {
                    reader: ReleaseReader::new(reader),
                    artifacts: server.artifacts(&project.warehouse()),
                };
                (Arc::new(published), location)
            }
        };
        let serve = &project.config().serve;
        Ok(Self {
            published,
            location,
            dashboards: Some(project.dashboards()),
            web: None,
            notice: None,
            address: (serve.host, serve.port).into(),
            admission: admission(serve)?,
            pictures: serve.pictures,
            opens_browser: serve.open,
            metrics: None,
        })
    }
}

/// Who is answered; nobody but this machine without a token.
fn admission(serve: &config::Serve) -> Result<Admission, Failure> {
    let is_elsewhere = !serve.host.is_loopback();
    if is_elsewhere && serve.token.is_none() {
        let message = format!(
            "the address {} can be reached from other machines, and there is no token to keep strangers out",
            serve.host
        );
        let hint = format!(
            "make one with `echo \"{}=$(openssl rand -hex 32)\" >> .env`, or listen on 127.0.0.1",
            config::TOKEN
        );
        return Err(Failure::usage(message).hint(hint));
    }
    Ok(Admission {
        hosts: serve.hosts.clone(),
        any_address: is_elsewhere,
        token: serve.token.clone(),
        requests_per_second: serve.requests_per_second,
    })
}

/// The address to type: one that listens on every address is on this one too.
fn url(listening: SocketAddr) -> String {
    let ip = match listening.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, listening.port()))
}

/// Follows the published build in a folder of DuckDB builds.
pub(crate) fn follow(
    folder: &Path,
    settings: warehouse::Settings,
) -> anyhow::Result<Arc<dyn Published>> {
    let reader = Reader::new(Builds::open(folder)?, Access::ReadOnly, settings);
    Ok(Arc::new(reader))
}

/// Serves the published build until `shutdown`.
pub(crate) async fn serve_site(
    site: Site,
    shutdown: impl Future<Output = ()> + Send + 'static,
    printer: Printer,
) -> anyhow::Result<()> {
    OpenSite::open(site, printer).await?.serve(shutdown).await
}

/// A site that has its address.
pub(crate) struct OpenSite {
    listener: TcpListener,
    app: App,
}

impl OpenSite {
    /// Reads the pages, listens, and says where.
    pub(crate) async fn open(site: Site, printer: Printer) -> anyhow::Result<Self> {
        let is_locked = site.admission.token.is_some();
        let app = App::new(Options {
            published: site.published,
            dashboards: site.dashboards,
            web: site.web,
            admission: site.admission,
            pictures: site.pictures,
            notice: site.notice,
            limits: serve::Limits::default(),
        })
        .map_err(|error| Failure::usage("the pages cannot be served").because(error))?;
        if let Some(told) = site.metrics {
            app.add_metrics(Box::new(told));
        }
        let titles = app.titles();
        let failed = |error: std::io::Error| match error.kind() {
            ErrorKind::AddrInUse => port_taken(site.address.port()),
            ErrorKind::AddrNotAvailable => Failure::usage(format!(
                "this machine has no address {} to listen on",
                site.address.ip()
            ))
            .hint("`serve.host` is an address of this machine, or 0.0.0.0 for all it has"),
            _ => Failure::world(format!("failed to listen on {}", site.address)).because(error),
        };
        let listener = TcpListener::bind(site.address).await.map_err(failed)?;
        let listening = listener.local_addr()?;
        let url = url(listening);
        let mut facts = vec![("pages", titles.join(", ")), ("warehouse", site.location)];
        if is_locked {
            let who = format!("who has the token may read, on {listening}");
            facts.push(("open to", who));
        }
        printer.summary(&Summary {
            headline: format!("✓ dashboards at {url}"),
            facts,
            next: vec!["Ctrl-C stops; a new build shows by itself".to_owned()],
            json: json!({ "status": "ok", "url": url, "pages": titles }),
        });
        if site.opens_browser && !printer.is_json() && open::that_detached(&url).is_err() {
            printer.note(format!("no browser could be opened; open {url} yourself"));
        }
        Ok(Self { listener, app })
    }

    /// Answers until `shutdown`.
    pub(crate) async fn serve(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        serve::run(self.listener, self.app, shutdown).await?;
        Ok(())
    }
}
