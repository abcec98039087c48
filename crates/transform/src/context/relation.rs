use std::rc::Rc;

use warehouse::{Relation, RelationKind};

use crate::jinja::{Arguments, Interpreter, Object, Result, Value};

/// A relation as templates see it: prints quoted, has parts and methods.
#[derive(Debug, Clone, Default)]
pub(crate) struct RelationValue {
    pub(crate) database: Option<String>,
    pub(crate) schema: Option<String>,
    pub(crate) identifier: Option<String>,
    pub(crate) kind: Option<RelationKind>,
    /// The name of the CTE that stands in for an ephemeral model.
    pub(crate) cte: Option<String>,
    /// What stands for a source that DuckDB reads from files.
    pub(crate) external: Option<String>,
    /// Which of database, schema and identifier are printed without quotes.
    pub(crate) unquoted: [bool; 3],
    /// Of `--empty`: it reads as if it had no rows.
    pub(crate) is_empty: bool,
    pub(crate) is_postgres: bool,
}

impl RelationValue {
    pub(crate) fn new(relation: &Relation) -> Self {
        Self {
            database: relation.database.clone(),
            schema: Some(relation.schema.clone()),
            identifier: Some(relation.identifier.clone()),
            ..Self::default()
        }
    }

    pub(crate) fn into_value(self) -> Value {
        Value::object(self)
    }

    /// The relation that a template value names.
    pub(crate) fn from_value(value: &Value) -> Option<Relation> {
        let text = |name| {
            value
                .attribute(name)
                .ok()
                .filter(|value| !value.is_none())
                .map(|value| value.to_string())
        };
        Some(Relation {
            database: text("database"),
            schema: text("schema")?,
            identifier: text("identifier")?,
        })
    }

    fn kind_name(&self) -> Option<&'static str> {
        match self.kind {
            _ if self.cte.is_some() => Some("cte"),
            Some(RelationKind::Table) => Some("table"),
            Some(RelationKind::View) => Some("view"),
            None => None,
        }
    }

    fn changed(&self, arguments: &Arguments, replaces: bool) -> Self {
        let mut changed = self.clone();
        let parts = [
            ("database", &mut changed.database),
            ("schema", &mut changed.schema),
            ("identifier", &mut changed.identifier),
        ];
        for (name, part) in parts {
            match arguments.keyword(name) {
                Some(value) if replaces => *part = (!value.is_none()).then(|| value.to_string()),
                Some(value) if !value.is_true() => *part = None,
                _ => {}
            }
        }
        changed
    }

    /// `quote(identifier=false)`.
    fn quoted(&self, arguments: &Arguments) -> Self {
        let mut changed = self.clone();
        for (index, name) in ["database", "schema", "identifier"].iter().enumerate() {
            if let Some(value) = arguments.keyword(name) {
                changed.unquoted[index] = !value.is_true();
            }
        }
        changed
    }

    /// The name as it is in SQL, with its rows.
    fn name(&self) -> String {
        if let Some(name) = self.cte.as_ref().or(self.external.as_ref()) {
            return name.clone();
        }
        let parts = [&self.database, &self.schema, &self.identifier];
        let parts = parts
            .iter()
            .zip(self.unquoted)
            .filter_map(|(part, is_unquoted)| {
                let part = part.as_deref()?;
                Some(match is_unquoted {
                    true => part.to_owned(),
                    false => format!("\"{}\"", part.replace('"', "\"\"")),
                })
            });
        parts.collect::<Vec<_>>().join(".")
    }

    fn incorporate(&self, arguments: &Arguments) -> Self {
        let mut changed = self.clone();
        if let Some(Value::Dict(path)) = arguments.keyword("path") {
            let keyword = path
                .borrow()
                .entries()
                .iter()
                .map(|(k, v)| (Rc::from(k.to_string()), v.clone()))
                .collect();
            changed = changed.changed(
                &Arguments {
                    positional: Vec::new(),
                    keyword,
                },
                true,
            );
        }
        match arguments.keyword("type").and_then(Value::as_text) {
            Some("table") => changed.kind = Some(RelationKind::Table),
            Some("view") => changed.kind = Some(RelationKind::View),
            _ => {}
        }
        changed
    }
}

impl Object for RelationValue {
    fn type_name(&self) -> &'static str {
        "Relation"
    }

    fn is_mapping(&self) -> bool {
        true
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        let kind = self.kind_name();
        Some(match name {
            "database" => self.database.as_deref().into(),
            "schema" => self.schema.as_deref().into(),
            "identifier" | "name" | "table" => self.identifier.as_deref().into(),
            "type" => kind.into(),
            "is_table" => Value::Bool(kind == Some("table")),
            "is_view" => Value::Bool(kind == Some("view")),
            "is_cte" => Value::Bool(kind == Some("cte")),
            "is_materialized_view" => Value::Bool(false),
            "path" => Value::dict([
                ("database", self.database.as_deref().into()),
                ("schema", self.schema.as_deref().into()),
                ("identifier", self.identifier.as_deref().into()),
            ]),
            _ => return None,
        })
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        Some(Ok(match name {
            "render" => Value::from(self.print()),
            "include" => self.changed(&arguments, false).into_value(),
            "without_identifier" => Self {
                identifier: None,
                ..self.clone()
            }
            .into_value(),
            "quote" => self.quoted(&arguments).into_value(),
            "replace_path" => self.changed(&arguments, true).into_value(),
            "information_schema" => Self {
                identifier: arguments.get(0, "view_name").map(ToString::to_string),
                schema: Some("INFORMATION_SCHEMA".to_owned()),
                unquoted: [false, true, true],
                ..self.clone()
            }
            .into_value(),
            "incorporate" => self.incorporate(&arguments).into_value(),
            "get" => {
                let key = arguments.text(0, "key").ok()?;
                let adapter = if self.is_postgres {
                    "Postgres"
                } else {
                    "DuckDB"
                };
                let class = Value::from(format!("{adapter}Relation"));
                let metadata = (*key == *"metadata").then(|| Value::dict([("type", class)]));
                metadata
                    .or_else(|| self.attribute(&key))
                    .or_else(|| arguments.get(1, "default").cloned())
                    .unwrap_or(Value::None)
            }
            _ => return None,
        }))
    }

    fn print(&self) -> String {
        match &self.identifier {
            Some(identifier) if self.is_empty => format!(
                "(select * from {} where false limit 0) _dbt_limit_subq_{identifier}",
                self.name()
            ),
            _ => self.name(),
        }
    }
}
