use std::rc::Rc;

use super::{Dict, Value};
use crate::jinja::{Result, fail, printing};

/// How deep values are compared, and how many of them; beyond are values that hold themselves.
const DEPTH_LIMIT: usize = 60;
const COUNT_LIMIT: usize = 1_000_000;

/// Python's `==`.
pub(crate) fn equal(a: &Value, b: &Value) -> Result<bool> {
    let mut comparison = Comparison {
        n_left: COUNT_LIMIT,
    };
    match comparison.equal(a, b, 0) {
        Some(is_equal) => Ok(is_equal),
        None => Err(fail("values are too large to compare")),
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        equal(self, other).unwrap_or(false)
    }
}

struct Comparison {
    n_left: usize,
}

impl Comparison {
    /// `None` when a limit is reached.
    fn equal(&mut self, a: &Value, b: &Value, depth: usize) -> Option<bool> {
        self.n_left = self.n_left.checked_sub(1)?;
        if depth > DEPTH_LIMIT {
            return None;
        }
        Some(match (a, b) {
            (Value::Undefined(_), Value::Undefined(_)) | (Value::None, Value::None) => true,
            (Value::String(a), Value::String(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                Rc::ptr_eq(a, b) || self.sequences(&a.borrow(), &b.borrow(), depth)?
            }
            (Value::Tuple(a), Value::Tuple(b)) => {
                Rc::ptr_eq(a, b) || self.sequences(a, b, depth)?
            }
            (Value::Dict(a), Value::Dict(b)) => {
                Rc::ptr_eq(a, b) || self.dicts(&a.borrow(), &b.borrow(), depth)?
            }
            (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b) || a.equals(&**b),
            (Value::Object(a), Value::String(_)) => {
                a.type_name() == "Relation" && a.print() == printing::print(b)
            }
            (a, b) => match (a.number(), b.number()) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        })
    }

    fn sequences(&mut self, a: &[Value], b: &[Value], depth: usize) -> Option<bool> {
        if a.len() != b.len() {
            return Some(false);
        }
        for (a, b) in a.iter().zip(b) {
            if !self.equal(a, b, depth + 1)? {
                return Some(false);
            }
        }
        Some(true)
    }

    fn dicts(&mut self, a: &Dict, b: &Dict, depth: usize) -> Option<bool> {
        if a.entries().len() != b.entries().len() {
            return Some(false);
        }
        for (key, value) in a.entries() {
            let Some(other) = b.get(key) else {
                return Some(false);
            };
            if !self.equal(value, other, depth + 1)? {
                return Some(false);
            }
        }
        Some(true)
    }
}
