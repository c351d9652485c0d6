//! Mails become queries (QU-1): a piped message to the address of a department or of an operator is a ticket with its headers.

use super::queries::{self, Posted};
use super::{Actor, Ctx};
use crate::domain::auto_reply::sender_key;
use crate::domain::language::LanguageTag;
use crate::domain::language_detection::language_of;
use crate::domain::limits;
use crate::domain::query::{RawMail, RawQuery, Source};
use crate::error::{AppError, Result};
use crate::i18n::{Locale, Texts};
use crate::mail::incoming::{self, Read};
use crate::security::digest::sha256_hex;
use crate::store::accounts;

/// Bytes of a message at most; what mail servers usually take is less.
pub const MOST: usize = 40 * 1024 * 1024;

/// What became of a message.
#[derive(Clone, Debug)]
pub enum Taken {
    /// It is a query now.
    Posted(Box<Posted>),
    /// It was one already: the same message to the same recipient came before.
    Before,
}

/// Posts a message that came for `to` as a ticket. `sender` is the one of its envelope, empty for bounces; without it the message's
/// `Return-Path` counts. A message that comes again, as mail servers send what they are not sure of, is taken once.
///
/// # Errors
/// `unknown_recipient` at `to`, `sender` at `from`, `not_a_message` at `message`, `too_large` by [`AppError::TooLarge`].
pub async fn take(ctx: &Ctx, to: &str, sender: Option<&str>, bytes: &[u8]) -> Result<Taken> {
    if bytes.len() > MOST {
        return Err(AppError::TooLarge);
    }
    let read = incoming::read(bytes).ok_or_else(|| AppError::field("message", "not_a_message"))?;
    let recipient = recipient(ctx, to).await?;
    let external_id = external_id(to, &read, bytes);
    let (department, operator_id) = match recipient {
        Recipient::Department(slug) => (Some(slug), None),
        Recipient::Operator(id) => (None, Some(id)),
    };
    let catalogue = ctx.present_catalogue().await?;
    let t = Texts::of(Locale::parse(&catalogue.organisation.default_language).unwrap_or_default());
    let raw = RawQuery {
        source: Source::Mail,
        channel: "ticket".to_owned(),
        department,
        operator_id,
        text_language: language_of(&read.text, &catalogue.offered_languages()),
        language: language(&read),
        name: read.name.clone(),
        email: read.address.clone(),
        subject: read.subject.clone(),
        body: body(t, &read),
        // Nobody writes so many headers by hand, and those left out might say so.
        automatic: read.headers.len() > limits::MAIL_HEADERS,
        mail: Some(RawMail {
            message_id: read.message_id.clone().filter(|id| id.len() <= limits::MESSAGE_ID),
            headers: Some(headers(&read, sender)?),
        }),
        external_id: Some(external_id),
        ..RawQuery::default()
    };
    match queries::post(ctx, &Actor::system("intake"), raw).await {
        Ok(posted) => Ok(Taken::Posted(Box::new(posted))),
        Err(AppError::Invalid(errors)) if errors.of("external_id").is_some_and(|error| error.code == "taken") => Ok(Taken::Before),
        Err(error) => Err(error),
    }
}

enum Recipient {
    Department(String),
    Operator(i64),
}

/// Whose address it is; a tag after `+` is nobody else's.
async fn recipient(ctx: &Ctx, to: &str) -> Result<Recipient> {
    let unknown = || AppError::field("to", "unknown_recipient");
    let key = sender_key(to).ok_or_else(unknown)?;
    let untagged = key.split_once('@').and_then(|(local, domain)| Some(format!("{}@{domain}", local.split_once('+')?.0)));
    let catalogue = ctx.present_catalogue().await?;
    for key in [Some(key), untagged].into_iter().flatten() {
        let is_its = |email: &str| sender_key(email).as_deref() == Some(key.as_str());
        let department = catalogue.departments.iter().find(|department| department.facts.email.as_deref().is_some_and(is_its));
        if let Some(department) = department {
            return Ok(Recipient::Department(department.facts.slug.clone()));
        }
        if let Some(operator) = accounts::by_email(ctx.store.read(), &key).await? {
            return Ok(Recipient::Operator(operator.id));
        }
    }
    Err(unknown())
}

/// What tells that a message came before: its id and its recipient; one without an id is told by all its bytes.
fn external_id(to: &str, read: &Read, bytes: &[u8]) -> String {
    let id = read.message_id.clone().unwrap_or_else(|| sha256_hex(bytes));
    let recipient = sender_key(to).unwrap_or_default();
    format!("mail:{}", sha256_hex(format!("{recipient}\n{id}").as_bytes()))
}

/// The language it says it is in.
fn language(read: &Read) -> Option<String> {
    let named = read.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Content-Language"))?;
    let tag = named.1.split(',').find_map(|tag| LanguageTag::parse(tag).ok())?;
    Some(tag.to_string())
}

/// The text, and below it what is not kept.
fn body(t: Texts, read: &Read) -> String {
    if read.attachments.is_empty() {
        return read.text.clone();
    }
    let note = t.with("intake-attachments", &[("names", &read.attachments.join(", "))]);
    let room = limits::QUERY_BODY.saturating_sub(note.chars().count() + 2);
    let text: String = read.text.chars().take(room).collect();
    format!("{text}\n\n{note}").trim().to_owned()
}

/// The headers within their bounds, the sender of the envelope first, where it is known.
fn headers(read: &Read, sender: Option<&str>) -> Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    if let Some(sender) = sender {
        let sender = sender.trim().trim_start_matches('<').trim_end_matches('>');
        if sender.contains(char::is_control) || sender.len() > limits::EMAIL {
            return Err(AppError::field("from", "email"));
        }
        headers.push(("Return-Path".to_owned(), format!("<{sender}>")));
    }
    let cut = |(name, value): &(String, String)| {
        let room = limits::MAIL_HEADER.saturating_sub(name.len());
        let end = (0..=room.min(value.len())).rev().find(|end| value.is_char_boundary(*end)).unwrap_or_default();
        (name.clone(), value.get(..end).unwrap_or_default().to_owned())
    };
    let named = read
        .headers
        .iter()
        .filter(|(name, _)| name.len() <= limits::MAIL_HEADER && (sender.is_none() || !name.eq_ignore_ascii_case("Return-Path")));
    headers.extend(named.map(cut).take(limits::MAIL_HEADERS - headers.len()));
    Ok(headers)
}
