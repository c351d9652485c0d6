//! Passwords as argon2id hashes, made and checked one or two at a time away from the request threads.

use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};
use tokio::sync::Semaphore;

use super::{
    digest::constant_time_eq,
    random::{NoRandomness, Random},
};

/// Longer passwords, in bytes, are refused before any work is done (A2).
pub const MOST_BYTES: usize = 1024;

/// Hashes that may run at once where there are processors for them: each takes 19 MiB and a core for its time (F16, F21).
const MOST: usize = 2;

/// Hashes that may run at once on this machine: at least every other processor is left to pages.
fn at_once() -> usize {
    (thread::available_parallelism().map_or(1, NonZero::get) / 2).clamp(1, MOST)
}

/// Why a password could be neither hashed nor checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Longer than [`MOST_BYTES`].
    #[error("the password is longer than 1024 bytes")]
    TooLong,
    /// The stored text is no argon2 hash.
    #[error("the stored password hash cannot be read")]
    Unreadable,
    /// No salt could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The work did not end, for lack of memory or because the server stops.
    #[error("the password could not be hashed")]
    Failed,
}

/// What checking a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the one. With `rehash` its hash was made with lesser parameters than today's and is due to be made anew (A1).
    Match {
        /// Whether to store a fresh hash now, while the password is known.
        rehash: bool,
    },
    /// It is another.
    Mismatch,
}

/// Makes and checks password hashes: argon2id, 19 MiB, two passes, one lane, as PHC strings (A1).
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    at_once: usize,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    random: Arc<dyn Random>,
}

impl Passwords {
    /// Salts come from `random`.
    #[must_use]
    pub fn new(random: Arc<dyn Random>) -> Self {
        let at_once = at_once();
        Self { permits: Arc::new(Semaphore::new(at_once)), at_once, memory: Arc::default(), random }
    }

    /// A fresh hash with a fresh salt.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let mut salt = [0; 16];
        self.random.fill(&mut salt)?;
        self.work(password, move |password, memory| today(&salt)?.output(password, memory)?.phc()).await
    }

    /// Whether `password` is the one behind `stored`.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn verify(&self, password: &str, stored: &str) -> Result<Verdict, PasswordError> {
        let (recipe, expected) = Recipe::read(stored).ok_or(PasswordError::Unreadable)?;
        self.work(password, move |password, memory| {
            let rehash = recipe.is_lesser();
            let found = recipe.output(password, memory)?.output;
            Ok(if constant_time_eq(found.as_bytes(), expected.as_bytes()) { Verdict::Match { rehash } } else { Verdict::Mismatch })
        })
        .await
    }

    /// Costs what [`Passwords::verify`] costs and matches nothing: for a sign-in name that does not exist (A3).
    ///
    /// # Errors
    /// [`PasswordError`], as with a known name.
    pub async fn verify_unknown(&self, password: &str) -> Result<Verdict, PasswordError> {
        self.work(password, |password, memory| today(&[0; 16])?.output(password, memory).map(|_| Verdict::Mismatch)).await
    }

    async fn work<T: Send + 'static>(
        &self,
        password: &str,
        work: impl FnOnce(&[u8], &mut Vec<Block>) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        if password.len() > MOST_BYTES {
            return Err(PasswordError::TooLong);
        }
        let password = password.to_owned();
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| PasswordError::Failed)?;
        let (permits, at_once, memory) = (Arc::clone(&self.permits), self.at_once, Arc::clone(&self.memory));
        // The permit goes along: a visitor who hangs up frees no place while the hash still runs.
        tokio::task::spawn_blocking(move || {
            let kept = || memory.lock().unwrap_or_else(PoisonError::into_inner);
            let mut blocks = kept().pop().unwrap_or_default();
            let result = work(password.as_bytes(), &mut blocks);
            // Handed on while others wait, given back when the last one is done (F21): two at a time peak at 45 MiB
            // above idle with this, at 65 without, and all of it is the system's again when the thread ends.
            kept().push(blocks);
            drop(permit);
            if permits.available_permits() == at_once {
                kept().clear();
            }
            result
        })
        .await
        .map_err(|_| PasswordError::Failed)?
    }
}

/// All that decides a hash but the password.
struct Recipe {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
}

/// A recipe carried out.
struct Hashed {
    recipe: Recipe,
    output: Output,
}

fn today(salt: &[u8]) -> Result<Recipe, PasswordError> {
    let salt = Salt::new(salt).map_err(|_| PasswordError::Failed)?;
    Ok(Recipe { algorithm: Algorithm::default(), version: Version::default(), params: Params::default(), salt })
}

impl Recipe {
    /// The recipe and the output in a PHC string.
    fn read(stored: &str) -> Option<(Self, Output)> {
        let stored = PasswordHash::new(stored).ok()?;
        let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
        let version = stored.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let params = Params::try_from(&stored).ok()?;
        Some((Self { algorithm, version, params, salt: stored.salt? }, stored.hash?))
    }

    /// Whether it asks for less work than today's.
    fn is_lesser(&self) -> bool {
        let today = Params::default();
        self.algorithm != Algorithm::default()
            || self.version != Version::default()
            || self.params.m_cost() < today.m_cost()
            || self.params.t_cost() < today.t_cost()
            || self.params.p_cost() < today.p_cost()
    }

    fn output(self, password: &[u8], memory: &mut Vec<Block>) -> Result<Hashed, PasswordError> {
        let needed = self.params.block_count();
        if memory.len() < needed {
            // One allocation of the right size: growing a used one would hold both for a moment.
            *memory = vec![Block::new(); needed];
        }
        let mut bytes = [0; Output::MAX_LENGTH];
        let length = self.params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let (Some(bytes), Some(memory)) = (bytes.get_mut(..length), memory.get_mut(..needed)) else { return Err(PasswordError::Failed) };
        Argon2::new(self.algorithm, self.version, self.params.clone())
            .hash_password_into_with_memory(password, &self.salt, bytes, memory)
            .map_err(|_| PasswordError::Failed)?;
        let output = Output::new(bytes).map_err(|_| PasswordError::Failed)?;
        Ok(Hashed { recipe: self, output })
    }
}

impl Hashed {
    fn phc(self) -> Result<String, PasswordError> {
        let Recipe { algorithm, version, params, salt } = self.recipe;
        let params = ParamsString::try_from(&params).map_err(|_| PasswordError::Failed)?;
        let hash =
            PasswordHash { algorithm: algorithm.ident(), version: Some(version.into()), params, salt: Some(salt), hash: Some(self.output) };
        Ok(hash.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use argon2::PasswordHasher;

    use super::*;
    use crate::security::random::SystemRandom;

    fn passwords() -> Passwords {
        Passwords::new(Arc::new(SystemRandom))
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let passwords = passwords();
        let stored = passwords.hash("correct horse battery").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(passwords.verify("correct horse battery", &stored).await, Ok(Verdict::Match { rehash: false }));
        assert_eq!(passwords.verify("Correct horse battery", &stored).await, Ok(Verdict::Mismatch));
        assert_eq!(passwords.verify("correct horse battery ", &stored).await, Ok(Verdict::Mismatch), "exact bytes (A2)");
    }

    #[tokio::test]
    async fn the_same_password_hashes_differently_each_time() {
        let passwords = passwords();
        assert_ne!(passwords.hash("same password").await, passwords.hash("same password").await);
    }

    #[tokio::test]
    async fn a_hash_with_lesser_parameters_is_due_to_be_made_anew() {
        let weak: PasswordHash =
            Argon2::from(Params::new(1024, 1, 1, None).unwrap()).hash_password_with_salt(b"correct horse battery", &[7; 16]).unwrap();
        let verdict = passwords().verify("correct horse battery", &weak.to_string()).await;
        assert_eq!(verdict, Ok(Verdict::Match { rehash: true }));
    }

    #[tokio::test]
    async fn an_unknown_name_matches_nothing() {
        assert_eq!(passwords().verify_unknown("").await, Ok(Verdict::Mismatch));
        assert_eq!(passwords().verify_unknown("whatever it is").await, Ok(Verdict::Mismatch));
    }

    #[tokio::test]
    async fn too_many_bytes_are_refused_before_hashing() {
        let passwords = passwords();
        passwords.permits.close();
        let long = "é".repeat(513);
        assert_eq!(passwords.hash(&long).await, Err(PasswordError::TooLong));
        assert_eq!(passwords.verify_unknown(&long).await, Err(PasswordError::TooLong));
        assert_eq!(passwords.hash(&"é".repeat(512)).await, Err(PasswordError::Failed), "1024 bytes go on to the (closed) queue");
    }

    #[tokio::test]
    async fn what_is_no_hash_is_an_error_and_never_a_match() {
        for stored in ["", "plain", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA"] {
            assert!(passwords().verify("plain", stored).await.is_err(), "{stored}");
        }
    }

    #[tokio::test]
    async fn hashes_made_elsewhere_by_the_same_rules_are_understood() {
        let theirs: PasswordHash = Argon2::default().hash_password_with_salt(b"correct horse battery", &[9; 16]).unwrap();
        assert_eq!(passwords().verify("correct horse battery", &theirs.to_string()).await, Ok(Verdict::Match { rehash: false }));
        let ours = passwords().hash("correct horse battery").await.unwrap();
        assert!(argon2::PasswordVerifier::verify_password(&Argon2::default(), b"correct horse battery", ours.as_str()).is_ok());
    }

    #[tokio::test]
    async fn memory_is_handed_on_and_given_back_when_the_last_is_done() {
        let passwords = passwords();
        futures_util::future::join_all((0..6).map(|_| passwords.verify_unknown("some password"))).await;
        assert!(passwords.memory.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn hashing_keeps_the_request_thread_free() {
        let passwords = passwords();
        let work = futures_util::future::join_all((0..8).map(|_| passwords.verify_unknown("some password")));
        let mut beats = 0;
        tokio::pin!(work);
        let all = loop {
            tokio::select! {
                all = &mut work => break all,
                () = tokio::time::sleep(Duration::from_millis(1)) => beats += 1,
            }
        };
        assert!(all.iter().all(|verdict| *verdict == Ok(Verdict::Mismatch)));
        assert!(beats > 5, "only {beats} beats on the one thread of this test");
    }
}
