//! A mailbox in memory: tests read from it what was sent and tell it to fail.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::SendError;
use crate::mail::message::BuiltMail;

/// Shared by the transport and the test; a clone is the same mailbox.
#[derive(Debug, Clone, Default)]
pub struct Mailbox(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    mails: Vec<BuiltMail>,
    failures: VecDeque<SendError>,
}

impl Mailbox {
    /// Every mail taken so far, in order.
    #[must_use]
    pub fn mails(&self) -> Vec<BuiltMail> {
        self.content().mails.clone()
    }

    /// Takes the mails out.
    #[must_use]
    pub fn take(&self) -> Vec<BuiltMail> {
        std::mem::take(&mut self.content().mails)
    }

    /// Answers the next mail with `error`; several wait in line.
    pub fn fail_next(&self, error: SendError) {
        self.content().failures.push_back(error);
    }

    pub(super) fn send(&self, mail: &BuiltMail) -> Result<String, SendError> {
        let mut content = self.content();
        if let Some(error) = content.failures.pop_front() {
            return Err(error);
        }
        content.mails.push(mail.clone());
        Ok("kept in memory".to_owned())
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use crate::mail::{
        message::tests::mail,
        transport::{Mailbox, SendError, SendErrorKind, Transport},
    };

    #[tokio::test]
    async fn a_mailbox_keeps_what_it_takes_and_fails_when_told() {
        let mailbox = Mailbox::default();
        let transport = Transport::Memory(mailbox.clone());
        let built = mail().build().unwrap();
        let full = SendError::new(SendErrorKind::Transient, Some(452), "mailbox\r\nfull");
        assert_eq!(full.text, "mailbox full");
        mailbox.fail_next(full.clone());
        assert_eq!(transport.send(&built).await, Err(full));
        assert!(transport.send(&built).await.is_ok());
        assert_eq!(mailbox.mails(), std::slice::from_ref(&built));
        assert_eq!(mailbox.take(), [built]);
        assert!(mailbox.mails().is_empty());
    }
}
