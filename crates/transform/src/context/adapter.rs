use std::rc::Rc;

use serde_json::Value as Json;
use warehouse::{Connection, RelationKind};

use super::{Context, RelationValue, column, md5_hex};
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
            "list_relations" | "list_relations_without_caching" => self.list_relations(&arguments),
            "get_missing_columns" => self.missing_columns(&arguments),
            "list_schemas" => self.list_schemas(),
            "truncate_relation" => self.truncate(&arguments),
            "quote_as_configured" => self.quote_as_configured(&arguments),
            "already_exists" => {
                let (schema, name) = (arguments.positional.first(), arguments.positional.get(1));
                let parts = [Some(&Value::None), schema, name]
                    .into_iter()
                    .flatten()
                    .cloned();
                let found = self.get_relation(&Arguments::positional(parts));
                found.map(|found| Value::Bool(!found.is_none()))
            }
            "commit"
            | "cache_added"
            | "cache_dropped"
            | "cache_renamed"
            | "clear_transaction"
            | "expand_target_column_types" => Ok(Value::text("")),
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
            .dispatch(&name, namespace, &self.0.package, &shared.settings, adapter)
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
        let is_postgres = self.0.is_postgres();
        if let (Some(before), Some(node)) = (self.0.before.get(), &self.0.node)
            && node.schema == schema
            && node.alias == identifier
        {
            let mut relation = RelationValue::new(&node.relation());
            relation.kind = before;
            relation.is_postgres = is_postgres;
            return Ok(before.map_or(Value::None, |_| relation.into_value()));
        }
        self.with_connection(|connection| {
            let relations = connection.relations(&schema)?;
            let found = relations
                .into_iter()
                .find(|info| info.relation.identifier.eq_ignore_ascii_case(&identifier));
            Ok(found.map_or(Value::None, |info| {
                let mut relation = RelationValue::new(&info.relation);
                relation.kind = Some(info.kind);
                relation.is_postgres = is_postgres;
                relation.into_value()
            }))
        })
    }

    /// `list_relations(database, schema)`, or of the schema of a relation.
    fn list_relations(&self, arguments: &Arguments) -> Result<Value> {
        let first = arguments.require(0, "schema_relation")?;
        let schema = match arguments.get(1, "schema") {
            Some(schema) => schema.to_string(),
            None => first.attribute("schema")?.to_string(),
        };
        let is_postgres = self.0.is_postgres();
        let found = self.with_connection(|connection| {
            let relations = connection.relations(&schema)?;
            Ok(Value::list(relations.into_iter().map(|info| {
                RelationValue {
                    kind: Some(info.kind),
                    is_postgres,
                    ..RelationValue::new(&info.relation)
                }
                .into_value()
            })))
        })?;
        Ok(if found.is_none() {
            Value::list([])
        } else {
            found
        })
    }

    /// The columns of one relation that another has not.
    fn missing_columns(&self, arguments: &Arguments) -> Result<Value> {
        let of = |index, name| {
            let relation = arguments.require(index, name)?.clone();
            self.columns(&Arguments::positional([relation]))?.items()
        };
        let (from, to) = (of(0, "from_relation")?, of(1, "to_relation")?);
        let name = |column: &Value| column.attribute("name").map(|name| name.to_string());
        let known = to.iter().map(name).collect::<Result<Vec<_>>>()?;
        let missing = from
            .into_iter()
            .filter(|column| !name(column).is_ok_and(|name| known.contains(&name)));
        Ok(Value::list(missing))
    }

    fn list_schemas(&self) -> Result<Value> {
        self.with_connection(|connection| {
            let query = "select distinct cast(nspname as varchar) from pg_catalog.pg_namespace";
            let rows = connection.query(query, &[])?;
            let names = rows.batches.iter().flat_map(|batch| {
                (0..batch.num_rows()).map(|index| super::cell(batch.column(0).as_ref(), index))
            });
            Ok(Value::list(names.collect::<Vec<_>>()))
        })
    }

    fn truncate(&self, arguments: &Arguments) -> Result<Value> {
        let relation = arguments.require(0, "relation")?;
        self.with_connection(|connection| {
            connection.execute(&format!("truncate table {relation}"))?;
            Ok(Value::text(""))
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
            ..RelationValue::default()
        };
        let sql = sql(&schema.print());
        self.with_connection(|connection| connection.execute(&sql).map(|_| Value::text("")))
    }

    /// A name in quotes, unless the project leaves out those of its part.
    fn quote_as_configured(&self, arguments: &Arguments) -> Result<Value> {
        let (name, part) = (
            arguments.text(0, "identifier")?,
            arguments.text(1, "quote_key")?,
        );
        let parts = ["database", "schema", "identifier"];
        let index = parts.iter().position(|known| **known == *part);
        let is_plain = index.is_some_and(|index| self.0.shared.settings.unquoted[index]);
        Ok(Value::from(match is_plain {
            true => name.to_string(),
            false => format!("\"{name}\""),
        }))
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
