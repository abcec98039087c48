use std::rc::Rc;

use crate::jinja::{Arguments, Result, Value, fail, printing};

/// The methods of Python's strings that templates use.
pub(super) const NAMES: [&str; 40] = [
    "capitalize",
    "casefold",
    "center",
    "count",
    "endswith",
    "find",
    "format",
    "index",
    "isalnum",
    "isalpha",
    "isdigit",
    "islower",
    "isnumeric",
    "isspace",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
    "encode",
    "isidentifier",
    "expandtabs",
];

/// `None` when strings have no such method.
pub(super) fn call(text: &Rc<str>, name: &str, arguments: &Arguments) -> Result<Option<Value>> {
    let text: &str = text;
    let all = |check: fn(char) -> bool| Value::Bool(!text.is_empty() && text.chars().all(check));
    Ok(Some(match name {
        "upper" => text.to_uppercase().into(),
        "lower" | "casefold" => text.to_lowercase().into(),
        "capitalize" => capitalize(text).into(),
        "title" => title(text).into(),
        "swapcase" => text
            .chars()
            .map(|c| {
                if c.is_uppercase() {
                    c.to_lowercase().to_string()
                } else {
                    c.to_uppercase().to_string()
                }
            })
            .collect::<String>()
            .into(),
        "strip" | "lstrip" | "rstrip" => strip(text, name, arguments).into(),
        "split" | "rsplit" => split(text, name == "rsplit", arguments)?,
        "splitlines" => Value::list(text.lines().map(Value::from).collect::<Vec<_>>()),
        "partition" | "rpartition" => partition(text, name, arguments)?,
        "join" => {
            let items = arguments.require(0, "iterable")?.items()?;
            items
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(text)
                .into()
        }
        "replace" => {
            let (old, new) = (
                arguments.require(0, "old")?.to_string(),
                arguments.require(1, "new")?.to_string(),
            );
            match usize::try_from(arguments.integer(2, "count", -1)?) {
                Ok(count) => text.replacen(&old, &new, count).into(),
                Err(_) => text.replace(&old, &new).into(),
            }
        }
        "startswith" => affix(arguments, |part| text.starts_with(part))?,
        "endswith" => affix(arguments, |part| text.ends_with(part))?,
        "removeprefix" => text
            .strip_prefix(&*arguments.text(0, "prefix")?)
            .unwrap_or(text)
            .into(),
        "removesuffix" => text
            .strip_suffix(&*arguments.text(0, "suffix")?)
            .unwrap_or(text)
            .into(),
        "find" | "rfind" | "index" | "rindex" => find(text, name, arguments)?,
        "count" => Value::Int(text.matches(&*arguments.text(0, "sub")?).count() as i64),
        "zfill" | "ljust" | "rjust" | "center" => pad(text, name, arguments)?.into(),
        "isdigit" | "isnumeric" => all(|c| c.is_numeric()),
        "isalpha" => all(char::is_alphabetic),
        "isalnum" => all(char::is_alphanumeric),
        "isspace" => all(char::is_whitespace),
        "isupper" => Value::Bool(
            text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        ),
        "islower" => Value::Bool(
            text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        ),
        "isidentifier" => Value::Bool(
            !text.starts_with(|c: char| c.is_numeric())
                && !text.is_empty()
                && text.chars().all(|c| c.is_alphanumeric() || c == '_'),
        ),
        "expandtabs" => text.replace('\t', "        ").into(),
        "encode" => text.into(),
        "format" => brace_format(text, arguments)?.into(),
        _ => return Ok(None),
    }))
}

fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().to_string() + &characters.as_str().to_lowercase()
    })
}

fn title(text: &str) -> String {
    let mut out = String::new();
    let mut inside_word = false;
    for c in text.chars() {
        if inside_word {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside_word = c.is_alphabetic();
    }
    out
}

fn strip(text: &str, name: &str, arguments: &Arguments) -> String {
    let characters = arguments.get(0, "chars").and_then(Value::as_text);
    let goes =
        |c: char| characters.map_or_else(|| c.is_whitespace(), |characters| characters.contains(c));
    let text = if name == "rstrip" {
        text
    } else {
        text.trim_start_matches(goes)
    };
    if name == "lstrip" {
        text
    } else {
        text.trim_end_matches(goes)
    }
    .to_owned()
}

fn split(text: &str, from_right: bool, arguments: &Arguments) -> Result<Value> {
    let limit = usize::try_from(arguments.integer(1, "maxsplit", -1)?).ok();
    let separator = arguments.get(0, "sep").and_then(Value::as_text);
    let mut parts: Vec<&str> = match (separator, limit) {
        (Some(""), _) => return Err(fail("empty separator")),
        (Some(separator), None) => text.split(separator).collect(),
        (Some(separator), Some(limit)) if from_right => {
            text.rsplitn(limit + 1, separator).collect()
        }
        (Some(separator), Some(limit)) => text.splitn(limit + 1, separator).collect(),
        (None, None) => text.split_whitespace().collect(),
        (None, Some(limit)) => {
            let mut parts = Vec::new();
            let mut rest = text.trim();
            while parts.len() < limit
                && let Some((head, tail)) = rest.split_once(char::is_whitespace)
            {
                parts.push(head);
                rest = tail.trim_start();
            }
            if !rest.is_empty() {
                parts.push(rest);
            }
            parts
        }
    };
    if from_right && limit.is_some() && separator.is_some() {
        parts.reverse();
    }
    Ok(Value::list(
        parts.into_iter().map(Value::from).collect::<Vec<_>>(),
    ))
}

fn partition(text: &str, name: &str, arguments: &Arguments) -> Result<Value> {
    let separator = arguments.text(0, "sep")?;
    let found = if name == "partition" {
        text.split_once(&*separator)
    } else {
        text.rsplit_once(&*separator)
    };
    let (head, middle, tail) = match (found, name) {
        (Some((head, tail)), _) => (head, &*separator, tail),
        (None, "partition") => (text, "", ""),
        (None, _) => ("", "", text),
    };
    Ok(Value::tuple([head.into(), middle.into(), tail.into()]))
}

fn affix(arguments: &Arguments, check: impl Fn(&str) -> bool) -> Result<Value> {
    match arguments.require(0, "prefix")? {
        Value::Tuple(parts) => Ok(Value::Bool(
            parts.iter().filter_map(Value::as_text).any(check),
        )),
        Value::String(part) => Ok(Value::Bool(check(part))),
        other => Err(fail(format!(
            "expected a string or a tuple of strings, not `{}`",
            other.type_name()
        ))),
    }
}

fn find(text: &str, name: &str, arguments: &Arguments) -> Result<Value> {
    let part = arguments.text(0, "sub")?;
    let found = if name.starts_with('r') {
        text.rfind(&*part)
    } else {
        text.find(&*part)
    };
    match found {
        Some(offset) => Ok(Value::Int(text[..offset].chars().count() as i64)),
        None if name.ends_with("find") => Ok(Value::Int(-1)),
        None => Err(fail("substring not found")),
    }
}

fn pad(text: &str, name: &str, arguments: &Arguments) -> Result<String> {
    let width = usize::try_from(arguments.integer(0, "width", 0)?.min(100_000)).unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count());
    let fill = arguments
        .get(1, "fillchar")
        .map_or_else(|| " ".to_owned(), ToString::to_string);
    Ok(match name {
        "ljust" => format!("{text}{}", fill.repeat(missing)),
        "rjust" => format!("{}{text}", fill.repeat(missing)),
        "center" => {
            let left = missing / 2 + (missing & width & 1);
            format!("{}{text}{}", fill.repeat(left), fill.repeat(missing - left))
        }
        _ => {
            let (sign, digits) = text.split_at(usize::from(text.starts_with(['-', '+'])));
            format!("{sign}{}{digits}", "0".repeat(missing))
        }
    })
}

/// `"{} {0} {name}".format(…)`, with the format specifications that SQL templates meet.
fn brace_format(format: &str, arguments: &Arguments) -> Result<String> {
    let mut out = String::new();
    let mut rest = format;
    let mut next_index = 0;
    while let Some(mark) = rest.find(['{', '}']) {
        out.push_str(&rest[..mark]);
        let brace = &rest[mark..=mark];
        let after = &rest[mark + 1..];
        if after.starts_with(brace) {
            out.push_str(brace);
            rest = &after[1..];
            continue;
        }
        let Some(end) = after.find('}').filter(|_| brace == "{") else {
            return Err(fail("single brace in format string"));
        };
        let (field, specification) = after[..end].split_once(':').unwrap_or((&after[..end], ""));
        let mut path = field.split('.');
        let name = path.next().unwrap_or_default();
        let value = if name.is_empty() {
            next_index += 1;
            arguments.positional.get(next_index - 1)
        } else {
            name.parse::<usize>().map_or_else(
                |_| arguments.keyword(name),
                |index| arguments.positional.get(index),
            )
        };
        let mut value = value
            .cloned()
            .ok_or_else(|| fail(format!("no argument for `{{{field}}}`")))?;
        for attribute in path {
            value = value.attribute(attribute)?;
        }
        out.push_str(&specified(&value, specification)?);
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

fn specified(value: &Value, specification: &str) -> Result<String> {
    if specification.is_empty() {
        return Ok(value.to_string());
    }
    if let Some(precision) = specification
        .strip_prefix('.')
        .and_then(|rest| rest.strip_suffix('f'))
        && let (Ok(precision), Some(number)) = (precision.parse::<usize>(), value.number())
    {
        return Ok(format!(
            "{number:.precision$}",
            precision = precision.min(100)
        ));
    }
    if let Some(width) = specification.strip_prefix('0')
        && let Ok(width) = width.trim_end_matches('d').parse::<usize>()
    {
        return Ok(format!(
            "{:0>width$}",
            value.to_string(),
            width = width.min(1000)
        ));
    }
    if let Ok(width) = specification
        .trim_start_matches(['<', '>'])
        .trim_end_matches('d')
        .parse::<usize>()
    {
        let width = width.min(1000);
        let right = specification.starts_with('>')
            || (value.number().is_some() && !specification.starts_with('<'));
        return Ok(if right {
            format!("{value:>width$}", value = value.to_string())
        } else {
            format!("{value:<width$}", value = value.to_string())
        });
    }
    Err(fail(format!(
        "format specification `{specification}` is not supported"
    )))
}

/// `"%s of %d" % values`.
pub(crate) fn percent_format(format: &str, arguments: &Value) -> Result<String> {
    let positional = match arguments {
        Value::Tuple(values) => values.to_vec(),
        single => vec![single.clone()],
    };
    let mut values = positional.into_iter();
    let mut out = String::new();
    let mut rest = format;
    while let Some(mark) = rest.find('%') {
        out.push_str(&rest[..mark]);
        let mut after = &rest[mark + 1..];
        let mut value = None;
        if let Some(named) = after.strip_prefix('(') {
            let Some((name, tail)) = named.split_once(')') else {
                return Err(fail("incomplete format key"));
            };
            value = Some(arguments.item(&Value::text(name))?);
            after = tail;
        }
        let length = after
            .find(|c: char| c.is_alphabetic() || c == '%')
            .ok_or_else(|| fail("incomplete format"))?;
        let (flags, tail) = after.split_at(length);
        let conversion = tail.chars().next().unwrap_or('%');
        rest = &tail[conversion.len_utf8()..];
        if conversion == '%' {
            out.push('%');
            continue;
        }
        let value = value
            .or_else(|| values.next())
            .ok_or_else(|| fail("not enough arguments for format string"))?;
        out.push_str(&converted(&value, flags, conversion)?);
    }
    out.push_str(rest);
    Ok(out)
}

fn converted(value: &Value, flags: &str, conversion: char) -> Result<String> {
    let (width, precision) = flags.split_once('.').unwrap_or((flags, ""));
    let precision = precision.parse::<usize>().ok();
    let text = match conversion {
        's' => precision.map_or_else(
            || value.to_string(),
            |length| value.to_string().chars().take(length).collect(),
        ),
        'r' => printing::represent(value),
        'd' | 'i' => match value.number() {
            Some(number) => format!("{}", number.trunc()),
            None => return Err(fail("%d format: a number is required")),
        },
        'f' | 'F' => match value.number() {
            Some(number) => format!(
                "{number:.precision$}",
                precision = precision.unwrap_or(6).min(100)
            ),
            None => return Err(fail("%f format: a number is required")),
        },
        other => return Err(fail(format!("format `%{other}` is not supported"))),
    };
    let digits = width.trim_start_matches(['-', '0', '+', ' ']);
    let length = digits.parse::<usize>().unwrap_or(0).min(1000);
    Ok(if width.starts_with('-') {
        format!("{text:<length$}")
    } else if width.starts_with('0') {
        format!("{text:0>length$}")
    } else {
        format!("{text:>length$}")
    })
}
