use std::sync::Arc;

use super::{Value, syntax::Position};

/// Why a template could not be parsed or rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// Where it went wrong; `None` until the interpreter knows.
    pub(crate) at: Option<(Arc<str>, Position)>,
    /// The macros that were running, innermost first.
    pub(crate) macros: Vec<String>,
}

/// What leaves an expression or statement before its end.
#[derive(Debug, Clone)]
pub(crate) enum Interrupt {
    Error(Box<Error>),
    /// dbt's `return(value)`: ends the macro that runs.
    Return(Value),
    Break,
    Continue,
}

impl Interrupt {
    /// The error that an interrupt is where nothing can catch it.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Error(error) => *error,
            Self::Return(_) => Error::new("`return` outside of a macro"),
            Self::Break | Self::Continue => Error::new("`break` or `continue` outside of a loop"),
        }
    }
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            at: None,
            macros: Vec::new(),
        }
    }
}

impl From<Error> for Interrupt {
    fn from(error: Error) -> Self {
        Self::Error(Box::new(error))
    }
}

pub(crate) type Result<T, E = Interrupt> = std::result::Result<T, E>;

/// An error whose place the interpreter fills in.
pub(crate) fn fail(message: impl Into<String>) -> Interrupt {
    Error::new(message).into()
}

/// As [`fail`], with advice.
pub(crate) fn fail_with_hint(message: impl Into<String>, hint: impl Into<String>) -> Interrupt {
    Error {
        hint: Some(hint.into()),
        ..Error::new(message)
    }
    .into()
}
