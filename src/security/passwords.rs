//! Passwords as argon2id hashes, made and checked two at a time away from the request threads.

use std::sync::Arc;

use argon2::{Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::random::{NoRandomness, Random};

/// Longer passwords, in bytes, are refused before any work is done (A2).
pub const MOST_BYTES: usize = 1024;

/// Hashes that may run at once: each takes 19 MiB and a core for its time (F16, F21).
const AT_ONCE: usize = 2;

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
    random: Arc<dyn Random>,
}

impl Passwords {
    /// Salts come from `random`.
    #[must_use]
    pub fn new(random: Arc<dyn Random>) -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)), random }
    }

    /// A fresh hash with a fresh salt.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let mut salt = [0; 16];
        self.random.fill(&mut salt)?;
        self.work(password, move |password| {
            let hash: PasswordHash = Argon2::default().hash_password_with_salt(password, &salt).map_err(|_| PasswordError::Failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether `password` is the one behind `stored`.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn verify(&self, password: &str, stored: &str) -> Result<Verdict, PasswordError> {
        let stored = PasswordHash::new(stored).map_err(|_| PasswordError::Unreadable)?;
        let rehash = is_lesser(&stored)?;
        self.work(password, move |password| match Argon2::default().verify_password(password, &stored) {
            Ok(()) => Ok(Verdict::Match { rehash }),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict::Mismatch),
            Err(_) => Err(PasswordError::Failed),
        })
        .await
    }

    /// Costs what [`Passwords::verify`] costs and matches nothing: for a sign-in name that does not exist (A3).
    ///
    /// # Errors
    /// [`PasswordError`], as with a known name.
    pub async fn verify_unknown(&self, password: &str) -> Result<Verdict, PasswordError> {
        self.work(password, |password| {
            let _: PasswordHash = Argon2::default().hash_password_with_salt(password, &[0; 16]).map_err(|_| PasswordError::Failed)?;
            Ok(Verdict::Mismatch)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        password: &str,
        work: impl FnOnce(&[u8]) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        if password.len() > MOST_BYTES {
            return Err(PasswordError::TooLong);
        }
        let password = password.to_owned();
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| PasswordError::Failed)?;
        // The permit goes along: a visitor who hangs up frees no place while the hash still runs.
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(password.as_bytes())
        })
        .await
        .map_err(|_| PasswordError::Failed)?
    }
}

/// Whether the stored hash was made with less than today's parameters.
fn is_lesser(stored: &PasswordHash) -> Result<bool, PasswordError> {
    let params = Params::try_from(stored).map_err(|_| PasswordError::Unreadable)?;
    let today = Params::default();
    Ok(stored.algorithm != argon2::ARGON2ID_IDENT
        || params.m_cost() < today.m_cost()
        || params.t_cost() < today.t_cost()
        || params.p_cost() < today.p_cost())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
