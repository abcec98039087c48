//! Builds on a server: made in schemas of their own, published by renaming them in one transaction.
//!
//! ```text
//! main                              what readers see
//! main__20261124t083000000z         a build in the making, or one kept for rollback; no reader may look in
//! filmstar.builds                   which is which
//! ```

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tokio_postgres::Client;

use super::{
    Postgres,
    jobs::{Job, JobLock, explain_lock, texts},
    literal, quoted,
    session::Session,
};
use crate::{Connection, Dialect, Error, Relation, RelationKind, Result, Warehouse};

mod grants;
mod kept;
mod prune;

/// The builds of a database.
#[derive(Debug, Clone)]
pub struct Releases {
    postgres: Postgres,
}

/// A build that readers see, or saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its name.
    pub build_id: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// A build in the making; nobody sees it. Dropped without [`Releases::publish`], its schemas stay until the next
/// [`Releases::begin`], so that a failed one can be looked at.
pub struct PendingRelease {
    build_id: String,
    schemas: Vec<String>,
    lock: JobLock,
}

impl std::fmt::Debug for PendingRelease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingRelease")
            .field("build_id", &self.build_id)
            .finish_non_exhaustive()
    }
}

/// What stands behind the names of a build's schemas while readers do not see it.
pub fn suffix(build_id: &str) -> String {
    format!("__{}", build_id.to_lowercase())
}

fn hidden(schema: &str, build_id: &str) -> String {
    format!("{schema}{}", suffix(build_id))
}

impl Releases {
    /// The builds of a database, for who may write them.
    pub fn new(postgres: Postgres) -> Self {
        Self { postgres }
    }

    /// Starts a build of the given schemas and clears away those that were never finished.
    ///
    /// # Errors
    /// When another build is at work, the raw tables were never loaded, or the server fails.
    pub fn begin(&self, build_id: &str, schemas: &[String]) -> Result<PendingRelease> {
        let mut lock = JobLock::take(&self.postgres, Job::Build)?;
        let session = &mut lock.session;
        self.expect_prepared(session)?;
        for (unfinished, schemas) in builds_where(session, "state = 'building'")? {
            tracing::info!(
                build.id = unfinished,
                "removing a build that was never finished"
            );
            self.drop_build(session, &unfinished, &schemas)?;
        }
        let list: Vec<_> = schemas.iter().map(|schema| literal(schema)).collect();
        let mut statements = vec![format!(
            "insert into filmstar.builds (build_id, state, schemas) values ({}, 'building', array[{}]::text[])",
            literal(build_id),
            list.join(", ")
        )];
        statements.extend(
            schemas
                .iter()
                .map(|schema| format!("create schema {}", quoted(&hidden(schema, build_id)))),
        );
        self.transaction(session, &statements)?;
        Ok(PendingRelease {
            build_id: build_id.to_owned(),
            schemas: schemas.to_vec(),
            lock,
        })
    }

    /// Copies tables of the published build into one in the making, with their constraints, indexes and rows. The
    /// tables are named as readers see them. One that the published build lacks is left out; returns those that were
    /// copied.
    ///
    /// # Errors
    /// When the server fails, or the build has a table of that name already.
    pub fn carry_over(
        &self,
        pending: &mut PendingRelease,
        tables: &[Relation],
    ) -> Result<Vec<Relation>> {
        let session = &mut pending.lock.session;
        if self.find(session, "is_current")?.is_none() {
            return Ok(Vec::new());
        }
        let (mut carried, mut statements) = (Vec::new(), Vec::new());
        for table in tables {
            let found = session.relations(&table.schema)?.into_iter().find(|found| {
                found.relation.identifier == table.identifier && found.kind == RelationKind::Table
            });
            if found.is_none() {
                continue;
            }
            let there = Relation {
                database: None,
                ..table.clone()
            };
            let here = Relation {
                schema: hidden(&table.schema, &pending.build_id),
                ..there.clone()
            };
            statements.push(format!("create table {here} (like {there} including all)"));
            statements.push(format!("insert into {here} select * from {there}"));
            carried.push(table.clone());
        }
        if !statements.is_empty() {
            self.transaction(session, &statements)?;
        }
        Ok(carried)
    }

    /// Lets readers see a build, with the grants of the one before. The time is the caller's, as all times of a run
    /// are, so that they can be compared whatever the server's clock says.
    ///
    /// # Errors
    /// When the server fails; readers then see what they saw.
    pub fn publish(
        &self,
        mut pending: PendingRelease,
        published_at: DateTime<Utc>,
    ) -> Result<Release> {
        let session = &mut pending.lock.session;
        let outgoing = builds_where(session, "is_current")?.pop();
        self.swap(
            session,
            outgoing.as_ref(),
            (&pending.build_id, &pending.schemas),
            ("published", Some(published_at)),
        )?;
        let published = self.find(session, "is_current")?;
        published.ok_or_else(|| self.none())
    }

    /// Makes the previous build current again and withdraws the one that was; `None` when there is none to go
    /// back to.
    ///
    /// # Errors
    /// When another build is at work or the server fails.
    pub fn rollback(&self) -> Result<Option<Release>> {
        let mut lock = JobLock::take(&self.postgres, Job::Build)?;
        let session = &mut lock.session;
        self.expect_prepared(session)?;
        let outgoing = builds_where(session, "is_current")?.pop();
        let older = "state = 'published' and not is_current
            and published_at < (select published_at from filmstar.builds where is_current)";
        let Some((outgoing, (previous, schemas))) =
            outgoing.zip(builds_where(session, older)?.pop())
        else {
            return Ok(None);
        };
        self.swap(
            session,
            Some(&outgoing),
            (&previous, &schemas),
            ("withdrawn", None),
        )?;
        self.find(session, "is_current")
    }

    /// The build that readers see.
    ///
    /// # Errors
    /// When the server fails.
    pub fn current(&self) -> Result<Option<Release>> {
        let mut session = self.postgres.session()?;
        self.expect_prepared(&mut session)?;
        self.find(&mut session, "is_current")
    }

    fn none(&self) -> Error {
        Error::NoBuild {
            location: self.postgres.location(),
        }
    }

    fn expect_prepared(&self, session: &mut Session) -> Result<()> {
        let found = texts(
            session,
            "select pg_catalog.to_regclass('filmstar.builds')::text",
            &[],
        )?;
        if found.is_empty() {
            return Err(Error::NotPrepared {
                location: self.postgres.location(),
                missing: "raw tables yet".to_owned(),
            });
        }
        Ok(())
    }

    fn find(&self, session: &mut Session, condition: &str) -> Result<Option<Release>> {
        let rows = session.query(
            &format!(
                "select build_id, to_char(published_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')
                 from filmstar.builds where {condition}"
            ),
            &[],
        )?;
        let release = |row: &Vec<serde_json::Value>| {
            Some(Release {
                build_id: row[0].as_str()?.to_owned(),
                published_at: row[1].as_str()?.parse().ok()?,
            })
        };
        Ok(rows.json_rows().first().and_then(release))
    }

    /// Takes the outgoing build's schemas out of sight and puts the incoming one's in their place. The outgoing one is
    /// then in the given state; without a time, the incoming one keeps that of when it was first seen.
    fn swap(
        &self,
        session: &mut Session,
        outgoing: Option<&(String, Vec<String>)>,
        (incoming, schemas): (&str, &[String]),
        (outgoing_state, published_at): (&str, Option<DateTime<Utc>>),
    ) -> Result<()> {
        // Before the first build of ours, a name may be taken: by an empty schema with its grants, which goes, or by
        // what dbt Core built, which is kept as `main__unmanaged`.
        let none = ("unmanaged".to_owned(), schemas.to_vec());
        let (retired, retired_schemas) = outgoing.unwrap_or(&none);
        // What a building session did not wait for is on disk once this commit is.
        let mut statements = vec!["set local synchronous_commit = on".to_owned()];
        for schema in schemas {
            let new = hidden(schema, incoming);
            statements.extend(grants::handed_over(session, schema, &new)?);
        }
        for schema in retired_schemas {
            if session.has_schema(schema)? {
                let old = hidden(schema, retired);
                statements.extend(grants::withdrawn(session, schema)?);
                statements.push(rename(schema, &old));
                if outgoing.is_none() && session.relations(schema)?.is_empty() {
                    statements.push(format!("drop schema {}", quoted(&old)));
                }
            }
        }
        for schema in schemas {
            statements.push(rename(&hidden(schema, incoming), schema));
        }
        statements.push(format!(
            "update filmstar.builds set is_current = false, state = {} where is_current",
            literal(outgoing_state)
        ));
        let published_at = published_at.map_or_else(
            || "published_at".to_owned(),
            |time| literal(&time.to_rfc3339()),
        );
        statements.push(format!(
            "update filmstar.builds set is_current = true, state = 'published',
             published_at = {published_at} where build_id = {}",
            literal(incoming)
        ));
        self.transaction(session, &statements)
    }

    fn drop_build(&self, session: &mut Session, build_id: &str, schemas: &[String]) -> Result<()> {
        let mut statements: Vec<_> = schemas
            .iter()
            .map(|schema| {
                format!(
                    "drop schema if exists {} cascade",
                    quoted(&hidden(schema, build_id))
                )
            })
            .collect();
        statements.push(format!(
            "delete from filmstar.builds where build_id = {}",
            literal(build_id)
        ));
        self.transaction(session, &statements)
    }

    fn transaction(&self, session: &mut Session, statements: &[String]) -> Result<()> {
        let all = format!("begin; {}; commit", statements.join(";\n"));
        session.execute(&all).map(drop).map_err(|error| {
            // The statement's own error is the one to tell.
            let _ = session.execute("rollback");
            explain_lock(&self.postgres, error)
        })
    }
}

fn rename(from: &str, to: &str) -> String {
    format!("alter schema {} rename to {}", quoted(from), quoted(to))
}

/// Names and schemas of builds, oldest first.
fn builds_where(session: &mut Session, condition: &str) -> Result<Vec<(String, Vec<String>)>> {
    let rows = session.query(
        &format!(
            "select build_id, schemas from filmstar.builds where {condition}
             order by published_at, started_at"
        ),
        &[],
    )?;
    let build = |row: &Vec<serde_json::Value>| {
        let schemas = row[1].as_array()?.iter();
        let schemas = schemas.filter_map(|schema| schema.as_str().map(ToOwned::to_owned));
        Some((row[0].as_str()?.to_owned(), schemas.collect()))
    };
    Ok(rows.json_rows().iter().filter_map(build).collect())
}

/// What would go with a build and is not of it: views of other schemas that read its tables, and what somebody else
/// made in its schemas.
fn foreign(session: &mut Session, build_id: &str, schemas: &[String]) -> Result<Vec<String>> {
    let own: Vec<_> = schemas
        .iter()
        .map(|schema| literal(&hidden(schema, build_id)))
        .collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let own = own.join(", ");
    texts(
        session,
        &format!(
            "select pg_catalog.format('%I.%I', readers.nspname, views.relname)
             from pg_catalog.pg_depend as dependencies
             inner join pg_catalog.pg_rewrite as rules on dependencies.objid = rules.oid
             inner join pg_catalog.pg_class as views on rules.ev_class = views.oid
             inner join pg_catalog.pg_namespace as readers on views.relnamespace = readers.oid
             inner join pg_catalog.pg_class as tables on dependencies.refobjid = tables.oid
             inner join pg_catalog.pg_namespace as owners on tables.relnamespace = owners.oid
             where dependencies.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                 and dependencies.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 and owners.nspname in ({own}) and readers.nspname not in ({own})
             union
             select pg_catalog.format('%I.%I', namespaces.nspname, relations.relname)
             from pg_catalog.pg_class as relations
             inner join pg_catalog.pg_namespace as namespaces on relations.relnamespace = namespaces.oid
             where namespaces.nspname in ({own}) and relations.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
                 and relations.relowner <> namespaces.nspowner
             order by 1"
        ),
        &[],
    )
}

/// The build that a reader's session must still find published after each query.
#[derive(Debug, Clone)]
pub(super) struct Pin {
    build_id: Arc<str>,
}

impl Pin {
    pub(super) async fn is_current(&self, client: &Client) -> Result<bool, tokio_postgres::Error> {
        let current = client
            .simple_query("select build_id from filmstar.builds where is_current")
            .await?;
        Ok(current.iter().any(|message| {
            matches!(message, tokio_postgres::SimpleQueryMessage::Row(row) if row.get(0) == Some(&*self.build_id))
        }))
    }
}

/// Follows the published build: every caller gets the newest, and a warehouse that answers from that one alone.
pub struct ReleaseReader {
    releases: Releases,
    control: Mutex<Option<Session>>,
    current: Mutex<Option<(Release, Arc<dyn Warehouse>)>>,
}

impl std::fmt::Debug for ReleaseReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReleaseReader")
            .field("releases", &self.releases)
            .finish_non_exhaustive()
    }
}

impl ReleaseReader {
    /// A reader, for a user who can read the published schema and `filmstar.builds`.
    pub fn new(postgres: Postgres) -> Self {
        Self {
            releases: Releases::new(postgres),
            control: Mutex::new(None),
            current: Mutex::new(None),
        }
    }

    /// The published build.
    ///
    /// # Errors
    /// When nothing has been published yet or the server cannot be reached.
    pub fn current(&self) -> Result<(Release, Arc<dyn Warehouse>)> {
        let release = self.ask()?.ok_or_else(|| self.releases.none())?;
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = current.as_ref().filter(|known| known.0 == release) {
            return Ok(known.clone());
        }
        let warehouse: Arc<dyn Warehouse> = Arc::new(Pinned {
            postgres: self.releases.postgres.clone(),
            pin: Pin {
                build_id: Arc::from(release.build_id.as_str()),
            },
        });
        Ok(current.insert((release, warehouse)).clone())
    }

    fn ask(&self) -> Result<Option<Release>> {
        let mut control = self.control.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = control.as_mut() {
            match self.releases.find(session, "is_current") {
                // The server was restarted since: once more on a new connection.
                Err(Error::Lost { .. }) => {}
                found => return found,
            }
        }
        // Kept only once there is something to ask: what is missing now may be there at the next question.
        *control = None;
        let mut session = self.releases.postgres.session()?;
        self.releases.expect_prepared(&mut session)?;
        self.releases.find(control.insert(session), "is_current")
    }
}

/// A warehouse whose sessions answer from one build or not at all.
#[derive(Debug)]
struct Pinned {
    postgres: Postgres,
    pin: Pin,
}

impl Warehouse for Pinned {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn database(&self) -> &str {
        self.postgres.database()
    }

    fn connect(&self) -> Result<Box<dyn Connection>> {
        Ok(Box::new(self.postgres.session()?.pinned(self.pin.clone())))
    }
}
