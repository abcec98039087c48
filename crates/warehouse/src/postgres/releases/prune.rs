use super::{Releases, builds_where, foreign, hidden};
use crate::{
    Connection as _, Error, Result,
    postgres::{
        jobs::{Job, JobLock},
        literal,
        session::Session,
    },
};

impl Releases {
    /// Drops all builds that were once published but the current one and the `n_previous` before it, of these only as
    /// many as have `most_bytes` together with the current one; returns the
    /// names of the dropped ones, and a sentence for each that could not be dropped.
    ///
    /// # Errors
    /// When the server fails.
    pub fn prune(
        &self,
        n_previous: usize,
        most_bytes: Option<u64>,
    ) -> Result<(Vec<String>, Vec<String>)> {
        let mut lock = match JobLock::take(&self.postgres, Job::Build) {
            // Whoever builds now prunes afterwards.
            Err(Error::Busy { .. }) => return Ok((Vec::new(), Vec::new())),
            taken => taken?,
        };
        let session = &mut lock.session;
        let mut old = builds_where(session, "state = 'published' and not is_current")?;
        let n_kept = match most_bytes {
            Some(most_bytes) => fitting(session, &old, n_previous, most_bytes)?,
            None => n_previous,
        };
        old.truncate(old.len().saturating_sub(n_kept));
        old.extend(builds_where(session, "state = 'withdrawn'")?);
        let (mut dropped, mut kept) = (Vec::new(), Vec::new());
        for (build_id, schemas) in old {
            let foreign = foreign(session, &build_id, &schemas)?;
            if !foreign.is_empty() {
                kept.push(format!(
                    "build {build_id} is kept because {} would go with it; make such things in a schema of your own, and views anew after a build",
                    foreign.join(", "),
                ));
                continue;
            }
            match self.drop_build(session, &build_id, &schemas) {
                Ok(()) => dropped.push(build_id),
                // Somebody still reads it; the next build tries again.
                Err(error @ Error::Locked { .. }) => {
                    kept.push(format!("build {build_id} is kept: {error}"))
                }
                Err(error) => return Err(error),
            }
        }
        Ok((dropped, kept))
    }
}

/// How many of the builds, oldest first, may stay beside the current one; the newest stay.
fn fitting(
    session: &mut Session,
    builds: &[(String, Vec<String>)],
    n_previous: usize,
    most_bytes: u64,
) -> Result<usize> {
    let mut n_bytes = 0;
    for (_, schemas) in builds_where(session, "is_current")? {
        n_bytes += size(session, &schemas)?;
    }
    for (n_kept, (build_id, schemas)) in builds.iter().rev().take(n_previous).enumerate() {
        let schemas: Vec<_> = schemas
            .iter()
            .map(|schema| hidden(schema, build_id))
            .collect();
        n_bytes += size(session, &schemas)?;
        if n_bytes > most_bytes {
            return Ok(n_kept);
        }
    }
    Ok(n_previous)
}

/// Bytes of all tables of some schemas, their indexes included.
fn size(session: &mut Session, schemas: &[String]) -> Result<u64> {
    let schemas: Vec<_> = schemas.iter().map(|schema| literal(schema)).collect();
    let rows = session.query(
        &format!(
            "select coalesce(sum(pg_catalog.pg_total_relation_size(pg_class.oid)), 0)::bigint
             from pg_catalog.pg_class
             inner join pg_catalog.pg_namespace on relnamespace = pg_namespace.oid
             where relkind in ('r', 'm') and nspname in ({})",
            schemas.join(", ")
        ),
        &[],
    )?;
    let row = rows.json_rows().concat();
    Ok(row
        .first()
        .and_then(serde_json::Value::as_u64)
        .unwrap_or_default())
}
