use std::{error::Error as StdError, fmt};

use crate::exit::Exit;

/// An error that knows whose fault it is and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    hint: Option<String>,
    source: Option<anyhow::Error>,
}

impl Failure {
    /// The user's: an argument, a configuration value, a missing step.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The project's: a model or a test.
    pub(crate) fn project(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// The outside world's: network, disk, database.
    pub(crate) fn world(message: impl Into<String>) -> Self {
        Self::new(Exit::World, message)
    }

    /// Nobody's: Ctrl-C.
    pub(crate) fn interrupted(message: impl Into<String>) -> Self {
        Self::new(Exit::Interrupted, message)
    }

    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hint: None,
            source: None,
        }
    }

    /// Adds the next command to type.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The next command to type, if one is known.
    pub(crate) fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Keeps what lies underneath.
    pub(crate) fn because(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_ref()
            .map(|source| &**source as &(dyn StdError + 'static))
    }
}

/// An error as the user reads it: what, why, and what next.
pub(crate) struct Explained {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) hint: Option<String>,
}

impl Explained {
    /// What went wrong and why, for an account.
    pub(crate) fn in_one_line(&self) -> String {
        let message = std::iter::once(&self.message).chain(&self.causes);
        message.map(String::as_str).collect::<Vec<_>>().join(": ")
    }

    /// Finds whose fault an error is and the advice that goes with it.
    pub(crate) fn new(error: &anyhow::Error) -> Self {
        let mut causes: Vec<String> = Vec::new();
        for cause in error.chain().skip(1).map(ToString::to_string) {
            // A library's message often repeats that of its source.
            if !causes.last().unwrap_or(&error.to_string()).contains(&cause) {
                causes.push(cause);
            }
        }
        let (exit, hint) = error.chain().find_map(verdict).unwrap_or((
            Exit::Bug,
            Some(
                "this looks like a bug of Filmstar; please report it with the lines above"
                    .to_owned(),
            ),
        ));
        Self {
            exit,
            message: error.to_string(),
            causes,
            hint,
        }
    }
}

/// What one error of the chain says of fault and remedy, if it knows.
fn verdict(error: &(dyn StdError + 'static)) -> Option<(Exit, Option<String>)> {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return Some((failure.exit, failure.hint.clone()));
    }
    if let Some(error) = error.downcast_ref::<warehouse::Error>() {
        return Some((Exit::World, advice(error).map(ToOwned::to_owned)));
    }
    if let Some(error) = error.downcast_ref::<lake::Error>() {
        return lake_verdict(error);
    }
    error.is::<std::io::Error>().then_some((Exit::World, None))
}

/// Whose fault a lake's error is, where the error itself knows.
fn lake_verdict(error: &lake::Error) -> Option<(Exit, Option<String>)> {
    use lake::{Error as E, Fault};

    let (exit, hint) = match error {
        E::Store { fault, .. } => match fault {
            Fault::Refused => (
                Exit::Usage,
                "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (GOOGLE_… and AZURE_… for gs:// and az://), and that they may list, read, write and delete there",
            ),
            Fault::NoCredential => (
                Exit::Usage,
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment or in .env",
            ),
            Fault::NoBucket => (
                Exit::Usage,
                "make the bucket first, or mend `storage.lake`; a bucket of another region needs AWS_REGION",
            ),
            Fault::Unreachable => (
                Exit::World,
                "check the network, `storage.endpoint` and AWS_ENDPOINT_URL; what was fetched is in the journal, and the same command goes on",
            ),
            Fault::PlainHttp => (
                Exit::Usage,
                "use https://, or set `storage.allow_http = true` if the way there is yours",
            ),
            Fault::Other => (
                Exit::World,
                "check the free space and the rights there, then run the same command again: it goes on where it stopped",
            ),
        },
        E::Held { .. } => (
            Exit::World,
            "wait for it to end, then run the command again",
        ),
        E::Part { .. } => (
            Exit::World,
            "`filmstar lake verify` looks at every file and says what is wrong",
        ),
        E::NewerPart { .. } => (Exit::Usage, "use the release that wrote it, or a later one"),
        E::MissingPart { .. } => (
            Exit::World,
            "restore it from a backup, with its manifest; `filmstar lake verify` tells what else is amiss",
        ),
        E::Manifest { .. } => (
            Exit::World,
            "use the release that wrote it; a damaged one may be deleted, then the one before it holds: run `filmstar lake verify` after that",
        ),
        E::Unequal { .. } => (
            Exit::Bug,
            "this looks like a bug of Filmstar; please report it with the lines above",
        ),
        E::File(_) => return Some((Exit::World, None)),
        E::Journal { .. } => (
            Exit::World,
            "check the free space; what was fetched before is kept",
        ),
        _ => return None,
    };
    Some((exit, Some(hint.to_owned())))
}

/// The warehouse is not there, or went away in the middle of a run.
pub(crate) fn outage(error: &warehouse::Error) -> Failure {
    let failure = Failure::world(error.to_string());
    match advice(error) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// What helps when the warehouse's server says no.
fn advice(error: &warehouse::Error) -> Option<&'static str> {
    use warehouse::Error as E;

    Some(match error {
        E::Open { location, .. } if location.starts_with("postgres://") => {
            "is the server running, and is this its address? profiles.yml takes it from PGHOST and PGPORT"
        }
        E::Refused { .. } => {
            "check user, password and database: passwords come from the variables in profiles.yml, .env or ~/.pgpass; `filmstar init --target postgres` makes roles and database"
        }
        E::Denied { .. } => {
            "`filmstar init --target postgres` gives every role the rights that it needs"
        }
        E::TooOld { .. } => "upgrade the server, or name another with PGHOST and PGPORT",
        E::Lost { .. } => {
            "run the command again: what was done stays, and nothing half-done is visible"
        }
        E::Locked { .. } => {
            "wait for that session or end it, then run the command again; `warehouse.lock_timeout_s` says how long to wait"
        }
        E::OutOfSpace { .. } => {
            "make room on the server, then run the command again: it goes on where it stopped"
        }
        E::Busy { .. } => "wait for it to end, then run the command again",
        E::TooNew {
            what: "published build",
            ..
        } => {
            "install the newer release of Filmstar again, or `filmstar rollback` to the newest build of this one"
        }
        E::TooNew { .. } => "install the newer release of Filmstar again",
        E::NotPrepared { .. } => "run `filmstar load --target postgres` first",
        _ => return None,
    })
}
