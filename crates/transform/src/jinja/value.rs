use std::{cell::RefCell, fmt, rc::Rc};

use super::{Interpreter, Interrupt, Result, fail, printing};

mod containers;
mod equality;
mod json;

pub(super) use containers::release;
pub(crate) use containers::{List, Tuple};
pub(super) use equality::equal;

/// A value as Python has it. Lists and dicts are shared and can change in place.
#[derive(Clone)]
pub(crate) enum Value {
    /// A name that is not there; prints as nothing, fails when used.
    Undefined(Rc<str>),
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(Rc<str>),
    List(Rc<List>),
    Tuple(Rc<Tuple>),
    Dict(Rc<RefCell<Dict>>),
    Object(Rc<dyn Object>),
}

/// Something with attributes, methods or a call of its own.
pub(crate) trait Object {
    /// Python's name for the type.
    fn type_name(&self) -> &'static str;

    fn attribute(&self, _name: &str) -> Option<Value> {
        None
    }

    /// Sets an attribute (`{% set ns.x = … %}`); `false` when it has none that can be set.
    fn set_attribute(&self, _name: &str, _value: Value) -> bool {
        false
    }

    fn call(&self, _interpreter: &mut Interpreter, _arguments: Arguments) -> Result<Value> {
        Err(fail(format!(
            "`{}` object is not callable",
            self.type_name()
        )))
    }

    /// `None` when there is no such method.
    fn call_method(
        &self,
        interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        self.attribute(name)
            .map(|method| method.call(interpreter, arguments))
    }

    fn is_callable(&self) -> bool {
        false
    }

    fn items(&self) -> Option<Vec<Value>> {
        None
    }

    fn print(&self) -> String {
        format!("<{}>", self.type_name())
    }

    /// Whether Python would call it a mapping.
    fn is_mapping(&self) -> bool {
        false
    }

    /// The date, time or span that it is.
    fn time(&self) -> Option<super::Time> {
        None
    }

    /// Equal objects print the same unless they say otherwise.
    fn equals(&self, other: &dyn Object) -> bool {
        self.type_name() == other.type_name() && self.print() == other.print()
    }
}

/// The arguments of a call.
#[derive(Clone, Default, Debug)]
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Value>,
    pub(crate) keyword: Vec<(Rc<str>, Value)>,
}

impl Arguments {
    pub(crate) fn positional(values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            positional: values.into_iter().collect(),
            keyword: Vec::new(),
        }
    }

    /// The argument at a position or of that name.
    pub(crate) fn get(&self, index: usize, name: &str) -> Option<&Value> {
        self.positional.get(index).or_else(|| self.keyword(name))
    }

    pub(crate) fn keyword(&self, name: &str) -> Option<&Value> {
        self.keyword
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn require(&self, index: usize, name: &str) -> Result<&Value> {
        self.get(index, name)
            .ok_or_else(|| fail(format!("missing argument `{name}`")))
    }

    pub(crate) fn text(&self, index: usize, name: &str) -> Result<Rc<str>> {
        match self.require(index, name)? {
            Value::String(text) => Ok(Rc::clone(text)),
            other => Err(fail(format!(
                "argument `{name}` must be a string, not `{}`",
                other.type_name()
            ))),
        }
    }

    pub(crate) fn integer(&self, index: usize, name: &str, default: i64) -> Result<i64> {
        match self.get(index, name) {
            None | Some(Value::None) => Ok(default),
            Some(Value::Int(number)) => Ok(*number),
            Some(Value::Bool(flag)) => Ok(i64::from(*flag)),
            Some(other) => Err(fail(format!(
                "argument `{name}` must be a number, not `{}`",
                other.type_name()
            ))),
        }
    }

    pub(crate) fn flag(&self, index: usize, name: &str, default: bool) -> bool {
        self.get(index, name).map_or(default, Value::is_true)
    }
}

/// A dict in insertion order. Linear: the dicts of a dbt project are small.
#[derive(Clone, Default, Debug)]
pub(crate) struct Dict {
    entries: Vec<(Value, Value)>,
}

impl Dict {
    pub(crate) fn get(&self, key: &Value) -> Option<&Value> {
        self.entries
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, value)| value)
    }

    pub(crate) fn get_text(&self, key: &str) -> Option<&Value> {
        self.entries
            .iter()
            .find(|(k, _)| k.as_text() == Some(key))
            .map(|(_, value)| value)
    }

    pub(crate) fn insert(&mut self, key: Value, value: Value) {
        match self.entries.iter_mut().find(|(k, _)| *k == key) {
            Some(entry) => entry.1 = value,
            None => self.entries.push((key, value)),
        }
    }

    pub(crate) fn remove(&mut self, key: &Value) -> Option<Value> {
        let index = self.entries.iter().position(|(k, _)| k == key)?;
        Some(self.entries.remove(index).1)
    }

    pub(crate) fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    pub(crate) fn entries_mut(&mut self) -> &mut Vec<(Value, Value)> {
        &mut self.entries
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        release(self.entries.drain(..).flat_map(|(key, value)| [key, value]));
    }
}

impl FromIterator<(Value, Value)> for Dict {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(entries: I) -> Self {
        let mut dict = Self::default();
        for (key, value) in entries {
            dict.insert(key, value);
        }
        dict
    }
}

struct Function<F> {
    name: &'static str,
    body: F,
}

impl<F: Fn(&mut Interpreter, Arguments) -> Result<Value>> Object for Function<F> {
    fn type_name(&self) -> &'static str {
        "function"
    }

    fn call(&self, interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        (self.body)(interpreter, arguments)
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn print(&self) -> String {
        format!("<function {}>", self.name)
    }
}

impl Value {
    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        Self::String(Rc::from(text.as_ref()))
    }

    pub(crate) fn list(values: impl IntoIterator<Item = Value>) -> Self {
        Self::List(Rc::new(List::new(values.into_iter().collect())))
    }

    pub(crate) fn tuple(values: impl IntoIterator<Item = Value>) -> Self {
        Self::Tuple(Rc::new(Tuple::new(values.into_iter().collect())))
    }

    pub(crate) fn dict<K: AsRef<str>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::from(
            entries
                .into_iter()
                .map(|(key, value)| (Self::text(key), value))
                .collect::<Dict>(),
        )
    }

    pub(crate) fn object(object: impl Object + 'static) -> Self {
        Self::Object(Rc::new(object))
    }

    pub(crate) fn function(
        name: &'static str,
        body: impl Fn(&mut Interpreter, Arguments) -> Result<Value> + 'static,
    ) -> Self {
        Self::object(Function { name, body })
    }

    pub(crate) fn undefined(name: &str) -> Self {
        Self::Undefined(Rc::from(name))
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether other values may hang on it.
    fn holds_values(&self) -> bool {
        matches!(
            self,
            Self::List(_) | Self::Tuple(_) | Self::Dict(_) | Self::Object(_)
        )
    }

    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined(_))
    }

    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Undefined(_) | Self::None => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::String(text) => !text.is_empty(),
            Self::List(values) => !values.borrow().is_empty(),
            Self::Tuple(values) => !values.is_empty(),
            Self::Dict(dict) => !dict.borrow().entries().is_empty(),
            Self::Object(object) => object.items().is_none_or(|items| !items.is_empty()),
        }
    }

    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined(_) => "Undefined",
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::String(_) => "str",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Object(object) => object.type_name(),
        }
    }

    /// The values a `for` meets.
    pub(crate) fn items(&self) -> Result<Vec<Value>> {
        match self {
            Self::Undefined(_) => Ok(Vec::new()),
            Self::List(values) => Ok(values.borrow().clone()),
            Self::Tuple(values) => Ok(values.to_vec()),
            Self::Dict(dict) => Ok(dict
                .borrow()
                .entries()
                .iter()
                .map(|(key, _)| key.clone())
                .collect()),
            Self::String(text) => Ok(text.chars().map(|c| Self::text(c.to_string())).collect()),
            Self::Object(object) if object.items().is_some() => {
                Ok(object.items().unwrap_or_default())
            }
            other => Err(fail(format!(
                "`{}` object is not iterable",
                other.type_name()
            ))),
        }
    }

    pub(crate) fn length(&self) -> Result<usize> {
        match self {
            Self::String(text) => Ok(text.chars().count()),
            Self::Undefined(_) => Ok(0),
            other => other
                .items()
                .map(|items| items.len())
                .map_err(|_| fail(format!("`{}` object has no length", other.type_name()))),
        }
    }

    pub(crate) fn call(
        &self,
        interpreter: &mut Interpreter,
        arguments: Arguments,
    ) -> Result<Value> {
        match self {
            Self::Object(object) => object.call(interpreter, arguments),
            Self::Undefined(name) => Err(fail(format!("`{name}` is undefined"))),
            other => Err(fail(format!(
                "`{}` object is not callable",
                other.type_name()
            ))),
        }
    }

    /// What `.name` gives; undefined when there is none.
    pub(crate) fn attribute(&self, name: &str) -> Result<Value> {
        let found = match self {
            Self::Undefined(missing) => return Err(undefined_error(missing)),
            Self::Dict(dict) => dict.borrow().get_text(name).cloned(),
            Self::Object(object) => object.attribute(name),
            _ => None,
        };
        Ok(found.unwrap_or_else(|| Self::undefined(name)))
    }

    /// What `[key]` gives; undefined when there is none.
    pub(crate) fn item(&self, key: &Value) -> Result<Value> {
        let found = match (self, key) {
            (Self::Undefined(missing), _) => return Err(undefined_error(missing)),
            (Self::Dict(dict), _) => dict.borrow().get(key).cloned(),
            (Self::Object(object), Self::String(name)) => object.attribute(name),
            (Self::List(values), Self::Int(index)) => at(&values.borrow(), *index),
            (Self::Tuple(values), Self::Int(index)) => at(values, *index),
            (Self::String(_) | Self::Object(_), Self::Int(index)) => at(&self.items()?, *index),
            _ => None,
        };
        Ok(found.unwrap_or_else(|| Self::undefined(&printing::print(key))))
    }
}

/// The value at an index, which counts from the end below zero.
fn at(values: &[Value], index: i64) -> Option<Value> {
    let from_start = if index < 0 {
        index + values.len() as i64
    } else {
        index
    };
    values.get(usize::try_from(from_start).ok()?).cloned()
}

fn undefined_error(name: &str) -> Interrupt {
    fail(format!("`{name}` is undefined"))
}

impl From<Dict> for Value {
    fn from(dict: Dict) -> Self {
        Self::Dict(Rc::new(RefCell::new(dict)))
    }
}

impl Value {
    /// The number that a bool, int or float is in arithmetic.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Bool(flag) => Some(f64::from(u8::from(*flag))),
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printing::print(self))
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printing::represent(self))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(Rc::from(text))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}
