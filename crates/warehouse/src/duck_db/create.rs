use std::path::{Path, PathBuf};

use super::{Access, DuckDb, Error, Result, STORAGE_VERSION, Settings, config, message};
use crate::{Warehouse as _, postgres::quoted};

impl DuckDb {
    /// Creates a database file without a log of what is committed: a tenth less work than [`open`](Self::open), for
    /// a file that nobody has a use for when its making is cut short. It is whole after [`settle`](Self::settle).
    ///
    /// # Errors
    /// When the file cannot be written, or is there and is not a DuckDB file.
    pub fn create(path: &Path, settings: &Settings) -> Result<Self> {
        let location = path.display().to_string();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = quoted(&name);
        let settings = Settings {
            // Next to the file, as where a file is opened.
            temp_directory: settings
                .temp_directory
                .clone()
                .or_else(|| Some(PathBuf::from(format!("{location}.tmp")))),
            ..settings.clone()
        };
        let create = || {
            let config = config(Access::ReadWrite, &settings)?;
            let root = duckdb::Connection::open_in_memory_with_flags(config)?;
            // The option is one of attaching, so the file is attached to a database that stays empty.
            root.execute_batch(&format!(
                "attach '{}' as {name} (recovery_mode 'no_wal_writes', storage_version '{STORAGE_VERSION}');
                 use {name}",
                location.replace('\'', "''")
            ))?;
            Ok(Self {
                greeting: Some(format!("use {name}")),
                ..Self::new(root, Access::ReadWrite, &settings, location.clone())?
            })
        };
        create().map_err(|error: duckdb::Error| Error::Open {
            location: location.clone(),
            message: message(error),
        })
    }

    /// Brings all that was committed into the file.
    ///
    /// # Errors
    /// When a transaction is open, or the file system refuses.
    pub fn settle(&self) -> Result<()> {
        let sql = format!("checkpoint {}", quoted(&self.database));
        self.connect()?.execute(&sql).map(drop)
    }
}
