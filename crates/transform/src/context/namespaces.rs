use std::rc::Rc;

use serde_json::Value as Json;

use warehouse::RelationKind;

use super::{Context, RelationValue, functions};
use crate::{
    jinja::{Arguments, Interpreter, Object, Result, Value},
    options::{Options, Target},
};

/// `dbt.concat(…)`, `filmstar.my_macro(…)`: the macros of one package.
struct Package {
    context: Rc<Context>,
    name: String,
}

impl Object for Package {
    fn type_name(&self) -> &'static str {
        "package"
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.context.overridden(Some(&self.name), name) {
            return Some(super::constant(value));
        }
        let macros = &self.context.shared.macros;
        macros
            .find_in(&self.name, name)
            .map(|definition| self.context.macro_value(definition))
    }

    fn call_method(
        &self,
        interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        if let Some(found) = self.attribute(name) {
            return Some(found.call(interpreter, arguments));
        }
        let known = self.context.shared.macros.package_of(&self.name);
        let hint =
            crate::diagnostic::nearest(name, known.iter().map(String::as_str)).unwrap_or_default();
        Some(Err(crate::jinja::fail_with_hint(
            format!("package `{}` has no macro `{name}`", self.name),
            hint,
        )))
    }
}

/// A package's macros by its name.
pub(super) fn package(context: &Rc<Context>, name: &str) -> Option<Value> {
    context.shared.macros.has_package(name).then(|| {
        Value::object(Package {
            context: Rc::clone(context),
            name: name.to_owned(),
        })
    })
}

pub(super) fn target(target: &Target) -> Value {
    let mut entries: Vec<(String, Value)> = target
        .entries
        .iter()
        .map(|(key, value)| (key.clone(), Value::from(value)))
        .collect();
    let own: [(&str, Value); 8] = [
        ("name", Value::text(&target.name)),
        ("target_name", Value::text(&target.name)),
        ("profile_name", Value::text(&target.profile)),
        ("type", Value::text(&target.adapter)),
        ("database", Value::text(&target.database)),
        ("dbname", Value::text(&target.database)),
        ("schema", Value::text(&target.schema)),
        ("threads", Value::Int(target.threads as i64)),
    ];
    entries.extend(own.map(|(key, value)| (key.to_owned(), value)));
    Value::dict(entries)
}

/// `model`: the node as the manifest has it, as far as templates use it.
pub(super) fn model(context: &Context) -> Value {
    let Some(node) = &context.node else {
        return Value::None;
    };
    let mut json = crate::artifacts::node_json(node, &context.shared.options);
    json["config"] = Json::Object(context.config_now());
    Value::from(&json)
}

pub(super) fn api(context: &Rc<Context>) -> Value {
    let is_duckdb_or_postgres = matches!(
        context.shared.options.target.adapter.as_str(),
        "duckdb" | "postgres"
    );
    let is_postgres = context.is_postgres();
    let translate = Value::function("translate_type", move |_, arguments| {
        let label = arguments.text(0, "dtype")?;
        Ok(match label.to_lowercase().as_str() {
            "string" if is_duckdb_or_postgres => Value::text("TEXT"),
            _ => Value::text(&label),
        })
    });
    let numeric = Value::function("numeric_type", |_, arguments| {
        let name = arguments.text(0, "dtype")?;
        match (arguments.get(1, "precision"), arguments.get(2, "size")) {
            (Some(precision), Some(scale)) if !precision.is_none() && !scale.is_none() => {
                Ok(Value::from(format!("{name}({precision},{scale})")))
            }
            _ => Ok(Value::text(&name)),
        }
    });
    let create = Value::function("create", move |_, arguments| {
        let text = |name| {
            arguments
                .keyword(name)
                .filter(|value| !value.is_none())
                .map(ToString::to_string)
        };
        let kind = match text("type").as_deref() {
            Some("table") => Some(RelationKind::Table),
            Some("view") => Some(RelationKind::View),
            _ => None,
        };
        let relation = RelationValue {
            database: text("database"),
            schema: text("schema"),
            identifier: text("identifier"),
            kind,
            is_postgres,
            ..RelationValue::default()
        };
        Ok(relation.into_value())
    });
    let string_type = Value::function("string_type", |_, arguments| {
        let size = arguments.integer(0, "size", 256)?;
        Ok(Value::from(format!("character varying({size})")))
    });
    let column = ColumnClass {
        is_postgres,
        functions: vec![
            ("translate_type", translate),
            ("numeric_type", numeric),
            ("string_type", string_type),
        ],
    };
    let relation = Value::dict([
        ("create", create),
        ("View", Value::text("view")),
        ("Table", Value::text("table")),
        ("CTE", Value::text("cte")),
    ]);
    Value::dict([("Column", Value::object(column)), ("Relation", relation)])
}

/// `api.Column`: called to make one.
struct ColumnClass {
    is_postgres: bool,
    functions: Vec<(&'static str, Value)>,
}

impl ColumnClass {
    fn column(&self, arguments: &Arguments) -> Result<Value> {
        let (name, data_type) = (arguments.text(0, "column")?, arguments.text(1, "dtype")?);
        Ok(super::column(&name, &data_type, self.is_postgres))
    }
}

impl Object for ColumnClass {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, _interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        self.column(&arguments)
    }

    fn call_method(
        &self,
        interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        if let "create" | "from_description" = name {
            return Some(self.column(&arguments));
        }
        let (_, function) = self.functions.iter().find(|(known, _)| *known == name)?;
        Some(function.call(interpreter, arguments))
    }
}

pub(super) fn exceptions(context: &Rc<Context>) -> Value {
    let raise = || {
        Value::function("raise_compiler_error", |_, arguments| {
            functions::raise(&arguments)
        })
    };
    let warn = functions::function(context, "warn", |context, _, arguments| {
        context
            .captured
            .borrow_mut()
            .messages
            .push(arguments.require(0, "msg")?.to_string());
        Ok(Value::text(""))
    });
    Value::dict([
        ("raise_compiler_error", raise()),
        ("raise_database_error", raise()),
        ("raise_parsing_error", raise()),
        ("raise_not_implemented", raise()),
        ("missing_config", raise()),
        ("warn", warn),
    ])
}

pub(super) fn flags(options: &Options) -> Value {
    Value::dict([
        ("FULL_REFRESH", Value::Bool(options.full_refresh)),
        ("STORE_FAILURES", Value::Bool(options.store_failures)),
        ("FAIL_FAST", Value::Bool(options.fail_fast)),
        ("WARN_ERROR", Value::Bool(options.warn_error)),
        ("EMPTY", Value::Bool(options.is_empty)),
        ("WHICH", Value::text(&options.which)),
    ])
}
