//! From what is to be said to the bytes on the wire. Everything lettre would choke on is refused before it sees it (F1 to F5).

use std::{str::FromStr, time::SystemTime};

use chrono::{DateTime, Utc};
use lettre::{
    Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};

/// The longest display name, in characters (F3).
pub const MOST_NAME: usize = 100;
/// The longest subject, in characters (F3).
pub const MOST_SUBJECT: usize = 200;
/// The longest word without a space in any header, in characters (F3).
const MOST_WORD: usize = 200;
/// The longest address, in bytes (M5).
const MOST_ADDRESS: usize = 254;
/// All of `References` together, in bytes; older ones are left out first.
const MOST_REFERENCES: usize = 900;

/// Why no message could be built. Trying again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// A control character in this part: a line break in a name, a NUL in a text (F1).
    #[error("control character in {0}")]
    Control(&'static str),
    /// This part is longer than a mail header may be (F3).
    #[error("{0} is too long")]
    TooLong(&'static str),
    /// No address that mail can be sent to (F5, M5).
    #[error("{0:?} is not an e-mail address")]
    Address(String),
    /// No message id of the form `<left@right>` (F4).
    #[error("{0:?} is not a message id")]
    MessageId(String),
    /// lettre refused it.
    #[error("the message cannot be built: {0}")]
    Refused(String),
}

/// Somebody with a name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What mail programs show; may be empty.
    pub name: String,
    /// The bare address.
    pub address: String,
}

impl FromStr for Party {
    type Err = MailError;

    /// Reads `Name <address>` or a bare address, the form of `ONDUTY_MAIL_FROM`.
    fn from_str(text: &str) -> Result<Self, MailError> {
        refuse_controls("sender", text)?;
        let mailbox: Mailbox = text.parse().map_err(|_| MailError::Address(text.to_owned()))?;
        let party = Self { name: mailbox.name.unwrap_or_default(), address: mailbox.email.to_string() };
        party.mailbox("sender")?;
        Ok(party)
    }
}

impl Party {
    fn mailbox(&self, part: &'static str) -> Result<Mailbox, MailError> {
        refuse_controls(part, &self.name)?;
        if self.name.chars().count() > MOST_NAME {
            return Err(MailError::TooLong(part));
        }
        let name = Some(self.name.trim().to_owned()).filter(|name| !name.is_empty());
        Ok(Mailbox::new(name, checked(&self.address)?))
    }
}

/// How a mail says that a machine wrote it (RFC 3834, M8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoSubmitted {
    /// Invitations, resets, security mails.
    Generated,
    /// Notices an operator asked for.
    Notified,
    /// Answers to a mail or a message (AB-7).
    Replied,
}

/// Headers beside those every mail has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extra {
    /// Where answers go.
    ReplyTo(Party),
    /// The message id this one answers.
    InReplyTo(String),
    /// The conversation so far, oldest message id first.
    References(Vec<String>),
    /// `Precedence: bulk` (AB-7).
    Bulk,
    /// `X-Auto-Response-Suppress: All`: asks for no absence note in return (AB-7).
    SuppressAutoResponses,
    /// `X-Loop`: the host by which our own mail is known when it comes back (AB-7, N8).
    Loop(String),
    /// An https address where one click ends this kind of mail (M8, RFC 8058).
    Unsubscribe(String),
}

/// A mail as the outbox keeps it: words and parties, nothing encoded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// `<left@right>`, from the outbox row, so that each try carries the same one (F4, M2).
    pub message_id: String,
    /// The instant in the `Date` header.
    pub date: DateTime<Utc>,
    /// Who it is from.
    pub from: Party,
    /// Who it is for.
    pub to: Party,
    /// Where bounces go; none is the empty sender `<>` of automatic replies (AB-7, R4).
    pub envelope_from: Option<String>,
    /// At most [`MOST_SUBJECT`] characters on one line.
    pub subject: String,
    /// The plain text, always there (M9).
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// The BCP 47 tag of its language.
    pub language: String,
    /// What kind of automatic mail it is.
    pub auto_submitted: AutoSubmitted,
    /// Further headers.
    pub extra: Vec<Extra>,
}

/// A mail ready to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltMail {
    /// Its message id, with the angle brackets.
    pub message_id: String,
    /// The instant in its `Date` header.
    pub date: DateTime<Utc>,
    /// The recipient on the wire, its domain in ASCII.
    pub envelope_to: String,
    /// The sender on the wire; none is `<>`.
    pub envelope_from: Option<String>,
    /// The whole message with CRLF line ends, not yet dot-stuffed.
    pub bytes: Vec<u8>,
}

impl OutgoingMail {
    /// Builds the message. The same mail gives the same bytes each time.
    ///
    /// # Errors
    /// [`MailError`], for good.
    pub fn build(&self) -> Result<BuiltMail, MailError> {
        message_id(&self.message_id)?;
        header_text("subject", &self.subject)?;
        if self.subject.chars().count() > MOST_SUBJECT {
            return Err(MailError::TooLong("subject"));
        }
        header_text("language", &self.language)?;
        for (part, text) in [("text", &self.text), ("html", &self.html)] {
            if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                return Err(MailError::Control(part));
            }
        }
        let to = self.to.mailbox("recipient")?;
        if !to.email.domain().contains('.') {
            return Err(MailError::Address(self.to.address.clone()));
        }
        let envelope_to = to.email.to_string();
        let envelope_from = self.envelope_from.as_deref().map(checked).transpose()?.map(|address| address.to_string());

        let mut builder = Message::builder()
            .message_id(Some(self.message_id.clone()))
            .date(SystemTime::from(self.date))
            .from(self.from.mailbox("sender")?)
            .to(to)
            .subject(&*self.subject)
            .raw_header(header("Content-Language", &self.language))
            .raw_header(header(
                "Auto-Submitted",
                match self.auto_submitted {
                    AutoSubmitted::Generated => "auto-generated",
                    AutoSubmitted::Notified => "auto-notified",
                    AutoSubmitted::Replied => "auto-replied",
                },
            ));
        for extra in &self.extra {
            builder = match extra {
                Extra::ReplyTo(party) => builder.reply_to(party.mailbox("reply-to")?),
                Extra::InReplyTo(id) => builder.in_reply_to(message_id(id)?.to_owned()),
                Extra::References(ids) => builder.references(references(ids)?),
                Extra::Bulk => builder.raw_header(header("Precedence", "bulk")),
                Extra::SuppressAutoResponses => builder.raw_header(header("X-Auto-Response-Suppress", "All")),
                Extra::Loop(host) => {
                    header_text("loop mark", host)?;
                    builder.raw_header(header("X-Loop", host))
                }
                Extra::Unsubscribe(address) => {
                    header_text("unsubscribe address", address)?;
                    builder
                        .raw_header(header("List-Unsubscribe", &format!("<{address}>")))
                        .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
                }
            };
        }
        let parts = MultiPart::alternative()
            .boundary(boundary(&self.message_id))
            .singlepart(SinglePart::plain(self.text.clone()))
            .singlepart(SinglePart::html(self.html.clone()));
        let message = builder.multipart(parts).map_err(|error| MailError::Refused(error.to_string()))?;
        Ok(BuiltMail { message_id: self.message_id.clone(), date: self.date, envelope_to, envelope_from, bytes: message.formatted() })
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn refuse_controls(part: &'static str, text: &str) -> Result<(), MailError> {
    // Line and paragraph separators break no header, but they break a line on somebody's screen.
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if text.contains(breaks) { Err(MailError::Control(part)) } else { Ok(()) }
}

fn header_text(part: &'static str, text: &str) -> Result<(), MailError> {
    refuse_controls(part, text)?;
    let too_long = text.split(' ').any(|word| word.chars().count() > MOST_WORD);
    if too_long { Err(MailError::TooLong(part)) } else { Ok(()) }
}

fn message_id(id: &str) -> Result<&str, MailError> {
    let inner = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    let fits = inner.and_then(|inner| inner.split_once('@')).is_some_and(|(left, right)| {
        let atom = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !b"<>@".contains(&b));
        atom(left) && atom(right)
    });
    if fits && id.len() <= MOST_WORD { Ok(id) } else { Err(MailError::MessageId(id.to_owned())) }
}

/// The newest ids that fit; the first of the conversation is not kept, as a thread is found again by its end too.
fn references(ids: &[String]) -> Result<String, MailError> {
    let mut kept = Vec::new();
    let mut length = 0;
    for id in ids.iter().rev() {
        length += message_id(id)?.len() + 1;
        if length > MOST_REFERENCES {
            break;
        }
        kept.push(id.as_str());
    }
    kept.reverse();
    Ok(kept.join(" "))
}

/// Parts are divided by a line nobody can guess before the message id is made, and that is the same at each try.
fn boundary(message_id: &str) -> String {
    let id: String = message_id.chars().filter(char::is_ascii_alphanumeric).take(48).collect();
    format!("part-{id}")
}

/// The address with its domain in ASCII, under rules stricter than lettre's (F5).
fn checked(address: &str) -> Result<lettre::Address, MailError> {
    let wrong = || MailError::Address(address.to_owned());
    let (local, domain) = address.rsplit_once('@').ok_or_else(wrong)?;
    let quoted = local.contains(|c: char| c == '"' || c == '\\' || c.is_whitespace());
    if address.len() > MOST_ADDRESS || quoted || refuse_controls("address", address).is_err() {
        return Err(wrong());
    }
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(domain)) => lettre::Address::new(local, domain).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::auto_reply::{clean_name, thread};

    pub fn mail() -> OutgoingMail {
        OutgoingMail {
            message_id: "<018f3a4b-7c1d-7e2f-8a3b-4c5d6e7f8091@onduty.example>".to_owned(),
            date: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
            from: Party { name: "Onduty".to_owned(), address: "onduty@onduty.example".to_owned() },
            to: Party { name: "Inés Ortega".to_owned(), address: "ines@example.org".to_owned() },
            envelope_from: Some("onduty@onduty.example".to_owned()),
            subject: "Bienvenue à l’équipe".to_owned(),
            text: "Bonjour Inés,\n\n.une ligne qui commence par un point\n".to_owned(),
            html: "<p>Bonjour Inés</p>".to_owned(),
            language: "fr".to_owned(),
            auto_submitted: AutoSubmitted::Generated,
            extra: Vec::new(),
        }
    }

    fn head(mail: &OutgoingMail) -> String {
        let bytes = mail.build().unwrap().bytes;
        let text = String::from_utf8(bytes).unwrap();
        text.split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    #[test]
    fn a_mail_says_what_it_is() {
        let head = head(&mail());
        for line in [
            "Message-ID: <018f3a4b-7c1d-7e2f-8a3b-4c5d6e7f8091@onduty.example>",
            "Content-Language: fr",
            "Auto-Submitted: auto-generated",
            "From: Onduty <onduty@onduty.example>",
            "MIME-Version: 1.0",
            "Date: Fri, 04 Oct 2024",
        ] {
            assert!(head.contains(line), "{line} is not in\n{head}");
        }
        assert!(head.contains("multipart/alternative"));
    }

    #[test]
    fn every_try_sends_the_same_bytes() {
        assert_eq!(mail().build(), mail().build());
    }

    #[test]
    fn the_plain_text_comes_first() {
        let bytes = String::from_utf8(mail().build().unwrap().bytes).unwrap();
        assert!(bytes.find("text/plain").unwrap() < bytes.find("text/html").unwrap());
    }

    #[test]
    fn hostile_names_are_refused_instead_of_killing_the_worker() {
        for bad in ["Eve\r\nBcc: all@example.org", "Eve\nX", "Eve\rX", "Eve\0", "Eve\u{85}", "Eve\u{7f}", "Eve\u{2028}X"] {
            let mut to = mail();
            to.to.name = bad.to_owned();
            assert_eq!(to.build(), Err(MailError::Control("recipient")), "{bad:?}");
            let mut from = mail();
            from.from.name = bad.to_owned();
            assert_eq!(from.build(), Err(MailError::Control("sender")), "{bad:?}");
            let mut subject = mail();
            subject.subject = bad.to_owned();
            assert_eq!(subject.build(), Err(MailError::Control("subject")), "{bad:?}");
        }
    }

    #[test]
    fn no_line_of_a_header_is_too_long_for_a_server() {
        let mut longest = mail();
        longest.to.name = "W".repeat(100);
        longest.subject = "é".repeat(200);
        longest.extra = vec![Extra::References(vec![format!("<{}@x.example>", "a".repeat(180)); 30])];
        for line in head(&longest).split("\r\n") {
            assert!(line.len() <= 998, "{} octets: {line}", line.len());
        }
        for thousand in ["x".repeat(1000), "é".repeat(1000)] {
            let mut name = mail();
            name.to.name.clone_from(&thousand);
            assert_eq!(name.build(), Err(MailError::TooLong("recipient")));
            let mut subject = mail();
            subject.subject.clone_from(&thousand);
            assert_eq!(subject.build(), Err(MailError::TooLong("subject")));
        }
    }

    #[test]
    fn names_with_marks_of_their_own_stay_names() {
        for name in [r#"Ann "the, boss" <root@evil.example>"#, "a@b.example", "=?utf-8?q?x?=", "日本 語", "O\\Neil"] {
            let mut named = mail();
            named.to.name = name.to_owned();
            let built = named.build().unwrap();
            assert_eq!(built.envelope_to, "ines@example.org");
            assert_eq!(head(&named).matches("\r\nTo: ").count(), 1);
        }
    }

    #[test]
    fn addresses_nobody_should_mail_to_are_refused() {
        let long = format!("{}@example.org", "a".repeat(260));
        for bad in [
            "",
            "plain",
            "a@b",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@[::1]",
            r#""a b"@example.org"#,
            "a b@example.org",
            "a@exa mple.org",
            "a@example.org\r\nx",
            &long,
        ] {
            let mut to = mail();
            to.to.address = bad.to_owned();
            assert_eq!(to.build(), Err(MailError::Address(bad.to_owned())), "{bad}");
        }
    }

    #[test]
    fn a_domain_in_another_script_goes_out_in_ascii() {
        let mut to = mail();
        to.to.address = "kurt@bücher.example".to_owned();
        assert_eq!(to.build().unwrap().envelope_to, "kurt@xn--bcher-kva.example");
    }

    #[test]
    fn no_envelope_sender_is_the_empty_one() {
        let mut automatic = mail();
        automatic.envelope_from = None;
        assert_eq!(automatic.build().unwrap().envelope_from, None);
    }

    #[test]
    fn further_headers_are_written_and_checked() {
        let mut notice = mail();
        notice.auto_submitted = AutoSubmitted::Notified;
        notice.extra = vec![
            Extra::ReplyTo(Party { name: String::new(), address: "team@example.org".to_owned() }),
            Extra::InReplyTo("<1@example.org>".to_owned()),
            Extra::References(vec!["<0@example.org>".to_owned(), "<1@example.org>".to_owned()]),
            Extra::Bulk,
            Extra::SuppressAutoResponses,
            Extra::Loop("onduty.example".to_owned()),
            Extra::Unsubscribe("https://onduty.example/stop?x=1".to_owned()),
        ];
        let head = head(&notice);
        for line in [
            "Auto-Submitted: auto-notified",
            "Reply-To: team@example.org",
            "In-Reply-To: <1@example.org>",
            "References: <0@example.org> <1@example.org>",
            "Precedence: bulk",
            "X-Auto-Response-Suppress: All",
            "X-Loop: onduty.example",
            "List-Unsubscribe: <https://onduty.example/stop?x=1>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(head.contains(line), "{line} is not in\n{head}");
        }
        notice.extra = vec![Extra::InReplyTo("<1@example.org>\r\nBcc: x".to_owned())];
        assert!(matches!(notice.build(), Err(MailError::MessageId(_))));
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_a_customers_becomes_a_header_of_a_reply(any in proptest::prelude::any::<String>(), odd in "([<>@a-zB:, \r\n]|é|\u{2028}){0,80}") {
            const KNOWN: [&str; 12] = ["Message-ID", "Date", "From", "To", "Subject", "Content-Language", "Auto-Submitted", "In-Reply-To",
                "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];
            for text in [any, odd] {
                let thread = thread(Some(&text), &[("References".to_owned(), text.clone())]);
                let mut reply = mail();
                reply.to.name = clean_name(&text);
                let references = Some(thread.references).filter(|ids| !ids.is_empty()).map(Extra::References);
                reply.extra = thread.in_reply_to.map(Extra::InReplyTo).into_iter().chain(references).collect();
                for line in head(&reply).split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
                    let name = line.split(':').next().unwrap_or_default();
                    proptest::prop_assert!(KNOWN.contains(&name), "{line} of {text:?}");
                }
                proptest::prop_assert_eq!(reply.build().unwrap().envelope_to, "ines@example.org");
            }
        }
    }

    #[test]
    fn message_ids_are_given_and_well_formed() {
        for bad in ["", "a@b.example", "<a>", "<a@b", "<a b@c>", "<a@b@c>", "<@c>", "<a@>"] {
            let mut wrong = mail();
            wrong.message_id = bad.to_owned();
            assert_eq!(wrong.build(), Err(MailError::MessageId(bad.to_owned())));
        }
    }

    #[test]
    fn a_nul_in_a_text_is_refused() {
        let mut wrong = mail();
        wrong.text.push('\0');
        assert_eq!(wrong.build(), Err(MailError::Control("text")));
    }

    #[test]
    fn the_configured_sender_is_a_name_and_an_address() {
        assert_eq!("Onduty <onduty@localhost>".parse(), Ok(Party { name: "Onduty".to_owned(), address: "onduty@localhost".to_owned() }));
        assert_eq!("onduty@example.org".parse(), Ok(Party { name: String::new(), address: "onduty@example.org".to_owned() }));
        assert!("Onduty".parse::<Party>().is_err());
        assert!("A\r\nB <a@example.org>".parse::<Party>().is_err());
    }
}
