use std::{cell::RefCell, rc::Rc};

use super::{Arguments, Dict, Interpreter, List, Result, Value, fail, operators};

mod text;

pub(super) use text::percent_format;

const LIST_METHODS: [&str; 11] = [
    "append", "extend", "insert", "pop", "remove", "sort", "reverse", "index", "count", "copy",
    "clear",
];
const DICT_METHODS: [&str; 11] = [
    "items",
    "keys",
    "values",
    "get",
    "update",
    "pop",
    "setdefault",
    "copy",
    "clear",
    "popitem",
    "fromkeys",
];

/// Whether a value of a built-in type has a method.
pub(super) fn exists(value: &Value, name: &str) -> bool {
    match value {
        Value::String(_) => text::NAMES.contains(&name),
        Value::List(_) | Value::Tuple(_) => LIST_METHODS.contains(&name),
        Value::Dict(_) => DICT_METHODS.contains(&name),
        _ => false,
    }
}

/// `receiver.name(arguments)`.
pub(crate) fn call(
    interpreter: &mut Interpreter,
    receiver: &Value,
    name: &str,
    arguments: Arguments,
) -> Result<Value> {
    let missing = || {
        fail(format!(
            "`{}` object has no method `{name}`",
            receiver.type_name()
        ))
    };
    match receiver {
        Value::Undefined(undefined) => Err(fail(format!("`{undefined}` is undefined"))),
        Value::String(receiver) => text::call(receiver, name, &arguments)?.ok_or_else(missing),
        Value::List(list) => list_method(interpreter, list, name, &arguments)?.ok_or_else(missing),
        Value::Tuple(values) => {
            let copy = List::new(values.to_vec());
            match name {
                "index" | "count" => {
                    list_method(interpreter, &copy, name, &arguments)?.ok_or_else(missing)
                }
                _ => Err(missing()),
            }
        }
        Value::Dict(dict) => match dict_method(dict, name, &arguments)? {
            Some(value) => Ok(value),
            None => {
                let member = dict.borrow().get_text(name).cloned();
                member.ok_or_else(missing)?.call(interpreter, arguments)
            }
        },
        Value::Object(object) => match object.call_method(interpreter, name, arguments) {
            Some(result) => result,
            None => Err(missing()),
        },
        _ => Err(missing()),
    }
}

fn position(list: &List, index: i64) -> Result<usize> {
    let length = list.borrow().len() as i64;
    let index = if index < 0 { index + length } else { index };
    usize::try_from(index)
        .ok()
        .filter(|index| (*index as i64) < length)
        .ok_or_else(|| fail("list index out of range"))
}

fn list_method(
    interpreter: &mut Interpreter,
    list: &List,
    name: &str,
    arguments: &Arguments,
) -> Result<Option<Value>> {
    Ok(Some(match name {
        "append" => {
            let value = arguments.require(0, "object")?.clone();
            list.borrow_mut().push(value);
            Value::None
        }
        "extend" => {
            let values = arguments.require(0, "iterable")?.items()?;
            list.borrow_mut().extend(values);
            Value::None
        }
        "insert" => {
            let length = list.borrow().len() as i64;
            let index = arguments.integer(0, "index", 0)?;
            let index = if index < 0 {
                index.saturating_add(length).max(0)
            } else {
                index.min(length)
            };
            let value = arguments.require(1, "object")?.clone();
            list.borrow_mut().insert(index as usize, value);
            Value::None
        }
        "pop" => {
            let index = position(list, arguments.integer(0, "index", -1)?)?;
            list.borrow_mut().remove(index)
        }
        "remove" => {
            let value = arguments.require(0, "value")?;
            let index = list.borrow().iter().position(|item| item == value);
            let index = index.ok_or_else(|| fail("list.remove(x): x not in list"))?;
            drop(list.borrow_mut().remove(index));
            Value::None
        }
        "index" => {
            let value = arguments.require(0, "value")?;
            let index = list.borrow().iter().position(|item| item == value);
            Value::Int(index.ok_or_else(|| fail(format!("{value:?} is not in list")))? as i64)
        }
        "count" => {
            let value = arguments.require(0, "value")?;
            Value::Int(list.borrow().iter().filter(|item| *item == value).count() as i64)
        }
        "sort" => {
            let values = Value::list(list.borrow().clone());
            let options = Arguments {
                positional: Vec::new(),
                keyword: vec![
                    (
                        Rc::from("reverse"),
                        Value::Bool(arguments.flag(0, "reverse", false)),
                    ),
                    (Rc::from("case_sensitive"), Value::Bool(true)),
                ],
            };
            let sorted = super::filters::apply(interpreter, "sort", values, &options)?.items()?;
            *list.borrow_mut() = sorted;
            Value::None
        }
        "reverse" => {
            list.borrow_mut().reverse();
            Value::None
        }
        "copy" => Value::list(list.borrow().clone()),
        "clear" => {
            list.borrow_mut().clear();
            Value::None
        }
        _ => return Ok(None),
    }))
}

fn dict_method(
    dict: &Rc<RefCell<Dict>>,
    name: &str,
    arguments: &Arguments,
) -> Result<Option<Value>> {
    let fallback = |index| {
        arguments
            .get(index, "default")
            .cloned()
            .unwrap_or(Value::None)
    };
    Ok(Some(match name {
        "items" => {
            let pairs = dict
                .borrow()
                .entries()
                .iter()
                .map(|(k, v)| Value::tuple([k.clone(), v.clone()]))
                .collect::<Vec<_>>();
            Value::list(pairs)
        }
        "keys" => Value::list(
            dict.borrow()
                .entries()
                .iter()
                .map(|(key, _)| key.clone())
                .collect::<Vec<_>>(),
        ),
        "values" => Value::list(
            dict.borrow()
                .entries()
                .iter()
                .map(|(_, value)| value.clone())
                .collect::<Vec<_>>(),
        ),
        "get" => {
            let found = dict.borrow().get(arguments.require(0, "key")?).cloned();
            found.unwrap_or_else(|| fallback(1))
        }
        "update" => {
            let mut added = Dict::default();
            if let Some(source) = arguments.positional.first() {
                operators::merge_into(&mut added, source)?;
            }
            let mut dict = dict.borrow_mut();
            for (key, value) in added.entries() {
                dict.insert(key.clone(), value.clone());
            }
            for (key, value) in &arguments.keyword {
                dict.insert(Value::text(key), value.clone());
            }
            Value::None
        }
        "pop" => {
            let key = arguments.require(0, "key")?;
            let removed = dict.borrow_mut().remove(key);
            match (removed, arguments.get(1, "default")) {
                (Some(value), _) => value,
                (None, Some(default)) => default.clone(),
                (None, None) => return Err(fail(format!("key {key:?} is not in dict"))),
            }
        }
        "popitem" => {
            let last = dict.borrow_mut().entries_mut().pop();
            let (key, value) = last.ok_or_else(|| fail("dict is empty"))?;
            Value::tuple([key, value])
        }
        "setdefault" => {
            let key = arguments.require(0, "key")?;
            let found = dict.borrow().get(key).cloned();
            found.unwrap_or_else(|| {
                let value = fallback(1);
                dict.borrow_mut().insert(key.clone(), value.clone());
                value
            })
        }
        "copy" => Value::from(dict.borrow().clone()),
        "clear" => {
            dict.borrow_mut().entries_mut().clear();
            Value::None
        }
        _ => return Ok(None),
    }))
}
