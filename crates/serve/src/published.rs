use std::sync::Arc;

use chrono::{DateTime, Utc};
use warehouse::Warehouse;

/// Where the server finds the build that readers may see.
pub trait Published: Send + Sync {
    /// The build that is published now; called for each request, so it must be cheap when nothing changed.
    ///
    /// # Errors
    /// [`crate::Error::NoBuild`] when nothing was ever published, [`crate::Error::Warehouse`] when it cannot be opened.
    fn current(&self) -> crate::Result<Arc<Snapshot>>;
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
}

impl Published for warehouse::postgres::ReleaseReader {
    fn current(&self) -> crate::Result<Arc<Snapshot>> {
        let (release, warehouse) = Self::current(self).map_err(unreadable)?;
        Ok(Arc::new(Snapshot {
            warehouse,
            build_id: release.build_id,
            built_at: release.published_at,
        }))
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
