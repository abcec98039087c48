use std::{future::Future, path::PathBuf, sync::Arc, time::Duration};

use axum::Router;
use tokio::net::TcpListener;

use crate::{
    Error, Page, Published, Result,
    assets::Assets,
    build::Builds,
    page::{embedded_pages, load_pages},
    routes,
};

/// How the server is set up.
pub struct Options {
    /// Where the data comes from.
    pub published: Arc<dyn Published>,
    /// A folder of pages; the embedded ones when there is none.
    pub dashboards: Option<PathBuf>,
    /// A folder with a build of the front end, for those who work on it; the embedded one when there is none.
    pub web: Option<PathBuf>,
    /// Host names beside the loopback ones that requests may name, against DNS rebinding.
    pub allowed_hosts: Vec<String>,
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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4,
            timeout: Duration::from_secs(15),
            max_rows: 5_000,
        }
    }
}

/// The web application: its pages, its assets and the way to the data.
pub struct App {
    pub(crate) pages: Vec<Page>,
    pub(crate) builds: Arc<Builds>,
    pub(crate) assets: Assets,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) notice: Option<String>,
}

impl App {
    /// Reads and checks the pages; the data is first looked at when a request comes.
    ///
    /// # Errors
    /// [`Error::Pages`] with everything that is wrong in the page definitions.
    pub fn new(options: Options) -> Result<Self> {
        let folder = options.dashboards.filter(|folder| folder.is_dir());
        let pages = folder
            .map_or_else(embedded_pages, |folder| load_pages(&folder))
            .map_err(Error::Pages)?;
        Ok(Self {
            pages,
            builds: Arc::new(Builds::new(options.published, options.limits)),
            assets: Assets::new(options.web),
            allowed_hosts: options.allowed_hosts,
            notice: options.notice,
        })
    }

    /// The pages in the order of the navigation.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// Everything the server answers.
    pub fn router(self) -> Router {
        routes::router(Arc::new(self))
    }

    pub(crate) fn page(&self, name: &str) -> Result<&Page> {
        self.pages
            .iter()
            .find(|page| page.name == name)
            .ok_or_else(|| Error::NotFound {
                what: "page",
                name: name.to_owned(),
                valid: self.pages.iter().map(|page| page.name.clone()).collect(),
            })
    }
}

/// Serves until `shutdown` is done and the requests in flight are answered.
///
/// # Errors
/// [`Error::Serve`] when the listener fails.
pub async fn run(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    axum::serve(listener, router)
        .with_graceful_shutdown(shutdown)
        .await
        .map_err(Error::Serve)
}
