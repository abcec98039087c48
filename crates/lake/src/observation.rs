use chrono::{DateTime, Utc};

use crate::Kind;

/// What the API said about one thing at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The raw table it belongs to.
    pub kind: Kind,
    /// TMDB's id of the film or person; 0 for the reference lists, which are one thing each.
    pub id: i64,
    /// When the answer arrived, UTC, kept to the microsecond.
    pub fetched_at: DateTime<Utc>,
    /// HTTP status of the answer: 200, or 404 for a tombstone (the id no longer exists).
    pub http_status: u16,
    /// The body as it came, byte for byte.
    pub payload: String,
    /// Why the body could not be decoded; such an observation is quarantined. `None` when it could.
    pub rejected: Option<String>,
}
