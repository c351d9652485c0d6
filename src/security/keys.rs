//! The installation's secret key and the keys derived from it, one for each use.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{
    digest::{constant_time_eq, hex},
    random::{NoRandomness, Random, token},
};

/// Fewer characters than this are no secret.
const LEAST_LENGTH: usize = 32;

/// Why there is no secret key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text given is shorter than 32 characters.
    #[error("the secret key needs at least 32 characters")]
    TooShort,
    /// The file could not be read or made.
    #[error("the secret key file {}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        error: io::Error,
    },
    /// No key could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// The secret of this installation, the same on all its nodes (`ONDUTY_SECRET_KEY`). Nobody uses it directly:
/// each use derives its own key under its own label, so that one can never stand in for another.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// The key that `text` stands for: the value of `ONDUTY_SECRET_KEY` or the content of its file.
    ///
    /// # Errors
    /// [`KeyError::TooShort`].
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.len() < LEAST_LENGTH { Err(KeyError::TooShort) } else { Ok(Self(hmac(b"onduty secret key", &[text.as_bytes()]))) }
    }

    /// The key kept in the file at `path`.
    ///
    /// # Errors
    /// [`KeyError::File`] where it cannot be read, [`KeyError::TooShort`].
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        Self::from_text(&fs::read_to_string(path).map_err(at(path))?)
    }

    /// The key kept at `path`, made there at the first start, readable by its owner alone. Of two processes that start at once
    /// one makes it and both use it; a crash leaves the whole key or none.
    ///
    /// # Errors
    /// As [`SecretKey::from_file`], and [`KeyError::NoRandomness`].
    pub fn from_file_or_new(path: &Path, random: &dyn Random) -> Result<Self, KeyError> {
        match Self::from_file(path) {
            Err(KeyError::File { error, .. }) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
        let draft = path.with_extension(format!("{:016x}.new", random.u64()?));
        let text = token(random)?;
        let placed = write_private(&draft, text.reveal().as_bytes()).and_then(|()| match fs::hard_link(&draft, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
        // The draft has no use any more, whether it was placed or not; left behind it would be one more secret lying about.
        let _ = fs::remove_file(&draft);
        placed.map_err(at(path))?;
        Self::from_file(path)
    }

    /// The key for one use. The same label gives the same bytes, another label says nothing about them. `N` is at most 8160.
    #[must_use]
    pub fn derive<const N: usize>(&self, label: &str) -> [u8; N] {
        // HKDF-Expand of RFC 5869.
        let mut key = [0; N];
        let mut last = Vec::new();
        for (counter, part) in (1_u8..).zip(key.chunks_mut(32)) {
            last = hmac(&self.0, &[&last, label.as_bytes(), &[counter]]).to_vec();
            part.copy_from_slice(last.get(..part.len()).unwrap_or_default());
        }
        key
    }

    /// A seal on `bytes` for the use named by `label`, as 64 hexadecimal digits.
    #[must_use]
    pub fn mac(&self, label: &str, bytes: &[u8]) -> String {
        hex(&hmac(&self.derive::<32>(label), &[bytes]))
    }

    /// Whether `seal` is the [`SecretKey::mac`] of `bytes` under `label`; takes the same time wherever it is wrong.
    #[must_use]
    pub fn verify(&self, label: &str, bytes: &[u8], seal: &str) -> bool {
        constant_time_eq(self.mac(label, bytes).as_bytes(), seal.as_bytes())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> KeyError + '_ {
    |error| KeyError::File { path: path.to_owned(), error }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length, so the error of the trait cannot occur; a blank mac would still verify nothing of ours.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::random::{SeededRandom, SystemRandom};

    fn key() -> SecretKey {
        SecretKey::from_text("0123456789abcdef0123456789abcdef").unwrap()
    }

    #[test]
    fn a_key_made_at_the_first_start_is_found_at_the_second() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret.key");
        let made = SecretKey::from_file_or_new(&path, &SystemRandom).unwrap();
        let found = SecretKey::from_file_or_new(&path, &SystemRandom).unwrap();
        assert_eq!(made.mac("x", b"y"), found.mac("x", b"y"));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "a draft was left behind");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_but_the_owner_reads_the_key_file() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret.key");
        SecretKey::from_file_or_new(&path, &SystemRandom).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn processes_that_start_together_share_one_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret.key");
        let seals: Vec<String> = std::thread::scope(|scope| {
            let started: Vec<_> =
                (0..8).map(|_| scope.spawn(|| SecretKey::from_file_or_new(&path, &SystemRandom).unwrap().mac("x", b"y"))).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(seals.windows(2).all(|pair| pair[0] == pair[1]), "{seals:?}");
    }

    #[test]
    fn an_unreadable_place_is_named_in_the_error() {
        let error = SecretKey::from_file_or_new(Path::new("/nowhere/at/all/key"), &SeededRandom::new(1)).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all/key"), "{error}");
    }

    #[test]
    fn a_short_key_is_refused_and_line_ends_do_not_matter() {
        assert!(matches!(SecretKey::from_text("too short"), Err(KeyError::TooShort)));
        let with_newline = SecretKey::from_text("0123456789abcdef0123456789abcdef\n").unwrap();
        assert_eq!(with_newline.mac("x", b"y"), key().mac("x", b"y"));
    }

    #[test]
    fn every_use_has_its_own_key() {
        let cookie: [u8; 64] = key().derive("session cookie");
        let csrf: [u8; 64] = key().derive("csrf");
        assert_ne!(cookie, csrf);
        assert_ne!(cookie[..32], cookie[32..]);
        assert_eq!(key().derive::<32>("csrf"), csrf[..32]);
    }

    #[test]
    fn a_seal_holds_only_for_its_bytes_its_use_and_its_key() {
        let seal = key().mac("flash", b"saved");
        assert!(key().verify("flash", b"saved", &seal));
        assert!(!key().verify("flash", b"Saved", &seal));
        assert!(!key().verify("csrf", b"saved", &seal));
        assert!(!key().verify("flash", b"saved", ""));
        assert!(!SecretKey::from_text(&"z".repeat(40)).unwrap().verify("flash", b"saved", &seal));
    }

    #[test]
    fn a_key_never_shows_itself() {
        assert_eq!(format!("{:?}", key()), "SecretKey(***)");
    }
}
