//! The warehouse's server: every role is let in, and may do its work and no more.

use warehouse::{Postgres, Warehouse as _, postgres::ReleaseReader};

use super::{Check, Verdict, failed};
use crate::{failure::Explained, targets::Server};

/// What a role must be able to do, as a query of one truth value.
const LOADER: &str = "select pg_catalog.has_schema_privilege('raw', 'create')";
const TRANSFORMER: &str =
    "select pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create')
    and pg_catalog.has_schema_privilege('raw', 'usage')
    and pg_catalog.has_table_privilege('filmstar.builds', 'insert')";
const READER: &str = "select pg_catalog.has_schema_privilege(pg_catalog.current_schema(), 'usage')
    and pg_catalog.has_table_privilege('filmstar.builds', 'select')";

pub(super) fn checks(server: &Server) -> Vec<Check> {
    let name = &server.target.name;
    let roles = [
        ("loader", server.loader(), LOADER),
        ("transformer", server.transformer(), TRANSFORMER),
        ("reader", server.reader(), READER),
    ];
    let mut checks: Vec<Check> = roles
        .into_iter()
        .map(|(role, postgres, may)| match postgres {
            Ok(postgres) => rights(role, &postgres, may, name),
            Err(failure) => failed(role, &failure),
        })
        .collect();
    if checks.iter().all(|check| check.verdict == Verdict::Good) {
        checks.push(published(server));
    }
    checks
}

fn rights(role: &'static str, postgres: &Postgres, may: &str, target: &str) -> Check {
    let asked = postgres
        .connect()
        .and_then(|mut connection| connection.query(may, &[]));
    match asked {
        Ok(rows) if rows.json_rows() == [[true]] => Check::good(role, postgres.location()),
        Ok(_) => Check::bad(
            role,
            format!("{} may not do its work", postgres.location()),
            format!("`filmstar init --target {target}` gives every role its rights"),
        ),
        Err(error) => {
            let explained = Explained::new(&error.into());
            let fix = format!("`filmstar init --target {target}` sets the database up");
            Check::bad(role, explained.message, explained.hint.unwrap_or(fix))
        }
    }
}

fn published(server: &Server) -> Check {
    let build = server
        .reader()
        .map_err(anyhow::Error::from)
        .and_then(|reader| Ok(ReleaseReader::new(reader).current()?));
    match build {
        Ok((release, _)) => Check::good(
            "published build",
            format!(
                "{} of {}",
                release.build_id,
                release.published_at.format("%Y-%m-%d %H:%M UTC")
            ),
        ),
        Err(error) => Check::warning(
            "published build",
            error.to_string(),
            format!("`filmstar build --target {}`", server.target.name),
        ),
    }
}
