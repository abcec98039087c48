use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{Response, StatusCode};
use futures::stream;

use super::{Fault, FaultKind};
use crate::raw_object::RawObject;
use crate::simulator::generated::draw::Draw;
use crate::simulator::reply::Failure;

const DEFAULT_MS: u64 = 1_000;
/// A slow body comes in so many pieces.
const DROPS: usize = 20;

/// What a fault makes of a body that is right: another body.
pub(in crate::simulator) fn distorted(fault: &Fault, draw: &mut Draw, body: String) -> String {
    match fault.kind {
        FaultKind::OtherDates => match draw.below(2) {
            0 => body.replace("T00:00:00.000Z\"", " 00:00:00 UTC\""),
            _ => body.replace("T00:00:00.000Z\"", "\""),
        },
        FaultKind::HalfBody => {
            let middle = body.len() / 2;
            let end = (middle..body.len()).find(|end| body.is_char_boundary(*end));
            body[..end.unwrap_or(middle)].to_owned()
        }
        _ => rewritten(fault, draw, &body).unwrap_or(body),
    }
}

fn rewritten(fault: &Fault, draw: &mut Draw, body: &str) -> Option<String> {
    const BLOCKS: [&str; 4] = ["credits", "keywords", "release_dates", "external_ids"];
    let mut film = RawObject::parse(body).ok()?;
    let text;
    match fault.kind {
        FaultKind::MissingBlock | FaultKind::EmptyBlock => {
            let one = [(*draw.pick(&BLOCKS)).to_owned()];
            for block in fault.blocks.as_deref().unwrap_or(&one) {
                match fault.kind {
                    FaultKind::MissingBlock => film.remove(block),
                    _ if film.get(block).is_some() => film.set(block, "{}"),
                    _ => {}
                }
            }
        }
        FaultKind::ExtraKey => film.set("heat_index", r#"{"level":3,"since":"2026-06-01"}"#),
        FaultKind::NullFlags => film.set("video", "null"),
        FaultKind::NoSoftcore => film.remove("softcore"),
        FaultKind::ChangedType => {
            text = format!("\"{}\"", film.get("vote_count")?);
            film.set("vote_count", &text);
        }
        FaultKind::Garbled => film.set("id", r#""none""#),
        _ => return None,
    }
    Some(film.to_json())
}

/// How a fault has an answer arrive, or what it has arrive instead.
pub(in crate::simulator) struct Delivery<'a> {
    pub(in crate::simulator) fault: &'a Fault,
}

impl Delivery<'_> {
    /// The answer that comes instead of the right one, for faults that need not know that.
    pub(in crate::simulator) fn instead(&self) -> Option<Response<Body>> {
        let html = |status| {
            let mut response = Response::new(Body::from(format!(
                "<html>\r\n<head><title>{status}</title></head>\r\n<body><center><h1>{status}</h1></center></body>\r\n</html>\r\n"
            )));
            *response.status_mut() = status;
            let content_type = "text/html".parse().expect("it is a header value");
            response.headers_mut().insert(CONTENT_TYPE, content_type);
            Some(response)
        };
        let failure = match self.fault.kind {
            FaultKind::RateLimit => Failure::TOO_MANY_REQUESTS,
            FaultKind::Unauthorized => Failure::UNAUTHORIZED,
            FaultKind::InternalError => Failure::INTERNAL_ERROR,
            FaultKind::BadGateway => Failure::NO_BACKEND,
            FaultKind::Offline => Failure::OFFLINE,
            FaultKind::Maintenance => Failure::MAINTENANCE,
            FaultKind::Timeout => Failure::TIMEOUT,
            FaultKind::BadGatewayHtml => return html(StatusCode::BAD_GATEWAY),
            FaultKind::TimeoutHtml => return html(StatusCode::GATEWAY_TIMEOUT),
            FaultKind::Html => return html(StatusCode::OK),
            _ => return None,
        };
        Some(failure.response(self.fault.retry_after_s))
    }

    /// The right answer on a bad line.
    pub(in crate::simulator) fn arriving(
        &self,
        mut response: Response<Body>,
        body: &str,
    ) -> Response<Body> {
        let bytes = body.as_bytes().to_vec();
        let n_bytes = bytes.len();
        *response.body_mut() = match self.fault.kind {
            FaultKind::Truncated => broken(vec![bytes[..n_bytes / 2].to_vec()]),
            FaultKind::Reset => broken(Vec::new()),
            FaultKind::SlowBody => {
                let all = Duration::from_millis(self.fault.ms.unwrap_or(DEFAULT_MS));
                dripping(bytes, all / DROPS as u32)
            }
            _ => return response,
        };
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, n_bytes.into());
        response
    }
}

/// Some pieces, and then the connection is gone.
fn broken(pieces: Vec<Vec<u8>>) -> Body {
    let pieces = pieces.into_iter().map(Ok);
    let end = [Err(io::Error::from(io::ErrorKind::ConnectionReset))];
    Body::from_stream(stream::iter(pieces.chain(end)))
}

fn dripping(bytes: Vec<u8>, pause: Duration) -> Body {
    let size = bytes.len().div_ceil(DROPS).max(1);
    let drops: Vec<Vec<u8>> = bytes.chunks(size).map(<[u8]>::to_vec).collect();
    let drops = stream::unfold(drops.into_iter(), move |mut drops| async move {
        let drop = drops.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, io::Error>(drop), drops))
    });
    Body::from_stream(Box::pin(drops))
}
