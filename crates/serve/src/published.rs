use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use warehouse::{
    Access, DuckDb, KeptBuild, Settings, Warehouse,
    history::{History, NodeResult, Run},
    postgres::ReleaseReader,
};

/// What strangers' queries may take of the machine, all together.
const SANDBOX_MEMORY: &str = "512MB";
const SANDBOX_THREADS: usize = 2;

/// How many runs a page tells of.
const MOST_RUNS: usize = 200;

/// Whether the user can do more on the server than read tables; true for each of these for a superuser.
const REACHES_FILES: &str = "
    select pg_catalog.pg_has_role('pg_read_server_files', 'usage')
        or pg_catalog.pg_has_role('pg_write_server_files', 'usage')
        or pg_catalog.pg_has_role('pg_execute_server_program', 'usage')";

/// Where the server finds the build that readers may see.
pub trait Published: Send + Sync {
    /// The build that is published now; called for each request, so it must be cheap when nothing changed.
    ///
    /// # Errors
    /// [`crate::Error::NoBuild`] when nothing was ever published, [`crate::Error::Warehouse`] when it cannot be opened.
    fn current(&self) -> crate::Result<Arc<Snapshot>>;

    /// The build once more, for SQL that strangers write: no file but the build's own can be reached, nothing is
    /// written, and no setting changed.
    ///
    /// # Errors
    /// [`crate::Error::Warehouse`] when it cannot be opened so, [`crate::Error::Console`] when the server would let
    /// its reader do more.
    fn sandbox(&self, snapshot: &Snapshot) -> crate::Result<Arc<dyn Warehouse>>;

    /// Every build that is still there, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Warehouse`] when the warehouse cannot be read.
    fn kept(&self) -> crate::Result<Vec<KeptBuild>>;

    /// The newest runs, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Warehouse`] when their account cannot be read.
    fn runs(&self) -> crate::Result<Vec<Run>> {
        Ok(Vec::new())
    }

    /// What did not go well in a run.
    ///
    /// # Errors
    /// [`crate::Error::Warehouse`] when its account cannot be read.
    fn amiss(&self, run_id: &str) -> crate::Result<Vec<NodeResult>> {
        let _ = run_id;
        Ok(Vec::new())
    }

    /// Where a build keeps `manifest.json` and `run_results.json`, if this machine made it.
    fn artifacts(&self, build_id: &str) -> PathBuf;
}

/// One published build, opened read-only.
pub struct Snapshot {
    /// Its data.
    pub warehouse: Arc<dyn Warehouse>,
    /// Tells one build from the next.
    pub build_id: String,
    /// When it was published.
    pub built_at: DateTime<Utc>,
}

impl Published for warehouse::Reader {
    fn current(&self) -> crate::Result<Arc<Snapshot>> {
        let current = Self::current(self).map_err(unreadable)?;
        Ok(Arc::new(Snapshot {
            warehouse: current.warehouse,
            build_id: current.build.build_id,
            built_at: current.build.published_at,
        }))
    }

    fn sandbox(&self, snapshot: &Snapshot) -> crate::Result<Arc<dyn Warehouse>> {
        let settings = Settings {
            memory_limit: Some(SANDBOX_MEMORY.to_owned()),
            threads: Some(SANDBOX_THREADS),
            // Nothing is spilled to disk.
            temp_directory: Some(PathBuf::new()),
            ..Settings::default()
        };
        let path = self.builds().database(&snapshot.build_id);
        let database = DuckDb::open(&path, Access::Sandboxed, &settings).map_err(unreadable)?;
        Ok(Arc::new(database))
    }

    fn kept(&self) -> crate::Result<Vec<KeptBuild>> {
        self.builds().kept().map_err(unreadable)
    }

    fn runs(&self) -> crate::Result<Vec<Run>> {
        let history = self.builds().history().map_err(unreadable)?;
        let mut runs = history.runs().map_err(unreadable)?;
        runs.truncate(MOST_RUNS);
        Ok(runs)
    }

    fn amiss(&self, run_id: &str) -> crate::Result<Vec<NodeResult>> {
        let history = self.builds().history().map_err(unreadable)?;
        history.amiss(run_id).map_err(unreadable)
    }

    fn artifacts(&self, build_id: &str) -> PathBuf {
        self.builds().artifacts(build_id)
    }
}

/// The builds of a server; their artifacts lie on the machine that made them.
#[derive(Debug)]
pub struct PublishedReleases {
    /// Who reads the server.
    pub reader: ReleaseReader,
    /// A folder with a folder for each build.
    pub artifacts: PathBuf,
}

impl PublishedReleases {
    /// The account of this machine's runs, beside its artifacts.
    fn history(&self) -> crate::Result<History> {
        let warehouse = self.artifacts.parent().unwrap_or(&self.artifacts);
        History::open(warehouse).map_err(unreadable)
    }
}

impl Published for PublishedReleases {
    fn current(&self) -> crate::Result<Arc<Snapshot>> {
        let (release, warehouse) = self.reader.current().map_err(unreadable)?;
        Ok(Arc::new(Snapshot {
            warehouse,
            build_id: release.build_id,
            built_at: release.published_at,
        }))
    }

    fn sandbox(&self, snapshot: &Snapshot) -> crate::Result<Arc<dyn Warehouse>> {
        let unreadable = crate::Error::Warehouse;
        let mut connection = snapshot.warehouse.connect().map_err(unreadable)?;
        let rows = connection.query(REACHES_FILES, &[]).map_err(unreadable)?;
        if rows.json_rows() != [[serde_json::Value::Bool(false)]] {
            return Err(crate::Error::Console {
                message: "the server's reader may read files or run programs there, so it answers no SQL of readers"
                    .to_owned(),
                hint: Some("`filmstar init --target postgres` makes a reader that may only read tables"),
            });
        }
        Ok(Arc::clone(&snapshot.warehouse))
    }

    fn kept(&self) -> crate::Result<Vec<KeptBuild>> {
        self.reader.kept().map_err(unreadable)
    }

    /// Those of this machine, and those of others that the server was told of.
    fn runs(&self) -> crate::Result<Vec<Run>> {
        let mut runs = self.history()?.runs().map_err(unreadable)?;
        for told in self.reader.runs(MOST_RUNS).map_err(unreadable)? {
            if runs.iter().all(|run| run.run_id != told.run_id) {
                runs.push(told);
            }
        }
        runs.sort_by(|one, other| other.run_id.cmp(&one.run_id));
        runs.truncate(MOST_RUNS);
        Ok(runs)
    }

    fn amiss(&self, run_id: &str) -> crate::Result<Vec<NodeResult>> {
        let history = self.history()?;
        let amiss = match history.run(run_id).map_err(unreadable)? {
            Some(_) => history.amiss(run_id),
            None => self.reader.amiss(run_id),
        };
        amiss.map_err(unreadable)
    }

    fn artifacts(&self, build_id: &str) -> PathBuf {
        self.artifacts.join(build_id).join("target")
    }
}

fn unreadable(error: warehouse::Error) -> crate::Error {
    match error {
        warehouse::Error::NoBuild { .. } | warehouse::Error::NotPrepared { .. } => {
            crate::Error::NoBuild
        }
        other => crate::Error::Warehouse(other),
    }
}
