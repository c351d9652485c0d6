//! Randomness as an argument, and what is made from it: tokens and ids.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The operating system gave no random bytes. The request fails; nothing weaker is used instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

/// Where random bytes come from.
pub trait Random: Send + Sync {
    /// Fills `bytes` completely.
    ///
    /// # Errors
    /// [`NoRandomness`]: `bytes` must not be used.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;

    /// A number of which every value is equally likely.
    ///
    /// # Errors
    /// As [`Random::fill`].
    fn u64(&self) -> Result<u64, NoRandomness> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[allow(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// The same sequence for the same seed, and no secret at all: for tests and the demonstration.
#[derive(Debug)]
pub struct SeededRandom(AtomicU64);

impl SeededRandom {
    /// A sequence that `seed` alone decides.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        // SplitMix64: a counter and a mixer, so it needs no lock.
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        for chunk in bytes.chunks_mut(8) {
            let mut word = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            for (byte, fresh) in chunk.iter_mut().zip(word.to_le_bytes()) {
                *byte = fresh;
            }
        }
        Ok(())
    }
}

/// A secret of 256 bits as 43 URL-safe characters (I1). It exists in clear only in the link that carries it;
/// what is stored is its [`TokenHash`](super::digest::TokenHash).
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The characters, for the one link or answer that shows them.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// A fresh token (OP-5, I1).
///
/// # Errors
/// [`NoRandomness`].
pub fn token(random: &dyn Random) -> Result<Token, NoRandomness> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(Token(URL_SAFE_NO_PAD.encode(bytes)))
}

/// An id that sorts by the millisecond of `now`; 74 of its bits are random.
///
/// # Errors
/// [`NoRandomness`].
pub fn uuid_v7(now: DateTime<Utc>, random: &dyn Random) -> Result<Uuid, NoRandomness> {
    let mut bytes = [0; 10];
    random.fill(&mut bytes)?;
    let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_token_is_256_bits_that_fit_in_an_address() {
        let made: HashSet<String> = (0..1000).map(|_| token(&SystemRandom).unwrap().reveal().to_owned()).collect();
        assert_eq!(made.len(), 1000);
        for token in made {
            assert_eq!(URL_SAFE_NO_PAD.decode(&token).unwrap().len(), 32);
            assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{token}");
        }
    }

    #[test]
    fn a_token_shows_itself_only_when_asked() {
        let token = token(&SeededRandom::new(1)).unwrap();
        assert!(!format!("{token:?}").contains(token.reveal()));
    }

    #[test]
    fn a_seed_gives_the_same_sequence_again_and_another_seed_another() {
        let draw = |seed| {
            let random = SeededRandom::new(seed);
            (0..20).map(|_| random.u64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert_eq!(draw(7).into_iter().collect::<HashSet<_>>().len(), 20);
    }

    #[test]
    fn ids_sort_by_their_instant() {
        let random = SeededRandom::new(3);
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let ids: Vec<Uuid> = (0..50).map(|ms| uuid_v7(start + TimeDelta::milliseconds(ms), &random).unwrap()).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    struct Dry;
    impl Random for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
            Err(NoRandomness)
        }
    }

    #[test]
    fn without_randomness_there_is_no_token() {
        assert_eq!(token(&Dry), Err(NoRandomness));
        assert_eq!(uuid_v7(DateTime::UNIX_EPOCH, &Dry), Err(NoRandomness));
        assert_eq!(Dry.u64(), Err(NoRandomness));
    }
}
