//! Runs queries on the published build: a few connections, a time limit, and one build per request.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::{
    sync::{OnceCell, Semaphore},
    task::spawn_blocking,
    time::timeout,
};
use warehouse::{Connection, Described, Dialect, Warehouse};

use crate::{
    Error, Limits, Published, Result, Snapshot,
    catalogue::Catalogue,
    compose::Composed,
    lineage::Lineage,
    runs::{Run, Runs, Trouble},
    search::Names,
    sizes::Sizes,
    stop::{Stop, Watch, lock},
};

/// Builds are published minutes apart, and a server is seldom restarted; more often under a question is a fault.
const ATTEMPTS: u32 = 4;

/// How long all names may take to be read; nobody waits for it.
const READING: Duration = Duration::from_secs(120);

/// Follows what is published; each request asks once and keeps what it got.
pub(crate) struct Builds {
    published: Arc<dyn Published>,
    current: Mutex<Option<Arc<Build>>>,
    /// Shared by all builds, so that a swap does not double the load.
    slots: Arc<Semaphore>,
    limits: Limits,
    runs: Runs,
}

/// One build with its idle connections; closed when the last request lets go of it.
pub(crate) struct Build {
    snapshot: Arc<Snapshot>,
    idle: Mutex<Vec<Box<dyn Connection>>>,
    catalogue: OnceCell<Arc<Catalogue>>,
    artifacts: PathBuf,
    lineage: OnceCell<Arc<Lineage>>,
    tables: OnceCell<Arc<Vec<Described>>>,
    names: OnceCell<Arc<Names>>,
    sizes: Sizes,
    sandbox: OnceCell<Arc<dyn Warehouse>>,
    published: Arc<dyn Published>,
    slots: Arc<Semaphore>,
    limits: Limits,
}

impl Builds {
    pub(crate) fn new(published: Arc<dyn Published>, limits: Limits) -> Self {
        Self {
            published,
            current: Mutex::new(None),
            slots: Arc::new(Semaphore::new(limits.connections)),
            limits,
            runs: Runs::default(),
        }
    }

    /// The runs, newest first. Reads files.
    pub(crate) fn runs(&self) -> Result<Vec<Run>> {
        self.runs.list(self.published.as_ref())
    }

    /// Whether the last run that was to bring newer numbers did not.
    pub(crate) async fn trouble(self: &Arc<Self>) -> Option<Trouble> {
        let builds = Arc::clone(self);
        spawn_blocking(move || builds.runs.trouble(builds.published.as_ref()))
            .await
            .ok()
            .flatten()
    }

    /// The build that is published now.
    pub(crate) async fn current(self: &Arc<Self>) -> Result<Arc<Build>> {
        let builds = Arc::clone(self);
        spawn_blocking(move || builds.open())
            .await
            .unwrap_or(Err(Error::NoBuild))
    }

    /// Asks the build that is published now; a newer one when that takes its place under the question, and once
    /// more when the connection turns out to be gone.
    pub(crate) async fn ask<T, F>(self: &Arc<Self>, ask: impl Fn(Arc<Build>) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut attempts = ATTEMPTS;
        loop {
            attempts -= 1;
            match ask(self.current().await?).await {
                Err(error) if attempts > 0 && error.is_worth_asking_again() => {}
                answered => return answered,
            }
        }
    }

    fn open(&self) -> Result<Arc<Build>> {
        let snapshot = self.published.current()?;
        let mut current = lock(&self.current);
        if let Some(build) = current
            .as_ref()
            .filter(|build| build.snapshot.build_id == snapshot.build_id)
        {
            return Ok(Arc::clone(build));
        }
        let build = Arc::new(Build {
            artifacts: self.published.artifacts(&snapshot.build_id),
            snapshot,
            idle: Mutex::new(Vec::new()),
            catalogue: OnceCell::new(),
            lineage: OnceCell::new(),
            tables: OnceCell::new(),
            names: OnceCell::new(),
            sizes: Sizes::default(),
            sandbox: OnceCell::new(),
            published: Arc::clone(&self.published),
            slots: Arc::clone(&self.slots),
            limits: self.limits,
        });
        *current = Some(Arc::clone(&build));
        Ok(build)
    }
}

impl Build {
    pub(crate) fn id(&self) -> &str {
        &self.snapshot.build_id
    }

    pub(crate) fn built_at(&self) -> DateTime<Utc> {
        self.snapshot.built_at
    }

    pub(crate) fn max_rows(&self) -> usize {
        self.limits.max_rows
    }

    /// The filters' values; asked once a build.
    pub(crate) async fn catalogue(self: &Arc<Self>) -> Result<Arc<Catalogue>> {
        let read = || async { self.run("filters", Catalogue::read).await.map(Arc::new) };
        self.catalogue.get_or_try_init(read).await.cloned()
    }

    /// Models and tests of this build; read once, when somebody asks.
    pub(crate) async fn lineage(&self) -> Result<Arc<Lineage>> {
        let read = || async {
            let folder = self.artifacts.clone();
            spawn_blocking(move || Lineage::read(&folder).map(Arc::new))
                .await
                .unwrap_or(Err(Error::NoBuild))
        };
        self.lineage.get_or_try_init(read).await.cloned()
    }

    /// What users can ask, with what is written about it; looked up once.
    pub(crate) async fn tables(self: &Arc<Self>) -> Result<Arc<Vec<Described>>> {
        let dialect = self.dialect();
        let read = || async {
            let work =
                move |connection: &mut dyn Connection| warehouse::describe(connection, dialect);
            self.run("tables", work).await.map(Arc::new)
        };
        self.tables.get_or_try_init(read).await.cloned()
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.snapshot.warehouse.dialect()
    }

    /// Every name, for the search; read when somebody asks first.
    pub(crate) async fn names(self: &Arc<Self>) -> Result<Arc<Names>> {
        if let Some(names) = self.names.get() {
            return Ok(Arc::clone(names));
        }
        // On its own: with each letter typed the one before is no longer waited for.
        let reading = tokio::spawn(Arc::clone(self).read_names());
        reading.await.unwrap_or(Err(Error::NoBuild))
    }

    /// Reads the names for who will ask soon.
    pub(crate) fn prepare_names(self: &Arc<Self>) {
        if self.names.get().is_none() {
            tokio::spawn(Arc::clone(self).read_names());
        }
    }

    async fn read_names(self: Arc<Self>) -> Result<Arc<Names>> {
        let dialect = self.dialect();
        let read = || async {
            let most = self.limits.names;
            let work =
                move |connection: &mut dyn Connection| Names::read(connection, dialect, most);
            self.run_for(READING, "search", work).await.map(Arc::new)
        };
        self.names.get_or_try_init(read).await.cloned()
    }

    /// This build, opened for SQL that strangers write.
    pub(crate) async fn sandbox(&self) -> Result<Arc<dyn Warehouse>> {
        let open = || async {
            let (published, snapshot) = (Arc::clone(&self.published), Arc::clone(&self.snapshot));
            spawn_blocking(move || published.sandbox(&snapshot))
                .await
                .unwrap_or(Err(Error::NoBuild))
        };
        self.sandbox.get_or_try_init(open).await.cloned()
    }

    /// The films that a query counts: used, and in the filter. The tiles of a page mostly count the same ones, so
    /// each count is asked once.
    pub(crate) async fn size(self: &Arc<Self>, tile: &str, count: Composed) -> Result<[i64; 2]> {
        let known = self.sizes.of(count.shown());
        let ask = || async {
            let work =
                move |connection: &mut dyn Connection| connection.query(&count.sql, &count.values);
            let rows = self.run(tile, work).await?.json_rows();
            let number = |index: usize| rows.first().and_then(|row| row.get(index)?.as_i64());
            Ok([0, 1].map(|index| number(index).unwrap_or_default()))
        };
        known.get_or_try_init(ask).await.copied()
    }

    /// Runs `work` on a connection of its own thread; stops it at the time limit or when the caller goes away.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        tile: &str,
        work: impl FnOnce(&mut dyn Connection) -> warehouse::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run_for(self.limits.timeout, tile, work).await
    }

    async fn run_for<T: Send + 'static>(
        self: &Arc<Self>,
        limit: Duration,
        tile: &str,
        work: impl FnOnce(&mut dyn Connection) -> warehouse::Result<T> + Send + 'static,
    ) -> Result<T> {
        let watch = Watch::default();
        let (build, stop) = (Arc::clone(self), watch.stop.clone());
        let job = async {
            let slot = Arc::clone(&self.slots).acquire_owned().await;
            spawn_blocking(move || {
                let _slot = slot;
                build.work(&stop, work)
            })
            .await
        };
        match timeout(limit, job).await {
            Ok(Ok(Ok(result))) => Ok(result),
            Ok(Ok(Err(source))) => Err(Error::Query {
                tile: tile.to_owned(),
                source,
            }),
            Ok(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
            Err(_) => Err(Error::TimedOut {
                limit_s: limit.as_secs(),
            }),
        }
    }

    fn work<T>(
        &self,
        stop: &Stop,
        work: impl FnOnce(&mut dyn Connection) -> warehouse::Result<T>,
    ) -> warehouse::Result<T> {
        let idle = lock(&self.idle).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.snapshot.warehouse.connect()?,
        };
        stop.begin(connection.canceller())?;
        let result = work(connection.as_mut());
        let ended_alone = stop.end();
        if matches!(result, Err(warehouse::Error::Lost { .. })) {
            // The server was most likely restarted, and then the others have gone with it.
            lock(&self.idle).clear();
        } else if ended_alone {
            // A connection that was cancelled may still have the interrupt pending, so it is not kept.
            lock(&self.idle).push(connection);
        }
        result
    }
}
