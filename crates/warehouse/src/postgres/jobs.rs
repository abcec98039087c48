//! One load and one build at a time, and who is in the way.

use std::time::{Duration, Instant};

use super::{Postgres, session::Session};
use crate::{Connection as _, Error, Result, Value};

/// What only one process may do to a database at a time. The number is the second half of the lock's key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Job {
    Load = 1,
    Build = 2,
}

/// `FILM`: the first half.
const LOCK_CLASS: i32 = 0x4649_4c4d;

/// How long a lock is asked for before its holder is called at work. The server keeps the lock of a client that was
/// killed until the statement of that client ends, so a command that is run again at once has to wait for it.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

impl Job {
    fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Build => "build",
        }
    }
}

/// The right to a job; the server takes it back when the session ends, however it ends.
pub(super) struct JobLock {
    pub(super) session: Session,
}

impl JobLock {
    pub(super) fn take(postgres: &Postgres, job: Job) -> Result<Self> {
        let mut session = postgres.session()?;
        let key = [
            Value::Int(i64::from(LOCK_CLASS)),
            Value::Int(i64::from(job as i32)),
        ];
        let asked = Instant::now();
        loop {
            let taken = session.query("select pg_catalog.pg_try_advisory_lock($1, $2)", &key)?;
            if taken.json_rows() == [[true]] {
                return Ok(Self { session });
            }
            if asked.elapsed() >= PATIENCE {
                return Err(Error::Busy {
                    what: job.name(),
                    holders: Self::holders(&mut session, &key)?,
                });
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn holders(session: &mut Session, key: &[Value]) -> Result<Vec<String>> {
        texts(
            session,
            "select pg_catalog.format(
                'process %s (%s) since %s', activity.pid,
                coalesce(nullif(activity.application_name, ''), activity.usename),
                pg_catalog.to_char(activity.backend_start, 'YYYY-MM-DD HH24:MI:SS \"UTC\"')
            )
            from pg_catalog.pg_locks as locks
            inner join pg_catalog.pg_stat_activity as activity on locks.pid = activity.pid
            where locks.locktype = 'advisory' and locks.granted
                and locks.classid::bigint = $1 and locks.objid::bigint = $2
                and activity.datname = pg_catalog.current_database()",
            key,
        )
    }
}

impl Drop for JobLock {
    fn drop(&mut self) {
        // The server would take it back as well, but only when it notices that the session ended.
        let unlocked = self
            .session
            .execute("select pg_catalog.pg_advisory_unlock_all()");
        if let Err(error) = unlocked {
            tracing::debug!(%error, "the lock went with its session");
        }
    }
}

/// Names the sessions whose locks a statement may have waited for.
pub(super) fn explain_lock(postgres: &Postgres, error: Error) -> Error {
    let Error::Locked { sql, .. } = error else {
        return error;
    };
    let asked = postgres.session().and_then(|mut session| {
        texts(
            &mut session,
            "select pg_catalog.format(
                'process %s (%s)%s', activity.pid,
                coalesce(nullif(activity.application_name, ''), activity.usename),
                ': ' || nullif(pg_catalog.left(pg_catalog.regexp_replace(activity.query, '\\s+', ' ', 'g'), 80), '')
            )
            from pg_catalog.pg_stat_activity as activity
            where activity.datname = pg_catalog.current_database()
                and activity.pid <> pg_catalog.pg_backend_pid()
                and exists (
                    select from pg_catalog.pg_locks as locks
                    inner join pg_catalog.pg_class as relations on locks.relation = relations.oid
                    where locks.pid = activity.pid and locks.granted
                        and locks.mode ~ 'Exclusive|^ShareLock' and locks.mode <> 'RowExclusiveLock'
                        and relations.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
                )
            order by activity.xact_start",
            &[],
        )
    });
    Error::Locked {
        // Who holds it is a help, not the message: without an answer the message stands alone.
        holders: asked.unwrap_or_default(),
        sql,
    }
}

/// The texts of a query's only column.
pub(crate) fn texts(session: &mut Session, sql: &str, parameters: &[Value]) -> Result<Vec<String>> {
    let rows = session.query(sql, parameters)?;
    let text = |row: Vec<serde_json::Value>| row.first()?.as_str().map(ToOwned::to_owned);
    Ok(rows.json_rows().into_iter().filter_map(text).collect())
}
