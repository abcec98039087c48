use super::{Arguments, Result, Value, fail, operators, syntax::Comparison};

/// `value is name(arguments)`.
pub(super) fn check(name: &str, value: &Value, arguments: &Arguments) -> Result<bool> {
    let compare =
        |comparison| operators::compare(comparison, value, arguments.require(0, "other")?);
    Ok(match name {
        "defined" => !value.is_undefined(),
        "undefined" => value.is_undefined(),
        "none" => value.is_none(),
        "true" => matches!(value, Value::Bool(true)),
        "false" => matches!(value, Value::Bool(false)),
        "boolean" => matches!(value, Value::Bool(_)),
        "integer" => matches!(value, Value::Int(_)),
        "float" => matches!(value, Value::Float(_)),
        "number" => value.number().is_some(),
        "string" => matches!(value, Value::String(_)),
        "mapping" => match value {
            Value::Object(object) => object.is_mapping(),
            other => matches!(other, Value::Dict(_)),
        },
        "sequence" | "iterable" => {
            let is_other = matches!(value, Value::String(_) | Value::Undefined(_));
            is_other || (value.items().is_ok() && !value.is_none())
        }
        "callable" => matches!(value, Value::Object(object) if object.is_callable()),
        "even" => remainder(value, 2)? == 0,
        "odd" => remainder(value, 2)? != 0,
        "divisibleby" => remainder(value, arguments.integer(0, "num", 1)?)? == 0,
        "lower" => value.to_string() == value.to_string().to_lowercase(),
        "upper" => value.to_string() == value.to_string().to_uppercase(),
        "in" => operators::contains(arguments.require(0, "seq")?, value)?,
        "eq" | "equalto" | "==" => compare(Comparison::Equal)?,
        "ne" | "!=" => compare(Comparison::NotEqual)?,
        "lt" | "lessthan" => compare(Comparison::Less)?,
        "le" => compare(Comparison::LessOrEqual)?,
        "gt" | "greaterthan" => compare(Comparison::Greater)?,
        "ge" => compare(Comparison::GreaterOrEqual)?,
        "sameas" => {
            value == arguments.require(0, "other")?
                && value.type_name() == arguments.require(0, "other")?.type_name()
        }
        "escaped" => false,
        _ => return Err(fail(format!("no test named `{name}`"))),
    })
}

fn remainder(value: &Value, divisor: i64) -> Result<i64> {
    match value {
        Value::Int(number) if divisor != 0 => Ok(number.wrapping_rem(divisor)),
        other => Err(fail(format!(
            "`{}` cannot be divided by {divisor}",
            other.type_name()
        ))),
    }
}
