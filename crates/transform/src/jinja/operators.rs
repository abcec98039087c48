use std::{cell::RefCell, cmp::Ordering, rc::Rc};

use super::{
    Arguments, Dict, Interpreter, Object, Result, Value, fail,
    syntax::{BinaryOperator, Comparison},
    value::equal,
};

/// The names that Jinja itself gives every template.
pub(super) fn builtin(name: &str) -> Option<Value> {
    match name {
        "range" => Some(Value::function("range", |_, arguments| range(&arguments))),
        "dict" => Some(Value::function("dict", |_, arguments| dict(&arguments))),
        "namespace" => Some(Value::function("namespace", |_, arguments| {
            let Value::Dict(entries) = dict(&arguments)? else {
                return Ok(Value::None);
            };
            Ok(Value::object(Namespace { entries }))
        })),
        _ => None,
    }
}

/// `{% set ns = namespace(x=1) %}`: values that inner scopes can change.
struct Namespace {
    entries: Rc<RefCell<Dict>>,
}

impl Object for Namespace {
    fn type_name(&self) -> &'static str {
        "Namespace"
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        self.entries.borrow().get_text(name).cloned()
    }

    fn set_attribute(&self, name: &str, value: Value) -> bool {
        self.entries.borrow_mut().insert(Value::text(name), value);
        true
    }

    fn print(&self) -> String {
        format!(
            "<Namespace {}>",
            super::printing::represent(&Value::Dict(Rc::clone(&self.entries)))
        )
    }
}

/// As many items as a template may ask of `range`, as in Jinja's sandbox.
const RANGE_LIMIT: i64 = 100_000;

fn range(arguments: &Arguments) -> Result<Value> {
    let numbers: Vec<i64> = (0..arguments.positional.len())
        .map(|index| arguments.integer(index, "range", 0))
        .collect::<Result<_>>()?;
    let (start, stop, step) = match numbers[..] {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step] if step != 0 => (start, stop, step),
        _ => return Err(fail("range takes one to three numbers, the third not zero")),
    };
    let mut values = Vec::new();
    let mut current = start;
    while (step > 0 && current < stop) || (step < 0 && current > stop) {
        if values.len() as i64 >= RANGE_LIMIT {
            return Err(fail(format!(
                "range is too long: at most {RANGE_LIMIT} items"
            )));
        }
        values.push(Value::Int(current));
        current = current
            .checked_add(step)
            .ok_or_else(|| fail("range overflows"))?;
    }
    Ok(Value::list(values))
}

pub(super) fn dict(arguments: &Arguments) -> Result<Value> {
    let mut result = Dict::default();
    if let Some(first) = arguments.positional.first() {
        merge_into(&mut result, first)?;
    }
    for (key, value) in &arguments.keyword {
        result.insert(Value::text(key), value.clone());
    }
    Ok(Value::from(result))
}

/// Adds the entries of a dict, or pairs, to a dict.
pub(super) fn merge_into(target: &mut Dict, source: &Value) -> Result<()> {
    if let Value::Dict(source) = source {
        let entries = source.borrow().entries().to_vec();
        for (key, value) in entries {
            target.insert(key, value);
        }
        return Ok(());
    }
    for pair in source.items()? {
        let [key, value] = <[Value; 2]>::try_from(pair.items()?)
            .map_err(|_| fail("expected pairs of key and value"))?;
        target.insert(key, value);
    }
    Ok(())
}

/// `value.name`: an attribute, or a method as a value.
pub(super) fn attribute(value: &Value, name: &str) -> Result<Value> {
    let found = value.attribute(name)?;
    if found.is_undefined() && super::methods::exists(value, name) {
        let (receiver, method) = (value.clone(), name.to_owned());
        return Ok(Value::function(
            "method",
            move |interpreter: &mut Interpreter, arguments| {
                super::methods::call(interpreter, &receiver, &method, arguments)
            },
        ));
    }
    Ok(found)
}

pub(super) fn negate(value: &Value) -> Result<Value> {
    match value {
        Value::Int(number) => number
            .checked_neg()
            .map(Value::Int)
            .ok_or_else(|| fail("number overflows")),
        Value::Float(number) => Ok(Value::Float(-number)),
        Value::Bool(flag) => Ok(Value::Int(-i64::from(*flag))),
        other => Err(fail(format!(
            "bad operand type for unary -: `{}`",
            other.type_name()
        ))),
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(flag) => Some(i64::from(*flag)),
        _ => None,
    }
}

pub(super) fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Result<Value> {
    if operator == BinaryOperator::Concatenate {
        return Ok(Value::from(format!("{left}{right}")));
    }
    for side in [left, right] {
        if let Value::Undefined(name) = side {
            return Err(fail(format!("`{name}` is undefined")));
        }
    }
    match (operator, left, right) {
        (BinaryOperator::Add, Value::String(a), Value::String(b)) => {
            return Ok(Value::from(format!("{a}{b}")));
        }
        (BinaryOperator::Add, Value::List(a), Value::List(b)) => {
            return Ok(Value::list(
                a.borrow()
                    .iter()
                    .chain(b.borrow().iter())
                    .cloned()
                    .collect::<Vec<_>>(),
            ));
        }
        (BinaryOperator::Add, Value::Tuple(a), Value::Tuple(b)) => {
            return Ok(Value::tuple(a.iter().chain(b.iter()).cloned()));
        }
        (BinaryOperator::Remainder, Value::String(format), arguments) => {
            return super::methods::percent_format(format, arguments).map(Value::from);
        }
        (BinaryOperator::Multiply, Value::String(text), count)
        | (BinaryOperator::Multiply, count, Value::String(text)) => {
            if let Some(count) = integer(count) {
                return Ok(Value::from(text.repeat(repeat_count(text.len(), count)?)));
            }
        }
        (BinaryOperator::Multiply, Value::List(values), count) => {
            if let Some(count) = integer(count) {
                let values = values.borrow();
                let count = repeat_count(values.len(), count)?;
                return Ok(Value::list(
                    (0..count)
                        .flat_map(|_| values.iter().cloned())
                        .collect::<Vec<_>>(),
                ));
            }
        }
        (operator, Value::Object(a), Value::Object(b)) => {
            if let (Some(a), Some(b)) = (a.time(), b.time())
                && let Some(result) = a.binary(operator, b)
            {
                return Ok(result.into_value());
            }
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (integer(left), integer(right))
        && let Some(result) = integers(operator, a, b)
    {
        return result;
    }
    match (left.number(), right.number()) {
        (Some(a), Some(b)) => floats(operator, a, b),
        _ => Err(fail(format!(
            "unsupported operand types for `{}`: `{}` and `{}`",
            symbol(operator),
            left.type_name(),
            right.type_name()
        ))),
    }
}

fn repeat_count(length: usize, count: i64) -> Result<usize> {
    if length == 0 {
        return Ok(0);
    }
    let count = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
    if length.saturating_mul(count) > 10_000_000 {
        return Err(fail("repetition is too long"));
    }
    Ok(count)
}

fn symbol(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::FloorDivide => "//",
        BinaryOperator::Remainder => "%",
        BinaryOperator::Power => "**",
        BinaryOperator::Concatenate => "~",
    }
}

/// Whole-number arithmetic; `None` when the result is a float.
fn integers(operator: BinaryOperator, a: i64, b: i64) -> Option<Result<Value>> {
    let overflow = || fail("number overflows");
    let whole = |result: Option<i64>| Some(result.map(Value::Int).ok_or_else(overflow));
    match operator {
        BinaryOperator::Add => whole(a.checked_add(b)),
        BinaryOperator::Subtract => whole(a.checked_sub(b)),
        BinaryOperator::Multiply => whole(a.checked_mul(b)),
        BinaryOperator::FloorDivide | BinaryOperator::Remainder if b == 0 => {
            Some(Err(fail("division by zero")))
        }
        BinaryOperator::FloorDivide => whole(a.checked_div(b).map(|quotient| {
            if a % b != 0 && (a < 0) != (b < 0) {
                quotient - 1
            } else {
                quotient
            }
        })),
        BinaryOperator::Remainder => whole(a.checked_rem(b).map(|rest| {
            if rest != 0 && (rest < 0) != (b < 0) {
                rest + b
            } else {
                rest
            }
        })),
        BinaryOperator::Power if b >= 0 => {
            whole(u32::try_from(b).ok().and_then(|power| a.checked_pow(power)))
        }
        _ => None,
    }
}

fn floats(operator: BinaryOperator, a: f64, b: f64) -> Result<Value> {
    let divides = matches!(
        operator,
        BinaryOperator::Divide | BinaryOperator::FloorDivide | BinaryOperator::Remainder
    );
    if divides && b == 0.0 {
        return Err(fail("division by zero"));
    }
    Ok(Value::Float(match operator {
        BinaryOperator::Add => a + b,
        BinaryOperator::Subtract => a - b,
        BinaryOperator::Multiply => a * b,
        BinaryOperator::Divide => a / b,
        BinaryOperator::FloorDivide => (a / b).floor(),
        BinaryOperator::Remainder => a - b * (a / b).floor(),
        BinaryOperator::Power | BinaryOperator::Concatenate => a.powf(b),
    }))
}

pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value) -> Result<bool> {
    Ok(match comparison {
        Comparison::Equal => equal(left, right)?,
        Comparison::NotEqual => !equal(left, right)?,
        Comparison::In => contains(right, left)?,
        Comparison::NotIn => !contains(right, left)?,
        Comparison::Less => order(left, right)? == Ordering::Less,
        Comparison::LessOrEqual => order(left, right)? != Ordering::Greater,
        Comparison::Greater => order(left, right)? == Ordering::Greater,
        Comparison::GreaterOrEqual => order(left, right)? != Ordering::Less,
    })
}

pub(super) fn contains(container: &Value, value: &Value) -> Result<bool> {
    match (container, value) {
        (Value::String(text), Value::String(part)) => Ok(text.contains(&**part)),
        (Value::Dict(dict), key) => Ok(dict.borrow().get(key).is_some()),
        (Value::List(values), value) => Ok(values.borrow().contains(value)),
        (Value::Tuple(values), value) => Ok(values.contains(value)),
        (container, value) => Ok(container.items()?.contains(value)),
    }
}

/// How deep lists inside lists are put in order.
const ORDER_DEPTH_LIMIT: usize = 60;

/// Python's ordering: numbers with numbers, text with text, lists item by item.
pub(super) fn order(left: &Value, right: &Value) -> Result<Ordering> {
    ordering(left, right, 0)
}

fn ordering(left: &Value, right: &Value, depth: usize) -> Result<Ordering> {
    if depth > ORDER_DEPTH_LIMIT {
        return Err(fail("values nest too deep to compare"));
    }
    match (left, right) {
        (Value::String(a), Value::String(b)) => return Ok(a.cmp(b)),
        (Value::Int(a), Value::Int(b)) => return Ok(a.cmp(b)),
        (Value::List(_), Value::List(_)) | (Value::Tuple(_), Value::Tuple(_)) => {
            let (a, b) = (left.items()?, right.items()?);
            for (a, b) in a.iter().zip(&b) {
                if !equal(a, b)? {
                    return ordering(a, b, depth + 1);
                }
            }
            return Ok(a.len().cmp(&b.len()));
        }
        (Value::Object(a), Value::Object(b)) => {
            if let (Some(a), Some(b)) = (a.time(), b.time())
                && let Some(ordering) = a.order(b)
            {
                return Ok(ordering);
            }
        }
        _ => {}
    }
    match (left.number(), right.number()) {
        (Some(a), Some(b)) => Ok(a.partial_cmp(&b).unwrap_or(Ordering::Equal)),
        _ => Err(fail(format!(
            "cannot compare `{}` with `{}`",
            left.type_name(),
            right.type_name()
        ))),
    }
}

/// `value[start:stop:step]`.
pub(super) fn slice(value: &Value, [start, stop, step]: [Option<i64>; 3]) -> Result<Value> {
    let items = value.items()?;
    let length = items.len() as i64;
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(fail("slice step cannot be zero"));
    }
    let clamp = |bound: Option<i64>, default: i64, low: i64, high: i64| {
        bound.map_or(default, |bound| {
            if bound < 0 {
                bound.saturating_add(length)
            } else {
                bound
            }
            .clamp(low, high)
        })
    };
    let mut picked = Vec::new();
    if step > 0 {
        let (mut index, stop) = (clamp(start, 0, 0, length), clamp(stop, length, 0, length));
        while index < stop {
            picked.push(items[index as usize].clone());
            index = index.saturating_add(step);
        }
    } else {
        let (mut index, stop) = (
            clamp(start, length - 1, -1, length - 1),
            clamp(stop, -1, -1, length - 1),
        );
        while index > stop {
            picked.push(items[index as usize].clone());
            index = index.saturating_add(step);
        }
    }
    Ok(match value {
        Value::String(_) => Value::from(picked.iter().map(ToString::to_string).collect::<String>()),
        Value::Tuple(_) => Value::tuple(picked),
        _ => Value::list(picked),
    })
}
