//! Serves a built DuckDB file, to work on pages without a whole Filmstar set-up:
//! `cargo run -p serve --example preview -- FILE.duckdb PORT`.

#![expect(clippy::print_stdout, reason = "a tool for people at a terminal")]

use std::{error::Error, path::PathBuf, sync::Arc};

use chrono::Utc;
use serve::{Admission, App, Limits, Options, Published, Snapshot};
use tokio::net::TcpListener;
use warehouse::{Access, DuckDb, KeptBuild, Settings, Warehouse};

struct OneFile {
    snapshot: Arc<Snapshot>,
    file: PathBuf,
    /// Beside the file, as `filmstar build` leaves them.
    artifacts: PathBuf,
}

impl Published for OneFile {
    fn current(&self) -> serve::Result<Arc<Snapshot>> {
        Ok(Arc::clone(&self.snapshot))
    }

    fn sandbox(&self, _: &Snapshot) -> serve::Result<Arc<dyn Warehouse>> {
        let database = DuckDb::open(&self.file, Access::Sandboxed, &Settings::default());
        Ok(Arc::new(database.map_err(serve::Error::Warehouse)?))
    }

    fn kept(&self) -> serve::Result<Vec<KeptBuild>> {
        Ok(Vec::new())
    }

    fn artifacts(&self, _: &str) -> PathBuf {
        self.artifacts.clone()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("which DuckDB file?")?);
    let port: u16 = arguments
        .next()
        .unwrap_or_else(|| "8080".to_owned())
        .parse()?;
    let warehouse = DuckDb::open(&file, Access::ReadOnly, &Settings::default())?;
    let snapshot = Snapshot {
        warehouse: Arc::new(warehouse),
        build_id: "preview".to_owned(),
        built_at: Utc::now(),
    };
    let app = App::new(Options {
        published: Arc::new(OneFile {
            snapshot: Arc::new(snapshot),
            artifacts: file.with_file_name("target"),
            file,
        }),
        dashboards: Some(PathBuf::from("dashboards")),
        web: None,
        admission: Admission::default(),
        pictures: false,
        notice: None,
        limits: Limits::default(),
    })?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    serve::run(listener, app, async {
        let _ = tokio::signal::ctrl_c().await;
    })
    .await?;
    Ok(())
}
