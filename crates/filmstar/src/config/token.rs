//! The token of `[serve]` on its way into the configuration, and what is shown of it.

use figment::value::Value;
use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
use serve::Token;

/// Reads a token; no error repeats what was there.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Token>, D::Error> {
    let Some(value) = Option::<Value>::deserialize(source)? else {
        return Ok(None);
    };
    match value.as_str() {
        Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(D::Error::custom),
        None => Err(D::Error::custom("a token is a text, in quotes")),
    }
}

/// Whether there is one.
#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
pub(super) fn serialize<S: Serializer>(
    token: &Option<Token>,
    target: S,
) -> Result<S::Ok, S::Error> {
    match token {
        Some(_) => target.serialize_str("(set, not shown)"),
        None => target.serialize_none(),
    }
}
