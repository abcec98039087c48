//! Plain scalars as YAML 1.1 reads them, which is what dbt does: `yes` is true, `017` is 15, `1e5` is text.

use dbt_yaml::Value as Yaml;

/// Reads every plain scalar below a value again, from the text it was parsed from.
pub(super) fn resolve(yaml: &mut Yaml, source: &str) {
    let resolved = match yaml {
        // A quoted or block scalar does not stand in the source as it reads.
        Yaml::String(text, span) if written(source, span).starts_with(text.as_str()) => {
            scalar(text, span)
        }
        Yaml::Number(_, span) => {
            let rest = written(source, span);
            let is_part = |c: char| c.is_ascii_alphanumeric() || "+-._:".contains(c);
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let raw = rest[..end].trim_end_matches(':');
            let as_text = || Yaml::String(raw.to_owned(), span.clone());
            (!raw.is_empty()).then(|| scalar(raw, span).unwrap_or_else(as_text))
        }
        Yaml::Sequence(values, _) => {
            values.iter_mut().for_each(|value| resolve(value, source));
            None
        }
        Yaml::Mapping(entries, _) => {
            entries
                .values_mut()
                .for_each(|value| resolve(value, source));
            None
        }
        _ => None,
    };
    if let Some(resolved) = resolved {
        *yaml = resolved;
    }
}

/// The source from where a value begins.
fn written<'a>(source: &'a str, span: &dbt_yaml::Span) -> &'a str {
    source.get(span.start.index..).unwrap_or_default()
}

/// What a plain scalar is; `None` for text.
fn scalar(raw: &str, span: &dbt_yaml::Span) -> Option<Yaml> {
    let flag = |flag| Some(Yaml::Bool(flag, span.clone()));
    match raw {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return flag(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return flag(false);
        }
        _ => {}
    }
    if let Some(number) = integer(raw) {
        return Some(Yaml::Number(number.into(), span.clone()));
    }
    if let Some(number) = float(raw) {
        return Some(Yaml::Number(number.into(), span.clone()));
    }
    Some(Yaml::String(timestamp(raw)?, span.clone()))
}

fn signed(raw: &str) -> (i64, &str) {
    match raw.as_bytes().first() {
        Some(b'-') => (-1, &raw[1..]),
        Some(b'+') => (1, &raw[1..]),
        _ => (1, raw),
    }
}

fn are_digits(text: &str, is_digit: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '_' || is_digit(c))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Decimal, `0b1`, `017`, `0x1f`, `1:30` (base sixty), with `_` anywhere.
fn integer(raw: &str) -> Option<i64> {
    let (sign, digits) = signed(raw);
    let value = |digits: &str, radix| {
        let digits = digits.replace('_', "");
        i64::from_str_radix(&digits, radix).ok().map(|n| sign * n)
    };
    if let Some(binary) = digits.strip_prefix("0b") {
        return are_digits(binary, |c| matches!(c, '0' | '1')).then(|| value(binary, 2))?;
    }
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        return are_digits(hexadecimal, |c| c.is_ascii_hexdigit())
            .then(|| value(hexadecimal, 16))?;
    }
    if digits == "0" {
        return Some(0);
    }
    if let Some(octal) = digits.strip_prefix('0') {
        return are_digits(octal, |c| matches!(c, '0'..='7')).then(|| value(octal, 8))?;
    }
    if starts_with_digit(digits) && digits.contains(':') {
        return sixties(digits)
            .filter(|number| number.fract() == 0.0)
            .map(|number| sign * number as i64);
    }
    (starts_with_digit(digits) && are_digits(digits, |c| c.is_ascii_digit()))
        .then(|| value(digits, 10))?
}

/// With a point; an exponent has a sign. `1e5` is text.
fn float(raw: &str) -> Option<f64> {
    match raw.trim_start_matches(['+', '-']) {
        ".inf" | ".Inf" | ".INF" if raw.len() <= 5 => {
            return Some(if raw.starts_with('-') {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            });
        }
        ".nan" | ".NaN" | ".NAN" if raw.len() == 4 => return Some(f64::NAN),
        _ => {}
    }
    let (sign, rest) = signed(raw);
    let (whole, fraction) = rest.split_once('.')?;
    if whole.contains(':') {
        let has_digits = fraction.is_empty() || are_digits(fraction, |c| c.is_ascii_digit());
        let fraction = format!("0.{}0", fraction.replace('_', ""));
        return has_digits
            .then(|| Some(sign as f64 * (sixties(whole)? + fraction.parse::<f64>().ok()?)))?;
    }
    let (digits, exponent) = match fraction.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (fraction, None),
    };
    let is_exponent = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
    });
    let is_whole = starts_with_digit(whole) && are_digits(whole, |c| c.is_ascii_digit())
        || whole.is_empty() && starts_with_digit(digits) && rest.len() == raw.len();
    let is_fraction = digits.is_empty() || are_digits(digits, |c| c.is_ascii_digit());
    (is_whole && is_fraction && is_exponent).then(|| raw.replace('_', "").parse().ok())?
}

/// `1:30:00` in base sixty.
fn sixties(digits: &str) -> Option<f64> {
    let mut parts = digits.split(':');
    let mut number: f64 = parts.next()?.replace('_', "").parse().ok()?;
    for part in parts {
        let place: u32 = part.parse().ok().filter(|place| *place < 60)?;
        number = number * 60.0 + f64::from(place);
    }
    Some(number)
}

/// A time as Python prints it; dates are as they are written.
fn timestamp(raw: &str) -> Option<String> {
    let (date, time) = raw.split_once(['T', 't', ' ', '\t'])?;
    let mut date = date.splitn(3, '-').map(str::parse::<u32>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = (time[..zone].trim(), &time[zone..]);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut clock = clock.splitn(3, ':').map(str::parse::<u32>);
    let (hour, minute, second) = (
        clock.next()?.ok()?,
        clock.next()?.ok()?,
        clock.next()?.ok()?,
    );
    let is_time = (1..=12).contains(&month) && (1..=31).contains(&day) && raw.as_bytes()[4] == b'-';
    if !is_time || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = match fraction.trim_end_matches('0') {
        "" => String::new(),
        digits if digits.chars().all(|c| c.is_ascii_digit()) => {
            format!(".{:0<6}", digits.chars().take(6).collect::<String>())
        }
        _ => return None,
    };
    Some(format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{fraction}{}",
        offset(zone)?
    ))
}

fn offset(zone: &str) -> Option<String> {
    match zone {
        "" => Some(String::new()),
        "Z" => Some("+00:00".to_owned()),
        _ => {
            let (hours, minutes) = zone[1..].split_once(':').unwrap_or((&zone[1..], "0"));
            let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
            Some(format!("{}{hours:02}:{minutes:02}", &zone[..1]))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::yaml;

    #[test]
    fn plain_scalars_are_read_as_yaml_1_1() {
        let text = "{a: yes, b: Off, c: 'no', d: 1e5, e: 0o7, f: 010, g: 1_000, h: 1:30, i: 0x1F, \
             j: .5, k: ~, l: y, m: 1., n: +1, o: 2026-1-1, p: 0b11, q: 08, r: 1.5e3, s: 1.5e+3, t: 1_0.5, \
             u: 2026-01-01, v: 2026-01-01 08:00:00, w: 2026-01-01T08:00:00Z, \
             x: 2026-01-01 08:00:00.25 +02:00, y: -12, z: \"010\", ä: on, 0: [no, {key: -.5}]}\n";
        let expected = json!({
            "a": true, "b": false, "c": "no", "d": "1e5", "e": "0o7", "f": 8, "g": 1000, "h": 90, "i": 31,
            "j": 0.5, "k": null, "l": "y", "m": 1.0, "n": 1, "o": "2026-1-1", "p": 3, "q": "08", "r": "1.5e3",
            "s": 1500.0, "t": 10.5, "u": "2026-01-01", "v": "2026-01-01 08:00:00",
            "w": "2026-01-01 08:00:00+00:00", "x": "2026-01-01 08:00:00.250000+02:00", "y": -12, "z": "010",
            "ä": true, "0": [false, {"key": "-.5"}],
        });
        assert_eq!(
            yaml::to_json(&yaml::parse("x.yml", text).unwrap()),
            expected
        );
    }

    #[test]
    fn block_scalars_and_comments_stay_text() {
        let text = "a: |\n  yes\nb: yes # why\nc: >-\n  010\nd: some yes\n";
        let expected = json!({"a": "yes\n", "b": true, "c": "010", "d": "some yes"});
        assert_eq!(
            yaml::to_json(&yaml::parse("x.yml", text).unwrap()),
            expected
        );
    }
}
