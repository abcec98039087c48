//! An S3 server for tests, on loopback and over a folder of its own; gone when dropped.

use std::{collections::BTreeMap, io, path::PathBuf, time::Duration};

use fs_err as fs;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::{net::TcpListener, task::JoinSet};

use crate::StoreSettings;

/// Who may do everything.
pub const ACCESS_KEY: &str = "test-access-key";
/// And the proof.
pub const SECRET_KEY: &str = "test-secret-key";

/// A running server.
#[derive(Debug)]
pub struct S3Server {
    endpoint: String,
    root: tempfile::TempDir,
    thread: Option<(
        tokio::sync::oneshot::Sender<()>,
        std::thread::JoinHandle<()>,
    )>,
}

impl S3Server {
    /// Starts a server with one bucket.
    ///
    /// # Errors
    /// When there is no port or no temporary folder for it.
    pub fn start(bucket: &str) -> io::Result<Self> {
        let root = tempfile::tempdir()?;
        fs::create_dir(root.path().join(bucket))?;
        let files =
            FileSystem::new(root.path()).map_err(|error| io::Error::other(format!("{error:?}")))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = service.build();
        let socket = std::net::TcpListener::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        let endpoint = format!("http://{}", socket.local_addr()?);
        let (stop, mut stopped) = tokio::sync::oneshot::channel();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let serve = async move {
            let listener = TcpListener::from_std(socket)?;
            let mut connections = JoinSet::new();
            loop {
                let accepted = tokio::select! {
                    _ = &mut stopped => return io::Result::Ok(()),
                    accepted = listener.accept() => accepted,
                };
                let Ok((stream, _)) = accepted else { continue };
                let service = service.clone();
                connections.spawn(async move {
                    let builder = Builder::new(TokioExecutor::new());
                    // A client that goes away is no concern of ours.
                    let _ = builder
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        };
        let thread = std::thread::spawn(move || {
            // A server that cannot start answers nothing, which the test that needs it will say.
            let _ = runtime.block_on(serve);
            runtime.shutdown_background();
        });
        Ok(Self {
            endpoint,
            root,
            thread: Some((stop, thread)),
        })
    }

    /// `http://127.0.0.1:port`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The folder of a bucket, to look at or to damage.
    pub fn bucket(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// What a client that may do everything has in its environment.
    pub fn variables(&self) -> BTreeMap<String, String> {
        [
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_REGION", "us-east-1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// The same, with the folder for what stays on this machine.
    pub fn settings(&self, local: impl Into<PathBuf>) -> StoreSettings {
        StoreSettings {
            local: local.into(),
            variables: self.variables(),
            endpoint: None,
            allow_http: false,
            timeout: Duration::from_secs(10),
        }
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.thread.take() {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}
