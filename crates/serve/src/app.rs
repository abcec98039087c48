use std::{
    future::Future,
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::Router;
use prometheus_client::collector::Collector;
use tokio::{
    net::TcpListener,
    sync::{Mutex, watch},
};

use crate::{
    Error, Published, Result,
    admission::{Admission, Door},
    assets::Assets,
    build::Builds,
    console::{Console, ConsoleLimits},
    metrics::Metrics,
    pages::{Book, LOOK_AGAIN, Pages},
    routes,
};

/// How the server is set up.
pub struct Options {
    /// Where the data comes from.
    pub published: Arc<dyn Published>,
    /// A folder of pages; the embedded ones while there is none.
    pub dashboards: Option<PathBuf>,
    /// A folder with a build of the front end, for those who work on it; the embedded one when there is none.
    pub web: Option<PathBuf>,
    /// Who is answered.
    pub admission: Admission,
    /// Whether pages show posters and portraits, which browsers fetch from TMDB's image host.
    pub pictures: bool,
    /// What readers must know about the data, above every page.
    pub notice: Option<String>,
    /// What one query may take.
    pub limits: Limits,
}

/// What queries may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Queries that run side by side.
    pub connections: usize,
    /// Time of one query, waiting included.
    pub timeout: Duration,
    /// Rows of one answer.
    pub max_rows: usize,
    /// Names that the search keeps in memory, the best known; at about 30 bytes each.
    pub names: usize,
    /// What a reader's own query may take.
    pub console: ConsoleLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4,
            timeout: Duration::from_secs(15),
            max_rows: 5_000,
            names: 2_500_000,
            console: ConsoleLimits::default(),
        }
    }
}

/// The web application: its pages, its assets and the way to the data.
pub struct App {
    pages: Arc<Pages>,
    pub(crate) builds: Arc<Builds>,
    pub(crate) console: Console,
    pub(crate) assets: Assets,
    pub(crate) door: Door,
    pub(crate) pictures: bool,
    pub(crate) notice: Option<String>,
    pub(crate) metrics: Metrics,
    /// True once the server is asked to end, for answers that go on until then.
    pub(crate) stopping: watch::Sender<bool>,
    news: Mutex<Option<(Instant, Option<String>)>>,
}

/// What is published and shown now.
pub(crate) struct News {
    pub(crate) build_id: Option<String>,
    pub(crate) book: Arc<Book>,
}

impl App {
    /// Reads and checks the pages; the data is first looked at when a request comes.
    ///
    /// # Errors
    /// [`Error::Pages`] with everything that is wrong in the page definitions.
    pub fn new(options: Options) -> Result<Self> {
        Ok(Self {
            pages: Arc::new(Pages::open(options.dashboards)?),
            builds: Arc::new(Builds::new(options.published, options.limits)),
            console: Console::new(options.limits.console),
            assets: Assets::new(options.web),
            door: Door::new(options.admission),
            pictures: options.pictures,
            notice: options.notice,
            metrics: Metrics::default(),
            stopping: watch::Sender::new(false),
            news: Mutex::new(None),
        })
    }

    /// The titles of the pages in the order of the navigation.
    pub fn titles(&self) -> Vec<String> {
        let book = self.pages.last();
        book.pages.iter().map(|page| page.title.clone()).collect()
    }

    /// Lets `/metrics` tell what somebody else counts; asked at each look.
    pub fn add_metrics(&self, collector: Box<dyn Collector>) {
        self.metrics.add(collector);
    }

    /// Everything the server answers.
    pub fn router(self) -> Router {
        routes::router(Arc::new(self))
    }

    /// The pages as they are now.
    pub(crate) async fn book(&self) -> Arc<Book> {
        self.pages.book().await
    }

    /// What is published and shown now; however many ask, it is looked up once in a while.
    pub(crate) async fn news(&self) -> News {
        let book = self.book().await;
        let mut news = self.news.lock().await;
        let build_id = match &*news {
            Some((at, build_id)) if at.elapsed() < LOOK_AGAIN => build_id.clone(),
            _ => {
                let build = self.builds.current().await.ok();
                let build_id = build.map(|build| build.id().to_owned());
                *news = Some((Instant::now(), build_id.clone()));
                build_id
            }
        };
        News { build_id, book }
    }
}

/// Serves until `shutdown` is done and the requests in flight are answered.
///
/// # Errors
/// [`Error::Serve`] when the listener fails.
pub async fn run(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let stopping = app.stopping.clone();
    let shutdown = async move {
        shutdown.await;
        stopping.send_replace(true);
    };
    let service = app
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(shutdown)
        .await
        .map_err(Error::Serve)
}
