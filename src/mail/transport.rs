//! The three ways a built mail leaves: to a mail server, into a folder, or into a test's hands.

use super::message::BuiltMail;

mod folder;
mod memory;
mod smtp;

pub use self::{
    folder::Folder,
    memory::Mailbox,
    smtp::{Deadlines, Smtp, SmtpUrlError},
};

/// What kind of failure it was; it decides whether trying again makes sense (M3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendErrorKind {
    /// The server could not be reached, would not let us in, or hung up. Try again.
    Connect,
    /// The server, or the folder's disk, refuses for now. Try again.
    Transient,
    /// The server refuses this mail for good.
    Permanent,
    /// No safe connection: no STARTTLS, or a certificate that does not hold. Try again.
    Tls,
    /// It took too long. Try again.
    Timeout,
}

impl SendErrorKind {
    /// Whether another try may succeed.
    #[must_use]
    pub const fn is_worth_retrying(self) -> bool {
        !matches!(self, Self::Permanent)
    }
}

/// Why a mail was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct SendError {
    /// The kind of failure.
    pub kind: SendErrorKind,
    /// The server's three digits, where it gave any.
    pub code: Option<u16>,
    /// What it said, on one line of at most 500 characters, for the Mail page (MA-2).
    pub text: String,
    /// Whether it is the recipient's address that is refused for good (N16), and not the sender, the words or the hour.
    pub refuses_recipient: bool,
}

impl SendError {
    /// An error whose `text` is brought to one bearable line.
    #[must_use]
    pub fn new(kind: SendErrorKind, code: Option<u16>, text: &str) -> Self {
        let text = text.split(char::is_control).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        let refuses_recipient = kind == SendErrorKind::Permanent && text.split_whitespace().any(|word| BAD_DESTINATION.contains(&word));
        Self { kind, code, text: text.chars().take(500).collect(), refuses_recipient }
    }
}

/// Enhanced codes of addresses that are none; 5.1.7 and 5.1.8 are those of the sender (RFC 3463, 3.2; RFC 7505).
const BAD_DESTINATION: [&str; 6] = ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"];

/// Where mails go.
#[derive(Debug)]
pub enum Transport {
    /// To a mail server (`ONDUTY_SMTP_URL`).
    Smtp(Smtp),
    /// Into a folder, the default: nothing leaves the machine and the Mail page shows it all.
    Folder(Folder),
    /// Into memory, for tests.
    Memory(Mailbox),
}

impl Transport {
    /// Hands `mail` over and returns the answer: the server's words, or the name of the file.
    ///
    /// # Errors
    /// [`SendError`]. The mail may still have arrived where the connection broke after its last byte (M2).
    pub async fn send(&self, mail: &BuiltMail) -> Result<String, SendError> {
        match self {
            Self::Smtp(smtp) => smtp.send(mail).await,
            Self::Folder(folder) => folder.send(mail).await,
            Self::Memory(mailbox) => mailbox.send(mail),
        }
    }

    /// Whether mails stay on this machine, where the Mail page is the only way to read them.
    #[must_use]
    pub const fn stays_here(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// Takes leave of the mail server until there is more to send; the worker calls it when nothing waits.
    pub async fn rest(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.rest().await;
        }
    }
}

#[cfg(test)]
#[allow(dead_code, reason = "the tests under tests/it use the rest of it")]
#[path = "../../tests/it/support/smtp_sink.rs"]
mod smtp_sink;
