use std::{
    borrow::Cow,
    path::{Component, Path, PathBuf},
};

use axum::{
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use include_dir::{Dir, include_dir};
use serde_json::Value as Json;

use crate::{Error, Result};

static WEB: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/$FILMSTAR_WEB_DIR");

/// The front end: embedded, or read from a folder anew for each request while it is being worked on.
pub(crate) struct Assets {
    folder: Option<PathBuf>,
}

/// Which files a page loads.
pub(crate) struct Entry {
    /// The script's path, unless only the placeholder is embedded.
    pub(crate) script: Option<String>,
    pub(crate) styles: Vec<String>,
}

impl Assets {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// Reads the manifest that the front end's build wrote.
    pub(crate) fn entry(&self) -> Entry {
        let manifest = self.file("manifest.json").unwrap_or_default();
        let manifest: Json = serde_json::from_slice(&manifest).unwrap_or_default();
        let entry = manifest
            .as_object()
            .and_then(|files| files.values().find(|file| file["isEntry"] == true));
        let entry = entry.cloned().unwrap_or_default();
        let styles = entry["css"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect();
        Entry {
            script: entry["file"].as_str().map(str::to_owned),
            styles,
        }
    }

    /// One file; the build puts a hash of the content in each name, so it may be kept for ever.
    pub(crate) fn answer(&self, path: &str) -> Result<Response> {
        let file = self
            .file(&format!("assets/{path}"))
            .ok_or_else(|| Error::NotFound {
                what: "asset",
                name: path.to_owned(),
                valid: Vec::new(),
            })?;
        let headers = [
            (CONTENT_TYPE, content_type(path)),
            (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ];
        Ok((headers, file).into_response())
    }

    fn file(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let Some(folder) = &self.folder else {
            return WEB.get_file(path).map(|file| file.contents().into());
        };
        let is_inside = Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let file = is_inside.then(|| fs_err::read(folder.join(path)));
        file?.ok().map(Cow::Owned)
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
