use arrow::util::display::{ArrayFormatter, FormatOptions};
use warehouse::{Connection, Dialect, Rows};

use super::{
    contract,
    node::{Failure, Outcome},
};
use crate::{
    Node, Status,
    compile::fixture,
    unit_test::{Fixture, UnitTest},
};

/// How many rows of each side a message shows.
const ROWS_SHOWN: usize = 20;

type Row = Vec<Option<String>>;

/// Compares what the model's SQL answers with what the test expects, whatever the order.
pub(super) fn run(
    node: &Node,
    test: &UnitTest,
    sql: &str,
    connection: &mut dyn Connection,
    dialect: Dialect,
) -> Result<Outcome, Failure> {
    let columns = contract::columns(node, sql, connection, dialect)?;
    let query = comparison(test, sql, &columns, dialect)?;
    let result = connection.query(&query, &[])?;
    let header: Vec<String> = result
        .schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let [actual, expected] = sides(&result)?;
    let message = difference(&header[..header.len() - 1], actual, expected);
    let is_same = message.is_empty();
    Ok(Outcome {
        status: if is_same { Status::Pass } else { Status::Fail },
        message,
        failures: Some(i64::from(!is_same)),
        compiled_code: None,
        messages: Vec::new(),
        age: None,
    })
}

/// One query with both sides, so that both have the same types.
fn comparison(
    test: &UnitTest,
    sql: &str,
    columns: &[(String, String)],
    dialect: Dialect,
) -> Result<String, String> {
    let all = || {
        columns
            .iter()
            .map(|(name, _)| fixture::quoted(name))
            .collect()
    };
    let (names, expected): (Vec<String>, String) = match &test.expect {
        Fixture::Sql(expected) => (all(), expected.clone()),
        Fixture::Rows(rows) => match rows.first() {
            None => (
                all(),
                "select * from dbt_internal_unit_test_actual\nlimit 0".to_owned(),
            ),
            Some(first) => {
                let names = first
                    .keys()
                    .map(|name| Ok(fixture::quoted(&fixture::column(name, columns)?.0)));
                (
                    names.collect::<Result<_, String>>()?,
                    fixture::given_columns(rows, columns)?,
                )
            }
        },
    };
    let shown: Vec<String> = match dialect {
        Dialect::DuckDb => names.clone(),
        // As text, because Postgres tells the numbers 1.5 and 1.50 apart, and dbt does.
        Dialect::Postgres => {
            let text = |name: &String| format!("cast({name} as text) as {name}");
            names.iter().map(text).collect()
        }
    };
    let (names, shown) = (names.join(", "), shown.join(", "));
    Ok(format!(
        "with dbt_internal_unit_test_actual as (\n\
         select {names}, 'actual' as \"actual_or_expected\"\nfrom (\n{sql}\n) _dbt_internal_unit_test_actual\n\
         ),\n\
         dbt_internal_unit_test_expected as (\n\
         select {names}, 'expected' as \"actual_or_expected\"\nfrom (\n{expected}\n) _dbt_internal_unit_test_expected\n\
         )\n\
         select {shown}, actual_or_expected from (\n\
         select * from dbt_internal_unit_test_actual\nunion all\nselect * from dbt_internal_unit_test_expected\n\
         ) as both_sides"
    ))
}

/// The actual and the expected rows, sorted.
fn sides(rows: &Rows) -> Result<[Vec<Row>; 2], Failure> {
    let mut sides = [Vec::new(), Vec::new()];
    for mut row in texts(rows)? {
        let is_expected = row.pop().flatten().as_deref() == Some("expected");
        sides[usize::from(is_expected)].push(row);
    }
    for side in &mut sides {
        side.sort();
    }
    Ok(sides)
}

fn texts(rows: &Rows) -> Result<Vec<Row>, Failure> {
    let unprintable = |error: arrow::error::ArrowError| {
        Failure::from(format!("a value cannot be shown: {error}"))
    };
    let options = FormatOptions::default();
    let mut texts = Vec::with_capacity(rows.n_rows());
    for batch in &rows.batches {
        let formatters = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column.as_ref(), &options))
            .collect::<Result<Vec<_>, _>>()
            .map_err(unprintable)?;
        for index in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(&formatters);
            texts.push(
                cells
                    .map(|(column, formatter)| {
                        (!column.is_null(index)).then(|| formatter.value(index).to_string())
                    })
                    .collect(),
            );
        }
    }
    Ok(texts)
}

/// The rows that only one side has: `---` is expected and missing, `+++` is there and not expected.
fn difference(header: &[String], actual: Vec<Row>, expected: Vec<Row>) -> String {
    let missing = without(&expected, &actual);
    let surplus = without(&actual, &expected);
    if missing.is_empty() && surplus.is_empty() {
        return String::new();
    }
    let mut lines = vec![("@@ ", header.to_vec())];
    for (mark, rows) in [("---", missing), ("+++", surplus)] {
        let cells = |row: &Row| -> Vec<String> {
            let cells = row.iter();
            cells
                .map(|cell| cell.clone().unwrap_or_else(|| "null".to_owned()))
                .collect()
        };
        lines.extend(rows.iter().take(ROWS_SHOWN).map(|row| (mark, cells(row))));
        if rows.len() > ROWS_SHOWN {
            let more = format!("… and {} more", rows.len() - ROWS_SHOWN);
            lines.push((mark, vec![more]));
        }
    }
    let mut text = "actual differs from expected".to_owned();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|(_, cells)| cells.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    for (mark, cells) in &lines {
        let cells = cells.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        let line = format!("\n  {mark} {}", cells.join(" | "));
        text.push_str(line.trim_end());
    }
    text
}

/// The sorted rows that are not in the other sorted rows, counting repetitions.
fn without(rows: &[Row], others: &[Row]) -> Vec<Row> {
    let mut others = others.iter().peekable();
    let mut left = Vec::new();
    for row in rows {
        while others.next_if(|other| *other < row).is_some() {}
        if others.next_if(|other| *other == row).is_none() {
            left.push(row.clone());
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::{Row, difference};

    fn rows(cells: &[Option<&str>]) -> Vec<Row> {
        cells
            .iter()
            .map(|cell| vec![cell.map(ToOwned::to_owned)])
            .collect()
    }

    #[test]
    fn repeated_rows_and_nulls_count() {
        let header = ["id".to_owned()];
        let same = rows(&[None, Some("1"), Some("1")]);
        assert_eq!(difference(&header, same.clone(), same.clone()), "");
        assert_eq!(
            difference(&header, same, rows(&[Some(""), Some("1"), Some("2")])),
            "actual differs from expected\n  @@  id\n  ---\n  --- 2\n  +++ null\n  +++ 1"
        );
    }
}
