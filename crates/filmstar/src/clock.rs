//! The clock of this process: the system's, unless `FILMSTAR_CLOCK` says otherwise.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use tmdb::Clock;

use crate::{config::environment, failure::Failure};

/// For rehearsals and tests; spelt as [`Clock`] says.
pub(crate) const VARIABLE: &str = "FILMSTAR_CLOCK";

static CLOCK: OnceLock<Clock> = OnceLock::new();

/// Reads the variable. To be called once, after the environment's file.
pub(crate) fn read() -> Result<(), Failure> {
    let Some(text) = environment::variable(VARIABLE) else {
        return Ok(());
    };
    let clock = text.parse().map_err(|error: tmdb::NotAClock| {
        Failure::usage(format!("{VARIABLE} cannot be read: {error}")).hint(tmdb::NotAClock::HINT)
    })?;
    CLOCK.get_or_init(|| clock);
    Ok(())
}

/// The clock of this process.
pub(crate) fn clock() -> Clock {
    CLOCK.get().copied().unwrap_or_default()
}

/// What time it is.
pub(crate) fn now() -> DateTime<Utc> {
    clock().now()
}
