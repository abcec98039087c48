//! What a person asks outside a run: the rows of a node or of a query, and what a macro does.

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use warehouse::{Connection, Warehouse};

use crate::{
    Diagnostic, Node, NodeKind, Project,
    compile::Compiler,
    context::{Context, Resolver, cell},
    diagnostic::nearest,
    jinja::{Arguments, Value},
    node::Reference,
    parse::empty_node,
};

/// The rows of a node or of a query.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows, in the order of the columns.
    pub rows: Vec<Vec<Json>>,
    /// The query, without its limit.
    pub sql: String,
    /// What the template said.
    pub messages: Vec<String>,
}

/// What a macro gave back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// Its value as a template prints it; empty when it returned nothing.
    pub value: String,
    /// What it said.
    pub messages: Vec<String>,
}

impl Project {
    /// The first rows of what a node's query gives.
    ///
    /// # Errors
    /// What the template or the warehouse said.
    pub fn show(
        &self,
        node: &Node,
        limit: Option<usize>,
        warehouse: &dyn Warehouse,
    ) -> Result<Shown, Diagnostic> {
        let compiler = self.compiler();
        let mut connection = Some(connect(warehouse)?);
        let compiled = match node.kind {
            NodeKind::Seed => format!("select * from {}", node.relation()),
            _ => compiler.compile(node, &mut connection)?.sql,
        };
        let bounded = match limit {
            Some(limit) => {
                format!("select * from (\n{compiled}\n) as model_limit_subq\nlimit {limit}")
            }
            None => compiled.clone(),
        };
        let Some(mut connection) = connection else {
            return Err(Diagnostic::without_file("the connection is gone"));
        };
        let rows = connection
            .query(&bounded, &[])
            .map_err(|error| Diagnostic::new(node.file(), error.to_string()))?;
        let fields = rows.schema.fields().iter();
        let columns = fields.map(|field| field.name().clone()).collect();
        let mut cells = Vec::with_capacity(rows.n_rows());
        for batch in &rows.batches {
            for index in 0..batch.num_rows() {
                let row = batch.columns().iter();
                cells.push(
                    row.map(|column| Json::from(&cell(column.as_ref(), index)))
                        .collect(),
                );
            }
        }
        Ok(Shown {
            columns,
            rows: cells,
            sql: compiled,
            messages: Vec::new(),
        })
    }

    /// A query that is no file of the project, with what it refers to.
    ///
    /// # Errors
    /// What it refers to and what is not there.
    pub fn inline(&self, sql: &str) -> Result<Node, Diagnostic> {
        const FILE: &str = "--inline";
        let mut node = Node {
            unique_id: format!("sql_operation.{}.inline_query", self.name()),
            name: "inline_query".to_owned(),
            package: self.name().to_owned(),
            path: FILE.to_owned(),
            original_file_path: FILE.to_owned(),
            raw_code: sql.to_owned(),
            fqn: vec![self.name().to_owned(), "inline_query".to_owned()],
            line: 1,
            ..empty_node(NodeKind::Analysis)
        };
        let context = Context::parsing(&self.shared, Some(node.clone()));
        context
            .render(FILE, sql)
            .map_err(|error| Diagnostic::from_jinja(*error, FILE))?;
        let captured = context.captured();
        for reference in &captured.refs {
            node.depends_on.push(self.referred(reference)?);
        }
        for (source, table) in &captured.sources {
            let found = self.nodes.source(source, table, self.name());
            let name = format!("{source}.{table}");
            let found = found.ok_or_else(|| {
                let known: Vec<String> = self.nodes.source_names().collect();
                Diagnostic::new(FILE, format!("source `{name}` is not declared"))
                    .with_hint(nearest(&name, known.iter().map(String::as_str)))
            })?;
            node.depends_on.push(found.unique_id.clone());
        }
        Ok(node)
    }

    fn referred(&self, reference: &Reference) -> Result<String, Diagnostic> {
        let found = self.nodes.reference(reference, self.name());
        found.map(|node| node.unique_id.clone()).ok_or_else(|| {
            let message = format!("ref `{}` names no model or seed", reference.name);
            let hint = nearest(&reference.name, self.nodes.ref_names());
            Diagnostic::new("--inline", message).with_hint(hint)
        })
    }

    /// Runs a macro of the project, as `dbt run-operation` does; `package.name` names one of a package.
    ///
    /// # Errors
    /// When there is no such macro, or what it or the warehouse said.
    pub fn run_operation(
        &self,
        name: &str,
        arguments: &Map<String, Json>,
        warehouse: &dyn Warehouse,
    ) -> Result<Returned, Diagnostic> {
        let macros = &self.shared.macros;
        let (package, bare) = name.split_once('.').unwrap_or((self.name(), name));
        let is_known = match name.contains('.') {
            true => macros.find_in(package, bare).is_some(),
            false => macros.find(package, bare).is_some(),
        };
        if !is_known {
            let names = macros.names();
            let problem = Diagnostic::without_file(format!("macro `{name}` is not defined"));
            return Err(problem.with_hint(nearest(bare, names.iter().map(String::as_str))));
        }
        let node = Node {
            unique_id: format!("operation.{}.{bare}", self.name()),
            name: bare.to_owned(),
            package: package.to_owned(),
            original_file_path: "run-operation".to_owned(),
            ..empty_node(NodeKind::Operation)
        };
        let compiler = self.compiler();
        let resolver = Arc::clone(&compiler.nodes) as Arc<dyn Resolver>;
        let connection = Some(connect(warehouse)?);
        let context = Context::executing(&self.shared, node, resolver, connection);
        let keyword = arguments.iter();
        let keyword = keyword.map(|(key, value)| (key.as_str().into(), Value::from(value)));
        let arguments = Arguments {
            positional: Vec::new(),
            keyword: keyword.collect(),
        };
        let value = context
            .call_macro(bare, arguments)
            .map_err(|error| Diagnostic::from_jinja(*error, name))?;
        let value = if value.is_none() {
            String::new()
        } else {
            value.to_string()
        };
        Ok(Returned {
            value: value.trim().to_owned(),
            messages: context.captured().messages,
        })
    }

    fn compiler(&self) -> Compiler {
        Compiler::new(Arc::clone(&self.shared), self.nodes_to_make())
    }
}

fn connect(warehouse: &dyn Warehouse) -> Result<Box<dyn Connection>, Diagnostic> {
    let opened = warehouse.connect();
    opened.map_err(|error| Diagnostic::without_file(error.to_string()))
}
