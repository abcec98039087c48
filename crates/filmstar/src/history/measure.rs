//! What a run counts: what an ingest brought, how large and how complete a build's tables are.

use warehouse::{Connection, Relation, RelationKind};

use super::Counted;
use crate::ingest::{Counts, Ingested};

/// The table whose columns tell how much is known of films.
const FILMS: &str = "fact_movies";

pub(super) fn of_ingest(ingested: &Ingested) -> Vec<Counted> {
    let kinds = [
        ("movies", ingested.movies),
        ("people", ingested.people),
        ("lists", ingested.lists),
    ];
    let mut counted = Vec::new();
    for (kind, counts) in kinds {
        let Counts {
            fetched,
            fresh,
            gone,
            quarantined,
            failed,
        } = counts;
        for (measure, value) in [
            ("fetched", fetched),
            ("fresh", fresh),
            ("gone", gone),
            ("quarantined", quarantined),
            ("failed", failed),
        ] {
            counted.push(Counted("ingest", kind.to_owned(), measure, value as f64));
        }
    }
    let exports = ingested.exports;
    for (measure, value) in [
        ("files", exports.fetched),
        ("rows", exports.rows),
        ("bytes", exports.bytes),
        ("missing", exports.missing),
        ("failed", exports.failed),
        ("quarantined", exports.quarantined),
    ] {
        counted.push(Counted(
            "ingest",
            "exports".to_owned(),
            measure,
            value as f64,
        ));
    }
    counted
}

/// Rows of every table of a schema, and the share of films of which each column is known.
pub(super) fn of_build(
    connection: &mut dyn Connection,
    schema: &str,
) -> warehouse::Result<Vec<Counted>> {
    let mut counted = Vec::new();
    for found in connection.relations(schema)? {
        let table = found.relation;
        if found.kind != RelationKind::Table {
            continue;
        }
        let name = table.identifier.clone();
        let values = numbers(connection, &format!("select count(*) from {table}"))?;
        let n_rows = values.first().copied().unwrap_or_default();
        counted.push(Counted("build", name.clone(), "rows", n_rows));
        if name == FILMS && n_rows > 0.0 {
            counted.extend(coverage(connection, &table, n_rows)?);
        }
    }
    Ok(counted)
}

fn coverage(
    connection: &mut dyn Connection,
    table: &Relation,
    n_rows: f64,
) -> warehouse::Result<Vec<Counted>> {
    let columns: Vec<String> = connection
        .columns(table)?
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let counts: Vec<_> = columns
        .iter()
        .map(|column| format!("count(\"{column}\")"))
        .collect();
    let known = numbers(
        connection,
        &format!("select {} from {table}", counts.join(", ")),
    )?;
    let share = |(column, n_known): (String, f64)| {
        let subject = format!("{FILMS}.{column}");
        Counted("build", subject, "coverage", n_known / n_rows)
    };
    Ok(columns.into_iter().zip(known).map(share).collect())
}

/// The numbers in a query's only row.
fn numbers(connection: &mut dyn Connection, sql: &str) -> warehouse::Result<Vec<f64>> {
    let rows = connection.query(sql, &[])?.json_rows();
    let row = rows.into_iter().next().unwrap_or_default();
    Ok(row.iter().filter_map(serde_json::Value::as_f64).collect())
}
