use serde_json::Value as Json;

use super::Value;

/// How deep values go into JSON.
const DEPTH_LIMIT: usize = 60;

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
        to_json(value, 0)
    }
}

fn to_json(value: &Value, depth: usize) -> Json {
    // A value that holds itself has no JSON.
    if depth > DEPTH_LIMIT {
        return Json::Null;
    }
    let list = |values: &[Value]| values.iter().map(|item| to_json(item, depth + 1)).collect();
    match value {
        Value::Undefined(_) | Value::None => Json::Null,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Int(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::String(text) => Json::from(&**text),
        Value::List(values) => Json::Array(list(&values.borrow())),
        Value::Tuple(values) => Json::Array(list(values)),
        Value::Dict(dict) => {
            let dict = dict.borrow();
            let entries = dict.entries().iter();
            let entries = entries.map(|(key, value)| (key.to_string(), to_json(value, depth + 1)));
            Json::Object(entries.collect())
        }
        Value::Object(object) => Json::from(object.print()),
    }
}
