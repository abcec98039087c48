use std::rc::Rc;

use crate::jinja::{Arguments, Result, Value, fail};

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\'', "&#39;")
        .replace('"', "&#34;")
}

/// dbt's filters that turn text into the value it spells.
pub(super) fn native(name: &str, value: Value) -> Result<Value> {
    let Value::String(text) = &value else {
        return Ok(value);
    };
    let parsed = match text.trim() {
        "true" | "True" if name != "as_number" => Some(Value::Bool(true)),
        "false" | "False" if name != "as_number" => Some(Value::Bool(false)),
        number if name != "as_bool" => number
            .parse()
            .map(Value::Int)
            .or_else(|_| number.parse().map(Value::Float))
            .ok(),
        _ => None,
    };
    match parsed {
        Some(parsed) => Ok(parsed),
        None if name == "as_native" => Ok(Value::String(Rc::clone(text))),
        None => Err(fail(format!(
            "`{text}` is not a {}",
            name.trim_start_matches("as_")
        ))),
    }
}

pub(super) fn indent(text: &str, arguments: &Arguments) -> Result<String> {
    let width = match arguments.get(0, "width") {
        Some(Value::String(prefix)) => prefix.as_ref().to_owned(),
        _ => " ".repeat(usize::try_from(arguments.integer(0, "width", 4)?).unwrap_or(0)),
    };
    let (first, blank) = (
        arguments.flag(1, "first", false),
        arguments.flag(2, "blank", false),
    );
    let lines = text.split('\n').enumerate().map(|(index, line)| {
        let is_indented = if index == 0 {
            first
        } else {
            blank || !line.is_empty()
        };
        if is_indented {
            format!("{width}{line}")
        } else {
            line.to_owned()
        }
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

pub(super) fn truncate(text: &str, arguments: &Arguments) -> Result<String> {
    let length = usize::try_from(arguments.integer(0, "length", 255)?).unwrap_or(0);
    let end = arguments
        .get(2, "end")
        .map_or_else(|| "...".to_owned(), ToString::to_string);
    let leeway = usize::try_from(arguments.integer(3, "leeway", 5)?).unwrap_or(0);
    if text.chars().count() <= length + leeway {
        return Ok(text.to_owned());
    }
    let cut: String = text
        .chars()
        .take(length.saturating_sub(end.chars().count()))
        .collect();
    if arguments.flag(1, "killwords", false) {
        return Ok(cut + &end);
    }
    Ok(cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(head, _)| head)
        .to_owned()
        + &end)
}
