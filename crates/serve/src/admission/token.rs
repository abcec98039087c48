use std::{fmt, str::FromStr};

use hmac::{Hmac, KeyInit as _, Mac};
use sha2::Sha256;

/// Shorter ones could be guessed.
const MIN_CHARACTERS: usize = 16;
const MAX_CHARACTERS: usize = 512;

/// What opens the server. It has no way to be printed, and is compared in a time that tells nothing of it.
#[derive(Clone)]
pub struct Token(String);

/// Why a text is no token; the text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitToken {
    /// It could be guessed, or no header takes it.
    #[error("a token has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters")]
    Length,
    /// No header takes it.
    #[error("a token has letters, digits and signs of ASCII alone, and no spaces")]
    Characters,
}

impl Token {
    /// Whether this is it.
    pub(crate) fn is(&self, given: &str) -> bool {
        let own = keyed(&self.0, b"token").finalize().into_bytes();
        keyed(given, b"token").verify(&own).is_ok()
    }

    /// What a browser keeps instead of the token: until when it counts, and a seal of that.
    pub(crate) fn session(&self, until_s: i64) -> String {
        let seal = self.sealed(until_s).finalize().into_bytes();
        let hex: String = seal.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{until_s}.{hex}")
    }

    /// Whether a browser's session is ours and not over.
    pub(crate) fn opens(&self, session: &str, now_s: i64) -> bool {
        let Some((until, seal)) = session.split_once('.') else {
            return false;
        };
        let (Ok(until_s), Some(seal)) = (until.parse::<i64>(), bytes(seal)) else {
            return false;
        };
        self.sealed(until_s).verify_slice(&seal).is_ok() && now_s < until_s
    }

    fn sealed(&self, until_s: i64) -> Hmac<Sha256> {
        keyed(&self.0, format!("session until {until_s}").as_bytes())
    }
}

fn keyed(key: &str, message: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    mac.expect("a key of any length").chain_update(message)
}

/// Reads hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = hex.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    let pair = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).ok();
    digits.chunks(2).map(pair).collect()
}

impl FromStr for Token {
    type Err = UnfitToken;

    fn from_str(text: &str) -> Result<Self, UnfitToken> {
        if !text.chars().all(|letter| letter.is_ascii_graphic()) {
            return Err(UnfitToken::Characters);
        }
        if !(MIN_CHARACTERS..=MAX_CHARACTERS).contains(&text.len()) {
            return Err(UnfitToken::Length);
        }
        Ok(Self(text.to_owned()))
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, UnfitToken};

    const TEXT: &str = "0123456789abcdef";

    #[test]
    fn only_the_token_is_the_token_and_nothing_prints_it() {
        let token: Token = TEXT.parse().unwrap();
        assert!(token.is(TEXT));
        for other in [
            "",
            "0123456789abcdeg",
            "0123456789abcde",
            "0123456789abcdef ",
        ] {
            assert!(!token.is(other), "{other}");
        }
        assert!(!format!("{token:?}").contains("0123"));
        assert_eq!("short".parse::<Token>(), Err(UnfitToken::Length));
        for unfit in ["0123456789 abcdef", "0123456789äbcdef"] {
            assert_eq!(unfit.parse::<Token>(), Err(UnfitToken::Characters));
        }
    }

    #[test]
    fn a_session_ends_and_cannot_be_made_without_the_token() {
        let token: Token = TEXT.parse().unwrap();
        let other: Token = "fedcba9876543210".parse().unwrap();
        let session = token.session(1_000);
        assert!(!session.contains(TEXT));
        assert!(token.opens(&session, 999));
        assert!(!token.opens(&session, 1_000), "over");
        assert!(!other.opens(&session, 999), "another token's");
        assert!(
            !token.opens(&session.replacen("1000", "9000", 1), 999),
            "made longer"
        );
        for wrong in [
            "", ".", "1000", "1000.", "1000.zz", "1000.0", "x.00", "1000.é0",
        ] {
            assert!(!token.opens(wrong, 0), "{wrong}");
        }
    }
}
