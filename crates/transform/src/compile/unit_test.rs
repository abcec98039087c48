use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use serde_json::{Map, Value as Json};
use warehouse::Connection;

use super::{Columns, Compiled, Compiler, fixture, inject};
use crate::{
    Diagnostic, Node, NodeId, NodeKind,
    context::{Context, RelationValue, Resolver, Substitutes, relation_of},
    jinja::Value,
    node::Reference,
    project::Nodes,
    unit_test::{Fixture, Given, UnitTest},
};

/// Resolves names to the rows that a unit test gives, and to nothing else.
struct StandIns {
    nodes: Arc<Nodes>,
    by_id: BTreeMap<NodeId, Node>,
}

impl Resolver for StandIns {
    fn reference(&self, reference: &Reference, package: &str) -> Option<&Node> {
        self.by_id
            .get(&self.nodes.reference(reference, package)?.unique_id)
    }

    fn source(&self, source_name: &str, table: &str, package: &str) -> Option<&Node> {
        self.by_id
            .get(&self.nodes.source(source_name, table, package)?.unique_id)
    }

    fn graph(&self) -> Value {
        self.nodes.graph()
    }

    fn missing(&self, call: &str) -> String {
        format!("the unit test gives no input for `{call}`")
    }
}

impl StandIns {
    fn new(nodes: &Arc<Nodes>, test: &UnitTest) -> Self {
        let by_id = test.given.iter().filter_map(|given| {
            let node = nodes.by_id.get(&given.node)?;
            Some((given.node.clone(), stand_in(node)))
        });
        Self {
            nodes: Arc::clone(nodes),
            by_id: by_id.collect(),
        }
    }
}

/// An ephemeral model in the place of a node.
fn stand_in(node: &Node) -> Node {
    let name = match &node.source {
        Some(source) => format!("{}__{}", source.source_name, node.name),
        None => node.name.clone(),
    };
    Node {
        name,
        kind: NodeKind::Model,
        config: Map::from_iter([("materialized".to_owned(), Json::from("ephemeral"))]),
        source: None,
        ..node.clone()
    }
}

impl Compiler {
    /// The tested model's SQL over the rows that the test gives.
    pub(super) fn compile_unit_test(
        &self,
        node: &Node,
        test: &UnitTest,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<Compiled, Diagnostic> {
        let tested = node.depends_on.first();
        let Some(tested) = tested.and_then(|id| self.nodes.by_id.get(id)) else {
            let message = format!("unit test `{}` has no model", node.name);
            return Err(Diagnostic::new(node.file(), message));
        };
        let stand_ins = Arc::new(StandIns::new(&self.nodes, test));
        let substitutes = Substitutes {
            overrides: test.overrides.clone(),
            this: stand_ins.by_id.get(&tested.unique_id).map(relation_of),
        };
        let subject = Node {
            raw_code: tested.raw_code.clone(),
            config: Map::from_iter([("materialized".to_owned(), Json::from("unit"))]),
            ..node.clone()
        };
        let resolver = Arc::clone(&stand_ins) as Arc<dyn Resolver>;
        let context = Context::unit_testing(
            &self.shared,
            subject,
            resolver,
            connection.take(),
            substitutes,
        );
        let rendered = context.render(&tested.file(), &tested.raw_code);
        let captured = context.captured();
        *connection = context.into_connection();
        let sql = rendered.map_err(|error| Diagnostic::from_jinja(*error, &tested.file()))?;
        let refs = captured.refs.iter();
        let refs = refs.filter_map(|reference| self.nodes.reference(reference, &node.package));
        let sources = captured.sources.iter();
        let sources =
            sources.filter_map(|(source, table)| self.nodes.source(source, table, &node.package));
        let mut used: Vec<&NodeId> = vec![&tested.unique_id];
        used.extend(refs.chain(sources).map(|node| &node.unique_id));
        let mut ctes = Vec::new();
        for id in used {
            let Some((given, input)) = test
                .given
                .iter()
                .rfind(|given| given.node == *id)
                .zip(stand_ins.by_id.get(id))
            else {
                continue;
            };
            let sql = self.stand_in_sql(node, given, input, &stand_ins, connection)?;
            ctes.push((format!("__dbt__cte__{}", input.name), sql));
        }
        Ok(Compiled {
            sql: inject::ctes(&sql, &ctes),
            messages: captured.messages,
            ..Compiled::default()
        })
    }

    fn stand_in_sql(
        &self,
        node: &Node,
        given: &Given,
        input: &Node,
        stand_ins: &Arc<StandIns>,
        connection: &mut Option<Box<dyn Connection>>,
    ) -> Result<String, Diagnostic> {
        let problem = |message: String| Diagnostic::new(node.file(), message).at_line(node.line, 1);
        let rows = match &given.fixture {
            Fixture::Rows(rows) => rows,
            Fixture::Sql(sql) => {
                let resolver = Arc::clone(stand_ins) as Arc<dyn Resolver>;
                let context =
                    Context::executing(&self.shared, input.clone(), resolver, connection.take());
                let rendered = context.render(&node.file(), sql);
                *connection = context.into_connection();
                return rendered.map_err(|error| Diagnostic::from_jinja(*error, &node.file()));
            }
        };
        let relation = RelationValue::new(&input.relation()).into_value();
        let columns = match connection {
            Some(connection) => self
                .input_columns(node, given, input, &mut **connection)
                .map_err(|error| problem(format!("`{}`: {error}", given.input)))?,
            None => Vec::new(),
        };
        if columns.is_empty() {
            let message = format!(
                "`{}`: the columns of {relation} are not known: it does not exist",
                given.input
            );
            let hint = "build it first, or give its rows as `format: sql`".to_owned();
            return Err(problem(message).with_hint(Some(hint)));
        }
        fixture::every_column(rows, &columns)
            .map_err(|message| problem(format!("`{}`: {message}", given.input)))
    }

    /// What an input is made of. The tested model itself is asked each time: the run makes it anew after its tests.
    fn input_columns(
        &self,
        node: &Node,
        given: &Given,
        input: &Node,
        connection: &mut dyn Connection,
    ) -> warehouse::Result<Columns> {
        let relation = input.relation();
        if node.depends_on.first() == Some(&given.node) {
            return connection.columns(&relation);
        }
        let name = relation.to_string();
        let known = || self.inputs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(columns) = known().get(&name) {
            return Ok(columns.clone());
        }
        let columns = connection.columns(&relation)?;
        // What does not exist yet may exist for the next test.
        if !columns.is_empty() {
            known().insert(name, columns.clone());
        }
        Ok(columns)
    }
}
