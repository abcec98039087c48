use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use warehouse::{KeptBuild, Warehouse, postgres::ReleaseReader};

/// Where the server finds the build that readers may see.
pub trait Published: Send + Sync {
    /// The build that is published now; called for each request, so it must be cheap when nothing changed.
    ///
    /// # Errors
    /// [`crate::Error::NoBuild`] when nothing was ever published, [`crate::Error::Warehouse`] when it cannot be opened.
    fn current(&self) -> crate::Result<Arc<Snapshot>>;

    /// Every build that is still there, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Warehouse`] when the warehouse cannot be read.
    fn kept(&self) -> crate::Result<Vec<KeptBuild>>;

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

    fn kept(&self) -> crate::Result<Vec<KeptBuild>> {
        self.builds().kept().map_err(unreadable)
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

impl Published for PublishedReleases {
    fn current(&self) -> crate::Result<Arc<Snapshot>> {
        let (release, warehouse) = self.reader.current().map_err(unreadable)?;
        Ok(Arc::new(Snapshot {
            warehouse,
            build_id: release.build_id,
            built_at: release.published_at,
        }))
    }

    fn kept(&self) -> crate::Result<Vec<KeptBuild>> {
        self.reader.kept().map_err(unreadable)
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
