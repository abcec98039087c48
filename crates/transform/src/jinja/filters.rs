use super::{
    Arguments, Interpreter, Result, Value, fail, fail_with_hint, operators, predicates, printing,
};

mod sorting;
mod text;

use text::{escape, indent, native, truncate};

const NAMES: [&str; 56] = [
    "abs",
    "as_bool",
    "as_native",
    "as_number",
    "as_text",
    "attr",
    "batch",
    "capitalize",
    "center",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "lstrip",
    "map",
    "max",
    "min",
    "pprint",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "string",
    "strip",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "wordcount",
    "rstrip",
    "zip",
    "random",
];

/// `value | name(arguments)`.
pub(super) fn apply(
    interpreter: &mut Interpreter,
    name: &str,
    value: Value,
    arguments: &Arguments,
) -> Result<Value> {
    Ok(match name {
        "default" | "d" => default(value, arguments),
        "abs" => match value {
            Value::Int(number) => Value::Int(number.wrapping_abs()),
            Value::Float(number) => Value::Float(number.abs()),
            other => {
                return Err(fail(format!(
                    "`{}` has no absolute value",
                    other.type_name()
                )));
            }
        },
        "attr" => value.attribute(&arguments.text(0, "name")?)?,
        "batch" | "slice" => batch(name, &value, arguments)?,
        "first" => value
            .items()?
            .into_iter()
            .next()
            .unwrap_or_else(|| Value::undefined("first of an empty sequence")),
        "last" => value
            .items()?
            .pop()
            .unwrap_or_else(|| Value::undefined("last of an empty sequence")),
        "length" | "count" => Value::Int(value.length()? as i64),
        "list" => Value::list(value.items()?),
        "items" => super::methods::call(interpreter, &value, "items", Arguments::default())?,
        "dictsort" => dictsort(&value, arguments)?,
        "groupby" => groupby(&value, arguments)?,
        "join" => join(&value, arguments)?,
        "map" => map(interpreter, &value, arguments)?,
        "select" | "reject" | "selectattr" | "rejectattr" => select(name, &value, arguments)?,
        "max" | "min" => extreme(name, &value, arguments)?,
        "sum" => sum(&value, arguments)?,
        "sort" => sort(&value, arguments)?,
        "unique" => unique(&value, arguments)?,
        "reverse" => match &value {
            Value::String(text) => Value::from(text.chars().rev().collect::<String>()),
            other => Value::list(other.items()?.into_iter().rev()),
        },
        "int" => int(&value, arguments)?,
        "float" => {
            let parsed = value
                .as_text()
                .map_or(value.number(), |text| text.trim().parse().ok());
            parsed
                .map(Value::Float)
                .or_else(|| arguments.get(0, "default").cloned())
                .unwrap_or(Value::Float(0.0))
        }
        "round" => round(&value, arguments)?,
        "as_text" | "string" => Value::from(value.to_string()),
        "safe" | "escape" | "e" => {
            if name == "safe" {
                value
            } else {
                Value::from(escape(&value.to_string()))
            }
        }
        "as_bool" | "as_native" | "as_number" => native(name, value)?,
        "tojson" => Value::from(printing::json(&value, true)),
        "pprint" => Value::from(printing::represent(&value)),
        "random" => value.items()?.into_iter().next().unwrap_or(Value::None),
        "zip" => operators_zip(&value, arguments)?,
        _ => text_filter(interpreter, name, &value, arguments)?,
    })
}

fn text_filter(
    interpreter: &mut Interpreter,
    name: &str,
    value: &Value,
    arguments: &Arguments,
) -> Result<Value> {
    let text = value.to_string();
    Ok(Value::from(match name {
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "trim" => match arguments.get(0, "chars") {
            Some(Value::String(characters)) => {
                text.trim_matches(|c| characters.contains(c)).to_owned()
            }
            _ => text.trim().to_owned(),
        },
        "wordcount" => return Ok(Value::Int(text.split_whitespace().count() as i64)),
        "indent" => indent(&text, arguments)?,
        "truncate" => truncate(&text, arguments)?,
        "format" => {
            return super::methods::percent_format(
                &text,
                &Value::tuple(arguments.positional.clone()),
            )
            .map(Value::from);
        }
        "urlencode" => text
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                    char::from(byte).to_string()
                }
                _ => format!("%{byte:02X}"),
            })
            .collect(),
        "capitalize" | "title" | "replace" | "center" | "strip" | "lstrip" | "rstrip" => {
            return super::methods::call(interpreter, &Value::from(text), name, arguments.clone());
        }
        _ => {
            let hint = crate::diagnostic::nearest(name, NAMES).unwrap_or_default();
            return Err(fail_with_hint(format!("no filter named `{name}`"), hint));
        }
    }))
}

fn default(value: Value, arguments: &Arguments) -> Value {
    let replaces_false = arguments.flag(1, "boolean", false);
    if value.is_undefined() || (replaces_false && !value.is_true()) {
        return arguments
            .get(0, "default_value")
            .cloned()
            .unwrap_or_else(|| Value::text(""));
    }
    value
}

/// The most groups of `slice`, and the most values in one of `batch`.
const GROUPS_LIMIT: i64 = 100_000;

fn batch(name: &str, value: &Value, arguments: &Arguments) -> Result<Value> {
    let items = value.items()?;
    let count = arguments.integer(0, "linecount", 1)?;
    if count > GROUPS_LIMIT {
        return Err(fail(format!("`{name}` takes at most {GROUPS_LIMIT}")));
    }
    let count = usize::try_from(count.max(1)).unwrap_or(1);
    let fill = arguments.get(1, "fill_with");
    let mut groups = Vec::new();
    if name == "batch" {
        for chunk in items.chunks(count) {
            let mut chunk = chunk.to_vec();
            if let Some(fill) = fill {
                chunk.resize(count, fill.clone());
            }
            groups.push(Value::list(chunk));
        }
        return Ok(Value::list(groups));
    }
    let (size, extra) = (items.len() / count, items.len() % count);
    let mut items = items.into_iter();
    for index in 0..count {
        groups.push(Value::list(
            items
                .by_ref()
                .take(size + usize::from(index < extra))
                .collect::<Vec<_>>(),
        ));
    }
    Ok(Value::list(groups))
}

fn operators_zip(value: &Value, arguments: &Arguments) -> Result<Value> {
    let other = arguments.require(0, "other")?.items()?;
    Ok(Value::list(
        value
            .items()?
            .into_iter()
            .zip(other)
            .map(|(a, b)| Value::tuple([a, b]))
            .collect::<Vec<_>>(),
    ))
}

/// `a.b.0`: attributes and indexes along a path.
fn path(value: &Value, path: &Value) -> Result<Value> {
    let mut current = value.clone();
    for part in path.to_string().split('.') {
        current = match part.parse::<i64>() {
            Ok(index) => current.item(&Value::Int(index))?,
            Err(_) => operators::attribute(&current, part)?,
        };
    }
    Ok(current)
}

fn keyed(
    values: Vec<Value>,
    attribute: Option<&Value>,
    case_sensitive: bool,
) -> Result<Vec<(Value, Value)>> {
    values
        .into_iter()
        .map(|value| {
            let key = match attribute {
                Some(attribute) if !attribute.is_none() => path(&value, attribute)?,
                _ => value.clone(),
            };
            let key = match &key {
                Value::String(text) if !case_sensitive => Value::from(text.to_lowercase()),
                _ => key,
            };
            Ok((key, value))
        })
        .collect()
}

fn sorted(keyed: Vec<(Value, Value)>, reverse: bool) -> Result<Vec<Value>> {
    let sorted = sorting::sorted(keyed, &mut |(a, _), (b, _)| {
        let ordering = operators::order(a, b)?;
        Ok(if reverse {
            ordering.reverse()
        } else {
            ordering
        })
    })?;
    Ok(sorted.into_iter().map(|(_, value)| value).collect())
}

fn sort(value: &Value, arguments: &Arguments) -> Result<Value> {
    let keyed = keyed(
        value.items()?,
        arguments.get(2, "attribute"),
        arguments.flag(1, "case_sensitive", false),
    )?;
    Ok(Value::list(sorted(
        keyed,
        arguments.flag(0, "reverse", false),
    )?))
}

fn dictsort(value: &Value, arguments: &Arguments) -> Result<Value> {
    let Value::Dict(dict) = value else {
        return Err(fail("`dictsort` needs a dict"));
    };
    let by_value = arguments
        .get(1, "by")
        .is_some_and(|by| by.as_text() == Some("value"));
    let entries = dict.borrow().entries().to_vec();
    let keyed = entries
        .into_iter()
        .map(|(key, value)| {
            let by = if by_value { &value } else { &key };
            let by = by
                .as_text()
                .map_or_else(|| by.clone(), |text| Value::from(text.to_lowercase()));
            (by, Value::tuple([key, value]))
        })
        .collect();
    Ok(Value::list(sorted(
        keyed,
        arguments.flag(2, "reverse", false),
    )?))
}

fn groupby(value: &Value, arguments: &Arguments) -> Result<Value> {
    let attribute = arguments.require(0, "attribute")?;
    let values = sorted(keyed(value.items()?, Some(attribute), false)?, false)?;
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for value in values {
        let key = path(&value, attribute)?;
        match groups.last_mut() {
            Some((last, members)) if *last == key => members.push(value),
            _ => groups.push((key, vec![value])),
        }
    }
    Ok(Value::list(
        groups
            .into_iter()
            .map(|(key, members)| Value::tuple([key, Value::list(members)]))
            .collect::<Vec<_>>(),
    ))
}

fn join(value: &Value, arguments: &Arguments) -> Result<Value> {
    let separator = arguments
        .get(0, "d")
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut parts = Vec::new();
    for item in value.items()? {
        parts.push(match arguments.get(1, "attribute") {
            Some(attribute) => path(&item, attribute)?.to_string(),
            None => item.to_string(),
        });
    }
    Ok(Value::from(parts.join(&separator)))
}

fn map(interpreter: &mut Interpreter, value: &Value, arguments: &Arguments) -> Result<Value> {
    let mut mapped = Vec::new();
    for item in value.items()? {
        mapped.push(match arguments.keyword("attribute") {
            Some(attribute) => {
                let found = path(&item, attribute)?;
                match arguments.keyword("default") {
                    Some(default) if found.is_undefined() => default.clone(),
                    _ => found,
                }
            }
            None => {
                let name = arguments.text(0, "filter")?;
                let rest = Arguments {
                    positional: arguments.positional[1..].to_vec(),
                    keyword: arguments.keyword.clone(),
                };
                apply(interpreter, &name, item, &rest)?
            }
        });
    }
    Ok(Value::list(mapped))
}

fn select(name: &str, value: &Value, arguments: &Arguments) -> Result<Value> {
    let by_attribute = name.ends_with("attr");
    let wanted = name.starts_with("select");
    let test_index = usize::from(by_attribute);
    let rest = Arguments::positional(arguments.positional.iter().skip(test_index + 1).cloned());
    let mut kept = Vec::new();
    for item in value.items()? {
        let subject = if by_attribute {
            path(&item, arguments.require(0, "attribute")?)?
        } else {
            item.clone()
        };
        let passes = match arguments.positional.get(test_index) {
            Some(test) => predicates::check(&test.to_string(), &subject, &rest)?,
            None => subject.is_true(),
        };
        if passes == wanted {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

fn extreme(name: &str, value: &Value, arguments: &Arguments) -> Result<Value> {
    let keyed = keyed(
        value.items()?,
        arguments.get(1, "attribute"),
        arguments.flag(0, "case_sensitive", false),
    )?;
    let sorted = sorted(keyed, name == "max")?;
    Ok(sorted
        .into_iter()
        .next()
        .unwrap_or_else(|| Value::undefined("extreme of an empty sequence")))
}

fn sum(value: &Value, arguments: &Arguments) -> Result<Value> {
    let mut total = arguments.get(1, "start").cloned().unwrap_or(Value::Int(0));
    for item in value.items()? {
        let item = match arguments.get(0, "attribute") {
            Some(attribute) => path(&item, attribute)?,
            None => item,
        };
        total = operators::binary(super::syntax::BinaryOperator::Add, &total, &item)?;
    }
    Ok(total)
}

fn unique(value: &Value, arguments: &Arguments) -> Result<Value> {
    let keyed = keyed(
        value.items()?,
        arguments.get(1, "attribute"),
        arguments.flag(0, "case_sensitive", false),
    )?;
    let mut seen: Vec<Value> = Vec::new();
    let mut kept = Vec::new();
    for (key, value) in keyed {
        if !seen.contains(&key) {
            seen.push(key);
            kept.push(value);
        }
    }
    Ok(Value::list(kept))
}

fn int(value: &Value, arguments: &Arguments) -> Result<Value> {
    let parsed = match value {
        Value::Int(number) => Some(*number),
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::Float(number) => Some(number.trunc() as i64),
        Value::String(text) => {
            let text = text.trim();
            text.parse()
                .ok()
                .or_else(|| text.parse::<f64>().ok().map(|number| number.trunc() as i64))
        }
        _ => None,
    };
    Ok(parsed
        .map(Value::Int)
        .or_else(|| arguments.get(0, "default").cloned())
        .unwrap_or(Value::Int(0)))
}

fn round(value: &Value, arguments: &Arguments) -> Result<Value> {
    let Some(number) = value.number() else {
        return Err(fail(format!("`{}` cannot be rounded", value.type_name())));
    };
    let factor = 10f64.powi(i32::try_from(arguments.integer(0, "precision", 0)?).unwrap_or(0));
    let scaled = number * factor;
    let rounded = match arguments.get(1, "method").and_then(Value::as_text) {
        Some("ceil") => scaled.ceil(),
        Some("floor") => scaled.floor(),
        _ => scaled.round_ties_even(),
    };
    Ok(Value::Float(rounded / factor))
}
