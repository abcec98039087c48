use figment::{Figment, value::Value};

use super::load::origin_name;

/// One key with its value in force and where that came from.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Setting {
    /// `section.name`.
    pub(crate) key: String,
    /// The value as JSON.
    pub(crate) value: serde_json::Value,
    /// The source that won.
    pub(crate) origin: String,
}

/// Every key in force, in the order of the file.
pub(crate) fn settings(figment: &Figment, config: &super::Config) -> Vec<Setting> {
    let Ok(serde_json::Value::Object(sections)) = serde_json::to_value(config) else {
        return Vec::new();
    };
    let mut settings = Vec::new();
    for (section, values) in sections {
        let serde_json::Value::Object(values) = values else {
            continue;
        };
        for (name, value) in values {
            let key = format!("{section}.{name}");
            let origin = figment
                .find_value(&key)
                .ok()
                .as_ref()
                .map(Value::tag)
                .and_then(|tag| figment.get_metadata(tag))
                .map_or_else(|| "the defaults".to_owned(), origin_name);
            settings.push(Setting { key, value, origin });
        }
    }
    settings
}

/// "did you mean …" when a name is near, else the whole list.
pub(crate) fn nearest_hint(name: &str, expected: &[&str]) -> String {
    let nearest = expected
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .min();
    match nearest {
        Some((distance, candidate)) if distance <= 1 + name.len() / 3 => {
            format!("did you mean `{candidate}`?")
        }
        _ => format!(
            "the keys here are {}",
            expected
                .iter()
                .map(|key| format!("`{key}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}
