//! Contracts: what a model's query answers is compared with the columns it promises, before anything is made.

use std::sync::LazyLock;

use regex::Regex;
use warehouse::{Connection, Dialect, Relation, RelationKind, Value};

use super::{Shop, node::Failure, statements};
use crate::{ConstraintKind, Node, compile::fixture::quoted, names};

/// A column's name and type, as the engine has them.
type Columns = Vec<(String, String)>;

/// One line of what is told of a broken contract.
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    column: String,
    promised: String,
    answered: String,
    problem: &'static str,
}

impl Shop<'_> {
    /// Compares a query with the contract of its node; gives back what is odd and harmless.
    pub(super) fn check_contract(
        &self,
        node: &Node,
        sql: &str,
        connection: &mut dyn Connection,
    ) -> Result<Option<String>, Failure> {
        let dialect = self.dialect();
        let promise = promise(node)?;
        let answered = columns(node, sql, connection, dialect)?;
        let promised = columns(node, &promise, connection, dialect)?;
        let differences = differences(&promised, &answered, dialect);
        if differences.is_empty() {
            return Ok(unscaled(node));
        }
        Err(Failure::from(format!(
            "the query does not keep the contract of `{}`\n{}",
            node.name,
            table(&differences)
        )))
    }

    /// Creates a table with the columns and constraints of a contract, and fills it in their order.
    pub(super) fn create_by_contract(
        &self,
        node: &Node,
        words: &str,
        table: &Relation,
        sql: &str,
        connection: &mut dyn Connection,
    ) -> Result<Option<String>, Failure> {
        let oddity = self.check_contract(node, sql, connection)?;
        if self.dialect() == Dialect::Postgres {
            release_names(node, connection)?;
        }
        let definitions = self.definitions(node).join(",\n");
        connection.execute(&format!("create {words} (\n{definitions}\n)"))?;
        let names: Vec<String> = node.columns.iter().map(name_of).collect();
        let names = names.join(", ");
        connection.execute(&format!(
            "insert into {table} ({names}) (\nselect {names}\nfrom (\n{sql}\n) as model_subq\n)"
        ))?;
        Ok(oddity)
    }

    /// The columns with their types and constraints, and the constraints of the table.
    fn definitions(&self, node: &Node) -> Vec<String> {
        let dialect = self.dialect();
        let nodes = &self.compiler.nodes;
        let mut definitions = Vec::new();
        for column in &node.columns {
            let data_type = column.data_type.as_deref().unwrap_or_default();
            let mut words = vec![name_of(column), node.engine_type(data_type).to_owned()];
            words.extend(column.constraints.iter().filter_map(|constraint| {
                constraint.of_column(nodes.target_of(constraint).as_ref(), dialect)
            }));
            definitions.push(words.join(" "));
        }
        definitions.extend(node.constraints.iter().filter_map(|constraint| {
            constraint.of_model(nodes.target_of(constraint).as_ref(), dialect)
        }));
        definitions
    }
}

/// On Postgres the name of a key is that of an index, and the table that goes still has it.
fn release_names(node: &Node, connection: &mut dyn Connection) -> Result<(), Failure> {
    let is_key = |kind| matches!(kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique);
    let keys = node.constraints.iter();
    for name in keys
        .filter(|key| is_key(key.kind))
        .filter_map(|key| key.name.as_deref())
    {
        let table = node.relation();
        let plain = match name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
        {
            Some(quoted) => quoted.to_owned(),
            None => name.to_lowercase(),
        };
        let found = connection.query(
            "select 1 from pg_catalog.pg_constraint
             where conrelid = pg_catalog.to_regclass($1::text) and conname = $2::text",
            &[
                Value::Text(format!(
                    "{}.{}",
                    quoted(&table.schema),
                    quoted(&table.identifier)
                )),
                Value::Text(plain.clone()),
            ],
        )?;
        if found.n_rows() > 0 {
            let (old, new) = (quoted(&plain), quoted(&names::backup(&plain)));
            connection.execute(&format!(
                "alter table {table} rename constraint {old} to {new}"
            ))?;
        }
    }
    Ok(())
}

/// A query without rows that has the columns of a contract; an error names those without a type.
fn promise(node: &Node) -> Result<String, String> {
    if node.columns.is_empty() {
        return Err(format!(
            "`{}` has a contract and no columns: list them in a properties file",
            node.name
        ));
    }
    let untyped = node
        .columns
        .iter()
        .filter(|column| column.data_type.is_none());
    let untyped: Vec<&str> = untyped.map(|column| column.name.as_str()).collect();
    if !untyped.is_empty() {
        return Err(format!(
            "`{}` has a contract, and no `data_type` for `{}`",
            node.name,
            untyped.join("`, `")
        ));
    }
    let columns = node.columns.iter().map(|column| {
        let data_type = column.data_type.as_deref().unwrap_or_default();
        let data_type = node.engine_type(data_type);
        format!("cast(null as {data_type}) as {}", name_of(column))
    });
    Ok(format!(
        "select\n{}",
        columns.collect::<Vec<_>>().join(",\n")
    ))
}

fn name_of(column: &crate::Column) -> String {
    match column.quote {
        Some(true) => quoted(&column.name),
        _ => column.name.clone(),
    }
}

/// Names and types of what the database says a query answers, without running it.
pub(super) fn columns(
    node: &Node,
    sql: &str,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<Columns, Failure> {
    let empty = format!("select * from (\n{sql}\n) as __dbt_sbq\nwhere false\nlimit 0");
    if dialect == Dialect::DuckDb {
        let described = connection.query(&format!("describe ({empty})"), &[])?;
        let text = |value: Option<&serde_json::Value>| {
            let value = value.and_then(serde_json::Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let rows = described.json_rows();
        return Ok(rows
            .iter()
            .map(|row| (text(row.first()), text(row.get(1))))
            .collect());
    }
    // The definition of a view is looked at and not planned.
    let view = Relation {
        database: None,
        schema: "pg_temp".to_owned(),
        identifier: names::temporary(node, dialect),
    };
    let name = quoted(&view.identifier);
    connection.execute(&format!("create temp view {name} as\n{empty}"))?;
    let columns = connection.columns(&view)?;
    connection.execute(&statements::drop(&view, RelationKind::View))?;
    Ok(columns)
}

/// What two lists of columns differ in, by name; their order does not count.
fn differences(promised: &Columns, answered: &Columns, dialect: Dialect) -> Vec<Difference> {
    let find = |columns: &Columns, name: &str| {
        let found = columns.iter().find(|(known, _)| known == name);
        found.map(|(_, data_type)| data_type.clone())
    };
    let mut differences = Vec::new();
    for (name, answer) in answered {
        let (promise, problem) = match find(promised, name) {
            Some(promise) if is_same(&promise, answer, dialect) => continue,
            Some(promise) => (promise, "data type mismatch"),
            None => (String::new(), "missing in contract"),
        };
        differences.push(Difference {
            column: name.clone(),
            promised: promise,
            answered: answer.clone(),
            problem,
        });
    }
    for (name, promise) in promised {
        if find(answered, name).is_none() {
            differences.push(Difference {
                column: name.clone(),
                promised: promise.clone(),
                answered: String::new(),
                problem: "missing in definition",
            });
        }
    }
    differences.sort_by(|a, b| a.column.cmp(&b.column));
    differences
}

fn is_same(promised: &str, answered: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::DuckDb => promised == answered,
        Dialect::Postgres => family(promised) == family(answered),
    }
}

/// A type of Postgres as the driver below dbt-postgres tells types apart: not by length, precision or scale, nor
/// texts from texts.
fn family(data_type: &str) -> String {
    static LENGTH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\(\d+(,-?\d+)?\)").expect("a valid expression"));
    let plain = LENGTH.replace_all(data_type, "");
    let (element, suffix) = match plain.strip_suffix("[]") {
        Some(element) => (element, "[]"),
        None => (&*plain, ""),
    };
    let element = match element {
        "smallint" | "integer" => "integer",
        "real" | "double precision" => "double precision",
        "text" | "character varying" | "character" | "name" | "\"char\"" => "text",
        "time without time zone" | "time with time zone" => "time",
        other => other,
    };
    format!("{element}{suffix}")
}

/// The table of what is wrong, with dbt's words for it.
fn table(differences: &[Difference]) -> String {
    let header = ["column", "query", "contract", "problem"].map(ToOwned::to_owned);
    let rows = differences.iter().map(|difference| {
        [
            difference.column.clone(),
            difference.answered.clone(),
            difference.promised.clone(),
            difference.problem.to_owned(),
        ]
    });
    let lines: Vec<[String; 4]> = std::iter::once(header).chain(rows).collect();
    let width = |index: usize| {
        let cells = lines.iter().map(|line| line[index].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    let printed = lines.iter().map(|line| {
        let cells = line.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        format!("  | {} |", cells.join(" | "))
    });
    printed.collect::<Vec<_>>().join("\n")
}

/// Numbers without precision and scale round in ways that nobody asked for.
fn unscaled(node: &Node) -> Option<String> {
    let is_unscaled = |data_type: &str| {
        let data_type = data_type.trim().to_ascii_lowercase();
        matches!(data_type.as_str(), "numeric" | "decimal" | "number")
    };
    let columns = node.columns.iter();
    let columns = columns.filter(|column| column.data_type.as_deref().is_some_and(is_unscaled));
    let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!(
            "warning: `{}` declares numbers without precision and scale, which may round them: `{}`",
            node.name,
            names.join("`, `")
        )
    })
}

#[cfg(test)]
mod tests {
    use warehouse::Dialect;

    use super::{differences, family, table};

    fn columns(columns: &[(&str, &str)]) -> super::Columns {
        let owned =
            |(name, data_type): &(&str, &str)| ((*name).to_owned(), (*data_type).to_owned());
        columns.iter().map(owned).collect()
    }

    #[test]
    fn a_broken_contract_is_told_as_a_table() {
        let promised = columns(&[("a", "INTEGER"), ("b", "VARCHAR"), ("c", "DATE")]);
        let answered = columns(&[("c", "DATE"), ("a", "BIGINT"), ("extra", "DATE")]);
        let differences = differences(&promised, &answered, Dialect::DuckDb);
        assert_eq!(
            table(&differences),
            "  | column | query  | contract | problem               |\n\
             \x20 | a      | BIGINT | INTEGER  | data type mismatch    |\n\
             \x20 | b      |        | VARCHAR  | missing in definition |\n\
             \x20 | extra  | DATE   |          | missing in contract   |"
        );
    }

    #[test]
    fn postgres_types_are_told_apart_as_the_driver_does() {
        for (one, other) in [
            ("text", "character varying(20)"),
            ("smallint", "integer"),
            ("numeric(10,2)", "numeric"),
            ("character varying(3)[]", "text[]"),
            (
                "timestamp(3) without time zone",
                "timestamp without time zone",
            ),
        ] {
            assert_eq!(family(one), family(other));
        }
        for (one, other) in [
            ("bigint", "integer"),
            ("numeric", "double precision"),
            ("timestamp with time zone", "timestamp without time zone"),
            ("text", "text[]"),
        ] {
            assert_ne!(family(one), family(other));
        }
    }
}
