use super::Value;

/// How deep a value is printed; deeper is a list that holds itself.
const DEPTH_LIMIT: usize = 60;
/// The longest text of a value in bytes; more is a few lists that hold each other often.
const LENGTH_LIMIT: usize = 100_000_001;

/// Python's `str(value)`.
pub(crate) fn print(value: &Value) -> String {
    match value {
        Value::Undefined(_) => String::new(),
        Value::String(text) => text.as_ref().to_owned(),
        Value::Object(object) => object.print(),
        other => represent(other),
    }
}

/// Python's `repr(value)`.
pub(crate) fn represent(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out, 0);
    out
}

fn write(value: &Value, out: &mut String, depth: usize) {
    if depth > DEPTH_LIMIT || out.len() > LENGTH_LIMIT {
        out.push_str("...");
        return;
    }
    match value {
        Value::Undefined(_) => out.push_str("Undefined"),
        Value::None => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&float(*number)),
        Value::String(text) => quote(text, out),
        Value::List(values) => sequence(&values.borrow(), "[", "]", out, depth),
        Value::Tuple(values) if values.len() == 1 => sequence(values, "(", ",)", out, depth),
        Value::Tuple(values) => sequence(values, "(", ")", out, depth),
        Value::Dict(dict) => {
            out.push('{');
            for (index, (key, value)) in dict.borrow().entries().iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write(key, out, depth + 1);
                out.push_str(": ");
                write(value, out, depth + 1);
            }
            out.push('}');
        }
        Value::Object(object) => out.push_str(&object.print()),
    }
}

fn sequence(values: &[Value], open: &str, close: &str, out: &mut String, depth: usize) {
    out.push_str(open);
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(value, out, depth + 1);
    }
    out.push_str(close);
}

fn quote(text: &str, out: &mut String) {
    let mark = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(mark);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == mark => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                out.push_str(&format!("\\x{:02x}", c as u32))
            }
            c => out.push(c),
        }
    }
    out.push(mark);
}

/// Python's shortest float: exponents from 1e16 up and below 1e-4, always with a sign and two digits.
pub(crate) fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let scientific = format!("{number:e}");
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let (sign, digits) = exponent
            .strip_prefix('-')
            .map_or(('+', exponent), |digits| ('-', digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    let plain = format!("{number}");
    if plain.contains('.') {
        plain
    } else {
        format!("{plain}.0")
    }
}

/// JSON as Python's `json.dumps` writes it.
pub(crate) fn json(value: &Value, sort_keys: bool) -> String {
    let mut out = String::new();
    write_json(value, sort_keys, &mut out, 0);
    out
}

fn write_json(value: &Value, sort_keys: bool, out: &mut String, depth: usize) {
    if depth > DEPTH_LIMIT || out.len() > LENGTH_LIMIT {
        out.push_str("null");
        return;
    }
    match value {
        Value::Undefined(_) | Value::None => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(_) | Value::Float(_) => write(value, out, depth),
        Value::List(_) | Value::Tuple(_) => {
            out.push('[');
            for (index, item) in value.items().unwrap_or_default().iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_json(item, sort_keys, out, depth + 1);
            }
            out.push(']');
        }
        Value::Dict(dict) => {
            let dict = dict.borrow();
            let mut entries: Vec<_> = dict.entries().iter().collect();
            if sort_keys {
                entries.sort_by_key(|(key, _)| print(key));
            }
            out.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                json_text(&print(key), out);
                out.push_str(": ");
                write_json(value, sort_keys, out, depth + 1);
            }
            out.push('}');
        }
        Value::String(_) | Value::Object(_) => json_text(&print(value), out),
    }
}

fn json_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii() && !c.is_ascii_control() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}
