use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// Where a lake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of an object store, and a prefix in it.
    Bucket(Address),
}

/// `s3://bucket/prefix`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(crate) scheme: Scheme,
    pub(crate) bucket: String,
    pub(crate) prefix: object_store::path::Path,
}

/// Whose object store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    S3,
    Google,
    Azure,
}

impl Location {
    /// Reads `s3://bucket/prefix`, `gs://…`, `az://…`, or else the path of a folder, relative to `base`.
    ///
    /// # Errors
    /// When there is a scheme, and it is another one or no bucket follows.
    pub fn parse(text: &str, base: &Path) -> Result<Self> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(Self::Folder(base.join(text)));
        };
        // What stands before an `@` or behind a `?` may be a secret, and is no part of an address.
        let refuse = |reason| {
            Err(Error::Address {
                scheme: scheme.to_owned(),
                reason,
            })
        };
        let scheme = match scheme {
            "s3" => Scheme::S3,
            "gs" => Scheme::Google,
            "az" => Scheme::Azure,
            _ => return refuse("no scheme of an object store: `s3://`, `gs://` and `az://` are"),
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if rest.contains(['@', '?', '#']) {
            return refuse(
                "a bucket and a prefix: credentials and options stand in the environment",
            );
        }
        if bucket.is_empty() || bucket == "." || bucket == ".." || bucket.contains(['\\', ':']) {
            return refuse("a bucket's name");
        }
        let Ok(prefix) = object_store::path::Path::parse(prefix.trim_end_matches('/')) else {
            return refuse("a prefix of plain names between single slashes");
        };
        Ok(Self::Bucket(Address {
            scheme,
            bucket: bucket.to_owned(),
            prefix,
        }))
    }

    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Bucket(_) => None,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(formatter),
            Self::Bucket(address) => address.fmt(formatter),
        }
    }
}

impl Address {
    /// Where this machine keeps what belongs to the lake and is not in the bucket.
    pub(crate) fn folder_in(&self, base: &Path) -> PathBuf {
        let mut folder = base.join(self.scheme.name()).join(&self.bucket);
        folder.extend(self.prefix.parts().map(|part| part.as_ref().to_owned()));
        folder
    }
}

impl Scheme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Google => "gs",
            Self::Azure => "az",
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme.name(), self.bucket)?;
        if self.prefix.as_ref().is_empty() {
            return Ok(());
        }
        write!(formatter, "/{}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_shown_alike() {
        let base = Path::new("/project");
        for (text, shown) in [
            ("data/lake", "/project/data/lake"),
            ("/elsewhere", "/elsewhere"),
            ("s3://films", "s3://films"),
            ("s3://films/", "s3://films"),
            ("s3://films/a/b/", "s3://films/a/b"),
            ("gs://films/a", "gs://films/a"),
            ("az://films/a", "az://films/a"),
        ] {
            let location = Location::parse(text, base).unwrap();
            assert_eq!(location.to_string(), shown);
        }
        let Location::Bucket(address) = Location::parse("s3://films/a/b", base).unwrap() else {
            panic!("an address")
        };
        assert_eq!(address.folder_in(base), Path::new("/project/s3/films/a/b"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_secrets() {
        for text in [
            "http://host/films",
            "s3://",
            "s3:///films",
            "s3://key:secret@films/a",
            "az://films/a?sig=secret",
            "s3://films/../../etc",
            "s3://../etc",
            "s3://films/a//b",
        ] {
            let error = Location::parse(text, Path::new("/"))
                .unwrap_err()
                .to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
