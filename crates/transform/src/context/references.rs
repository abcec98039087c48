use std::rc::Rc;

use serde_json::Value as Json;
use warehouse::RelationKind;

use super::{Context, RelationValue};
use crate::{
    diagnostic::nearest,
    jinja::{Arguments, Interpreter, Object, Result, Value, fail, fail_with_hint},
    node::{Materialization, Node, NodeKind, Reference},
    settings::merge,
};

/// `ref('x')`, `ref('package', 'x')`.
pub(super) fn reference(context: &Context, arguments: &Arguments) -> Result<Value> {
    if arguments
        .keyword("v")
        .or_else(|| arguments.keyword("version"))
        .is_some_and(|version| !version.is_none())
    {
        return Err(fail("model versions are not supported"));
    }
    let names = arguments
        .positional
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    let reference = match &names[..] {
        [name] => Reference {
            package: None,
            name: name.clone(),
        },
        [package, name] => Reference {
            package: Some(package.clone()),
            name: name.clone(),
        },
        _ => {
            return Err(fail(format!(
                "ref takes one or two names, got {}",
                names.len()
            )));
        }
    };
    let mut captured = context.captured.borrow_mut();
    if !captured.refs.contains(&reference) {
        captured.refs.push(reference.clone());
    }
    drop(captured);
    let Some(resolver) = &context.resolver else {
        return Ok(this(context));
    };
    match resolver.reference(&reference, &context.package) {
        Some(node) => Ok(context.related(node).into_value()),
        None => Err(fail(
            resolver.missing(&format!("ref('{}')", reference.name)),
        )),
    }
}

impl Context {
    /// The relation that stands for a node in this project's SQL.
    pub(super) fn related(&self, node: &Node) -> RelationValue {
        let options = &self.shared.options;
        let mut relation = relation_of(node);
        relation.is_postgres = self.is_postgres();
        relation.is_empty = options.is_empty && relation.cte.is_none();
        match &node.source {
            Some(_) if relation.is_postgres => relation.external = None,
            Some(_) => {}
            None => relation.unquoted = self.shared.settings.unquoted,
        }
        relation
    }

    pub(super) fn is_postgres(&self) -> bool {
        self.shared.options.target.adapter == "postgres"
    }
}

/// The relation that stands for a node in SQL.
pub(crate) fn relation_of(node: &Node) -> RelationValue {
    let mut relation = RelationValue::new(&node.relation());
    if let Some(source) = &node.source {
        relation.unquoted = source.unquoted;
        relation.external.clone_from(&source.external);
    }
    if node.is_ephemeral() {
        relation.cte = Some(format!("__dbt__cte__{}", node.name));
    }
    relation.kind = match node.materialization() {
        Ok(Materialization::View) if node.kind == NodeKind::Model => Some(RelationKind::View),
        Ok(
            Materialization::Table
            | Materialization::Incremental
            | Materialization::Seed
            | Materialization::Snapshot,
        ) => Some(RelationKind::Table),
        _ => None,
    };
    relation
}

/// `source('x', 'table')`.
pub(super) fn source(context: &Context, arguments: &Arguments) -> Result<Value> {
    let [source_name, table] = &arguments.positional[..] else {
        return Err(fail(format!(
            "source takes two names, got {}",
            arguments.positional.len()
        )));
    };
    let (source_name, table) = (source_name.to_string(), table.to_string());
    let pair = (source_name.clone(), table.clone());
    let mut captured = context.captured.borrow_mut();
    if !captured.sources.contains(&pair) {
        captured.sources.push(pair);
    }
    drop(captured);
    let Some(resolver) = &context.resolver else {
        return Ok(this(context));
    };
    match resolver.source(&source_name, &table, &context.package) {
        Some(node) => Ok(context.related(node).into_value()),
        None => Err(fail(
            resolver.missing(&format!("source('{source_name}', '{table}')")),
        )),
    }
}

pub(super) fn this(context: &Context) -> Value {
    if let Some(substitutes) = &context.substitutes {
        let this = substitutes.this.clone();
        return this.map_or(Value::None, RelationValue::into_value);
    }
    context.node.as_ref().map_or(Value::None, |node| {
        let mut relation = RelationValue::new(&node.relation());
        relation.is_postgres = context.is_postgres();
        relation.unquoted = context.shared.settings.unquoted;
        relation.into_value()
    })
}

fn known_variable<'a>(context: &'a Context, name: &str) -> Option<&'a Json> {
    let shared = &context.shared;
    let overridden = context.substitutes.as_ref();
    overridden
        .and_then(|substitutes| substitutes.overrides.vars.get(name))
        .or_else(|| shared.options.vars.get(name))
        .or_else(|| shared.settings.var(&context.package, name))
        .or_else(|| {
            let own = shared.packages.get(&context.package)?;
            own.var(&context.package, name)
        })
}

/// `var('x', default)`: the command line, then the project, then the node's own package.
pub(super) fn variable(context: &Context, arguments: &Arguments) -> Result<Value> {
    let name = arguments.text(0, "name")?;
    let shared = &context.shared;
    if let Some(value) = known_variable(context, &name) {
        return Ok(Value::from(value));
    }
    if let Some(default) = arguments.get(1, "default") {
        return Ok(default.clone());
    }
    if !context.executes() && context.node.is_some() {
        return Ok(Value::None);
    }
    let known: Vec<&str> = shared
        .settings
        .vars
        .keys()
        .chain(shared.options.vars.keys())
        .map(String::as_str)
        .collect();
    let hint = nearest(&name, known).unwrap_or_else(|| {
        format!("set it under `vars:` in dbt_project.yml or with --vars '{{{name}: …}}'")
    });
    Err(fail_with_hint(
        format!("required var `{name}` is not set"),
        hint,
    ))
}

/// `var`: called with a name, asked with `has_var`.
pub(super) struct Variables(pub(super) Rc<Context>);

impl Object for Variables {
    fn type_name(&self) -> &'static str {
        "Var"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, _interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        variable(&self.0, &arguments)
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        let found = |name: &str| known_variable(&self.0, name).is_some();
        let key = || arguments.text(0, "var_name");
        (name == "has_var").then(|| key().map(|key| Value::Bool(found(&key))))
    }
}

/// `env_var('X', default)`.
pub(super) fn env_var(context: &Context, arguments: &Arguments) -> Result<Value> {
    let name = arguments.text(0, "name")?;
    let overridden = context.substitutes.as_ref();
    let overridden = overridden
        .and_then(|substitutes| substitutes.overrides.env_vars.get(&*name))
        .map(Value::from);
    let found = context.shared.options.env.get(&*name).map(Value::text);
    overridden
        .or(found)
        .or_else(|| arguments.get(1, "default").cloned())
        .ok_or_else(|| {
            fail_with_hint(
                format!("env var `{name}` is not set"),
                format!("export {name}=…"),
            )
        })
}

/// `doc('x')`: the text of a docs block.
pub(super) fn doc(context: &Context, arguments: &Arguments) -> Result<Value> {
    let (package, name) = match &arguments.positional[..] {
        [package, name] => (Some(package.to_string()), name.to_string()),
        [name] => (None, name.to_string()),
        _ => return Err(fail("doc takes one or two names")),
    };
    let docs = &context.shared.docs;
    let find = |package: Option<&str>| {
        docs.iter().find(|block| {
            block.name == name && package.is_none_or(|package| block.package == package)
        })
    };
    let found = match &package {
        Some(package) => find(Some(package)),
        None => [
            Some(&*context.package),
            Some(&*context.shared.settings.name),
            None,
        ]
        .into_iter()
        .find_map(find),
    };
    match found {
        Some(block) => Ok(Value::text(&block.text)),
        None => {
            let names = docs.iter().map(|block| block.name.as_str());
            let hint = nearest(&name, names).unwrap_or_default();
            Err(fail_with_hint(
                format!("docs block `{name}` is not defined"),
                hint,
            ))
        }
    }
}

/// `config`: called to set, asked with `get`.
pub(super) struct ConfigValue(pub(super) Rc<Context>);

impl Object for ConfigValue {
    fn type_name(&self) -> &'static str {
        "config"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, _interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        if self.0.executes() {
            return Ok(Value::text(""));
        }
        let mut set = serde_json::Map::new();
        if let Some(Value::Dict(dict)) = arguments.positional.first() {
            let Json::Object(entries) = Json::from(&Value::Dict(Rc::clone(dict))) else {
                return Ok(Value::text(""));
            };
            set.extend(entries);
        }
        for (name, value) in &arguments.keyword {
            let name = match &**name {
                "pre_hook" => "pre-hook",
                "post_hook" => "post-hook",
                name => name,
            };
            set.insert(name.to_owned(), Json::from(value));
        }
        merge(&mut self.0.captured.borrow_mut().config, &set);
        Ok(Value::text(""))
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        self.0.config_now().get(name).map(Value::from)
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        let config = self.0.config_now();
        if let "persist_relation_docs" | "persist_column_docs" = name {
            let part = if name == "persist_relation_docs" {
                "relation"
            } else {
                "columns"
            };
            let wanted = config.get("persist_docs").and_then(|docs| docs.get(part));
            return Some(Ok(Value::Bool(wanted == Some(&Json::Bool(true)))));
        }
        let key = match arguments.text(0, "name") {
            Ok(key) => key,
            Err(error) => return Some(Err(error)),
        };
        Some(match name {
            "get" | "meta_get" => {
                let found = if name == "get" {
                    config.get(&*key)
                } else {
                    config.get("meta").and_then(|meta| meta.get(&*key))
                };
                let found = found.map(Value::from).filter(|value| !value.is_none());
                Ok(found
                    .or_else(|| arguments.get(1, "default").cloned())
                    .unwrap_or(Value::None))
            }
            "require" => config
                .get(&*key)
                .map(Value::from)
                .ok_or_else(|| fail(format!("config `{key}` is required"))),
            "set" => {
                if let Some(value) = arguments.get(1, "value") {
                    self.0
                        .captured
                        .borrow_mut()
                        .config
                        .insert(key.as_ref().to_owned(), Json::from(value));
                }
                Ok(Value::text(""))
            }
            _ => return None,
        })
    }
}
