//! Whether a query to somebody absent is answered by itself: the ordered list N1 to N20 (AB-5, AB-6, QUALITY 1.4), in one function
//! that every automatic reply passes (R1). It fails closed: what cannot be judged is not answered.

pub mod headers;
pub mod sender;
#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use self::headers::{addresses, has, is_empty_path, keyword, values};
pub use self::headers::{message_ids, received_at, thread};
use self::sender::is_machine;
pub use self::sender::{deliverable, sender_key};
pub use super::absence::Frequency;
use super::named::named;

named! {
    /// Why no reply was sent, by the names the API uses (CONTRACT.md).
    Reason {
        /// A machine wrote it.
        Automatic = "automatic",
        /// It tells of a mail that did not get through.
        Bounce = "bounce",
        /// It came to many at once.
        List = "list",
        /// Nobody reads what is sent to that address.
        NoReplyAddress = "no_reply_address",
        /// It came from an address of this installation.
        OwnAddress = "own_address",
        /// The mail names neither the operator nor the department as recipient.
        NotAddressed = "not_addressed",
        /// A mail without its headers cannot be judged.
        MissingHeaders = "missing_headers",
        /// It had been on its way for too long.
        Late = "late",
        /// Mails to that address come back for good.
        Suppressed = "suppressed",
        /// The sender has had this reply within the time chosen.
        Frequency = "frequency",
        /// A bound that nothing lifts (N15).
        Cap = "cap",
        /// The absence answers nobody, or has no text.
        Off = "off",
        /// The operator was not absent.
        NotAbsent = "not_absent",
        /// There is no address to answer to.
        NoAddress = "no_address",
        /// It was judged before.
        Duplicate = "duplicate",
        /// It goes on with a conversation that has had this reply.
        FollowUp = "follow_up",
        /// It was answered for somebody else already, or its sender is the deputy.
        Transferred = "transferred",
    }
}

named! {
    /// The rules of QUALITY 1.4 in their order.
    Rule {
        /// Not absent at the receipt, switched off, or without a text.
        N1 = "N1",
        /// Judged before.
        N2 = "N2",
        /// No sender, or an empty return path.
        N3 = "N3",
        /// Marked as automatic.
        N4 = "N4",
        /// Headers of mailing lists.
        N5 = "N5",
        /// Marked as bulk.
        N6 = "N6",
        /// Asks for no automatic reply.
        N7 = "N7",
        /// Marks of autoresponders and loops.
        N8 = "N8",
        /// A bounce or a report.
        N9 = "N9",
        /// An address of a machine.
        N10 = "N10",
        /// An address of this installation.
        N11 = "N11",
        /// Addressed to somebody else, or without headers.
        N12 = "N12",
        /// Marked as spam, or late.
        N13 = "N13",
        /// As often as chosen.
        N14 = "N14",
        /// Bounds that nothing lifts.
        N15 = "N15",
        /// Mails to it come back for good.
        N16 = "N16",
        /// A conversation that has had its reply.
        N17 = "N17",
        /// From the deputy, or by a transfer.
        N18 = "N18",
        /// One of our own replies coming back.
        N19 = "N19",
        /// No address on a channel other than e-mail.
        N20 = "N20",
    }
}

/// Replies to one sender in [`LATELY`] at most (N15).
pub const MOST_LATELY: u32 = 3;
/// The shorter time of N15.
pub const LATELY: TimeDelta = TimeDelta::minutes(10);
/// Replies to one sender in 24 hours at most (N15).
pub const MOST_DAILY: u32 = 10;
/// Replies of the whole installation in an hour at most; beyond it they pause, and an alarm is raised (N15, R3).
pub const MOST_HOURLY: u32 = 300;
/// A query that was on its way for longer is not answered, and a reply that waited for longer is not sent (N13, QUALITY 1.6).
pub const LATE: TimeDelta = TimeDelta::hours(24);
/// How long an address rests after a mail to it came back for good (N16).
pub const SUPPRESSED_FOR: TimeDelta = TimeDelta::days(60);

/// The absence that covers the instant of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Whether it answers at all.
    pub auto_reply: bool,
    /// How often.
    pub frequency: Frequency,
    /// Whether there is a text in a language that fits.
    pub has_text: bool,
}

/// What the query says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Whether it came by e-mail.
    pub is_mail: bool,
    /// Whether whoever passed it on marked it as automatic.
    pub is_automatic: bool,
    /// The address to answer to.
    pub sender: Option<&'a str>,
    /// Subject as it came.
    pub subject: &'a str,
    /// Message-ID as it came.
    pub message_id: Option<&'a str>,
    /// Headers in their order; empty for everything but e-mail.
    pub headers: &'a [(String, String)],
    /// When it was received.
    pub received_at: DateTime<Utc>,
}

/// Whose addresses are whose.
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    /// Keys of the addresses at which the operator or the department is reached.
    pub recipients: &'a [String],
    /// Whether the sender's is one of the operators, the departments or the installation.
    pub is_own: bool,
    /// Whether the sender is the deputy.
    pub is_deputy: bool,
    /// The host in our Message-IDs.
    pub host: &'a str,
}

/// What was sent before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Whether the ledger holds this query or this message for the operator.
    pub was_judged: bool,
    /// The last reply to this sender during this absence.
    pub last: Option<DateTime<Utc>>,
    /// Whether the conversation has had a reply of this absence.
    pub in_conversation: bool,
    /// Replies to this sender in [`LATELY`].
    pub lately: u32,
    /// Replies to this sender in 24 hours.
    pub daily: u32,
    /// Replies to anybody in an hour.
    pub hourly: u32,
    /// Whether mails to this sender came back for good in [`SUPPRESSED_FOR`].
    pub is_suppressed: bool,
}

/// All that is known.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The absence at the instant of receipt.
    pub absence: Option<Absence>,
    /// The query.
    pub query: Incoming<'a>,
    /// Addresses.
    pub addresses: Addresses<'a>,
    /// What was sent before.
    pub history: History,
    /// Whether another absent operator passed it on.
    pub is_transferred: bool,
    /// Days in which a sender of e-mails is answered once, 0 for no such bound (AB-5).
    pub email_interval_days: u32,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is answered.
    Send,
    /// It is not: the first rule that holds, and the reason.
    Withheld(Rule, Reason),
}

/// What the mail of a reply carries beside its words (AB-7); kept with it until it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// In whose name it is sent; the address is the configured one.
    pub from_name: String,
    /// Where an answer to it goes: the department's address, where it has one.
    pub reply_to: Option<String>,
    /// The Message-ID it answers.
    pub in_reply_to: Option<String>,
    /// The conversation so far, its newest last.
    pub references: Vec<String>,
}

/// Characters of a name that are kept before an address.
const NAME: usize = 60;

/// What a stranger calls themselves, fit to stand before their address: letters and what joins them.
pub fn clean_name(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '\'' | '’') { c } else { ' ' };
    let plain: String = name.chars().map(kept).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(NAME).collect::<String>().trim_end().to_owned()
}

/// Gives its reason where it holds.
type Holds = fn(&Facts<'_>) -> Option<Reason>;

/// The rules in their order.
const RULES: [(Rule, Holds); 20] = [
    (Rule::N1, absence),
    (Rule::N2, |facts| facts.history.was_judged.then_some(Reason::Duplicate)),
    (Rule::N3, sender_of_mail),
    (Rule::N4, marked_automatic),
    (Rule::N5, |facts| LIST.iter().any(|name| has(facts.query.headers, name)).then_some(Reason::List)),
    (Rule::N6, precedence),
    (Rule::N7, asks_for_none),
    (Rule::N8, |facts| LOOPS.iter().any(|name| has(facts.query.headers, name)).then_some(Reason::Automatic)),
    (Rule::N9, |facts| is_report(facts.query.headers).then_some(Reason::Bounce)),
    (Rule::N10, |facts| senders(&facts.query).any(is_machine).then_some(Reason::NoReplyAddress)),
    (Rule::N11, |facts| facts.addresses.is_own.then_some(Reason::OwnAddress)),
    (Rule::N12, addressed),
    (Rule::N13, late),
    (Rule::N14, too_often),
    (Rule::N15, capped),
    (Rule::N16, |facts| facts.history.is_suppressed.then_some(Reason::Suppressed)),
    (Rule::N17, |facts| facts.history.in_conversation.then_some(Reason::FollowUp)),
    (Rule::N18, |facts| (facts.addresses.is_deputy || facts.is_transferred).then_some(Reason::Transferred)),
    (Rule::N19, |facts| is_own_reply(facts).then_some(Reason::Automatic)),
    (Rule::N20, |facts| key_of(&facts.query).is_none().then_some(Reason::NoAddress)),
];

impl Reason {
    /// The name of the words for it, which tell more than the API does where several rules have one reason.
    pub fn words(self, rule: Rule) -> &'static str {
        match (rule, self) {
            (Rule::N7, _) => "asks_for_none",
            (Rule::N13, Reason::List) => "spam",
            (Rule::N19, _) => "own_reply",
            _ => self.as_str(),
        }
    }
}

/// Whether a query is answered; the first rule that holds decides (QUALITY 1.4).
pub fn judge(facts: &Facts<'_>) -> Verdict {
    let held = RULES.iter().find_map(|(rule, holds)| holds(facts).map(|reason| Verdict::Withheld(*rule, reason)));
    held.unwrap_or(Verdict::Send)
}

/// Headers that mailing lists add, be they empty (RFC 5230).
const LIST: [&str; 7] = ["List-Id", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Post", "List-Owner", "List-Archive"];
/// Headers of autoresponders; `X-Loop` is the one our replies carry.
const LOOPS: [&str; 5] = ["X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Mail-Autoreply", LOOP];
/// The header by which our replies are known when they come back.
pub const LOOP: &str = "X-Loop";
/// What our replies' Message-IDs begin with.
const OWN_PREFIX: &str = "autoreply.";
/// How subjects of autoresponders begin, in small letters.
const MARKERS: [&str; 8] = [
    "auto:",
    "automatic reply",
    "auto reply",
    "autoreply",
    "out of office",
    "réponse automatique",
    "respuesta automática",
    "automatische antwort",
];

fn absence(facts: &Facts<'_>) -> Option<Reason> {
    match facts.absence {
        None => Some(Reason::NotAbsent),
        Some(absence) => (!absence.auto_reply || !absence.has_text).then_some(Reason::Off),
    }
}

fn key_of(query: &Incoming<'_>) -> Option<String> {
    query.sender.and_then(sender_key)
}

fn sender_of_mail(facts: &Facts<'_>) -> Option<Reason> {
    let query = &facts.query;
    if values(query.headers, "Return-Path").any(is_empty_path) {
        return Some(Reason::Bounce);
    }
    // A chat or a call without an address is the last rule's.
    let is_wrong = if query.is_mail { key_of(query).is_none() } else { query.sender.is_some_and(|sender| sender_key(sender).is_none()) };
    is_wrong.then_some(Reason::NoAddress)
}

fn marked_automatic(facts: &Facts<'_>) -> Option<Reason> {
    let is_marked = values(facts.query.headers, "Auto-Submitted").any(|value| keyword(value) != "no");
    (facts.query.is_automatic || is_marked).then_some(Reason::Automatic)
}

fn precedence(facts: &Facts<'_>) -> Option<Reason> {
    let named = ["Precedence", "X-Precedence"].into_iter().flat_map(|name| values(facts.query.headers, name));
    named.map(keyword).find_map(|word| match word.as_str() {
        "bulk" | "list" | "junk" => Some(Reason::List),
        "auto_reply" => Some(Reason::Automatic),
        _ => None,
    })
}

fn asks_for_none(facts: &Facts<'_>) -> Option<Reason> {
    let mut words = values(facts.query.headers, "X-Auto-Response-Suppress").flat_map(|value| value.split([',', ';']));
    let is_asked = words.any(|word| ["all", "oof", "autoreply"].contains(&word.trim().to_ascii_lowercase().as_str()));
    is_asked.then_some(Reason::Automatic)
}

fn is_report(headers: &[(String, String)]) -> bool {
    let is_report = |value: &str| {
        let value = value.trim().to_ascii_lowercase();
        let kinds = ["multipart/report", "message/delivery-status", "message/disposition-notification"];
        kinds.iter().any(|kind| value.starts_with(kind)) || value.contains("disposition-notification")
    };
    has(headers, "X-Failed-Recipients") || values(headers, "Content-Type").any(is_report)
}

/// Every address that claims to have sent it: the one that would be answered, and those of the headers, among them the return path,
/// where bounces and lists show themselves.
fn senders<'a>(query: &Incoming<'a>) -> impl Iterator<Item = String> + use<'a> {
    let named = ["Return-Path", "From", "Sender"].into_iter().flat_map(|name| values(query.headers, name)).flat_map(addresses);
    query.sender.map(str::to_owned).into_iter().chain(named)
}

/// The keys of the addresses that claim to have written it, for [`Addresses::is_own`].
pub fn authors(query: &Incoming<'_>) -> Vec<String> {
    let named = ["From", "Sender"].into_iter().flat_map(|name| values(query.headers, name)).flat_map(addresses);
    let mut keys: Vec<String> = Vec::new();
    for key in query.sender.map(str::to_owned).into_iter().chain(named).filter_map(|address| sender_key(&address)) {
        // An address with a tag reaches whom the one without it reaches.
        for key in [untagged(&key), Some(key)].into_iter().flatten() {
            if keys.len() < MOST_AUTHORS && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// More than a few authors is nothing a person writes.
const MOST_AUTHORS: usize = 8;

fn untagged(key: &str) -> Option<String> {
    let (local, domain) = key.split_once('@')?;
    let (plain, _) = local.split_once('+').filter(|(plain, _)| !plain.is_empty())?;
    Some(format!("{plain}@{domain}"))
}

fn addressed(facts: &Facts<'_>) -> Option<Reason> {
    let query = &facts.query;
    if !query.is_mail {
        return None;
    }
    if query.headers.is_empty() {
        return Some(Reason::MissingHeaders);
    }
    let names = ["To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"];
    let named = names.into_iter().flat_map(|name| values(query.headers, name)).flat_map(addresses);
    let reaches = |key: &str| facts.addresses.recipients.iter().any(|known| known == key);
    let mut keys = named.filter_map(|address| sender_key(&address));
    let is_named = keys.any(|key| reaches(&key) || untagged(&key).is_some_and(|key| reaches(&key)));
    (!is_named).then_some(Reason::NotAddressed)
}

fn late(facts: &Facts<'_>) -> Option<Reason> {
    let headers = facts.query.headers;
    let is_yes = |value: &str| value.trim().to_ascii_lowercase().starts_with("yes");
    if ["X-Spam-Flag", "X-Spam-Status"].into_iter().flat_map(|name| values(headers, name)).any(is_yes) {
        // Unwanted mail to many, whoever sent it.
        return Some(Reason::List);
    }
    (facts.now - facts.query.received_at > LATE).then_some(Reason::Late)
}

/// E-mails have a bound of their own beside the one chosen, as robots answer by e-mail (AB-5).
fn too_often(facts: &Facts<'_>) -> Option<Reason> {
    let passed = facts.now - facts.history.last?;
    let is_within = |days: u32| passed < TimeDelta::days(days.into());
    let is_chosen = match facts.absence?.frequency {
        Frequency::EveryQuery => false,
        Frequency::Daily => is_within(1),
        Frequency::Once => true,
    };
    (is_chosen || facts.query.is_mail && is_within(facts.email_interval_days)).then_some(Reason::Frequency)
}

fn capped(facts: &Facts<'_>) -> Option<Reason> {
    let history = &facts.history;
    let is_capped = history.lately >= MOST_LATELY || history.daily >= MOST_DAILY || history.hourly >= MOST_HOURLY;
    is_capped.then_some(Reason::Cap)
}

/// One of our replies, or an autoresponder's answer to one. A person who answers it writes neither under our Message-ID nor such a subject.
fn is_own_reply(facts: &Facts<'_>) -> bool {
    let Facts { query, addresses, .. } = facts;
    let is_own = |id: &str| is_own_id(id, addresses.host);
    let own = query.message_id.into_iter().chain(values(query.headers, "Message-ID")).flat_map(message_ids);
    if own.into_iter().any(|id| is_own(&id)) {
        return true;
    }
    let subject = query.subject.trim_start().to_lowercase();
    let is_marked = MARKERS.iter().any(|marker| subject.starts_with(marker));
    let before = ["References", "In-Reply-To"].into_iter().flat_map(|name| values(query.headers, name)).flat_map(message_ids);
    is_marked && before.into_iter().any(|id| is_own(&id))
}

/// The row of the ledger that a Message-ID of one of our replies names. Anybody can write one: what it names is compared with the mail.
pub fn reply_row(id: &str) -> Option<i64> {
    let (row, _) = id.trim_start_matches('<').strip_prefix(OWN_PREFIX)?.split_once('.')?;
    row.parse().ok()
}

/// What the Message-ID of a reply is, without its angle brackets: it names the row of the ledger, and nobody can guess its hash.
pub fn reply_id(row: i64, hash: &str, host: &str) -> String {
    format!("{OWN_PREFIX}{row}.{hash}@{host}")
}

fn is_own_id(id: &str, host: &str) -> bool {
    let inner = id.trim_start_matches('<').trim_end_matches('>');
    inner.starts_with(OWN_PREFIX) && inner.rsplit_once('@').is_some_and(|(_, right)| right.eq_ignore_ascii_case(host))
}
