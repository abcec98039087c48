use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON object whose values stay the text they came as, in the order they came.
///
/// `serde_json::Value` would do, but it reprints numbers, and a payload must stay verbatim.
pub(crate) struct RawObject<'a> {
    entries: Vec<(String, &'a str)>,
}

impl<'a> RawObject<'a> {
    pub(crate) fn parse(body: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        self.entries
            .iter()
            .rev()
            .find_map(|(name, value)| (name == key).then_some(*value))
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.entries.retain(|(name, _)| name != key);
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.entries.retain(|(name, _)| keep(name));
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Replaces the value in its place, or appends the key.
    pub(crate) fn set(&mut self, key: &str, value: &'a str) {
        match self.entries.iter_mut().find(|(name, _)| name == key) {
            Some(entry) => entry.1 = value,
            None => self.entries.push((key.to_owned(), value)),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        let size = self.entries.iter().map(|(k, v)| k.len() + v.len() + 8);
        let mut text = String::with_capacity(size.sum::<usize>() + 2);
        text.push('{');
        for (position, (key, value)) in self.entries.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            text.push_str(&serde_json::Value::from(key.as_str()).to_string());
            text.push(':');
            text.push_str(value);
        }
        text.push('}');
        text
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = RawObject<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            entries.push((key, value.get()));
        }
        Ok(RawObject { entries })
    }
}

#[cfg(test)]
mod tests;
