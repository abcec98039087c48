use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::Value as Json;

use crate::{Node, yaml};

/// Column names with the SQL types that dbt would give them.
pub(super) fn columns(
    text: &str,
    delimiter: &str,
    node: &Node,
) -> Result<Vec<(String, String)>, String> {
    let delimiter = *delimiter.as_bytes().first().unwrap_or(&b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let names: Vec<String> = reader
        .headers()
        .map_err(|error| error.to_string())?
        .iter()
        .map(ToOwned::to_owned)
        .collect();
    let mut columns: Vec<Guess> = names.iter().map(|_| Guess::default()).collect();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        for (guess, value) in columns.iter_mut().zip(&record) {
            guess.look_at(value);
        }
    }
    let declared = node.config.get("column_types").and_then(Json::as_object);
    Ok(names
        .into_iter()
        .zip(columns)
        .map(|(name, guess)| {
            let declared = declared.and_then(|types| types.get(&name)).map(yaml::plain);
            let data_type = declared.unwrap_or_else(|| guess.data_type().to_owned());
            (name, data_type)
        })
        .collect())
}

/// Which types every value of a column could still be.
struct Guess {
    number: bool,
    decimals: bool,
    date: bool,
    datetime: bool,
    boolean: bool,
}

impl Default for Guess {
    fn default() -> Self {
        Self {
            number: true,
            decimals: false,
            date: true,
            datetime: true,
            boolean: true,
        }
    }
}

impl Guess {
    fn look_at(&mut self, value: &str) {
        let value = value.trim();
        if value.is_empty() || value.eq_ignore_ascii_case("null") {
            return;
        }
        match decimal_places(value) {
            Some(places) => self.decimals |= places > 0,
            None => self.number = false,
        }
        self.date &= NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok();
        self.datetime &= is_datetime(value);
        self.boolean &= value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
    }

    /// In the order in which dbt tries them.
    fn data_type(&self) -> &'static str {
        if self.number {
            if self.decimals { "float8" } else { "integer" }
        } else if self.date {
            "date"
        } else if self.datetime {
            "timestamp without time zone"
        } else if self.boolean {
            "boolean"
        } else {
            "text"
        }
    }
}

/// The digits that matter after the point; `None` when a value is no number. Percent and currency signs are let go.
fn decimal_places(value: &str) -> Option<usize> {
    let value = value.trim_matches('%').trim_matches(['$', '€', '£', '¥']);
    let value = value.replace(',', "");
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(&value);
    let is_plain =
        unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') && !unsigned.contains('_');
    value.parse::<f64>().ok().filter(|_| is_plain)?;
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let fraction = mantissa
        .split_once('.')
        .map_or("", |(_, fraction)| fraction)
        .trim_end_matches('0');
    let exponent: i64 = exponent.parse().ok()?;
    Some(usize::try_from(fraction.len() as i64 - exponent).unwrap_or(0))
}

fn is_datetime(value: &str) -> bool {
    let formats = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
    ];
    formats
        .iter()
        .any(|format| NaiveDateTime::parse_from_str(value, format).is_ok())
        || (value.contains('T') && DateTime::parse_from_rfc3339(value).is_ok())
}
