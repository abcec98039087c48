//! The schemas of the API as TypeScript, for the front end.
//!
//! The usual generator drives the TypeScript compiler from JavaScript, which TypeScript 7 no longer offers.

use serde_json::{Map, Value as Json};

const HEAD: &str = "/** The JSON API's shapes. Generated from crates/serve by `npm run schema`; a test says when it is stale. */\n";

/// Every schema of an OpenAPI document as an exported type.
pub(super) fn module(document: &Json) -> String {
    let schemas = document["components"]["schemas"].as_object();
    let mut text = HEAD.to_owned();
    for (name, schema) in schemas.into_iter().flatten() {
        text.push('\n');
        text.push_str(&comment(schema, ""));
        match schema.get("properties").and_then(Json::as_object) {
            Some(properties) => {
                let body = object(schema, properties, "");
                text.push_str(&format!("export interface {name} {body}\n"));
            }
            None => text.push_str(&format!("export type {name} = {};\n", type_of(schema, ""))),
        }
    }
    text
}

fn comment(schema: &Json, indent: &str) -> String {
    let description = schema["description"].as_str();
    description.map_or_else(String::new, |text| {
        format!("{indent}/** {} */\n", text.replace('\n', " "))
    })
}

fn object(schema: &Json, properties: &Map<String, Json>, indent: &str) -> String {
    let inner = format!("{indent}  ");
    let required = schema["required"].as_array();
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|required| required == name));
    let mut text = "{\n".to_owned();
    for (name, property) in properties {
        // What may be left out is never null.
        let (mark, written) = match type_of(property, &inner) {
            written if is_required(name) => ("", written),
            written => ("?", written.replace(" | null", "")),
        };
        text.push_str(&comment(property, &inner));
        text.push_str(&format!("{inner}{name}{mark}: {written};\n"));
    }
    text + indent + "}"
}

fn type_of(schema: &Json, indent: &str) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choices) = ["anyOf", "oneOf"]
        .iter()
        .find_map(|key| schema[*key].as_array())
    {
        return union(choices.iter().map(|choice| type_of(choice, indent)));
    }
    if let Some(values) = schema["enum"].as_array() {
        return union(values.iter().map(Json::to_string));
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    match &schema["type"] {
        Json::Array(types) => union(types.iter().map(|name| {
            let mut one = schema.clone();
            one["type"] = name.clone();
            type_of(&one, indent)
        })),
        Json::String(name) => named(name, schema, indent),
        _ => "unknown".to_owned(),
    }
}

fn union(choices: impl Iterator<Item = String>) -> String {
    choices.collect::<Vec<_>>().join(" | ")
}

fn named(name: &str, schema: &Json, indent: &str) -> String {
    match name {
        "integer" | "number" => "number".to_owned(),
        "array" => match schema["prefixItems"].as_array() {
            Some(items) => {
                let items: Vec<String> = items.iter().map(|item| type_of(item, indent)).collect();
                format!("[{}]", items.join(", "))
            }
            None => match type_of(&schema["items"], indent) {
                item if item.contains(' ') => format!("({item})[]"),
                item => format!("{item}[]"),
            },
        },
        "object" => match schema["properties"].as_object() {
            Some(properties) => object(schema, properties, indent),
            None => {
                let values = &schema["additionalProperties"];
                let values = if values.is_object() {
                    type_of(values, indent)
                } else {
                    "unknown".to_owned()
                };
                format!("Record<string, {values}>")
            }
        },
        other => other.to_owned(),
    }
}
