use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{Access, Builds, DuckDb, Error, Published, Result, Settings, Warehouse};

#[cfg(test)]
mod tests;

/// Follows the current build: every caller gets the newest published one, and keeps the one it got.
#[derive(Debug)]
pub struct Reader {
    builds: Builds,
    access: Access,
    settings: Settings,
    opened: Mutex<Option<Current>>,
}

/// A published build, open for reading as long as somebody holds it.
#[derive(Clone)]
pub struct Current {
    /// Which one, and since when.
    pub build: Published,
    /// Its database, read-only.
    pub warehouse: Arc<dyn Warehouse>,
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current")
            .field("build", &self.build)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// A reader of the builds in a folder. Access is [`Access::ReadOnly`], or [`Access::Sandboxed`] for SQL
    /// that strangers write.
    pub fn new(builds: Builds, access: Access, settings: Settings) -> Self {
        Self {
            builds,
            access,
            settings,
            opened: Mutex::new(None),
        }
    }

    /// The current build; opened when it is a new one, else as it was handed out before. The one before it
    /// closes when its last user is done.
    ///
    /// # Errors
    /// When nothing has been published yet or the file cannot be opened.
    pub fn current(&self) -> Result<Current> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let build_id = self.builds.current_id()?;
        if let Some(current) = opened
            .as_ref()
            .filter(|current| Some(&current.build.build_id) == build_id.as_ref())
        {
            return Ok(current.clone());
        }
        let current = self.open()?;
        *opened = Some(current.clone());
        Ok(current)
    }

    /// The builds that it reads.
    pub fn builds(&self) -> &Builds {
        &self.builds
    }

    fn open(&self) -> Result<Current> {
        // A build may be replaced and deleted between reading its name and opening it.
        loop {
            let none = || Error::NoBuild {
                location: self.builds.folder().display().to_string(),
            };
            let build = self.builds.current()?.ok_or_else(none)?;
            match DuckDb::open(&build.path, self.access, &self.settings) {
                Ok(warehouse) => {
                    return Ok(Current {
                        build,
                        warehouse: Arc::new(warehouse),
                    });
                }
                Err(error) if self.builds.current_id()?.as_ref() == Some(&build.build_id) => {
                    return Err(error);
                }
                Err(_) => {}
            }
        }
    }
}
