use std::{
    ops::ControlFlow,
    sync::atomic::{AtomicU32, Ordering},
};

use warehouse::{Access, Builds, Canceller, Connection, Dialect, Relation, RelationInfo};

use super::*;

/// Builds the fixture with `n_gone` films fewer, so that its numbers tell which build they are from.
pub(super) fn publish(builds: &Builds, build_id: &str, n_gone: i64) {
    let build = builds.begin(build_id).unwrap();
    let warehouse = DuckDb::open(&build.path(), Access::ReadWrite, &Settings::default()).unwrap();
    let mut connection = warehouse.connect().unwrap();
    connection.execute(include_str!("warehouse.sql")).unwrap();
    connection
        .execute(&format!(
            "delete from mart_movies where movie_id <= {n_gone}"
        ))
        .unwrap();
    drop((connection, warehouse));
    builds.publish(build, DateTime::UNIX_EPOCH).unwrap();
}

/// A server that can be restarted: no connection outlives that.
struct Restarted {
    database: DuckDb,
    n_starts: Arc<AtomicU32>,
}

struct Session {
    inner: Box<dyn Connection>,
    start: u32,
    n_starts: Arc<AtomicU32>,
}

impl Warehouse for Restarted {
    fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    fn database(&self) -> &str {
        self.database.database()
    }

    fn connect(&self) -> warehouse::Result<Box<dyn Connection>> {
        Ok(Box::new(Session {
            inner: self.database.connect()?,
            start: self.n_starts.load(Ordering::SeqCst),
            n_starts: Arc::clone(&self.n_starts),
        }))
    }
}

impl Session {
    fn alive(&mut self) -> warehouse::Result<&mut dyn Connection> {
        if self.start == self.n_starts.load(Ordering::SeqCst) {
            return Ok(self.inner.as_mut());
        }
        Err(warehouse::Error::Lost {
            location: "postgres://reader@db.example:5432/films".to_owned(),
            message: "connection closed".to_owned(),
        })
    }
}

impl Connection for Session {
    fn execute(&mut self, sql: &str) -> warehouse::Result<u64> {
        self.alive()?.execute(sql)
    }

    fn stream(
        &mut self,
        sql: &str,
        parameters: &[warehouse::Value],
        on_batch: &mut dyn FnMut(arrow::record_batch::RecordBatch) -> ControlFlow<()>,
    ) -> warehouse::Result<arrow::datatypes::SchemaRef> {
        self.alive()?.stream(sql, parameters, on_batch)
    }

    fn relations(&mut self, schema: &str) -> warehouse::Result<Vec<RelationInfo>> {
        self.alive()?.relations(schema)
    }

    fn columns(&mut self, relation: &Relation) -> warehouse::Result<Vec<(String, String)>> {
        self.alive()?.columns(relation)
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        self.inner.canceller()
    }
}

#[tokio::test]
async fn pages_answer_again_at_once_when_the_server_was_restarted() {
    let (shelf, n_starts) = (Shelf::default(), Arc::new(AtomicU32::new(1)));
    shelf.put(
        "first",
        Restarted {
            database: films(),
            n_starts: Arc::clone(&n_starts),
        },
    );
    let router = router_with(&shelf, pages_folder(), Limits::default());
    let ask_all = async || {
        let tiles = ["figures", "returns"].map(|tile| format!("/api/pages/genres/tiles/{tile}"));
        // Side by side, so that several connections are kept.
        let asked = (0..4).flat_map(|_| &tiles).map(|tile| get(&router, tile));
        futures::future::join_all(asked).await
    };
    for _ in 0..3 {
        for answered in ask_all().await {
            assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        }
        n_starts.fetch_add(1, Ordering::SeqCst);
    }
}
