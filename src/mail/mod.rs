//! Mails are put together and handed over here: texts become a message, and a transport gives the message to a mail server, a folder or a test.
//! It never decides who gets a mail or when to try again, and never sees the database: that is for `actions` and `jobs`.
//! It calls no other room, except `i18n` for words; lettre, the reader of mails and the mail templates stay inside.

pub mod defaults;
pub mod incoming;
pub mod message;
pub mod text_parts;
pub mod transport;
