use std::rc::Rc;

use md5::{Digest, Md5};

use super::{Context, adapter, modules, namespaces, references, statements};
use crate::jinja::{Arguments, Dict, Interpreter, Interrupt, Object, Result, Time, Value, fail};

/// The names that dbt gives every template, for suggestions.
pub(super) const NAMES: [&str; 48] = [
    "ref",
    "source",
    "config",
    "var",
    "env_var",
    "doc",
    "this",
    "target",
    "execute",
    "model",
    "return",
    "adapter",
    "api",
    "exceptions",
    "log",
    "print",
    "debug",
    "fromjson",
    "tojson",
    "local_md5",
    "zip",
    "zip_strict",
    "set",
    "set_strict",
    "invocation_id",
    "run_started_at",
    "dbt_version",
    "flags",
    "project_name",
    "builtins",
    "graph",
    "statement",
    "load_result",
    "store_result",
    "schema",
    "database",
    "modules",
    "is_incremental",
    "run_query",
    "selected_resources",
    "context",
    "fromyaml",
    "toyaml",
    "invocation_args_dict",
    "dbt_metadata_envs",
    "thread_id",
    "try_or_compiler_error",
    "results",
];

/// The dbt release whose behaviour this engine follows.
pub(crate) const DBT_VERSION: &str = "1.11.16";

/// A global of dbt, or `None` when it has none of that name.
pub(super) fn global(context: &Rc<Context>, name: &str) -> Option<Value> {
    let shared = &context.shared;
    let options = &shared.options;
    Some(match name {
        "ref" => function(context, "ref", |context, _, arguments| {
            references::reference(context, &arguments)
        }),
        "source" => function(context, "source", |context, _, arguments| {
            references::source(context, &arguments)
        }),
        "var" => Value::object(references::Variables(Rc::clone(context))),
        "env_var" => function(context, "env_var", |context, _, arguments| {
            references::env_var(context, &arguments)
        }),
        "doc" => function(context, "doc", |context, _, arguments| {
            references::doc(context, &arguments)
        }),
        "config" => Value::object(references::ConfigValue(Rc::clone(context))),
        "this" => references::this(context),
        "target" => namespaces::target(&options.target),
        "execute" => Value::Bool(context.executes()),
        "model" | "node" => namespaces::model(context),
        "adapter" => Value::object(adapter::AdapterValue(Rc::clone(context))),
        "api" => namespaces::api(context),
        "exceptions" => namespaces::exceptions(context),
        "modules" => modules::modules(context),
        "flags" => namespaces::flags(options),
        "graph" => context
            .resolver
            .as_ref()
            .map_or_else(|| Value::dict::<&str>([]), |resolver| resolver.graph()),
        "builtins" => Value::dict(
            ["ref", "source", "config", "var"]
                .map(|name| (name, global(context, name).unwrap_or(Value::None))),
        ),
        "statement" => function(context, "statement", statements::statement),
        "load_result" => function(context, "load_result", statements::load_result),
        "store_result" => function(context, "store_result", statements::store_result),
        "schema" => context
            .node
            .as_ref()
            .map(|node| node.schema.as_str())
            .into(),
        "database" => context
            .node
            .as_ref()
            .map(|node| node.database.as_str())
            .into(),
        "invocation_id" => Value::text(&options.invocation_id),
        "run_started_at" => Time::utc(options.started_at).into_value(),
        "dbt_version" => Value::text(DBT_VERSION),
        "project_name" => Value::text(&shared.settings.name),
        "selected_resources" => {
            let selected = context.shared.selected.get();
            Value::list(selected.into_iter().flatten().map(Value::text))
        }
        "context" => Value::object(Names(Rc::clone(context))),
        "invocation_args_dict" => Value::dict([
            ("which", Value::text(&options.which)),
            ("target", Value::text(&options.target.name)),
            ("full_refresh", Value::Bool(options.full_refresh)),
            (
                "vars",
                Value::from(&serde_json::Value::Object(options.vars.clone())),
            ),
            (
                "invocation_command",
                Value::from(format!("dbt {}", options.which)),
            ),
        ]),
        "dbt_metadata_envs" => {
            let prefix = "DBT_ENV_CUSTOM_ENV_";
            let custom = options.env.iter();
            let custom =
                custom.filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
            Value::dict(custom.map(|(name, value)| (name, Value::text(value))))
        }
        "thread_id" => Value::text("Thread-1"),
        "try_or_compiler_error" => {
            Value::function("try_or_compiler_error", |interpreter, mut arguments| {
                let message = arguments.require(0, "message_if_exception")?.to_string();
                let function = arguments.require(1, "func")?.clone();
                arguments
                    .positional
                    .drain(..2.min(arguments.positional.len()));
                function
                    .call(interpreter, arguments)
                    .map_err(|_| fail(message))
            })
        }
        "return" => Value::function("return", |_, arguments| {
            Err(Interrupt::Return(
                arguments.get(0, "data").cloned().unwrap_or(Value::None),
            ))
        }),
        "log" | "print" => {
            let is_print = name == "print";
            function(context, "log", move |context, _, arguments| {
                if is_print || arguments.flag(1, "info", false) {
                    let message = arguments.require(0, "msg")?.to_string();
                    context.captured.borrow_mut().messages.push(message);
                }
                Ok(Value::text(""))
            })
        }
        "debug" => Value::function("debug", |_, _| Ok(Value::text(""))),
        _ => return data_function(name),
    })
}

/// `context`: every name there is, by its name.
struct Names(Rc<Context>);

impl Object for Names {
    fn type_name(&self) -> &'static str {
        "dict"
    }

    fn is_mapping(&self) -> bool {
        true
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        use crate::jinja::Host;
        super::ContextHost(Rc::clone(&self.0)).global(name)
    }

    fn call_method(
        &self,
        interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        if name == "get" {
            let key = arguments.text(0, "key");
            let default = arguments.get(1, "default").cloned().unwrap_or(Value::None);
            return Some(key.map(|key| self.attribute(&key).unwrap_or(default)));
        }
        Some(self.attribute(name)?.call(interpreter, arguments))
    }
}

/// A function that can see the context.
pub(super) fn function(
    context: &Rc<Context>,
    name: &'static str,
    body: impl Fn(&Context, &mut Interpreter, Arguments) -> Result<Value> + 'static,
) -> Value {
    let context = Rc::clone(context);
    Value::function(name, move |interpreter, arguments| {
        body(&context, interpreter, arguments)
    })
}

fn data_function(name: &str) -> Option<Value> {
    Some(match name {
        "tojson" => Value::function("tojson", |_, arguments| {
            let value = arguments.require(0, "value")?;
            Ok(Value::from(crate::jinja::to_json_text(
                value,
                arguments.flag(2, "sort_keys", false),
            )))
        }),
        "fromjson" => Value::function("fromjson", |_, arguments| {
            let parsed = serde_json::from_str::<serde_json::Value>(&arguments.text(0, "string")?);
            match (parsed, arguments.get(1, "default")) {
                (Ok(json), _) => Ok(Value::from(&json)),
                (Err(_), Some(default)) => Ok(default.clone()),
                (Err(_), None) => Ok(Value::None),
            }
        }),
        "fromyaml" => Value::function("fromyaml", |_, arguments| {
            let parsed = crate::yaml::parse("fromyaml", &arguments.text(0, "value")?);
            Ok(match parsed {
                Ok(yaml) => Value::from(&crate::yaml::to_json(&yaml)),
                Err(_) => arguments.get(1, "default").cloned().unwrap_or(Value::None),
            })
        }),
        "toyaml" => Value::function("toyaml", |_, arguments| {
            let json = serde_json::Value::from(arguments.require(0, "value")?);
            match dbt_yaml::to_string(&json) {
                Ok(text) => Ok(Value::from(text)),
                Err(_) => Ok(arguments.get(1, "default").cloned().unwrap_or(Value::None)),
            }
        }),
        "local_md5" => Value::function("local_md5", |_, arguments| {
            Ok(Value::from(md5_hex(
                &arguments.require(0, "value")?.to_string(),
            )))
        }),
        "set" | "set_strict" => {
            let is_strict = name == "set_strict";
            Value::function("set", move |_, arguments| {
                let mut unique = Dict::default();
                let items = match arguments.require(0, "value")?.items() {
                    Err(_) if !is_strict => {
                        return Ok(arguments.get(1, "default").cloned().unwrap_or(Value::None));
                    }
                    items => items?,
                };
                for item in items {
                    unique.insert(item, Value::None);
                }
                Ok(Value::list(
                    unique
                        .entries()
                        .iter()
                        .map(|(key, _)| key.clone())
                        .collect::<Vec<_>>(),
                ))
            })
        }
        "zip_strict" => Value::function("zip_strict", |_, arguments| zip(&arguments)),
        "zip" => Value::function("zip", |_, arguments| match zip(&arguments) {
            Err(_) => Ok(arguments.keyword("default").cloned().unwrap_or(Value::None)),
            zipped => zipped,
        }),
        _ => return None,
    })
}

fn zip(arguments: &Arguments) -> Result<Value> {
    let lists = arguments
        .positional
        .iter()
        .map(Value::items)
        .collect::<Result<Vec<_>>>()?;
    let length = lists.iter().map(Vec::len).min().unwrap_or(0);
    Ok(Value::list(
        (0..length)
            .map(|index| Value::tuple(lists.iter().map(|list| list[index].clone())))
            .collect::<Vec<_>>(),
    ))
}

pub(crate) fn md5_hex(text: &str) -> String {
    Md5::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What templates raise on purpose.
pub(super) fn raise(arguments: &Arguments) -> Result<Value> {
    Err(fail(arguments.require(0, "msg")?.to_string()))
}
