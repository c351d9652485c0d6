//! Answering queries to somebody absent, once and politely (AB-4 to AB-7): judged by the one rule, written into the ledger and queued as
//! a mail in the transaction that takes the query (R1, R2).

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::Ctx;
use super::mail::lay_out_filled;
use crate::domain::absence::{Span, first_back};
use crate::domain::auto_reply::{
    self as rules, Addresses, Carried, Facts, Frequency, History, Reason, Rule, Verdict, authors, clean_name, deliverable, judge, reply_id,
    sender_key,
};
use crate::domain::language::{LanguageTag, best};
use crate::domain::mail_text::{MailKind, render};
use crate::domain::query::reference;
use crate::domain::schedule::local_day;
use crate::error::{AppError, Result};
use crate::i18n::{Dates, Locale};
use crate::mail::defaults;
use crate::security::digest::{hex, sha256};
use crate::security::random::uuid_v7;
use crate::store::auto_replies::{self as store, Absence, Asked, Entry, Known, Text};
use crate::store::catalogue::Catalogue;
use crate::store::departments::Department;
use crate::store::entities::query;
use crate::store::outbox::{self, NewMail};
use crate::store::{Tx, absences, schedules};

/// A query that was sent to one operator.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// As it was stored in this transaction.
    pub query: &'a query::Model,
    /// Whom it was sent to.
    pub operator_id: i64,
    /// Who takes care of it instead, if somebody in particular does.
    pub deputy_id: Option<i64>,
    /// Whether another absent operator passed it on.
    pub transferred: bool,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// What became of the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It is on its way.
    Sent,
    /// It is not sent, by this rule and for this reason.
    Withheld(Rule, Reason),
    /// There is no address for a mail: whoever brought the query may show it (N20).
    ToShow(Shown),
}

impl Answered {
    /// Nobody was away.
    pub const NOT_ABSENT: Answered = Answered::Withheld(Rule::N1, Reason::NotAbsent);
}

/// A reply to be shown where the query came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Tag of its language.
    pub language: String,
    /// One line.
    pub subject: String,
    /// Several lines.
    pub body: String,
}

/// Answers a query in the transaction that takes it, where its operator was absent when it was received (R8) and nothing of N1 to N20
/// speaks against it. Without an absence nothing is written; else a row of the ledger tells what was done and why. At most ten statements.
pub async fn answer(ctx: &Ctx, tx: &Tx, catalogue: &Catalogue, incoming: &Incoming<'_>) -> Result<Answered> {
    let query = incoming.query;
    let Some(absence) = store::absence_at(tx, incoming.operator_id, query.received_at.0).await? else {
        return Ok(Answered::NOT_ABSENT);
    };
    store::take_turn(tx).await?;
    let texts = store::texts(tx, absence.id, incoming.operator_id).await?;
    let text = choose(catalogue, query, &absence, texts);
    let headers = query.headers();
    let said = rules::Incoming {
        is_mail: query.is_mail,
        is_automatic: query.automatic,
        sender: query.requester_email.as_deref(),
        subject: &query.subject,
        message_id: query.message_id.as_deref(),
        headers: &headers,
        received_at: query.received_at.0,
    };
    let sender = query.requester_email.as_deref().and_then(sender_key);
    let authors = authors(&said);
    let asked = Asked {
        query_id: query.id,
        conversation: query.conversation.as_deref(),
        operator_id: incoming.operator_id,
        absence_id: absence.id,
        stands_in: incoming.deputy_id,
        deputies: [incoming.deputy_id, absence.deputy_id],
        sender_key: sender.as_deref(),
        message_id: query.message_id.as_deref(),
        authors: &authors,
        now: incoming.now,
    };
    let known = store::known(tx, &asked).await?;
    let department = query.department_id.and_then(|id| catalogue.department(id));
    let recipients = recipients(&absence, department);
    let facts = Facts {
        absence: Some(rules::Absence {
            auto_reply: absence.auto_reply,
            frequency: Frequency::parse(&absence.frequency).unwrap_or(Frequency::Once),
            has_text: text.is_some(),
        }),
        query: said,
        addresses: Addresses {
            recipients: &recipients,
            is_own: known.is_operator || is_of_installation(ctx, catalogue, &authors),
            is_deputy: known.is_deputy,
            host: host(ctx),
        },
        history: history(&known),
        is_transferred: incoming.transferred,
        email_interval_days: u32::try_from(catalogue.organisation.email_reply_interval_days).unwrap_or_default(),
        now: incoming.now,
    };
    let entry = Entry {
        query_id: query.id,
        absence_id: absence.id,
        operator_id: incoming.operator_id,
        sender_key: sender.as_deref(),
        at: incoming.now,
        withheld: None,
        message_id: query.message_id.as_deref(),
        mail_id: None,
    };
    let reply = |text, back| Reply { ctx, catalogue, absence: &absence, known: &known, department, query, text, back };
    match (judge(&facts), text, query.requester_email.as_deref().and_then(deliverable)) {
        (Verdict::Send, Some(text), Some(to)) => {
            let id = uuid_v7(incoming.now, &*ctx.random).map_err(AppError::unexpected)?.to_string();
            // Another node may have been quicker: its row stands, and this reply is a second one (R2).
            let Some(row) = store::enter(tx, &Entry { mail_id: Some(&id), ..entry }).await? else {
                return withhold(tx, entry, Rule::N2, Reason::Duplicate).await;
            };
            let back = back(tx, catalogue, incoming.operator_id, &absence).await?;
            let mail = reply(&text, back).mail(id, row, to, &headers)?;
            outbox::enqueue(tx, mail, incoming.now).await?;
            ctx.mail_bell.notify_one();
            Ok(Answered::Sent)
        }
        (Verdict::Withheld(Rule::N20, reason), Some(text), _) => {
            withhold(tx, entry, Rule::N20, reason).await?;
            let back = back(tx, catalogue, incoming.operator_id, &absence).await?;
            Ok(Answered::ToShow(reply(&text, back).shown()))
        }
        (Verdict::Withheld(rule, reason), ..) => withhold(tx, entry, rule, reason).await,
        (Verdict::Send, ..) => Err(AppError::unexpected("a reply without a text or an address")),
    }
}

async fn withhold(tx: &Tx, entry: Entry<'_>, rule: Rule, reason: Reason) -> Result<Answered> {
    if reason == Reason::Cap {
        tracing::warn!(query = entry.query_id, "an automatic reply was withheld by a bound that nothing lifts");
    }
    store::enter(tx, &Entry { withheld: Some((rule.as_str(), reason.as_str())), ..entry }).await?;
    Ok(Answered::Withheld(rule, reason))
}

fn history(known: &Known) -> History {
    History {
        was_judged: known.was_judged,
        last: known.last,
        in_conversation: known.in_conversation,
        lately: known.lately,
        daily: known.daily,
        hourly: known.hourly,
        is_suppressed: known.is_suppressed,
    }
}

/// The addresses under which a mail to the operator is one to them (N12).
fn recipients(absence: &Absence, department: Option<&Department>) -> Vec<String> {
    let own = [Some(absence.email.as_str()), absence.notification_email.as_deref()];
    let all = own.into_iter().flatten().chain(department.and_then(|department| department.facts.email.as_deref()));
    all.filter_map(sender_key).collect()
}

/// Whether one of these is a department's or the installation's (N11); operators are looked up.
fn is_of_installation(ctx: &Ctx, catalogue: &Catalogue, authors: &[String]) -> bool {
    let departments = catalogue.departments.iter().filter_map(|department| department.facts.email.as_deref());
    departments.chain([ctx.mail_from.address.as_str()]).filter_map(sender_key).any(|own| authors.contains(&own))
}

fn host(ctx: &Ctx) -> &str {
    ctx.base_url.host_str().unwrap_or("localhost")
}

/// The text of a reply: the language of the query, else the operator's first, else the organisation's; in it the text of the absence,
/// else the operator's, else the organisation's own, else the shipped one (AB-4). An empty text is none.
fn choose(catalogue: &Catalogue, query: &query::Model, absence: &Absence, texts: Vec<Text>) -> Option<Text> {
    let wanted = [query.language.as_deref(), absence.language.as_deref(), Some(catalogue.organisation.default_language.as_str())];
    let mut wanted = wanted.into_iter().flatten().filter_map(|tag| LanguageTag::parse(tag).ok());
    let texts: Vec<Text> = texts.into_iter().filter(|text| !text.body.trim().is_empty()).collect();
    wanted.find_map(|tag| text_in(&texts, &tag))
}

/// The text that answers in a language: of those of the absence, of the operator and of the organisation the first that serves it, else
/// the shipped one.
pub fn text_in(texts: &[Text], wanted: &LanguageTag) -> Option<Text> {
    let own = |of: &str| {
        let mine: Vec<&Text> = texts.iter().filter(|text| text.of == of).collect();
        let tags: Vec<(usize, LanguageTag)> =
            mine.iter().enumerate().filter_map(|(place, text)| Some((place, LanguageTag::parse(&text.tag).ok()?))).collect();
        let found = best(&tags.iter().map(|(_, tag)| tag.clone()).collect::<Vec<_>>(), wanted)?;
        tags.get(found).and_then(|(place, _)| mine.get(*place)).map(|text| (*text).clone())
    };
    let shipped = || {
        let tag = Locale::parse(wanted.as_str())?.tag();
        let (subject, body) = defaults::default_text(MailKind::AbsenceReply.as_str(), tag)?;
        Some(Text { of: "organisation".to_owned(), tag: tag.to_owned(), subject: subject.to_owned(), body: body.to_owned() })
    };
    ["absence", "operator", "organisation"].into_iter().find_map(own).or_else(shipped)
}

/// A reply that is to be written.
struct Reply<'a> {
    ctx: &'a Ctx,
    catalogue: &'a Catalogue,
    absence: &'a Absence,
    known: &'a Known,
    department: Option<&'a Department>,
    query: &'a query::Model,
    text: &'a Text,
    /// When the operator works again.
    back: DateTime<Utc>,
}

/// When an operator works again after an absence: by their hours, and past absences that follow (AB-4).
async fn back(tx: &Tx, catalogue: &Catalogue, operator_id: i64, absence: &Absence) -> Result<DateTime<Utc>> {
    let own = schedules::of_operator(tx, operator_id).await?;
    let theirs = own.own.as_ref().filter(|row| absence.schedule_id == Some(row.id)).map(|row| &row.schedule);
    let shared = absence.schedule_id.and_then(|id| catalogue.schedule(id)).map(|row| &row.schedule);
    let hours = own.hours(theirs.or(shared), &catalogue.holidays, None);
    let later = absences::planned(tx, &[operator_id], absence.ends_at, absence.ends_at + FOLLOWING).await?;
    let later: Vec<Span> = later.iter().map(|one| Span { days: None, from: one.from, until: one.until }).collect();
    Ok(first_back(absence.ends_at, &later, &hours))
}

/// For so long after an absence others that follow it are looked for.
const FOLLOWING: TimeDelta = TimeDelta::days(366);

/// When somebody is back, as a reply in this language writes it at an instant: the day, and on that very day the time; languages without
/// words of ours get it in figures.
pub fn back_in(tag: &str, back: DateTime<Utc>, zone: Tz, at: DateTime<Utc>) -> String {
    let there = back.with_timezone(&zone);
    let day = Locale::parse(tag).map_or_else(|| there.date_naive().to_string(), |locale| Dates::new(locale, zone, at).day(&back));
    if local_day(zone, back) == local_day(zone, at) { format!("{day}, {} ({zone})", there.format("%H:%M")) } else { day }
}

impl Reply<'_> {
    /// What its variables stand for. Without somebody in particular the department takes care of it.
    fn values(&self) -> [(&'static str, String); 6] {
        let organisation = &self.catalogue.organisation;
        let zone = self.absence.time_zone.as_deref().unwrap_or(&organisation.time_zone).parse().unwrap_or_default();
        let department = self.department.map_or(organisation.organisation_name.as_str(), |department| department.name_in(&self.text.tag));
        [
            ("operator", self.absence.operator.clone()),
            ("firstDayBack", back_in(&self.text.tag, self.back, zone, self.query.received_at.0)),
            ("deputy", self.known.stands_in.clone().unwrap_or_else(|| department.to_owned())),
            ("department", department.to_owned()),
            ("reference", reference(self.query.id)),
            ("organisation", organisation.organisation_name.clone()),
        ]
    }

    /// As the channel of the query may show it.
    fn shown(&self) -> Shown {
        let values = self.values();
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let fill = |text: &str| render(&text.replace("\r\n", "\n"), &values);
        Shown { language: self.text.tag.clone(), subject: fill(&self.text.subject), body: fill(&self.text.body) }
    }

    fn mail(&self, id: String, row: i64, to: String, headers: &[(String, String)]) -> Result<NewMail> {
        let values = self.values();
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let parts = lay_out_filled(self.catalogue, &self.text.tag, &self.text.subject, &self.text.body, &values)?;
        let thread = rules::thread(self.query.message_id.as_deref(), headers);
        let hash = hex(&sha256(id.as_bytes()));
        Ok(NewMail {
            message_id: reply_id(row, hash.get(..16).unwrap_or(&hash), host(self.ctx)),
            dedup_key: format!("absence_reply:{row}"),
            id,
            kind: MailKind::AbsenceReply.as_str(),
            operator_id: self.query.addressed_id,
            token_id: None,
            to_address: to,
            to_name: self.query.requester_name.as_deref().map(clean_name).unwrap_or_default(),
            subject: parts.subject,
            text_body: parts.text,
            html_body: parts.html,
            language: self.text.tag.clone(),
            has_token: false,
            reply: Some(Carried {
                from_name: self.absence.operator.clone(),
                reply_to: self.department.and_then(|department| department.facts.email.clone()),
                in_reply_to: thread.in_reply_to,
                references: thread.references,
            }),
        })
    }
}
