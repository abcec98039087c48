use super::{Context, table};
use crate::jinja::{Arguments, Interpreter, Result, Value, fail};

/// `{% call statement('name', fetch_result=true) %}…{% endcall %}`.
pub(super) fn statement(
    context: &Context,
    interpreter: &mut Interpreter,
    arguments: Arguments,
) -> Result<Value> {
    let Some(caller) = arguments.keyword("caller") else {
        return Err(fail(
            "statement is called as a block: `{% call statement() %}…{% endcall %}`",
        ));
    };
    let sql = caller.call(interpreter, Arguments::default())?.to_string();
    if !context.executes() {
        return Ok(Value::text(""));
    }
    let Some(connection) = &context.connection else {
        return Err(fail(
            "no connection to the warehouse: this command does not run queries",
        ));
    };
    let mut connection = connection.borrow_mut();
    let result = if arguments.flag(1, "fetch_result", false) {
        let rows = connection
            .query(&sql, &[])
            .map_err(|error| fail(error.to_string()))?;
        result(table::table(&rows))
    } else {
        connection
            .execute(&sql)
            .map_err(|error| fail(error.to_string()))?;
        result(Value::None)
    };
    if let Some(name) = arguments.get(0, "name").filter(|name| !name.is_none()) {
        remember(context, &name.to_string(), result);
    }
    Ok(Value::text(""))
}

fn result(table: Value) -> Value {
    let data = table
        .attribute("rows")
        .ok()
        .filter(|rows| !rows.is_undefined())
        .unwrap_or_else(|| Value::list([]));
    Value::dict([
        ("response", Value::text("OK")),
        ("data", data),
        ("table", table),
    ])
}

fn remember(context: &Context, name: &str, result: Value) {
    let mut results = context.results.borrow_mut();
    results.retain(|(key, _)| key != name);
    results.push((name.to_owned(), result));
}

pub(super) fn load_result(
    context: &Context,
    _interpreter: &mut Interpreter,
    arguments: Arguments,
) -> Result<Value> {
    let name = arguments.text(0, "name")?;
    let results = context.results.borrow();
    Ok(results
        .iter()
        .find(|(key, _)| *key == *name)
        .map_or(Value::None, |(_, result)| result.clone()))
}

pub(super) fn store_result(
    context: &Context,
    _interpreter: &mut Interpreter,
    arguments: Arguments,
) -> Result<Value> {
    let name = arguments.text(0, "name")?;
    let table = arguments
        .get(2, "agate_table")
        .cloned()
        .unwrap_or(Value::None);
    remember(context, &name, result(table));
    Ok(Value::text(""))
}
