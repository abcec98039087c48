//! Templates to SQL: rendering, and the CTEs that stand in for ephemeral models.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use warehouse::{Connection, Dialect, RelationKind};

use crate::{
    Diagnostic, Node, NodeId, NodeKind,
    context::{Context, Resolver, Shared},
    jinja::{Arguments, Value},
    parse::bind_arguments,
    project::Nodes,
};

pub(crate) mod fixture;
mod hooks;
mod indexes;
mod inject;
mod unit_test;

pub(crate) use hooks::{Hook, Hooks, hook_sql};

/// What a template became.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compiled {
    pub(crate) sql: String,
    pub(crate) messages: Vec<String>,
    pub(crate) hooks: Hooks,
    /// The statements that create the indexes of the table.
    pub(crate) indexes: Vec<String>,
}

/// Compiles nodes of one project; threads share it.
#[derive(Debug, Clone)]
pub(crate) struct Compiler {
    pub(crate) shared: Arc<Shared>,
    pub(crate) nodes: Arc<Nodes>,
    /// The columns of relations that unit tests give rows for, by the relation's name; most are given many times.
    inputs: Arc<Mutex<HashMap<String, Columns>>>,
}

/// Name and type of each column.
type Columns = Vec<(String, String)>;

impl Compiler {
    pub(crate) fn new(shared: Arc<Shared>, nodes: Arc<Nodes>) -> Self {
        Self {
            shared,
            nodes,
            inputs: Arc::default(),
        }
    }

    /// Compiles a node. The connection, if any, answers `run_query` and comes back after.
    pub(crate) fn compile(
        &self,
        node: &Node,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<Compiled, Diagnostic> {
        if node.kind == NodeKind::Exposure {
            return Ok(Compiled::default());
        }
        if let Some(test) = &node.unit_test {
            return self.compile_unit_test(node, test, connection);
        }
        let mut compiled = self.render(node, connection)?;
        let mut ctes = Vec::new();
        let mut seen = BTreeSet::new();
        self.collect_ctes(node, &mut ctes, &mut seen, connection)?;
        compiled.sql = inject::ctes(&compiled.sql, &ctes);
        Ok(compiled)
    }

    /// Calls a macro in the name of a node. The connection, if any, answers what it asks.
    pub(crate) fn call_macro(
        &self,
        node: &Node,
        name: &str,
        arguments: Arguments,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<Value, Diagnostic> {
        let nodes = Arc::clone(&self.nodes) as Arc<dyn Resolver>;
        let context = Context::executing(&self.shared, node.clone(), nodes, connection.take());
        let called = context.call_macro(name, arguments);
        *connection = context.into_connection();
        called.map_err(|error| Diagnostic::from_jinja(*error, &node.file()))
    }

    fn dialect(&self) -> Dialect {
        match self.shared.options.target.adapter.as_str() {
            "postgres" => Dialect::Postgres,
            _ => Dialect::DuckDb,
        }
    }

    fn render(
        &self,
        node: &Node,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<Compiled, Diagnostic> {
        let nodes = Arc::clone(&self.nodes) as Arc<dyn Resolver>;
        let context = Context::executing(&self.shared, node.clone(), nodes, connection.take());
        let file = if node.test.is_some() {
            String::new()
        } else {
            node.file()
        };
        let rendered = bind_arguments(&context, node)
            .and_then(|()| context.render(&file, &node.raw_code))
            .and_then(|sql| {
                let hooks = Hooks::of(node);
                let indexes = indexes::render(&context, node, self.dialect())?;
                Ok(Compiled {
                    sql,
                    messages: context.captured().messages,
                    hooks,
                    indexes,
                })
            });
        *connection = context.into_connection();
        rendered.map_err(|error| {
            let problem = Diagnostic::from_jinja(*error, &node.file()).inside(node);
            if problem.line == 0 {
                problem.at_line(node.line, 1)
            } else {
                problem
            }
        })
    }

    /// Renders a hook of a run with the names that only such hooks have; gives what it said too.
    pub(crate) fn render_operation(
        &self,
        node: &Node,
        names: &[(&str, serde_json::Value)],
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<(String, Vec<String>), Diagnostic> {
        let nodes = Arc::clone(&self.nodes) as Arc<dyn Resolver>;
        let context = Context::executing(&self.shared, node.clone(), nodes, connection.take());
        for (name, value) in names {
            context.set_extra(name, Value::from(value));
        }
        let rendered = context.render(&node.file(), &node.raw_code);
        let messages = context.captured().messages;
        *connection = context.into_connection();
        match rendered {
            Ok(sql) => Ok((sql, messages)),
            Err(error) => Err(Diagnostic::from_jinja(*error, &node.file())),
        }
    }

    /// Renders a text with the names that a node's own template has.
    pub(crate) fn render_text(
        &self,
        node: &Node,
        text: &str,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<String, Diagnostic> {
        self.render_beside(node, text, None, connection)
    }

    /// Renders a hook of a node whose relation was `before` when the run began.
    pub(crate) fn render_hook(
        &self,
        node: &Node,
        text: &str,
        before: Option<RelationKind>,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<String, Diagnostic> {
        self.render_beside(node, text, Some(before), connection)
    }

    fn render_beside(
        &self,
        node: &Node,
        text: &str,
        before: Option<Option<RelationKind>>,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<String, Diagnostic> {
        let nodes = Arc::clone(&self.nodes) as Arc<dyn Resolver>;
        let context = Context::executing(&self.shared, node.clone(), nodes, connection.take());
        if let Some(kind) = before {
            context.set_before(kind);
        }
        let rendered = context.render(&node.file(), text);
        *connection = context.into_connection();
        rendered.map_err(|error| Diagnostic::from_jinja(*error, &node.file()))
    }

    /// The ephemeral models below a node, each after those it reads itself.
    fn collect_ctes(
        &self,
        node: &Node,
        ctes: &mut Vec<(String, String)>,
        seen: &mut BTreeSet<NodeId>,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<(), Diagnostic> {
        for dependency in &node.depends_on {
            let Some(dependency) = self
                .nodes
                .by_id
                .get(dependency)
                .filter(|node| node.is_ephemeral())
            else {
                continue;
            };
            if seen.insert(dependency.unique_id.clone()) {
                self.collect_ctes(dependency, ctes, seen, connection)?;
                let compiled = self.render(dependency, connection)?;
                ctes.push((format!("__dbt__cte__{}", dependency.name), compiled.sql));
            }
        }
        Ok(())
    }
}
