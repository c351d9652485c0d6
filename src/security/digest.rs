//! SHA-256, hexadecimal, and comparison that takes the same time wherever the difference is.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::random::Token;

/// The SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// `bytes` as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether both are the same, without telling by the time taken where they differ. The length is no secret.
#[must_use]
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// What is stored of a token: its SHA-256 in hexadecimal (I1, A5, P2). Finding it in the database opens nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of what somebody presents: the characters of a link, a cookie or a header, whatever they are.
    #[must_use]
    pub fn of(presented: &str) -> Self {
        Self(sha256_hex(presented.as_bytes()))
    }

    /// The 64 hexadecimal digits, as stored and looked up.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Token> for TokenHash {
    fn from(token: &Token) -> Self {
        Self::of(token.reveal())
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Enough to recognise a row in a log.
        write!(f, "TokenHash({}...)", self.0.get(..8).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::random::{SeededRandom, token};

    #[test]
    fn sha256_gives_the_published_values() {
        assert_eq!(sha256_hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_token_is_found_again_by_its_hash_alone() {
        let token = token(&SeededRandom::new(5)).unwrap();
        let stored = TokenHash::from(&token);
        assert_eq!(stored, TokenHash::of(token.reveal()));
        assert_ne!(stored, TokenHash::of(&token.reveal().to_lowercase()));
        assert_eq!(stored.as_str().len(), 64);
        assert!(!stored.as_str().contains(token.reveal()));
    }

    #[test]
    fn comparison_sees_every_difference() {
        assert!(constant_time_eq(b"same", b"same"));
        assert!(!constant_time_eq(b"same", b"sane"));
        assert!(!constant_time_eq(b"same", b"same "));
        assert!(constant_time_eq(b"", b""));
    }
}
