use std::rc::Rc;

use serde_json::Value as Json;
use warehouse::{Connection, RelationKind};

use super::{Context, RelationValue, md5_hex};
use crate::{
    jinja::{Arguments, Interpreter, Object, Result, Value, fail},
    yaml,
};

/// `adapter`: dispatch, and what templates ask the warehouse.
pub(super) struct AdapterValue(pub(super) Rc<Context>);

impl Object for AdapterValue {
    fn type_name(&self) -> &'static str {
        "adapter"
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        Some(match name {
            "dispatch" => self.dispatch(&arguments),
            "type" => Ok(Value::text(&self.0.shared.options.target.adapter)),
            "quote" => arguments
                .text(0, "identifier")
                .map(|name| Value::from(format!("\"{name}\""))),
            "quote_seed_column" => {
                arguments
                    .text(0, "column")
                    .map(|name| match arguments.get(1, "quote_config") {
                        Some(Value::Bool(false)) => Value::text(&name),
                        _ => Value::from(format!("\"{name}\"")),
                    })
            }
            "get_relation" | "load_relation" => self.get_relation(&arguments),
            "get_columns_in_relation" => self.columns(&arguments),
            "check_schema_exists" => self.schema_exists(&arguments),
            "create_schema" => self.schema(&arguments, |schema| {
                format!("create schema if not exists {schema}")
            }),
            "drop_schema" => self.schema(&arguments, |schema| {
                format!("drop schema if exists {schema} cascade")
            }),
            "drop_relation" => self.drop_relation(&arguments),
            "rename_relation" => self.rename_relation(&arguments),
            "parse_index" => self.parse_index(&arguments),
            "commit" | "cache_added" | "cache_dropped" => Ok(Value::text("")),
            _ => Err(fail(format!("`adapter.{name}` is not supported"))),
        })
    }
}

impl AdapterValue {
    fn dispatch(&self, arguments: &Arguments) -> Result<Value> {
        let name = arguments.text(0, "macro_name")?;
        let namespace = arguments.get(1, "macro_namespace").and_then(Value::as_text);
        let shared = &self.0.shared;
        let adapter = &shared.options.target.adapter;
        match shared
            .macros
            .dispatch(&name, namespace, &shared.settings, adapter)
        {
            Ok(definition) => Ok(self.0.macro_value(definition)),
            Err(message) => Err(fail(message)),
        }
    }

    /// An entry of the config `indexes` with its defaults, and `render`, which names it.
    fn parse_index(&self, arguments: &Arguments) -> Result<Value> {
        let index = Json::from(arguments.require(0, "raw_index")?);
        let columns = yaml::texts(index.get("columns"));
        if columns.is_empty() {
            return Err(fail(format!("index `{index}` has no `columns`")));
        }
        let is_unique = index.get("unique") == Some(&Json::Bool(true));
        let method = index.get("type").and_then(Json::as_str);
        // The old table still has its indexes, in the same schema: a name is good for one run.
        let run = &self.0.shared.options.invocation_id;
        let identity = format!("{} {is_unique} {method:?} {run}", columns.join(" "));
        let render = Value::function("render", move |_, arguments| {
            let relation = arguments.require(0, "relation")?;
            Ok(Value::from(md5_hex(&format!("{relation} {identity}"))))
        });
        let columns = columns.iter().map(Value::text).collect::<Vec<_>>();
        Ok(Value::dict([
            ("columns", Value::list(columns)),
            ("unique", Value::Bool(is_unique)),
            ("type", method.into()),
            ("render", render),
        ]))
    }

    /// Runs something on the connection; nothing happens while parsing.
    fn with_connection(
        &self,
        body: impl FnOnce(&mut dyn Connection) -> warehouse::Result<Value>,
    ) -> Result<Value> {
        if !self.0.executes() {
            return Ok(Value::None);
        }
        let Some(connection) = &self.0.connection else {
            return Err(fail(
                "no connection to the warehouse: this command does not run queries",
            ));
        };
        let mut connection = connection.borrow_mut();
        body(&mut **connection).map_err(|error| fail(error.to_string()))
    }

    fn get_relation(&self, arguments: &Arguments) -> Result<Value> {
        let schema = arguments.require(1, "schema")?.to_string();
        let identifier = arguments.require(2, "identifier")?.to_string();
        self.with_connection(|connection| {
            let relations = connection.relations(&schema)?;
            let found = relations
                .into_iter()
                .find(|info| info.relation.identifier.eq_ignore_ascii_case(&identifier));
            Ok(found.map_or(Value::None, |info| {
                let mut relation = RelationValue::new(&info.relation);
                relation.kind = Some(info.kind);
                relation.into_value()
            }))
        })
    }

    fn columns(&self, arguments: &Arguments) -> Result<Value> {
        let relation = arguments.require(0, "relation")?;
        let Some(relation) = RelationValue::from_value(relation) else {
            return Ok(Value::list([]));
        };
        let is_postgres = self.0.shared.options.target.adapter == "postgres";
        let columns = self.with_connection(|connection| {
            let columns = connection.columns(&relation)?;
            Ok(Value::list(
                columns
                    .into_iter()
                    .map(|(name, data_type)| column(&name, &data_type, is_postgres))
                    .collect::<Vec<_>>(),
            ))
        })?;
        Ok(if columns.is_none() {
            Value::list([])
        } else {
            columns
        })
    }

    fn schema_exists(&self, arguments: &Arguments) -> Result<Value> {
        let schema = arguments.require(1, "schema")?.to_string();
        self.with_connection(|connection| {
            let query = "select 1 from pg_catalog.pg_namespace where nspname = $1";
            let found = connection.query(query, &[warehouse::Value::Text(schema)])?;
            Ok(Value::Bool(found.n_rows() > 0))
        })
    }

    /// Runs a statement about the schema of a relation. Postgres takes no database in front of it.
    fn schema(&self, arguments: &Arguments, sql: impl Fn(&str) -> String) -> Result<Value> {
        let relation = arguments.require(0, "relation")?;
        let part = |name| -> Result<Option<String>> {
            Ok(relation.attribute(name)?.as_text().map(ToOwned::to_owned))
        };
        let is_postgres = self.0.shared.options.target.adapter == "postgres";
        let schema = RelationValue {
            database: part("database")?.filter(|_| !is_postgres),
            schema: part("schema")?,
            identifier: None,
            kind: None,
            cte: None,
        };
        let sql = sql(&schema.print());
        self.with_connection(|connection| connection.execute(&sql).map(|_| Value::text("")))
    }

    fn drop_relation(&self, arguments: &Arguments) -> Result<Value> {
        let relation = arguments.require(0, "relation")?;
        if relation.is_none() {
            return Ok(Value::text(""));
        }
        let kind = if relation.attribute("is_view")?.is_true() {
            "view"
        } else {
            "table"
        };
        self.with_connection(|connection| {
            connection
                .execute(&format!("drop {kind} if exists {relation} cascade"))
                .map(|_| Value::text(""))
        })
    }

    fn rename_relation(&self, arguments: &Arguments) -> Result<Value> {
        let (from, to) = (
            arguments.require(0, "from_relation")?,
            arguments.require(1, "to_relation")?,
        );
        let kind = if from.attribute("is_view")?.is_true() {
            RelationKind::View
        } else {
            RelationKind::Table
        };
        let keyword = if kind == RelationKind::View {
            "view"
        } else {
            "table"
        };
        let name = to.attribute("identifier")?;
        self.with_connection(|connection| {
            connection
                .execute(&format!("alter {keyword} {from} rename to \"{name}\""))
                .map(|_| Value::text(""))
        })
    }
}

/// A column as templates see it.
pub(crate) fn column(name: &str, data_type: &str, is_postgres: bool) -> Value {
    // dbt-postgres tells a type from its size: `numeric` and `numeric(9,2)`.
    let bare = data_type.split_once('(').filter(|_| is_postgres);
    let bare = bare.map_or(data_type, |(bare, _)| bare);
    let lowercase = data_type.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| lowercase.contains(part));
    let is_text = has(&["char", "text", "string"]);
    let is_number = has(&["int", "double", "float", "decimal", "numeric", "real"])
        && !has(&["interval", "point"]);
    let yes_or_no =
        move |answer: bool| Value::function("is_type", move |_, _| Ok(Value::Bool(answer)));
    Value::dict([
        ("name", Value::text(name)),
        ("column", Value::text(name)),
        ("quoted", Value::from(format!("\"{name}\""))),
        ("dtype", Value::text(bare)),
        ("data_type", Value::text(data_type)),
        ("is_string", yes_or_no(is_text)),
        ("is_number", yes_or_no(is_number)),
    ])
}
