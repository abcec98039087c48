use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::films::Films;
use super::generated::Generated;
use super::generated::living::Living;
use super::replay::Replay;
use super::{Catalogue, Error};

/// The catalogue: one that stands still, or one that goes with the clock.
pub(super) enum Source {
    Still(Arc<dyn Films>),
    Living(Arc<Living>),
}

impl Source {
    /// Loads a catalogue; a generated one goes with the clock if there is a `pace`.
    pub(super) fn load(
        catalogue: &Catalogue,
        today: NaiveDate,
        pace: Option<f64>,
    ) -> Result<Self, Error> {
        Ok(match (catalogue, pace) {
            (Catalogue::Generated { films, seed }, None) => {
                Self::Still(Arc::new(Generated::new(*films, *seed, today)))
            }
            (Catalogue::Generated { films, seed }, Some(pace)) => {
                let base = Generated::new(*films, *seed, today);
                Self::Living(Arc::new(Living::new(base, pace)))
            }
            (Catalogue::Replay { path }, _) => Self::Still(Arc::new(Replay::load(path)?)),
        })
    }

    /// The films as they are at a moment.
    pub(super) fn at(&self, now: DateTime<Utc>) -> Arc<dyn Films> {
        match self {
            Self::Still(films) => Arc::clone(films),
            Self::Living(living) => Arc::new(living.at(now)),
        }
    }

    /// Lists are made anew when this changes.
    pub(super) fn hour(&self, now: DateTime<Utc>) -> i64 {
        match self {
            Self::Still(_) => 0,
            Self::Living(_) => now.timestamp() / 3_600,
        }
    }
}
