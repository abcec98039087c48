use std::rc::Rc;

use super::{Arguments, Expression, ExpressionKind, Interpreter, Result, Scope, Value, fail};

/// Calls and loops inside each other; a guard for the stack.
const DEPTH_LIMIT: usize = 150;
/// Expressions inside each other, over all open calls; a guard for the stack.
const NESTING_LIMIT: usize = 1_000;
/// What one rendering may do: an expression is a step, and so is each value of a list it makes. It takes seconds.
const STEP_LIMIT: usize = 50_000_000;
/// The longest text in bytes.
const TEXT_LIMIT: usize = 100_000_000;
/// So many bytes of text are a step.
const TEXT_PER_STEP: usize = 64;

/// How far a rendering has come: a template ends, whatever it says.
#[derive(Default)]
pub(super) struct Limits {
    depth: usize,
    nesting: usize,
    n_steps: usize,
}

impl Limits {
    pub(super) fn spend(&mut self, n_steps: usize) -> Result<()> {
        self.n_steps = self.n_steps.saturating_add(n_steps);
        if self.n_steps > STEP_LIMIT {
            return Err(fail(format!(
                "template does not end: more than {STEP_LIMIT} steps"
            )));
        }
        Ok(())
    }

    /// Accounts for a value as large as it is.
    pub(super) fn weigh(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::String(text) if text.len() > TEXT_LIMIT => Err(fail("text is too long")),
            Value::String(text) => self.spend(text.len() / TEXT_PER_STEP),
            Value::List(values) => self.spend(values.borrow().len()),
            Value::Tuple(values) => self.spend(values.len()),
            Value::Dict(entries) => self.spend(entries.borrow().entries().len()),
            _ => Ok(()),
        }
    }

    /// Accounts for a method that looks at all of a list, or takes one over.
    pub(super) fn weigh_method(
        &mut self,
        receiver: &Value,
        method: &str,
        arguments: &Arguments,
    ) -> Result<()> {
        match (receiver, method) {
            (Value::List(_), "append" | "pop" | "clear") => Ok(()),
            (Value::List(_), "extend") => match arguments.positional.first() {
                Some(values) => self.weigh(values),
                None => Ok(()),
            },
            (Value::Dict(entries), "update") => self.spend(entries.borrow().entries().len() / 16),
            (Value::List(_) | Value::String(_), _) => self.weigh(receiver),
            _ => Ok(()),
        }
    }
}

impl Interpreter {
    pub(super) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.limits.depth >= DEPTH_LIMIT {
            return Err(fail("macros and loops nest too deep"));
        }
        self.limits.depth += 1;
        let result = run(self);
        self.limits.depth -= 1;
        result
    }

    /// Evaluates an expression as one step, and what it takes and makes as more.
    pub(super) fn limited(&mut self, expression: &Expression, scope: &Rc<Scope>) -> Result<Value> {
        self.limits.spend(1)?;
        if self.limits.nesting >= NESTING_LIMIT {
            return Err(fail("expressions nest too deep"));
        }
        self.limits.nesting += 1;
        let result = self.evaluate_kind(expression, scope);
        self.limits.nesting -= 1;
        let value = result?;
        let makes_values = matches!(
            expression.kind,
            ExpressionKind::Binary(..)
                | ExpressionKind::Filter(..)
                | ExpressionKind::Call(..)
                | ExpressionKind::Slice(..)
        );
        if makes_values {
            self.limits.weigh(&value)?;
        }
        Ok(value)
    }
}
