//! The files of a lake, wherever they are, with errors that say whose fault it is.

use std::{
    collections::BTreeMap, error::Error as _, fmt, path::PathBuf, sync::Arc, time::Duration,
};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{
    BackoffConfig, ClientOptions, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode,
    PutOptions, PutPayload, RetryConfig,
    aws::AmazonS3Builder,
    azure::MicrosoftAzureBuilder,
    client::{HttpError, HttpErrorKind},
    gcp::GoogleCloudStorageBuilder,
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};

use crate::{
    Error, Result,
    error::{Detail, Fault},
    location::{Address, Location, Scheme},
};

/// How an object store is reached, and what of its lake is on this machine.
#[derive(Clone)]
pub struct StoreSettings {
    /// The folder of journals and of copies of parts.
    pub local: PathBuf,
    /// The environment, for credentials: `AWS_…`, `GOOGLE_…`, `AZURE_…`.
    pub variables: BTreeMap<String, String>,
    /// The address of a server that speaks S3; the provider's own when absent.
    pub endpoint: Option<String>,
    /// Whether unencrypted HTTP will do; on this machine it always does.
    pub allow_http: bool,
    /// How long the server may be silent.
    pub timeout: Duration,
}

impl fmt::Debug for StoreSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StoreSettings")
            .field("local", &self.local)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// A lake's files by their path within it.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    location: Location,
    inner: Arc<dyn ObjectStore>,
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const RETRIES: usize = 4;

impl Store {
    pub(crate) fn folder(folder: &std::path::Path) -> Result<Self> {
        let location = Location::Folder(folder.to_owned());
        let local = LocalFileSystem::new_with_prefix(folder);
        let local = local.map_err(|error| explained(&location, error))?;
        Ok(Self {
            location,
            inner: Arc::new(local.with_fsync(true)),
        })
    }

    pub(crate) fn bucket(address: &Address, settings: &StoreSettings) -> Result<Self> {
        // Fails when a provider is there already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let location = Location::Bucket(address.clone());
        let made = match address.scheme {
            Scheme::S3 => s3(address, settings),
            Scheme::Google => google(address, settings),
            Scheme::Azure => azure(address, settings),
        };
        let inner = made.map_err(|error| explained(&location, error))?;
        Ok(Self {
            location,
            inner: Arc::new(PrefixStore::new(inner, address.prefix.clone())),
        })
    }

    #[cfg(test)]
    pub(crate) fn without_fsync(folder: &std::path::Path) -> Self {
        Self {
            location: Location::Folder(folder.to_owned()),
            inner: Arc::new(LocalFileSystem::new_with_prefix(folder).unwrap()),
        }
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    /// Everything below a folder.
    pub(crate) async fn list(&self, folder: &str) -> Result<Vec<ObjectMeta>> {
        let objects = self.inner.list(Some(&Path::from(folder)));
        objects.try_collect().await.map_err(|error| match error {
            // Of a listing only the bucket can be missing.
            object_store::Error::NotFound { source, .. } => self.error(Fault::NoBucket, &*source),
            other => self.failed(other),
        })
    }

    /// Whether a file is there.
    pub(crate) async fn has(&self, path: &Path) -> Result<bool> {
        match self.inner.head(path).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// A file's bytes as they come.
    pub(crate) async fn read(&self, path: &Path) -> Result<BoxStream<'static, Result<Bytes>>> {
        let got = self
            .inner
            .get(path)
            .await
            .map_err(|error| self.failed(error))?;
        let store = self.clone();
        let pieces = got.into_stream();
        Ok(pieces.map_err(move |error| store.failed(error)).boxed())
    }

    /// Some bytes of a file.
    pub(crate) async fn range(&self, path: &Path, range: std::ops::Range<u64>) -> Result<Bytes> {
        let got = self.inner.get_range(path, range).await;
        got.map_err(|error| self.failed(error))
    }

    /// Makes a file, whole; returns its tag.
    pub(crate) async fn put(&self, path: &Path, bytes: Bytes) -> Result<Option<String>> {
        let put = self.inner.put(path, PutPayload::from(bytes)).await;
        Ok(put.map_err(|error| self.failed(error))?.e_tag)
    }

    /// Makes a file unless there is one; false when there is.
    pub(crate) async fn put_new(&self, path: &Path, bytes: Vec<u8>) -> Result<bool> {
        let options = PutOptions::from(PutMode::Create);
        match self.inner.put_opts(path, bytes.into(), options).await {
            Ok(_) => Ok(true),
            Err(
                object_store::Error::AlreadyExists { .. }
                | object_store::Error::Precondition { .. },
            ) => Ok(false),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Makes a file piece by piece, none of which is to be seen before the last; returns its tag.
    pub(crate) async fn upload(
        &self,
        path: &Path,
        mut pieces: BoxStream<'static, Result<Vec<u8>>>,
    ) -> Result<Option<String>> {
        let begun = self.inner.put_multipart(path).await;
        let mut upload = begun.map_err(|error| self.failed(error))?;
        loop {
            let failure = match pieces.try_next().await {
                Ok(None) => break,
                Ok(Some(piece)) => match upload.put_part(piece.into()).await {
                    Ok(()) => continue,
                    Err(error) => self.failed(error),
                },
                Err(error) => error,
            };
            // What went wrong first is what there is to tell.
            let _ = upload.abort().await;
            return Err(failure);
        }
        let done = upload.complete().await;
        Ok(done.map_err(|error| self.failed(error))?.e_tag)
    }

    pub(crate) async fn delete(&self, path: &Path) -> Result<()> {
        match self.inner.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn failed(&self, error: object_store::Error) -> Error {
        explained(&self.location, error)
    }

    fn error(&self, fault: Fault, detail: &dyn std::error::Error) -> Error {
        Error::Store {
            location: self.location.to_string(),
            fault,
            detail: Detail(plain(&detail.to_string())),
        }
    }
}

fn s3(address: &Address, settings: &StoreSettings) -> object_store::Result<Arc<dyn ObjectStore>> {
    let mut builder = AmazonS3Builder::new()
        .with_client_options(client(settings))
        .with_retry(retry(settings));
    for (name, value) in settings
        .variables
        .iter()
        .filter(|(name, _)| name.starts_with("AWS_"))
    {
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    let named = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
    let mut named = named
        .iter()
        .filter_map(|name| settings.variables.get(*name));
    if let Some(endpoint) = settings.endpoint.as_ref().or_else(|| named.next()) {
        builder = builder.with_endpoint(endpoint);
        if settings.allow_http || is_on_this_machine(endpoint) {
            builder = builder.with_allow_http(true);
        }
    }
    Ok(Arc::new(builder.with_bucket_name(&address.bucket).build()?))
}

fn google(
    address: &Address,
    settings: &StoreSettings,
) -> object_store::Result<Arc<dyn ObjectStore>> {
    let mut builder = GoogleCloudStorageBuilder::new()
        .with_client_options(client(settings))
        .with_retry(retry(settings));
    for (name, value) in &settings.variables {
        let is_googles = name == "SERVICE_ACCOUNT" || name.starts_with("GOOGLE_");
        if is_googles && let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    Ok(Arc::new(builder.with_bucket_name(&address.bucket).build()?))
}

fn azure(
    address: &Address,
    settings: &StoreSettings,
) -> object_store::Result<Arc<dyn ObjectStore>> {
    let mut builder = MicrosoftAzureBuilder::new()
        .with_client_options(client(settings))
        .with_retry(retry(settings));
    for (name, value) in settings
        .variables
        .iter()
        .filter(|(name, _)| name.starts_with("AZURE_"))
    {
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    if let Some(endpoint) = &settings.endpoint {
        builder = builder
            .with_endpoint(endpoint.clone())
            .with_allow_http(settings.allow_http || is_on_this_machine(endpoint));
    }
    Ok(Arc::new(
        builder.with_container_name(&address.bucket).build()?,
    ))
}

fn client(settings: &StoreSettings) -> ClientOptions {
    ClientOptions::new()
        .with_allow_http(settings.allow_http)
        .with_connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
        // A part may be large and the line slow; what must not be is silence.
        .with_timeout_disabled()
        .with_read_timeout(settings.timeout)
}

fn retry(settings: &StoreSettings) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: RETRIES,
        retry_timeout: settings.timeout * 4,
    }
}

fn is_on_this_machine(endpoint: &str) -> bool {
    let host = endpoint.strip_prefix("http://").unwrap_or_default();
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|local| {
        host.strip_prefix(local)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

fn explained(location: &Location, error: object_store::Error) -> Error {
    let text = chain(&error);
    let fault = match (&error, location) {
        (_, Location::Folder(_)) => Fault::Other,
        _ if text.contains("NoSuchBucket") || text.contains("ContainerNotFound") => Fault::NoBucket,
        // A listing tells the status in words alone.
        (object_store::Error::Generic { .. }, _) if text.contains("404 Not Found") => {
            Fault::NoBucket
        }
        _ if text.contains("403 Forbidden") || text.contains("401 Unauthorized") => Fault::Refused,
        _ if text.contains("169.254.169.254") || text.contains("metadata.google") => {
            Fault::NoCredential
        }
        (
            object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. },
            _,
        ) => Fault::Refused,
        _ if text.contains("URL scheme is not allowed") => Fault::PlainHttp,
        _ if is_silence(&error) => Fault::Unreachable,
        _ => Fault::Other,
    };
    Error::Store {
        location: location.to_string(),
        fault,
        detail: Detail(plain(&text)),
    }
}

/// Whether nobody answered.
fn is_silence(error: &object_store::Error) -> bool {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(http) = inner.downcast_ref::<HttpError>() {
            return matches!(
                http.kind(),
                HttpErrorKind::Connect | HttpErrorKind::Timeout | HttpErrorKind::Request
            );
        }
        source = inner.source();
    }
    false
}

/// What an error and those beneath it say, each once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text
}

/// One line, not too long, and without the query of any URL, which may be signed.
fn plain(text: &str) -> String {
    const LONGEST: usize = 600;
    let words = text
        .split_whitespace()
        .map(|word| match word.split_once('?') {
            Some((before, _)) if word.contains("://") => before,
            _ => word,
        });
    let text = words.collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests;
