//! What customers want: how a query is read, where it stands, what befalls it (QU-1, QU-2).

use super::channel::Channel;
use super::email::EmailAddress;
use super::field::{Fault, FieldErrors};
use super::language::LanguageTag;
use super::limits;
use super::named::{known, named};
use super::text;

named! {
    /// Where a query came from.
    #[derive(Default)]
    Source {
        /// A program, over JSON.
        #[default]
        Api = "api",
        /// The public page of a site.
        Contact = "contact",
        /// A piped message.
        Mail = "mail",
    }
}

named! {
    /// Where a query stands (QU-2).
    State {
        /// Nobody can take it yet.
        Waiting = "waiting",
        /// It rings.
        Offered = "offered",
        /// An operator has it.
        Assigned = "assigned",
        /// It is over.
        Closed = "closed",
    }
}

named! {
    /// How an offer ended.
    Outcome {
        /// The operator took the query.
        Accepted = "accepted",
        /// The operator did not want it.
        Declined = "declined",
        /// The operator let it pass.
        TimedOut = "timed_out",
        /// Somebody else had it, or the operator could not take it any more.
        Withdrawn = "withdrawn",
    }
}

named! {
    /// What befell a query.
    EventKind {
        /// It came.
        Received = "received",
        /// Nobody could take it, or nobody did.
        Waiting = "waiting",
        /// It was offered to an operator.
        Offered = "offered",
        /// An operator accepted it.
        Accepted = "accepted",
        /// It was assigned to an operator at once.
        Assigned = "assigned",
        /// An operator declined it.
        Declined = "declined",
        /// An operator let the offer pass.
        TimedOut = "timed_out",
        /// Somebody sent it on to an operator or to a department.
        Transferred = "transferred",
        /// Its operator handed it over, on going away.
        HandedOver = "handed_over",
        /// Its operator is gone; it waits anew.
        Returned = "returned",
        /// It was closed.
        Closed = "closed",
        /// It was opened again.
        Reopened = "reopened",
        /// Its operator said what it was about.
        Classified = "classified",
        /// The absent operator's automatic reply went out.
        Replied = "replied",
        /// It was withheld.
        NotReplied = "not_replied",
    }
}

/// Why a query waits, beside an event that says so: those who could take it declined or let it pass, and are asked again.
pub const NOT_TAKEN: &str = "not_taken";

named! {
    /// Who said something in a dialog.
    Side {
        /// The customer.
        Requester = "requester",
        /// The operator.
        Operator = "operator",
    }
}

/// What people call a query by, also in mails.
pub fn reference(id: i64) -> String {
    format!("Q-{id}")
}

/// The id behind a reference, typed with or without its letter.
pub fn read_reference(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    let digits = typed.strip_prefix(['Q', 'q']).map_or(typed, |rest| rest.strip_prefix('-').unwrap_or(rest));
    digits.parse().ok().filter(|id| *id > 0)
}

/// A query as it came; fields named as in CONTRACT.md.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawQuery {
    /// Where it came from.
    pub source: Source,
    /// `ticket`, `chat` or `call`.
    pub channel: String,
    /// Slug.
    pub department: Option<String>,
    /// The operator it is for.
    pub operator_id: Option<i64>,
    /// Slug.
    pub site: Option<String>,
    /// The page on which the visitor was.
    pub url: Option<String>,
    /// BCP 47 tag; then nothing else tells the language.
    pub language: Option<String>,
    /// The tag of the language it is written in, where nothing but its text tells.
    pub text_language: Option<LanguageTag>,
    /// What the visitor's browser asked for.
    pub accept_language: Option<String>,
    /// ISO 3166-1, two letters.
    pub country: Option<String>,
    /// The requester's name.
    pub name: Option<String>,
    /// The requester's address.
    pub email: Option<String>,
    /// The requester's number.
    pub phone: Option<String>,
    /// One line.
    pub subject: String,
    /// Several lines.
    pub body: String,
    /// Marked as written by a machine.
    pub automatic: bool,
    /// What is known of the mail, where it came by e-mail.
    pub mail: Option<RawMail>,
    /// The id that another program gave it.
    pub external_id: Option<String>,
}

/// The facts of a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawMail {
    /// With its angle brackets.
    pub message_id: Option<String>,
    /// Name and value, in order; absent where nobody knows them.
    pub headers: Option<Vec<(String, String)>>,
}

/// A query that was read; what it names is looked up by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewQuery {
    /// On which channel.
    pub channel: Channel,
    /// The language it says it is in.
    pub language: Option<LanguageTag>,
    /// The requester's name.
    pub name: Option<String>,
    /// The requester's address. Of a mail it is whatever the mail said, as far as that can be shown.
    pub email: Option<String>,
    /// The requester's number.
    pub phone: Option<String>,
    /// One line, perhaps empty.
    pub subject: String,
    /// Several lines, perhaps empty.
    pub body: String,
    /// The id of the mail.
    pub message_id: Option<String>,
    /// The id that another program gave it.
    pub external_id: Option<String>,
}

impl RawQuery {
    /// Reads everything that needs no look at the database, or tells all that is wrong with it at its field.
    ///
    /// What a mail says is cut and cleaned instead of refused: nobody is there who could write it anew.
    pub fn read(&self) -> Result<NewQuery, FieldErrors> {
        let mut errors = FieldErrors::default();
        let is_mail = self.mail.is_some();
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut line = |field: &str, raw: &str, max: usize| match is_mail {
            true => text::salvaged_line(raw, max),
            false => errors.take(field, text::optional_line(raw, max)).flatten(),
        };
        let name = line("requester.name", &given(&self.name), limits::NAME);
        let subject = line("subject", &self.subject, limits::SUBJECT).unwrap_or_default();
        let email = match (given(&self.email), is_mail) {
            (raw, true) => text::salvaged_line(&raw, limits::EMAIL),
            (raw, false) if raw.trim().is_empty() => None,
            (raw, false) => errors.take("requester.email", EmailAddress::parse(&raw)).map(|email| email.to_string()),
        };
        let body = match is_mail {
            true => salvaged(&self.body),
            false => errors.take("body", text::optional_multiline(&self.body, limits::QUERY_BODY)).flatten().unwrap_or_default(),
        };
        let phone = errors.take("requester.phone", text::phone(&given(&self.phone))).flatten();
        let language = Some(given(&self.language)).filter(|tag| !tag.trim().is_empty());
        let language = language.and_then(|tag| errors.take("language", LanguageTag::parse(&tag)));
        let external_id = errors.take("external_id", text::optional_line(&given(&self.external_id), limits::EXTERNAL_ID)).flatten();
        let message_id = self.mail.as_ref().and_then(|mail| mail.message_id.clone());
        let message_id = errors.take("mail.message_id", text::optional_line(&message_id.unwrap_or_default(), limits::MESSAGE_ID)).flatten();
        if let Some(fault) = self.mail.as_ref().and_then(|mail| mail.headers.as_deref()).and_then(too_much) {
            errors.add_fault("mail.headers", fault);
        }
        let channel = errors.take("channel", known(&self.channel, Channel::parse)).unwrap_or(Channel::Ticket);
        errors.into_result(NewQuery { channel, language, name, email, phone, subject, body, message_id, external_id })
    }
}

/// What a mail says, without what cannot be kept, as far as there is room.
fn salvaged(body: &str) -> String {
    let unified = body.replace("\r\n", "\n").replace('\r', "\n");
    let visible: String = unified.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(limits::QUERY_BODY).collect();
    text::optional_multiline(&visible, limits::QUERY_BODY * 4).ok().flatten().unwrap_or_default()
}

fn too_much(headers: &[(String, String)]) -> Option<Fault> {
    let long = headers.iter().any(|(name, value)| name.len() + value.len() > limits::MAIL_HEADER);
    (long || headers.len() > limits::MAIL_HEADERS).then(|| Fault::with("too_long", "max", limits::MAIL_HEADERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawQuery {
        RawQuery { channel: "chat".into(), ..RawQuery::default() }
    }

    #[test]
    fn a_channel_is_enough() {
        let query = raw().read().unwrap();
        assert_eq!((query.channel, query.subject.as_str(), query.body.as_str(), query.email), (Channel::Chat, "", "", None));
    }

    #[test]
    fn everything_wrong_is_told_at_its_field() {
        let typed = RawQuery {
            channel: "fax".into(),
            language: Some("??".into()),
            name: Some("a\u{202e}b".into()),
            email: Some("nobody".into()),
            phone: Some("call me".into()),
            subject: "one\ntwo".into(),
            body: "x".repeat(limits::QUERY_BODY + 1),
            external_id: Some("y".repeat(limits::EXTERNAL_ID + 1)),
            ..raw()
        };
        let mut found: Vec<(String, &str)> = typed.read().unwrap_err().0.into_iter().map(|error| (error.field, error.code)).collect();
        found.sort();
        let expected = [
            ("body", "too_long"),
            ("channel", "unknown_choice"),
            ("external_id", "too_long"),
            ("language", "language_tag"),
            ("requester.email", "email"),
            ("requester.name", "bidi_character"),
            ("requester.phone", "phone"),
            ("subject", "control_character"),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_mail_is_taken_whatever_it_says() {
        let mail = Some(RawMail { message_id: Some("<1@example.com>".into()), headers: Some(vec![("Subject".into(), "x".into())]) });
        let odd = RawQuery {
            name: Some("a\r\nBcc: b".into()),
            email: Some("not an address".into()),
            subject: "s".repeat(limits::SUBJECT + 50),
            body: format!("a\0b\r\n{}", "é".repeat(limits::QUERY_BODY)),
            mail,
            ..raw()
        };
        let query = odd.read().unwrap();
        assert_eq!((query.name.as_deref(), query.email.as_deref()), (Some("a Bcc: b"), Some("not an address")));
        assert_eq!(query.subject.chars().count(), limits::SUBJECT);
        assert!(query.body.starts_with("ab\né") && query.body.chars().count() <= limits::QUERY_BODY);
    }

    #[test]
    fn references_are_read_back_however_they_are_typed() {
        assert_eq!(reference(42), "Q-42");
        for typed in ["Q-42", "q-42", "42", " Q42 "] {
            assert_eq!(read_reference(typed), Some(42), "{typed}");
        }
        for typed in ["", "Q-", "Q-x", "-1", "Q--4x"] {
            assert_eq!(read_reference(typed), None, "{typed}");
        }
    }
}
