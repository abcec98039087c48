use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::page::{Diagnostic, SubjectKind};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong between a request and its answer; each variant names its HTTP status.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the request has a parameter that the page does not take.
    #[error("no parameter `{name}`")]
    UnknownParameter {
        /// As the request spelled it.
        name: String,
        /// What the page takes.
        valid: Vec<String>,
    },
    /// 400: a parameter's value is not one it can have.
    #[error("`{value}` is not a value of `{name}`")]
    BadValue {
        /// The parameter.
        name: String,
        /// As the request spelled it.
        value: String,
        /// What it can be.
        valid: Vec<String>,
    },
    /// 404: there is no such page or tile.
    #[error("no {what} `{name}`")]
    NotFound {
        /// `page` or `tile`.
        what: &'static str,
        /// As the request spelled it.
        name: String,
        /// What there is.
        valid: Vec<String>,
    },
    /// 400: an entity page without an entity.
    #[error("which {}? The address names it by `id`, a whole number", .kind.noun())]
    NoId {
        /// What the page is about.
        kind: SubjectKind,
    },
    /// 404: there is no such entity in the published build.
    #[error("there is no {} with the id {id}", .kind.noun())]
    NoSubject {
        /// What the page is about.
        kind: SubjectKind,
        /// As the request has it.
        id: String,
    },
    /// 421: the request names a host that this server does not answer for.
    #[error("this server does not answer for the host `{host}`")]
    ForeignHost {
        /// The Host header.
        host: String,
    },
    /// 403: the request comes from a page of another site.
    #[error("requests from `{origin}` are not answered")]
    ForeignOrigin {
        /// The Origin header.
        origin: String,
    },
    /// 401: the server wants a token, and the request shows none, or one that has run out.
    #[error("this server answers those who have its token")]
    NoToken,
    /// 401: the request shows another token.
    #[error("that is not this server's token")]
    WrongToken,
    /// 429: the client has shown wrong tokens, and must wait until another is looked at.
    #[error("too many wrong tokens came from this address")]
    TooManyTokens {
        /// Until the next is looked at.
        wait_s: u64,
    },
    /// 429: the client asks more often than the server answers one client.
    #[error(
        "this server answers one reader {per_second} times a second, and more came from this address"
    )]
    TooManyRequests {
        /// The limit in the long run.
        per_second: u32,
        /// Until the next is answered.
        wait_s: u64,
    },
    /// 414: the address is longer than any of ours.
    #[error("the address has {size_bytes} bytes, and {limit_bytes} are read")]
    LongAddress {
        /// As it came.
        size_bytes: usize,
        /// The most there may be.
        limit_bytes: usize,
    },
    /// 500: a page's query failed. The details are logged, not sent.
    #[error("the query of tile `{tile}` failed")]
    Query {
        /// `page/tile`.
        tile: String,
        /// What the warehouse said.
        #[source]
        source: warehouse::Error,
    },
    /// 500: a page's query gives other columns than its header declares.
    #[error(
        "the query of tile `{tile}` gives other columns than its header declares: `{found}` for `{declared}`"
    )]
    Columns {
        /// `page/tile`.
        tile: String,
        /// As the header has them.
        declared: String,
        /// As the query gives them.
        found: String,
    },
    /// 500: the rows cannot be written as a file of this kind.
    #[error("the rows of tile `{tile}` cannot be written as Parquet")]
    File {
        /// `page/tile`.
        tile: String,
        /// Why.
        #[source]
        source: warehouse::Error,
    },
    /// 503: the published build cannot be opened.
    #[error("the published build could not be opened")]
    Warehouse(#[source] warehouse::Error),
    /// 503: nothing was published yet.
    #[error("there is no published build yet")]
    NoBuild,
    /// 504: the query was stopped at the time limit.
    #[error("the query took longer than {limit_s} s and was stopped")]
    TimedOut {
        /// The limit.
        limit_s: u64,
    },
    /// 404: what the build's run left is not here, or not legible.
    #[error("models and tests of the published build cannot be shown: {message}")]
    Artifacts {
        /// What is amiss.
        message: String,
    },
    /// 503: the published build is from before there was a search.
    #[error("the published build has no search")]
    NoSearch,
    /// 400: the reader's own query was refused or failed; these are the database's words.
    #[error("{message}")]
    Console {
        /// What was said.
        message: String,
        /// What to do about it, where that can be known.
        hint: Option<&'static str>,
    },
    /// 429: as many readers as may are asking queries of their own.
    #[error("other queries are being answered")]
    Busy,
    /// 4xx: the body of a request is not what is taken there.
    #[error("{message}")]
    Body {
        /// What to answer.
        status: StatusCode,
        /// What is wrong with it.
        message: String,
    },
    /// Start-up only: page definitions are wrong; all problems at once.
    #[error("{} problem(s) in the page definitions, first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Pages(Vec<Diagnostic>),
    /// Start-up only: the server could not listen or serve.
    #[error("failed to serve")]
    Serve(#[source] std::io::Error),
}

impl Error {
    /// Whether the question may well be answered next time: a newer build was published under it, or the
    /// connection was lost, as all are that were open when the server was restarted.
    pub(crate) fn is_worth_asking_again(&self) -> bool {
        let (Self::Query { source, .. } | Self::Warehouse(source)) = self else {
            return false;
        };
        matches!(
            source,
            warehouse::Error::Superseded | warehouse::Error::Lost { .. }
        )
    }

    /// What the reader can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownParameter { valid, .. }
            | Self::BadValue { valid, .. }
            | Self::NotFound { valid, .. } => match valid.as_slice() {
                [] => None,
                [only] => Some(format!("expected {only}")),
                several => Some(format!("one of: {}", several.join(", "))),
            },
            Self::NoId { .. } | Self::NoSubject { .. } => {
                Some("look it up by name: /pages/find".into())
            }
            Self::ForeignHost { .. } => {
                Some("open it as http://localhost, or name it in `serve.hosts`".into())
            }
            Self::ForeignOrigin { .. } => {
                Some("ask from this server's own pages, or from a program that is no browser".into())
            }
            Self::NoToken | Self::WrongToken => Some(
                "sign in at /sign-in, or send the header `Authorization: Bearer …`; whoever runs the server set the \
                 token as FILMSTAR_SERVE__TOKEN"
                    .into(),
            ),
            Self::TooManyTokens { wait_s } => Some(format!("try again in {wait_s} s")),
            Self::TooManyRequests { wait_s, .. } => Some(format!(
                "ask again in {wait_s} s; `serve.requests_per_second` sets the limit"
            )),
            Self::LongAddress { .. } => Some("choose fewer values, or ask the console".into()),
            Self::Query { .. } => Some("the server's log has the database's message".into()),
            Self::Columns { .. } => {
                Some("make the header of the .sql file say what the query selects".into())
            }
            Self::File { .. } => Some("take the CSV".into()),
            Self::Warehouse(_) => Some("run `filmstar doctor`".into()),
            Self::NoBuild => Some(
                "it appears with the first `filmstar run` or `filmstar build` that ends well"
                    .into(),
            ),
            Self::TimedOut { .. } => Some("narrow the filters".into()),
            Self::Console { hint, .. } => hint.map(ToOwned::to_owned),
            Self::Busy => Some("ask again in a moment".into()),
            Self::Body { .. } => {
                Some("send JSON, with the header `content-type: application/json`".into())
            }
            Self::NoSearch => Some("`filmstar build` makes one that has".into()),
            Self::Artifacts { .. } => Some(
                "the machine that runs `filmstar build` keeps them in the warehouse's folder; build here, or copy the \
                 build's folder `target` here"
                    .into(),
            ),
            Self::Pages(_) | Self::Serve(_) => None,
        }
    }

    /// Seconds after which it is worth to ask again.
    pub(crate) fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::TooManyTokens { wait_s } | Self::TooManyRequests { wait_s, .. } => Some(*wait_s),
            _ => None,
        }
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::UnknownParameter { .. } | Self::BadValue { .. } | Self::NoId { .. } => {
                StatusCode::BAD_REQUEST
            }
            Self::NotFound { .. } | Self::NoSubject { .. } | Self::Artifacts { .. } => {
                StatusCode::NOT_FOUND
            }
            Self::ForeignHost { .. } => StatusCode::MISDIRECTED_REQUEST,
            Self::ForeignOrigin { .. } => StatusCode::FORBIDDEN,
            Self::NoToken | Self::WrongToken => StatusCode::UNAUTHORIZED,
            Self::LongAddress { .. } => StatusCode::URI_TOO_LONG,
            Self::Console { .. } => StatusCode::BAD_REQUEST,
            Self::Busy | Self::TooManyTokens { .. } | Self::TooManyRequests { .. } => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::Body { status, .. } => *status,
            Self::Query { .. }
            | Self::Columns { .. }
            | Self::File { .. }
            | Self::Pages(_)
            | Self::Serve(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Warehouse(_) | Self::NoBuild | Self::NoSearch => StatusCode::SERVICE_UNAVAILABLE,
            Self::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
        }
    }
}

/// What every refusal sends, as RFC 9457 has it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ProblemBody {
    #[serde(rename = "type")]
    kind: &'static str,
    title: Option<&'static str>,
    status: u16,
    /// What went wrong.
    detail: String,
    /// What to do about it.
    hint: Option<String>,
    /// The name in the address that was not understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// What could have stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<Vec<String>>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        // Nothing is amiss while the first build is in the making.
        if status.is_server_error() && !matches!(self, Self::NoBuild) {
            let source = std::error::Error::source(&self).map(ToString::to_string);
            tracing::error!(
                http.status = status.as_u16(),
                cause = source.as_deref(),
                "{self}"
            );
        }
        let mut body = ProblemBody {
            kind: "about:blank",
            title: status.canonical_reason(),
            status: status.as_u16(),
            detail: self.to_string(),
            hint: self.hint(),
            parameter: None,
            valid: None,
        };
        let retry_after = self.retry_after_s();
        if let Self::UnknownParameter { name, valid } | Self::BadValue { name, valid, .. } = self {
            (body.parameter, body.valid) = (Some(name), Some(valid));
        }
        let mut response = (status, Json(body)).into_response();
        response.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
