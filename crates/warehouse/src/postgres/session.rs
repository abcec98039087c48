use std::{
    io::Read,
    ops::ControlFlow,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use arrow::{datatypes::SchemaRef, record_batch::RecordBatch};
use bytes::{Bytes, BytesMut};
use futures::{SinkExt as _, TryStreamExt as _};
use tokio_postgres::{
    CancelToken, Client, Error as ServerError, SimpleQueryMessage,
    types::{Format, IsNull, ToSql, Type, to_sql_checked},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Network, decode::Decoder, failure, jobs::texts, releases::Pin};
use crate::query_text::explained;
use crate::{Canceller, Connection, Error, Relation, RelationInfo, RelationKind, Result, Value};

/// How many rows a batch has.
const BATCH_ROWS: usize = 4096;
/// How many bytes go to the server at once.
pub(super) const CHUNK_BYTES: usize = 256 * 1024;

/// One connection to the server.
pub(crate) struct Session {
    client: Client,
    network: Arc<Network>,
    interrupt: Arc<Interrupt>,
    location: String,
    /// The build that a reader wants to see, and no other.
    pin: Option<Pin>,
}

impl Session {
    pub(super) fn new(
        client: Client,
        network: Arc<Network>,
        tls: MakeRustlsConnect,
        location: String,
    ) -> Self {
        let interrupt = Arc::new(Interrupt {
            is_asked: AtomicBool::new(false),
            token: client.cancel_token(),
            tls,
            network: Arc::clone(&network),
        });
        Self {
            client,
            network,
            interrupt,
            location,
            pin: None,
        }
    }

    /// The same session, for a reader of one build: it answers from that build or says that it is gone.
    pub(super) fn pinned(mut self, pin: Pin) -> Self {
        self.pin = Some(pin);
        self
    }

    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    pub(super) fn has_schema(&mut self, name: &str) -> Result<bool> {
        let found = texts(
            self,
            "select nspname::text from pg_catalog.pg_namespace where nspname = $1",
            &[Value::Text(name.to_owned())],
        )?;
        Ok(!found.is_empty())
    }

    /// Waits for work with the client.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.network.wait(work)
    }

    pub(super) fn failed(&self, error: &ServerError, sql: &str) -> Error {
        failure::running(error, sql, &self.location, self.interrupt.is_asked())
    }

    fn begin(&self) {
        self.interrupt.is_asked.store(false, Ordering::SeqCst);
    }

    /// Sends what `next` gives until it gives nothing; a failure of `next` ends the copy without a row kept.
    pub(super) fn copy_from(
        &mut self,
        statement: &str,
        next: &mut dyn FnMut() -> Result<Option<Bytes>>,
    ) -> Result<u64> {
        self.begin();
        self.wait(async {
            let failed = |error: ServerError| self.failed(&error, statement);
            let sink = self.client.copy_in::<_, Bytes>(statement).await;
            let mut sink = pin!(sink.map_err(failed)?);
            // Left unfinished, the server drops the rows.
            while let Some(chunk) = next()? {
                if let Err(error) = sink.feed(chunk).await {
                    // The server's own words come with the end of the copy.
                    return Err(failed(sink.finish().await.err().unwrap_or(error)));
                }
            }
            sink.finish().await.map_err(failed)
        })
    }

    async fn read(
        &self,
        sql: &str,
        parameters: &[Value],
        on_batch: &mut dyn FnMut(RecordBatch) -> ControlFlow<()>,
    ) -> Result<SchemaRef> {
        let failed = |error: ServerError| self.failed(&error, sql);
        let statement = self.client.prepare(sql).await.map_err(failed)?;
        let n_wanted = statement.params().len();
        if n_wanted != parameters.len() {
            return Err(Error::Sql {
                message: format!(
                    "the statement takes {n_wanted} parameters, and {} were given",
                    parameters.len()
                ),
                sql: sql.to_owned(),
            });
        }
        let unreadable = |message: String| Error::Sql {
            message,
            sql: sql.to_owned(),
        };
        let mut decoder = Decoder::new(statement.columns()).map_err(unreadable)?;
        let rows = self
            .client
            .query_raw(&statement, parameters.iter().map(Bound));
        let mut rows = pin!(rows.await.map_err(failed)?);
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            decoder.add(&row).map_err(unreadable)?;
            if decoder.n_rows() == BATCH_ROWS {
                self.interrupt.check()?;
                if on_batch(decoder.batch().map_err(unreadable)?).is_break() {
                    // Nobody wants the rest. Read to its end, so that the next statement is not stopped instead.
                    self.interrupt.stop().await;
                    while matches!(rows.try_next().await, Ok(Some(_))) {}
                    return Ok(decoder.schema());
                }
            }
        }
        self.interrupt.check()?;
        if decoder.n_rows() > 0 {
            // Whatever the caller says, this was the last.
            let _ = on_batch(decoder.batch().map_err(unreadable)?);
        }
        Ok(decoder.schema())
    }

    /// Reads, and then makes sure that the build did not change under the query: what was read belongs to the
    /// build that the reader holds, or the answer is [`Error::Superseded`].
    async fn read_pinned(
        &self,
        pin: &Pin,
        sql: &str,
        parameters: &[Value],
        on_batch: &mut dyn FnMut(RecordBatch) -> ControlFlow<()>,
    ) -> Result<SchemaRef> {
        let read = self.read(sql, parameters, on_batch).await;
        if matches!(read, Err(Error::Lost { .. } | Error::Cancelled)) {
            return read;
        }
        let is_current = pin.is_current(&self.client).await;
        if is_current.map_err(|error| self.failed(&error, sql))? {
            read
        } else {
            Err(Error::Superseded)
        }
    }
}

impl Connection for Session {
    fn execute(&mut self, sql: &str) -> Result<u64> {
        self.begin();
        self.wait(async {
            let answers = self.client.simple_query(sql).await;
            let answers = answers.map_err(|error| self.failed(&error, sql))?;
            let last = answers.iter().rev().find_map(|answer| match answer {
                SimpleQueryMessage::CommandComplete(n_rows) => Some(*n_rows),
                _ => None,
            });
            Ok(last.unwrap_or_default())
        })
    }

    fn stream(
        &mut self,
        sql: &str,
        parameters: &[Value],
        on_batch: &mut dyn FnMut(RecordBatch) -> ControlFlow<()>,
    ) -> Result<SchemaRef> {
        self.begin();
        self.wait(async {
            match &self.pin {
                Some(pin) => self.read_pinned(pin, sql, parameters, on_batch).await,
                None => self.read(sql, parameters, on_batch).await,
            }
        })
    }

    fn expect_query(&mut self, sql: &str) -> Result<()> {
        let inner = explained(sql);
        if inner
            .trim_end_matches([';', ' ', '\n', '\t', '\r'])
            .is_empty()
        {
            return Err(Error::NotAQuery { n_statements: 0 });
        }
        // A cursor is declared for a query and for nothing else, and one statement alone is prepared.
        let declared = format!("declare question no scroll cursor for {inner}");
        self.begin();
        self.wait(async {
            if self.client.prepare(&declared).await.is_ok() {
                return Ok(());
            }
            // The words about the text as it was sent; if it has no fault, then that of not being a query.
            match self.client.prepare(sql).await {
                Ok(_) => Err(Error::NotAQuery { n_statements: 1 }),
                Err(error) if is_several(&error) => Err(Error::NotAQuery { n_statements: 2 }),
                Err(error) => Err(self.failed(&error, sql)),
            }
        })
    }

    fn copy_in(&mut self, statement: &str, data: &mut dyn Read) -> Result<u64> {
        self.copy_from(statement, &mut || {
            let mut chunk = vec![0; CHUNK_BYTES];
            let n_bytes = data.read(&mut chunk)?;
            chunk.truncate(n_bytes);
            Ok((n_bytes > 0).then(|| Bytes::from(chunk)))
        })
    }

    fn relations(&mut self, schema: &str) -> Result<Vec<RelationInfo>> {
        let rows = self.query(
            "select current_database()::text, nspname::text, relname::text, relkind in ('v', 'm')
             from pg_catalog.pg_class
             inner join pg_catalog.pg_namespace on relnamespace = pg_namespace.oid
             where nspname = $1 and relkind in ('r', 'p', 'v', 'm', 'f')
             order by relname",
            &[Value::Text(schema.to_owned())],
        )?;
        let text = |cell: &serde_json::Value| cell.as_str().unwrap_or_default().to_owned();
        let info = |row: &Vec<serde_json::Value>| RelationInfo {
            relation: Relation {
                database: Some(text(&row[0])),
                schema: text(&row[1]),
                identifier: text(&row[2]),
            },
            kind: if row[3].as_bool() == Some(true) {
                RelationKind::View
            } else {
                RelationKind::Table
            },
        };
        Ok(rows.json_rows().iter().map(info).collect())
    }

    fn columns(&mut self, relation: &Relation) -> Result<Vec<(String, String)>> {
        let rows = self.query(
            "select attname::text, pg_catalog.format_type(atttypid, atttypmod)
             from pg_catalog.pg_attribute
             where attrelid = pg_catalog.to_regclass($1::text) and attnum > 0 and not attisdropped
             order by attnum",
            &[regclass(relation)],
        )?;
        Ok(crate::rows::texts(&rows)
            .into_iter()
            .map(<[String; 2]>::into)
            .collect())
    }

    fn unique_columns(&mut self, relation: &Relation) -> Result<Vec<String>> {
        texts(
            self,
            "select attname::text
             from pg_catalog.pg_index
             inner join pg_catalog.pg_attribute on attrelid = indrelid and attnum = indkey[0]
             where indrelid = pg_catalog.to_regclass($1::text) and indisunique and indisvalid and indisready
                 and indnkeyatts = 1 and indpred is null and indexprs is null",
            &[regclass(relation)],
        )
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::<Interrupt>::clone(&self.interrupt)
    }
}

fn is_several(error: &ServerError) -> bool {
    let said = error
        .as_db_error()
        .map(tokio_postgres::error::DbError::message);
    said.is_some_and(|said| said.contains("multiple commands"))
}

/// The name that `to_regclass` takes: it knows `pg_temp`, and says null for what is not there.
fn regclass(relation: &Relation) -> Value {
    let name = Relation {
        database: None,
        ..relation.clone()
    };
    Value::Text(name.to_string())
}

struct Interrupt {
    // A cancellation that falls between two statements has nothing to cancel, so it is remembered here.
    is_asked: AtomicBool,
    token: CancelToken,
    tls: MakeRustlsConnect,
    network: Arc<Network>,
}

impl Interrupt {
    fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::SeqCst)
    }

    fn check(&self) -> Result<()> {
        if self.is_asked() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Asks the server to stop what runs now; done when it has been told.
    fn stop(&self) -> impl Future<Output = ()> + Send + 'static {
        let (token, tls) = (self.token.clone(), self.tls.clone());
        async move {
            if let Err(error) = token.cancel_query(tls).await {
                tracing::debug!(%error, "the server could not be asked to stop a statement");
            }
        }
    }
}

impl Canceller for Interrupt {
    fn cancel(&self) {
        self.is_asked.store(true, Ordering::SeqCst);
        self.network.spawn(self.stop());
    }
}

/// A value as text: the server knows the type it expects and reads it.
#[derive(Debug)]
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let text = match self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => value.to_string(),
            Value::Text(value) => value.clone(),
        };
        out.extend_from_slice(text.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}
