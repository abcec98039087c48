use std::{env, path::PathBuf, time::Duration};

use fs_err as fs;
use lake::{Lake, Location, StoreSettings};

use crate::{
    cli::Global,
    config::{self, Config, Loaded, environment},
    failure::Failure,
    printer::Printer,
};

/// The configuration in force and the places that follow from it.
#[derive(Debug)]
pub(crate) struct Project {
    /// What was read, and from where.
    pub(crate) loaded: Loaded,
}

impl Project {
    /// Reads the configuration; `flags` are overrides from the command line.
    pub(crate) fn open(
        global: &Global,
        printer: Printer,
        flags: &[(&str, figment::value::Value)],
    ) -> Result<Self, Failure> {
        let loaded = config::load(global.config.as_deref(), flags)?;
        for warning in &loaded.warnings {
            printer.warn(warning);
        }
        Ok(Self { loaded })
    }

    /// The values.
    pub(crate) fn config(&self) -> &Config {
        &self.loaded.config
    }

    /// Where the Parquet lake is.
    pub(crate) fn lake(&self) -> &Location {
        &self.loaded.lake
    }

    /// The lake, made when there is none yet.
    pub(crate) fn open_lake(&self) -> anyhow::Result<Lake> {
        if let Some(folder) = self.lake().folder() {
            writable(folder)?;
        }
        Ok(Lake::at(self.lake(), &self.store_settings())?)
    }

    /// The lake, if there is one; that of an object store is taken to be there.
    pub(crate) fn existing_lake(&self) -> anyhow::Result<Option<Lake>> {
        if self.lake().folder().is_some_and(|folder| !folder.is_dir()) {
            return Ok(None);
        }
        Ok(Some(Lake::at(self.lake(), &self.store_settings())?))
    }

    fn store_settings(&self) -> StoreSettings {
        let storage = &self.config().storage;
        StoreSettings {
            local: self.loaded.folder.join(&storage.local),
            variables: environment::variables(),
            endpoint: storage.endpoint.clone(),
            allow_http: storage.allow_http,
            timeout: Duration::from_secs(storage.timeout_s.into()),
        }
    }

    /// What people call it: its folder's name.
    pub(crate) fn name(&self) -> String {
        let folder = fs::canonicalize(&self.loaded.folder).unwrap_or_default();
        let name = folder.file_name().map(|name| name.to_string_lossy());
        name.map_or_else(|| "filmstar".to_owned(), |name| name.into_owned())
    }

    /// The folder of the DuckDB builds.
    pub(crate) fn warehouse(&self) -> PathBuf {
        self.loaded.folder.join(&self.config().storage.warehouse)
    }

    /// The project's own dbt project, when there is one.
    pub(crate) fn dbt(&self) -> Option<PathBuf> {
        let folder = self.loaded.folder.join("dbt");
        folder.join("dbt_project.yml").is_file().then_some(folder)
    }

    /// Where the project's own pages are, or would be.
    pub(crate) fn dashboards(&self) -> PathBuf {
        self.loaded.folder.join("dashboards")
    }
}

/// A path as the user would type it: relative to the current folder when it lies below.
pub(crate) fn shown(path: &std::path::Path) -> String {
    let current = env::current_dir().unwrap_or_default();
    let shown = path.strip_prefix(&current).unwrap_or(path);
    if shown.as_os_str().is_empty() {
        ".".to_owned()
    } else {
        shown.display().to_string()
    }
}

/// Where a lake is, as the user would type it.
pub(crate) fn shown_lake(location: &Location) -> String {
    location
        .folder()
        .map_or_else(|| location.to_string(), shown)
}

/// Makes a folder and proves that it can be written.
pub(crate) fn writable(folder: &std::path::Path) -> Result<(), Failure> {
    let refuse = |error: std::io::Error| {
        Failure::world(format!("the folder `{}` cannot be written", shown(folder)))
            .hint("check its owner and the free space, or set `storage.lake` and `storage.warehouse` in filmstar.toml")
            .because(error)
    };
    fs::create_dir_all(folder).map_err(refuse)?;
    tempfile::tempfile_in(folder).map(drop).map_err(refuse)
}
