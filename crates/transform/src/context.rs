use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::{Arc, OnceLock},
};

use serde_json::{Map, Value as Json};
use warehouse::{Connection, RelationKind};

use crate::{
    jinja::{self, Host, Interpreter, Value},
    macros::{MacroDefinition, Macros},
    node::{Node, Reference},
    options::Options,
    settings::{Settings, merge},
    unit_test::Overrides,
};

mod adapter;
mod columns;
mod functions;
mod modules;
mod namespaces;
mod references;
mod relation;
mod statements;
mod table;

pub(crate) use columns::column;
pub(crate) use functions::{DBT_VERSION, md5_hex};
pub(crate) use references::relation_of;
pub(crate) use relation::RelationValue;
pub(crate) use table::cell;

/// What every template of a project shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Arc<Settings>,
    /// Of the packages, by name.
    pub(crate) packages: BTreeMap<String, Arc<Settings>>,
    pub(crate) macros: Macros,
    pub(crate) options: Options,
    /// `{% docs %}` blocks.
    pub(crate) docs: Vec<DocsBlock>,
    /// `selected_resources`, once a command runs.
    pub(crate) selected: OnceLock<Vec<String>>,
}

/// A `{% docs %}` block.
#[derive(Debug)]
pub(crate) struct DocsBlock {
    pub(crate) package: String,
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Finds what `ref` and `source` mean once the graph is known.
pub(crate) trait Resolver: Send + Sync {
    /// What a node of `package` means by a `ref`.
    fn reference(&self, reference: &Reference, package: &str) -> Option<&Node>;
    /// What a node of `package` means by a `source`.
    fn source(&self, source_name: &str, table: &str, package: &str) -> Option<&Node>;
    /// `graph` as templates see it.
    fn graph(&self) -> Value;

    /// What to say when a call resolves to nothing.
    fn missing(&self, call: &str) -> String {
        format!("`{call}` names nothing in the project")
    }
}

/// What a unit test puts in the place of the project's own.
#[derive(Debug, Default)]
pub(crate) struct Substitutes {
    pub(crate) overrides: Overrides,
    pub(crate) this: Option<RelationValue>,
}

/// What a template did while it was rendered.
#[derive(Debug, Default, Clone)]
pub(crate) struct Captured {
    pub(crate) refs: Vec<Reference>,
    pub(crate) sources: Vec<(String, String)>,
    pub(crate) macros: BTreeSet<String>,
    pub(crate) config: Map<String, Json>,
    /// What `log(…, info=true)` and `print` said.
    pub(crate) messages: Vec<String>,
}

/// The names that dbt gives the templates of one node.
pub(crate) struct Context {
    shared: Arc<Shared>,
    /// Whose names come first.
    package: String,
    node: Option<Node>,
    /// `None` while parsing: `execute` is false and nothing resolves.
    resolver: Option<Arc<dyn Resolver>>,
    /// Only in a unit test.
    substitutes: Option<Substitutes>,
    connection: Option<RefCell<Box<dyn Connection>>>,
    captured: RefCell<Captured>,
    results: RefCell<Vec<(String, Value)>>,
    /// What the node's own relation was when the run began, for hooks: dbt looks into its cache for it.
    before: Cell<Option<Option<RelationKind>>>,
    /// Names that only this rendering has, such as the arguments of a generic test.
    extra: RefCell<Vec<(String, Value)>>,
}

impl Context {
    /// For parsing: `execute` is false.
    pub(crate) fn parsing(shared: &Arc<Shared>, node: Option<Node>) -> Rc<Self> {
        Self::build(shared, node, None, None, None)
    }

    /// For parsing what belongs to no node of a package.
    pub(crate) fn of_package(shared: &Arc<Shared>, package: &str) -> Rc<Self> {
        let mut context = Self::new(shared, None, None, None, None);
        package.clone_into(&mut context.package);
        Rc::new(context)
    }

    /// For compiling and running.
    pub(crate) fn executing(
        shared: &Arc<Shared>,
        node: Node,
        resolver: Arc<dyn Resolver>,
        connection: Option<Box<dyn Connection>>,
    ) -> Rc<Self> {
        Self::build(shared, Some(node), Some(resolver), connection, None)
    }

    /// For a model under a unit test.
    pub(crate) fn unit_testing(
        shared: &Arc<Shared>,
        node: Node,
        resolver: Arc<dyn Resolver>,
        connection: Option<Box<dyn Connection>>,
        substitutes: Substitutes,
    ) -> Rc<Self> {
        Self::build(
            shared,
            Some(node),
            Some(resolver),
            connection,
            Some(substitutes),
        )
    }

    fn build(
        shared: &Arc<Shared>,
        node: Option<Node>,
        resolver: Option<Arc<dyn Resolver>>,
        connection: Option<Box<dyn Connection>>,
        substitutes: Option<Substitutes>,
    ) -> Rc<Self> {
        Rc::new(Self::new(shared, node, resolver, connection, substitutes))
    }

    fn new(
        shared: &Arc<Shared>,
        node: Option<Node>,
        resolver: Option<Arc<dyn Resolver>>,
        connection: Option<Box<dyn Connection>>,
        substitutes: Option<Substitutes>,
    ) -> Self {
        let package = node.as_ref().map(|node| node.package.clone());
        Self {
            shared: Arc::clone(shared),
            package: package.unwrap_or_else(|| shared.settings.name.clone()),
            node,
            resolver,
            substitutes,
            connection: connection.map(RefCell::new),
            captured: RefCell::default(),
            results: RefCell::default(),
            before: Cell::default(),
            extra: RefCell::default(),
        }
    }

    pub(crate) fn executes(&self) -> bool {
        self.resolver.is_some()
    }

    pub(crate) fn set_extra(&self, name: &str, value: Value) {
        self.extra.borrow_mut().push((name.to_owned(), value));
    }

    pub(crate) fn set_before(&self, kind: Option<RelationKind>) {
        self.before.set(Some(kind));
    }

    pub(crate) fn captured(&self) -> Captured {
        self.captured.borrow().clone()
    }

    /// Gives the connection back.
    pub(crate) fn into_connection(self: Rc<Self>) -> Option<Box<dyn Connection>> {
        Rc::into_inner(self)?.connection.map(RefCell::into_inner)
    }

    pub(crate) fn interpreter(self: &Rc<Self>) -> Interpreter {
        Interpreter::new(Rc::new(ContextHost(Rc::clone(self))))
    }

    /// Renders a template of the project.
    pub(crate) fn render(
        self: &Rc<Self>,
        file: &str,
        source: &str,
    ) -> Result<String, Box<jinja::Error>> {
        let template = jinja::parse(&Arc::from(file), source)?;
        self.interpreter().render(&template)
    }

    /// Renders the value of a YAML string: what is not a template stays as it is.
    pub(crate) fn render_value(
        self: &Rc<Self>,
        file: &str,
        source: &str,
    ) -> Result<Value, Box<jinja::Error>> {
        if !source.contains("{{") && !source.contains("{%") && !source.contains("{#") {
            return Ok(Value::text(source));
        }
        let template = jinja::parse(&Arc::from(file), source)?;
        self.interpreter().render_native(&template)
    }

    /// Renders every string inside a JSON value.
    pub(crate) fn render_json(
        self: &Rc<Self>,
        file: &str,
        json: &Json,
    ) -> Result<Json, Box<jinja::Error>> {
        Ok(match json {
            Json::String(text) => Json::from(&self.render_value(file, text)?),
            Json::Array(values) => Json::Array(
                values
                    .iter()
                    .map(|value| self.render_json(file, value))
                    .collect::<Result<_, _>>()?,
            ),
            Json::Object(entries) => {
                let mut rendered = Map::new();
                for (key, value) in entries {
                    rendered.insert(key.clone(), self.render_json(file, value)?);
                }
                Json::Object(rendered)
            }
            other => other.clone(),
        })
    }

    /// Calls a macro by name, as dbt does for `generate_schema_name` and its like.
    pub(crate) fn call_macro(
        self: &Rc<Self>,
        name: &str,
        arguments: jinja::Arguments,
    ) -> Result<Value, Box<jinja::Error>> {
        let Some(definition) = self.shared.macros.find(&self.package, name) else {
            return Err(Box::new(jinja::Error::new(format!(
                "macro `{name}` is not defined"
            ))));
        };
        self.call_definition(definition, arguments)
    }

    /// Calls `generate_schema_name` or one of its like: a package's own for its nodes, else the project's, else dbt's.
    pub(crate) fn call_naming_macro(
        self: &Rc<Self>,
        name: &str,
        arguments: jinja::Arguments,
    ) -> Result<Value, Box<jinja::Error>> {
        match self.shared.macros.find_in(&self.package, name) {
            Some(definition) => self.call_definition(definition, arguments),
            None => self.call_macro(name, arguments),
        }
    }

    fn call_definition(
        self: &Rc<Self>,
        definition: &Arc<MacroDefinition>,
        arguments: jinja::Arguments,
    ) -> Result<Value, Box<jinja::Error>> {
        let value = self.macro_value(definition);
        self.interpreter()
            .call(&value, arguments)
            .map_err(|interrupt| Box::new(interrupt.into_error()))
    }

    /// What a unit test says a macro returns.
    fn overridden(&self, package: Option<&str>, name: &str) -> Option<Value> {
        let macros = &self.substitutes.as_ref()?.overrides.macros;
        let found = match package {
            Some(package) => macros
                .get(&format!("{package}.{name}"))
                .or_else(|| macros.get(name).filter(|_| package == "dbt")),
            None => macros
                .get(name)
                .or_else(|| macros.get(&format!("dbt.{name}"))),
        };
        found.map(Value::from)
    }

    fn macro_value(&self, definition: &Arc<MacroDefinition>) -> Value {
        self.captured
            .borrow_mut()
            .macros
            .insert(definition.unique_id.clone());
        Value::object(jinja::Macro::new(
            Arc::clone(&definition.block),
            Arc::clone(&definition.file),
            None,
        ))
    }

    /// The config as it stands: what was known before rendering, with the `config()` calls so far on top.
    fn config_now(&self) -> Map<String, Json> {
        let mut config = self
            .node
            .as_ref()
            .map(|node| node.config.clone())
            .unwrap_or_default();
        if !self.executes() {
            merge(&mut config, &self.captured.borrow().config);
        }
        config
    }
}

/// A macro that always returns the same.
fn constant(value: Value) -> Value {
    Value::function("override", move |_, _| Ok(value.clone()))
}

/// Answers an interpreter's questions from a context.
struct ContextHost(Rc<Context>);

impl Host for ContextHost {
    fn global(&self, name: &str) -> Option<Value> {
        let context = &self.0;
        if let Some((_, value)) = context
            .extra
            .borrow()
            .iter()
            .rev()
            .find(|(key, _)| key == name)
        {
            return Some(value.clone());
        }
        let definition = context.shared.macros.find(&context.package, name);
        if let Some(value) = context.overridden(None, name) {
            return Some(if definition.is_some() {
                constant(value)
            } else {
                value
            });
        }
        if let Some(definition) = definition {
            return Some(context.macro_value(definition));
        }
        namespaces::package(context, name).or_else(|| functions::global(context, name))
    }

    fn names(&self) -> Vec<String> {
        let mut names = self.0.shared.macros.names();
        names.extend(functions::NAMES.iter().map(|name| (*name).to_owned()));
        names
    }
}
