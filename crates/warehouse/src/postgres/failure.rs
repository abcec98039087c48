//! The server's errors in our words.

use std::error::Error as StdError;

use tokio_postgres::{
    Error as ServerError,
    error::{DbError, ErrorPosition, SqlState},
};

use crate::Error;

/// Why no connection came about.
pub(super) fn opening(error: &ServerError, location: &str) -> Error {
    let location = location.to_owned();
    let Some(said) = error.as_db_error() else {
        // The driver's own words only say that it was connecting.
        let message = match error.source() {
            Some(source) => chain(source),
            None => error.to_string(),
        };
        if message == "password missing" {
            return Error::Refused {
                location,
                message: "the server asks for a password, and there is none".to_owned(),
            };
        }
        return Error::Open { location, message };
    };
    let message = sentence(said);
    match said.code() {
        code if code.code().starts_with("28") => Error::Refused { location, message },
        &SqlState::INVALID_CATALOG_NAME
        | &SqlState::INSUFFICIENT_PRIVILEGE
        | &SqlState::UNDEFINED_OBJECT => Error::Refused { location, message },
        _ => Error::Open { location, message },
    }
}

/// Why a statement failed. `was_cancelled` tells a cancellation from the server's own time limit.
pub(super) fn running(
    error: &ServerError,
    sql: &str,
    location: &str,
    was_cancelled: bool,
) -> Error {
    let Some(said) = error.as_db_error() else {
        // An encoding or decoding problem has a source and leaves the connection open.
        return if error.is_closed()
            || error
                .source()
                .is_some_and(|source| source.is::<std::io::Error>())
        {
            Error::Lost {
                location: location.to_owned(),
                message: chain(error),
            }
        } else {
            Error::Sql {
                message: chain(error),
                sql: sql.to_owned(),
            }
        };
    };
    let message = sentence(said);
    match said.code() {
        &SqlState::QUERY_CANCELED if was_cancelled => Error::Cancelled,
        &SqlState::LOCK_NOT_AVAILABLE => Error::Locked {
            holders: Vec::new(),
            sql: sql.to_owned(),
        },
        &SqlState::DISK_FULL => Error::OutOfSpace { message },
        &SqlState::INSUFFICIENT_PRIVILEGE => Error::Denied {
            location: location.to_owned(),
            message,
        },
        &SqlState::ADMIN_SHUTDOWN
        | &SqlState::CRASH_SHUTDOWN
        | &SqlState::CANNOT_CONNECT_NOW
        | &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => Error::Lost {
            location: location.to_owned(),
            message,
        },
        _ => Error::Sql {
            message: placed(said, message, sql),
            sql: sql.to_owned(),
        },
    }
}

fn sentence(said: &DbError) -> String {
    let mut message = said.message().to_owned();
    for more in [said.detail(), said.hint()].into_iter().flatten() {
        message.push_str(" (");
        message.push_str(more.trim_end_matches('.'));
        message.push(')');
    }
    message
}

/// With the line of the statement, where the server tells the place.
fn placed(said: &DbError, message: String, sql: &str) -> String {
    let Some(ErrorPosition::Original(position)) = said.position() else {
        return message;
    };
    // The server counts characters from 1.
    let before = sql.chars().take((*position as usize).saturating_sub(1));
    let number = before.filter(|character| *character == '\n').count();
    let Some(line) = sql.lines().nth(number).filter(|_| sql.lines().count() > 1) else {
        return message;
    };
    format!("{message}\nline {}: {}", number + 1, line.trim())
}

/// An error with what lies underneath it.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let words = inner.to_string();
        if !message.contains(&words) {
            message = format!("{message}: {words}");
        }
        source = inner.source();
    }
    message
}
