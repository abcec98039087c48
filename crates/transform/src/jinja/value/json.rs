use serde_json::Value as Json;

use super::Value;

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::None,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => number.as_i64().map_or_else(
                || Self::Float(number.as_f64().unwrap_or(f64::NAN)),
                Self::Int,
            ),
            Json::String(text) => Self::text(text),
            Json::Array(values) => Self::list(values.iter().map(Self::from)),
            Json::Object(entries) => {
                Self::dict(entries.iter().map(|(key, value)| (key, Self::from(value))))
            }
        }
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Undefined(_) | Value::None => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Int(number) => Self::from(*number),
            Value::Float(number) => Self::from(*number),
            Value::String(text) => Self::from(&**text),
            Value::List(values) => Self::Array(values.borrow().iter().map(Self::from).collect()),
            Value::Tuple(values) => Self::Array(values.iter().map(Self::from).collect()),
            Value::Dict(dict) => Self::Object(
                dict.borrow()
                    .entries()
                    .iter()
                    .map(|(key, value)| (key.to_string(), Self::from(value)))
                    .collect(),
            ),
            Value::Object(object) => Self::from(object.print()),
        }
    }
}
