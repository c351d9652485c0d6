//! Each mail as one `.eml` file that any mail program opens.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{SendError, SendErrorKind};
use crate::mail::message::BuiltMail;

/// A folder that takes mails; made when the first one comes.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// Files go to `dir`.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self(dir.into())
    }

    /// Writes `mail` as `<time>-<id>.eml`. A mail sent twice is one file; a crash leaves it whole or not at all.
    pub(super) async fn send(&self, mail: &BuiltMail) -> Result<String, SendError> {
        let id: String = mail.message_id.chars().take_while(|c| *c != '@').filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let name = format!("{}-{id}.eml", mail.date.format("%Y%m%dT%H%M%SZ"));
        let (dir, bytes, file) = (self.0.clone(), mail.bytes.clone(), name.clone());
        let written = tokio::task::spawn_blocking(move || write(&dir, &file, &bytes)).await;
        match written.unwrap_or_else(|stopped| Err(io::Error::other(stopped))) {
            Ok(()) => Ok(name),
            Err(error) => Err(SendError::new(SendErrorKind::Transient, None, &format!("{}: {error}", self.0.join(&name).display()))),
        }
    }
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let draft = dir.join(format!(".{name}.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // Links in mails open accounts.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(draft, dir.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::message::tests::mail;

    #[tokio::test]
    async fn a_mail_becomes_one_file_however_often_it_is_sent() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().join("mail"));
        let built = mail().build().unwrap();
        let name = folder.send(&built).await.unwrap();
        assert_eq!(name, "20241004T000000Z-018f3a4b-7c1d-7e2f-8a3b-4c5d6e7f8091.eml");
        assert_eq!(folder.send(&built).await.unwrap(), name);
        let files: Vec<_> = fs::read_dir(dir.path().join("mail")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, [name.as_str()]);
        assert_eq!(fs::read(dir.path().join("mail").join(name)).unwrap(), built.bytes);
    }

    #[tokio::test]
    async fn a_message_id_names_no_other_place() {
        let dir = tempfile::tempdir().unwrap();
        let mut built = mail().build().unwrap();
        built.message_id = "<../../etc/passwd@x>".to_owned();
        assert_eq!(Folder::new(dir.path()).send(&built).await.unwrap(), "20241004T000000Z-etcpasswd.eml");
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_a_failure_for_now() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("mail"), "a file where the folder should be").unwrap();
        let error = Folder::new(dir.path().join("mail")).send(&mail().build().unwrap()).await.unwrap_err();
        assert_eq!((error.kind, error.code), (SendErrorKind::Transient, None));
    }
}
