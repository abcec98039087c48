//! Constraints of columns and models: what properties files say, and the words that declare them.

use serde_json::{Value as Json, json};
use warehouse::{Dialect, Relation};

use crate::{jinja::Value, node::Reference, yaml};

/// What a constraint asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintKind {
    /// A condition on each row.
    Check,
    /// No null.
    NotNull,
    /// No value twice.
    Unique,
    /// Neither null nor twice.
    PrimaryKey,
    /// Only values of another table.
    ForeignKey,
    /// Whatever its expression says.
    Custom,
}

impl ConstraintKind {
    const ALL: [(&'static str, Self); 6] = [
        ("check", Self::Check),
        ("not_null", Self::NotNull),
        ("unique", Self::Unique),
        ("primary_key", Self::PrimaryKey),
        ("foreign_key", Self::ForeignKey),
        ("custom", Self::Custom),
    ];

    /// dbt's word for it.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("custom", |(name, _)| name)
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(name, _)| *name)
    }
}

/// One constraint of a column, or of a model over several columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// What it asks for.
    pub kind: ConstraintKind,
    /// Its name in the warehouse, for those of a model.
    pub name: Option<String>,
    /// The condition, or more words, by kind.
    pub expression: Option<String>,
    /// Whether to tell that an engine declares it and does not enforce it.
    pub warn_unenforced: bool,
    /// Whether to tell that something does not know it.
    pub warn_unsupported: bool,
    /// The other table of a foreign key: `ref('x')` or `source('x', 'y')`.
    pub to: Option<String>,
    /// The columns of the other table.
    pub to_columns: Vec<String>,
    /// The columns that one of a model is about.
    pub columns: Vec<String>,
}

/// What the `to` of a foreign key names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Reference(Reference),
    Source(String, String),
}

impl Constraint {
    /// Reads an entry of `constraints:`; an error says what is wrong with it.
    pub(crate) fn read(entry: &Json) -> Result<Self, String> {
        let kind = entry.get("type").map(yaml::plain).unwrap_or_default();
        let Some((_, kind)) = ConstraintKind::ALL.iter().find(|(name, _)| *name == kind) else {
            return Err(format!("constraint type `{kind}` does not exist"));
        };
        let text = |key: &str| {
            let value = entry.get(key).filter(|value| !value.is_null());
            value.map(yaml::plain)
        };
        let flag = |key: &str| entry.get(key).and_then(Json::as_bool).unwrap_or(true);
        Ok(Self {
            kind: *kind,
            name: text("name"),
            expression: text("expression"),
            warn_unenforced: flag("warn_unenforced"),
            warn_unsupported: flag("warn_unsupported"),
            to: text("to"),
            to_columns: yaml::texts(entry.get("to_columns")),
            columns: yaml::texts(entry.get("columns")),
        })
    }

    /// What a foreign key points at, if it says so with `to`; an error when that is no call.
    pub(crate) fn target(&self) -> Result<Option<Target>, String> {
        let Some(to) = self
            .to
            .as_deref()
            .filter(|_| self.kind == ConstraintKind::ForeignKey)
        else {
            return Ok(None);
        };
        let target = match call(to) {
            Some(("ref", names)) => match &names[..] {
                [name] => Some((None, name)),
                [package, name] => Some((Some(package), name)),
                _ => None,
            }
            .map(|(package, name)| {
                Target::Reference(Reference {
                    package: package.map(|package| (*package).to_owned()),
                    name: (*name).to_owned(),
                })
            }),
            Some(("source", names)) => match names[..] {
                [source, table] => Some(Target::Source(source.to_owned(), table.to_owned())),
                _ => None,
            },
            _ => None,
        };
        let problem = || format!("`to: {to}` is no call of `ref` or `source`");
        target.map(Some).ok_or_else(problem)
    }

    /// The words beside a column's type; `None` when it says nothing.
    pub(crate) fn of_column(&self, target: Option<&Relation>, dialect: Dialect) -> Option<String> {
        let expression = self.expression.as_deref().unwrap_or_default();
        let words = match self.kind {
            ConstraintKind::Check if expression.is_empty() => return None,
            ConstraintKind::Check => format!("check ({expression})"),
            ConstraintKind::NotNull => format!("not null {expression}"),
            ConstraintKind::Unique => format!("unique {expression}"),
            ConstraintKind::PrimaryKey => format!("primary key {expression}"),
            ConstraintKind::ForeignKey => self.references(target, dialect)?,
            ConstraintKind::Custom => expression.to_owned(),
        };
        let words = words.trim();
        (!words.is_empty()).then(|| words.to_owned())
    }

    /// The words after the columns of a table; `None` when it says nothing.
    pub(crate) fn of_model(&self, target: Option<&Relation>, dialect: Dialect) -> Option<String> {
        let columns = self.columns.join(", ");
        let expression = self.expression.as_deref().unwrap_or_default();
        let with_expression = |words: &str| format!("{words} {expression}").trim().to_owned();
        let words = match self.kind {
            ConstraintKind::Check | ConstraintKind::Custom if expression.is_empty() => return None,
            ConstraintKind::Check => format!("check ({expression})"),
            ConstraintKind::Custom => expression.to_owned(),
            ConstraintKind::Unique => format!("{} ({columns})", with_expression("unique")),
            ConstraintKind::PrimaryKey => {
                format!("{} ({columns})", with_expression("primary key"))
            }
            ConstraintKind::ForeignKey => {
                format!(
                    "foreign key ({columns}) {}",
                    self.references(target, dialect)?
                )
            }
            // dbt knows it for columns only.
            ConstraintKind::NotNull => return None,
        };
        Some(match &self.name {
            Some(name) => format!("constraint {name} {words}"),
            None => words,
        })
    }

    fn references(&self, target: Option<&Relation>, dialect: Dialect) -> Option<String> {
        if let Some(target) = target.filter(|_| !self.to_columns.is_empty()) {
            let mut target = target.clone();
            if dialect == Dialect::DuckDb {
                // It takes no database here.
                target.database = None;
            }
            return Some(format!(
                "references {target} ({})",
                self.to_columns.join(", ")
            ));
        }
        let expression = self.expression.as_deref()?;
        Some(format!("references {expression}"))
    }

    /// As the manifest has it; `to` is the relation once that is known.
    pub(crate) fn json(&self, target: Option<&Relation>, is_of_model: bool) -> Json {
        let to = target.map(ToString::to_string).or_else(|| self.to.clone());
        let mut json = json!({
            "type": self.kind.name(), "name": self.name, "expression": self.expression,
            "warn_unenforced": self.warn_unenforced, "warn_unsupported": self.warn_unsupported,
            "to": to, "to_columns": self.to_columns,
        });
        if is_of_model {
            json["columns"] = self.columns.clone().into();
        }
        json
    }

    /// As Python prints it: dbt's checksum of a contract is a digest of such text.
    pub(crate) fn python(&self, is_of_model: bool) -> String {
        let class = if is_of_model { "Model" } else { "Column" };
        let text = |text: &Option<String>| match text {
            Some(text) => python(&Value::text(text)),
            None => "None".to_owned(),
        };
        let list = |names: &[String]| python(&Value::list(names.iter().map(Value::text)));
        let flag = |flag| if flag { "True" } else { "False" };
        let kind = self.kind.name();
        let columns = match is_of_model {
            true => format!(", columns={}", list(&self.columns)),
            false => String::new(),
        };
        format!(
            "{class}LevelConstraint(type=<ConstraintType.{kind}: '{kind}'>, name={}, expression={}, \
             warn_unenforced={}, warn_unsupported={}, to={}, to_columns={}{columns})",
            text(&self.name),
            text(&self.expression),
            flag(self.warn_unenforced),
            flag(self.warn_unsupported),
            text(&self.to),
            list(&self.to_columns),
        )
    }
}

/// A value as `repr` has it.
fn python(value: &Value) -> String {
    let list = Value::list([value.clone()]).to_string();
    list[1..list.len() - 1].to_owned()
}

/// `name('a', "b")` to its name and its texts.
fn call(text: &str) -> Option<(&str, Vec<&str>)> {
    let (name, rest) = text.trim().split_once('(')?;
    let arguments = rest.trim_end().strip_suffix(')')?;
    let unquoted = |argument: &'_ str| -> Option<(usize, usize)> {
        let quote = argument
            .chars()
            .next()
            .filter(|c| matches!(c, '\'' | '"'))?;
        let inner = argument.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote)).then_some((1, inner.len() + 1))
    };
    let names = arguments.split(',').map(|argument| {
        let argument = argument.trim();
        let (start, end) = unquoted(argument)?;
        Some(&argument[start..end])
    });
    Some((name.trim(), names.collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use warehouse::{Dialect, Relation};

    use super::{Constraint, Target, call};
    use crate::node::Reference;

    fn constraint(json: serde_json::Value) -> Constraint {
        Constraint::read(&json).unwrap()
    }

    #[test]
    fn the_target_of_a_foreign_key_is_a_call_with_texts() {
        assert_eq!(call("ref('a')"), Some(("ref", vec!["a"])));
        assert_eq!(
            call(" source( \"a\" , 'b' ) "),
            Some(("source", vec!["a", "b"]))
        );
        for other in ["a", "ref(a)", "ref('a'", "ref('a\")", "ref('a'b')"] {
            assert_eq!(call(other), None, "{other}");
        }
        let to = |to: &str| constraint(json!({"type": "foreign_key", "to": to})).target();
        let reference = Reference {
            package: None,
            name: "a".to_owned(),
        };
        assert_eq!(to("ref('a')"), Ok(Some(Target::Reference(reference))));
        assert!(to("ref('a', 'b', 'c')").is_err());
        assert!(to("films").is_err());
    }

    #[test]
    fn constraints_are_declared_in_the_words_of_each_engine() {
        let films = Relation {
            database: Some("db".to_owned()),
            schema: "main".to_owned(),
            identifier: "films".to_owned(),
        };
        let column = |json, expect: Option<&str>| {
            let words = constraint(json).of_column(Some(&films), Dialect::DuckDb);
            assert_eq!(words.as_deref(), expect);
        };
        column(json!({"type": "not_null"}), Some("not null"));
        column(json!({"type": "check"}), None);
        column(
            json!({"type": "check", "expression": "a > 0"}),
            Some("check (a > 0)"),
        );
        let foreign =
            json!({"type": "foreign_key", "to": "ref('films')", "to_columns": ["a", "b"]});
        column(
            foreign.clone(),
            Some("references \"main\".\"films\" (a, b)"),
        );
        column(
            json!({"type": "foreign_key", "expression": "x (a)"}),
            Some("references x (a)"),
        );
        let mut foreign = constraint(foreign);
        foreign.columns = vec!["c".to_owned(), "d".to_owned()];
        foreign.name = Some("known".to_owned());
        assert_eq!(
            foreign.of_model(Some(&films), Dialect::Postgres).as_deref(),
            Some("constraint known foreign key (c, d) references \"db\".\"main\".\"films\" (a, b)")
        );
    }

    #[test]
    fn python_prints_a_constraint_as_dbt_does() {
        let check = constraint(json!({"type": "check", "expression": "a <> 'b'"}));
        assert_eq!(
            check.python(false),
            "ColumnLevelConstraint(type=<ConstraintType.check: 'check'>, name=None, \
             expression=\"a <> 'b'\", warn_unenforced=True, warn_unsupported=True, to=None, to_columns=[])"
        );
    }
}
