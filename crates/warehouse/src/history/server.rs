//! The same tables on a server: a copy of the account, brought up to date by each run.

use std::collections::HashMap;

use super::{
    History, NodeResult, Run,
    rows::Row,
    tables::{self, SCHEMA, Table},
};
use crate::{
    Connection as _, Error, Postgres, Result,
    postgres::{Session, literal, quoted, texts},
};

/// Stands on the schema as a comment: `layout 1`.
const LAYOUT: &str = "layout ";

/// Copies the runs that a server lacks, or knows in an earlier state, into its schema `history`; `reader` may read
/// it. `postgres` is who may make schemas. Returns how many were copied.
///
/// # Errors
/// When a newer release made the schema, the account cannot be read, or the server fails.
pub fn mirror(history: &History, postgres: &Postgres, reader: &str) -> Result<usize> {
    let mut session = postgres.session()?;
    prepare(&mut session, postgres, reader)?;
    let known: HashMap<String, String> = session
        .query("select run_id, status from history.runs", &[])?
        .json_rows()
        .into_iter()
        .filter_map(|row| Some((row[0].as_str()?.to_owned(), row[1].as_str()?.to_owned())))
        .collect();
    let mut n_copied = 0;
    for run in history.runs()?.into_iter().rev() {
        if known.get(&run.run_id).map(String::as_str) == Some(run.status.name())
            && run.finished_at.is_some()
        {
            continue;
        }
        copy(&mut session, history, &run)?;
        n_copied += 1;
    }
    Ok(n_copied)
}

/// The newest runs that a server knows, newest first; none where it knows nothing of runs.
///
/// # Errors
/// When the server fails.
pub fn runs_on_server(postgres: &Postgres, n_most: usize) -> Result<Vec<Run>> {
    let mut session = postgres.session()?;
    let there = "select pg_catalog.to_regclass('history.runs')::text";
    if texts(&mut session, there, &[])?.is_empty() {
        return Ok(Vec::new());
    }
    let rows = texts(
        &mut session,
        &format!(
            "select row_to_json(runs)::text from history.runs order by run_id desc limit {n_most}"
        ),
        &[],
    )?;
    Ok(parsed(&rows))
}

/// What did not go well in a run that a server knows.
///
/// # Errors
/// When the server fails.
pub fn amiss_on_server(postgres: &Postgres, run_id: &str) -> Result<Vec<NodeResult>> {
    let amiss: Vec<_> = super::AMISS.iter().map(|status| literal(status)).collect();
    let rows = texts(
        &mut postgres.session()?,
        &format!(
            "select row_to_json(node_results)::text from history.node_results
             where run_id = {} and status in ({}) order by started_at, unique_id",
            literal(run_id),
            amiss.join(", ")
        ),
        &[],
    )?;
    Ok(parsed(&rows))
}

fn parsed<R: Row>(rows: &[String]) -> Vec<R> {
    let parsed = rows.iter().map(|row| serde_json::from_str(row).ok());
    parsed.flatten().collect()
}

/// Makes what is missing: a column more is no new layout.
fn prepare(session: &mut Session, postgres: &Postgres, reader: &str) -> Result<()> {
    let comment =
        "select pg_catalog.obj_description(pg_catalog.to_regnamespace('history'), 'pg_namespace')";
    let found = texts(session, comment, &[])?;
    let layout = found
        .first()
        .and_then(|comment| comment.strip_prefix(LAYOUT)?.parse::<u32>().ok());
    if let Some(found) = layout.filter(|layout| *layout > super::LAYOUT) {
        return Err(Error::TooNew {
            what: "history of runs",
            location: postgres.location(),
            found,
            known: super::LAYOUT,
        });
    }
    let mut statements = Vec::new();
    if layout.is_none() {
        statements.push(format!("create schema if not exists {SCHEMA}"));
        statements.push(format!(
            "comment on schema {SCHEMA} is '{LAYOUT}{}'",
            super::LAYOUT
        ));
    }
    let mut has_change = layout.is_none();
    for table in tables::ALL {
        let there = columns(session, table)?;
        if there.is_empty() {
            let of: Vec<_> = table
                .columns
                .iter()
                .map(|(name, sql_type)| format!("{name} {sql_type}"))
                .collect();
            statements.push(format!(
                "create table {SCHEMA}.{} ({})",
                table.name,
                of.join(", ")
            ));
            statements.push(format!("create index on {SCHEMA}.{} (run_id)", table.name));
            has_change = true;
            continue;
        }
        for (name, sql_type) in table.columns {
            if !there.iter().any(|known| known == name) {
                statements.push(format!(
                    "alter table {SCHEMA}.{} add column {name} {sql_type}",
                    table.name
                ));
                has_change = true;
            }
        }
    }
    if has_change {
        statements.push(format!(
            "create or replace view {SCHEMA}.test_results as {}",
            tables::TEST_RESULTS
        ));
        statements.push(format!(
            "grant usage on schema {SCHEMA} to {}",
            quoted(reader)
        ));
        statements.push(format!(
            "grant select on all tables in schema {SCHEMA} to {}",
            quoted(reader)
        ));
        transaction(session, &statements)?;
    }
    Ok(())
}

fn columns(session: &mut Session, table: &Table) -> Result<Vec<String>> {
    texts(
        session,
        &format!(
            "select attname::text from pg_catalog.pg_attribute
             where attrelid = pg_catalog.to_regclass('{SCHEMA}.{}') and attnum > 0 and not attisdropped",
            table.name
        ),
        &[],
    )
}

fn copy(session: &mut Session, history: &History, run: &Run) -> Result<()> {
    let mut statements = Vec::new();
    replace(&mut statements, &run.run_id, std::slice::from_ref(run))?;
    replace(&mut statements, &run.run_id, &history.steps(&run.run_id)?)?;
    replace(
        &mut statements,
        &run.run_id,
        &history.node_results(&run.run_id)?,
    )?;
    replace(
        &mut statements,
        &run.run_id,
        &history.measures(&run.run_id)?,
    )?;
    transaction(session, &statements)
}

fn replace<R: Row>(statements: &mut Vec<String>, run_id: &str, rows: &[R]) -> Result<()> {
    let table = R::TABLE;
    statements.push(format!(
        "delete from {SCHEMA}.{} where run_id = {}",
        table.name,
        literal(run_id)
    ));
    if rows.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(rows).map_err(std::io::Error::from)?;
    // The one character that a server's text cannot hold.
    let json = json.replace("\\u0000", "\u{fffd}");
    statements.push(format!(
        "insert into {SCHEMA}.{name} ({columns})
         select {columns} from jsonb_populate_recordset(null::{SCHEMA}.{name}, {json}::jsonb)",
        name = table.name,
        columns = table.column_list(),
        json = literal(&json),
    ));
    Ok(())
}

fn transaction(session: &mut Session, statements: &[String]) -> Result<()> {
    let all = format!("begin; {}; commit", statements.join(";\n"));
    session.execute(&all).map(drop).inspect_err(|_| {
        // The statement's own error is the one to tell.
        let _ = session.execute("rollback");
    })
}
