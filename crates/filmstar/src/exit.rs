use std::process::ExitCode;

/// What the process says to its caller; the numbers are a contract (docs/reference.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Everything asked for was done; warnings allowed.
    Ok = 0,
    /// A model failed or a test with severity error did.
    Failed = 1,
    /// Usage or configuration: the user can mend it.
    Usage = 2,
    /// The outside world: network, API, disk, database.
    World = 3,
    /// An ingest used up `ingest.limit_calls` or `limit_minutes`; the next one goes on from there.
    Partial = 4,
    /// A bug of ours.
    Bug = 70,
    /// Ctrl-C; what was fetched is kept.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
