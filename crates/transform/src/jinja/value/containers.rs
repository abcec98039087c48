//! What holds values. A template can nest values deeper than the stack reaches (`{% set ns.x = [ns.x] %}` in a loop),
//! so that containers let go of theirs one after the other instead of inside each other.

use std::{cell::RefCell, ops::Deref};

use super::Value;

/// A list's values.
#[derive(Default)]
pub(crate) struct List(RefCell<Vec<Value>>);

/// A tuple's values.
pub(crate) struct Tuple(Vec<Value>);

impl List {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self(RefCell::new(values))
    }
}

impl Tuple {
    pub(super) fn new(values: Vec<Value>) -> Self {
        Self(values)
    }
}

impl Deref for List {
    type Target = RefCell<Vec<Value>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Deref for Tuple {
    type Target = Vec<Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Drop for List {
    fn drop(&mut self) {
        release(self.0.get_mut().drain(..));
    }
}

impl Drop for Tuple {
    fn drop(&mut self) {
        release(self.0.drain(..));
    }
}

thread_local! {
    /// What containers held that are going away; none while none is.
    static RELEASED: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// Drops values without going deeper into the stack for each container inside another.
pub(crate) fn release(values: impl Iterator<Item = Value>) {
    let nested: Vec<Value> = values.filter(Value::holds_values).collect();
    if nested.is_empty() {
        return;
    }
    let mut nested = Some(nested);
    let is_outermost = RELEASED.try_with(|released| match &mut *released.borrow_mut() {
        Some(waiting) => {
            waiting.extend(nested.take().into_iter().flatten());
            false
        }
        none => {
            *none = nested.take();
            true
        }
    });
    if is_outermost != Ok(true) {
        return;
    }
    let next = || RELEASED.with(|released| released.borrow_mut().as_mut().and_then(Vec::pop));
    while let Some(value) = next() {
        drop(value);
    }
    RELEASED.with(|released| *released.borrow_mut() = None);
}
