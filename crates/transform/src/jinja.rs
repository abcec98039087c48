//! Jinja as dbt means it: the language of Jinja2 with Python's values (lists and dicts that macros change in
//! place, `return` with real values, Python's printing), rendered without any I/O of its own.
//!
//! Read in this order: `value`, `syntax`, `lexer`, `parser`, `interpreter`.

mod error;
mod filters;
mod interpreter;
mod lexer;
mod methods;
mod operators;
mod parser;
mod predicates;
mod printing;
mod syntax;
mod time;
mod value;

pub(crate) use error::{Error, Interrupt, Result, fail, fail_with_hint};
pub(crate) use interpreter::{Host, Interpreter, Macro};
pub(crate) use parser::parse;
pub(crate) use syntax::{Block, BlockKind, Template};
pub(crate) use time::Time;
pub(crate) use value::{Arguments, Dict, List, Object, Value};

/// JSON as Python's `json.dumps` writes it.
pub(crate) fn to_json_text(value: &Value, sort_keys: bool) -> String {
    printing::json(value, sort_keys)
}

#[cfg(test)]
mod tests;
