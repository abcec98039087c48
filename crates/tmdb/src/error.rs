use std::time::Duration;

/// Why the API, or the way to it, gave no answer.
///
/// No message holds a URL: an API key is part of the query.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configured base URL cannot be one.
    #[error("use `{base_url}` as the base URL of the API")]
    BaseUrl {
        /// What was configured.
        base_url: String,
    },
    /// The credential holds bytes that cannot be sent.
    #[error("send the credential: it holds characters that no header may hold")]
    Credential,
    /// The HTTP client could not be set up.
    #[error("set up the HTTP client")]
    Build(#[source] reqwest::Error),
    /// The API does not know the credential; every further request would be answered alike.
    #[error("get `{endpoint}`: the API refused the credential (HTTP 401: {message})")]
    Unauthorized {
        /// The path asked for, without its query.
        endpoint: String,
        /// What the API said.
        message: String,
    },
    /// Over the rate limit at every attempt.
    #[error("get `{endpoint}`: still over the API's rate limit after all attempts")]
    RateLimited {
        /// The path asked for, without its query.
        endpoint: String,
        /// How long the API asked to wait, where it said so.
        retry_after: Option<Duration>,
    },
    /// The API was out of order at every attempt.
    #[error("get `{endpoint}`: the API is out of order (HTTP {http_status}: {message})")]
    Unavailable {
        /// The path asked for, without its query.
        endpoint: String,
        /// The last answer's status.
        http_status: u16,
        /// What the API said.
        message: String,
        /// How long the API asked to wait, where it said so.
        retry_after: Option<Duration>,
    },
    /// The client has sent as many requests, or for as long, as it was allowed to.
    #[error("no more requests are allowed in this run")]
    OverLimit,
    /// The API answered with something that asking again would not change.
    #[error("get `{endpoint}`: the API refused it (HTTP {http_status}: {message})")]
    Refused {
        /// The path asked for, without its query.
        endpoint: String,
        /// The answer's status.
        http_status: u16,
        /// What the API said.
        message: String,
    },
    /// The answer was no JSON at every attempt, for example a proxy's error page.
    #[error("get `{endpoint}`: the answer is not JSON (HTTP {http_status})")]
    NotJson {
        /// The path asked for, without its query.
        endpoint: String,
        /// The last answer's status.
        http_status: u16,
    },
    /// The connection failed at every attempt, or broke before the whole answer had come.
    #[error("get `{endpoint}`: no whole answer came")]
    Transport {
        /// The path asked for, without its query.
        endpoint: String,
        /// The failure, stripped of its URL.
        #[source]
        source: reqwest::Error,
    },
    /// The host has no export of that day: not yet, or no longer.
    #[error("get `{file}`: there is no such export (HTTP {http_status})")]
    NoExport {
        /// The file's name.
        file: String,
        /// The answer's status.
        http_status: u16,
    },
    /// The answer is not packed by gzip, as every export is: a page of HTML, perhaps.
    #[error("get `{file}`: the answer is not gzip")]
    NotGzip {
        /// The file's name.
        file: String,
    },
    /// The export broke off or is damaged.
    #[error("unpack `{file}`: it broke off or is damaged")]
    BrokenExport {
        /// The file's name.
        file: String,
        /// What the bytes are.
        #[source]
        source: std::io::Error,
    },
    /// An answer that this crate itself has to read is not of the known shape.
    #[error("read the answer of `{endpoint}`")]
    Decode {
        /// The path asked for, without its query.
        endpoint: String,
        /// Where and why.
        #[source]
        source: crate::DecodeError,
    },
}

impl Error {
    /// What the reader can do about it, where that is known.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::BaseUrl { .. } => Some("it should look like `https://api.themoviedb.org/3`"),
            Self::Unauthorized { .. } | Self::Credential => Some(
                "check the API key or token; a key that was wrong may be refused for five more minutes",
            ),
            Self::RateLimited { .. } => Some("lower `tmdb.requests_per_second`"),
            Self::Transport { .. } => Some("check the network and `tmdb.base_url`"),
            Self::NotGzip { .. } => Some("check `tmdb.exports_url`"),
            Self::Unavailable { .. }
            | Self::NotJson { .. }
            | Self::NoExport { .. }
            | Self::BrokenExport { .. } => Some("try again later"),
            Self::OverLimit => Some("run it again: it goes on from here"),
            Self::Build(_) | Self::Refused { .. } | Self::Decode { .. } => None,
        }
    }

    /// Whether asking again may help.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::Unavailable { .. }
                | Self::NotJson { .. }
                | Self::Transport { .. }
                | Self::NotGzip { .. }
                | Self::BrokenExport { .. }
        )
    }

    /// How long the API asked to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Unavailable { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }
}
