//! YAML into types, with everything that is wrong in it and not only the first thing.

use dbt_yaml::Value;
use serde::de::DeserializeOwned;

use super::Diagnostic;

/// Reads one part of a file. Keys that it does not have are reported and left out, so that the rest is looked at
/// too.
pub(super) fn read<T: DeserializeOwned>(
    file: &str,
    mut value: Value,
    problems: &mut Vec<Diagnostic>,
) -> Option<T> {
    let start = line_of(&value);
    // What misspelt keys most likely were: that such a key is missing need not be said too.
    let mut meant: Vec<String> = Vec::new();
    loop {
        let error = match dbt_yaml::from_value::<T>(value.clone()) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        let message = error.display_no_mark().to_string();
        let place = error.location().map(|place| place.line());
        if meant
            .iter()
            .any(|key| message == format!("missing field `{key}`"))
        {
            return None;
        }
        let Some((kind, name, known)) = unknown(&message) else {
            problems.push(problem(file, place.or(start), message, None));
            return None;
        };
        let hint = Some(nearest(&name, &known));
        let removed = (kind == "field").then(|| remove(&mut value, &name, &known));
        let Some(line) = removed.flatten() else {
            let line = find(&value, &name).or(place).or(start);
            let message = format!("there is no `{name}` to choose here");
            problems.push(problem(file, line, message, hint));
            return None;
        };
        let message = format!("unknown key `{name}`");
        problems.push(problem(file, Some(line), message, hint));
        meant.extend(closest(&name, &known).map(str::to_owned));
    }
}

/// Text that is no YAML at all.
pub(super) fn parse(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Option<Value> {
    match dbt_yaml::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let line = error.location().map(|place| place.line());
            let message = error.display_no_mark().to_string();
            problems.push(problem(file, line, message, None));
            None
        }
    }
}

/// Where a value begins.
pub(super) fn line_of(value: &Value) -> Option<usize> {
    Some(value.span().start.line).filter(|line| *line > 0)
}

/// `did you mean …` when one is close, else the list.
pub(crate) fn nearest<S: AsRef<str>>(name: &str, known: &[S]) -> String {
    let list = || {
        known
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match closest(name, known) {
        Some(close) => format!("did you mean `{close}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("one of: {}", list()),
    }
}

fn closest<'a, S: AsRef<str>>(name: &str, known: &'a [S]) -> Option<&'a str> {
    let near = |other: &&str| strsim::jaro(name, other);
    let closest = known
        .iter()
        .map(AsRef::as_ref)
        .max_by(|a, b| near(a).total_cmp(&near(b)));
    closest.filter(|close| near(close) > 0.7)
}

fn problem(file: &str, line: Option<usize>, message: String, hint: Option<String>) -> Diagnostic {
    Diagnostic {
        file: file.to_owned(),
        line,
        message,
        hint: hint.or_else(|| Some("docs of pages: dashboards/README.md".to_owned())),
    }
}

/// Takes serde's "unknown field `a`, expected one of `b`, `c`" apart: what is unknown, its name, what there is.
fn unknown(message: &str) -> Option<(&str, String, Vec<String>)> {
    let (_, rest) = message.split_once("unknown ")?;
    let (kind, rest) = rest.split_once(' ')?;
    let mut names = rest.split('`').skip(1).step_by(2).map(str::to_owned);
    let name = names.next()?;
    matches!(kind, "field" | "variant").then(|| (kind, name, names.collect()))
}

/// Takes a key out of the mapping that looks most like the one it is unknown in; gives its line.
fn remove(value: &mut Value, name: &str, known: &[String]) -> Option<usize> {
    let wanted = score_of_best(value, name, known)?;
    remove_scored(value, name, known, wanted)
}

fn score_of_best(value: &Value, name: &str, known: &[String]) -> Option<i64> {
    let own = score(value, name, known);
    children(value)
        .filter_map(|child| score_of_best(child, name, known))
        .chain(own)
        .max()
}

fn remove_scored(value: &mut Value, name: &str, known: &[String], wanted: i64) -> Option<usize> {
    if score(value, name, known) == Some(wanted)
        && let Value::Mapping(mapping, _) = value
    {
        let (key, _) = mapping.shift_remove_entry(name)?;
        return line_of(&key);
    }
    match value {
        Value::Sequence(items, _) => items
            .iter_mut()
            .find_map(|item| remove_scored(item, name, known, wanted)),
        Value::Mapping(mapping, _) => mapping
            .values_mut()
            .find_map(|item| remove_scored(item, name, known, wanted)),
        _ => None,
    }
}

/// How many keys of a mapping are known less how many are not; nothing without the key in question.
fn score(value: &Value, name: &str, known: &[String]) -> Option<i64> {
    let Value::Mapping(mapping, _) = value else {
        return None;
    };
    mapping.contains_key(name).then(|| {
        let is_known = |key: &Value| {
            let key = key.as_str().unwrap_or_default();
            known.iter().any(|known| known == key)
        };
        let count = |key| if is_known(key) { 1 } else { -1 };
        mapping.keys().map(count).sum()
    })
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Sequence(items, _) => Box::new(items.iter()),
        Value::Mapping(mapping, _) => Box::new(mapping.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// The line of the first scalar with this text.
fn find(value: &Value, text: &str) -> Option<usize> {
    if value.as_str() == Some(text) {
        return line_of(value);
    }
    children(value).find_map(|child| find(child, text))
}
