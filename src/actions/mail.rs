//! Composing and queuing mails: the text in force, in the recipient's language, beside the deed it tells of (M1, MA-1).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{Actor, Ctx};
use crate::domain::mail_text::{self, MailKind};
use crate::error::{AppError, Result};
use crate::i18n::{Dates, Locale};
use crate::mail::defaults;
use crate::mail::text_parts::{Letter, Parts, lay_out};
use crate::security::random::uuid_v7;
use crate::store::catalogue::Catalogue;
use crate::store::operators::Operator;
use crate::store::outbox::{self, NewMail};
use crate::store::{Db, Tx, templates};

/// Who gets a mail.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The operator.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// The address it goes to.
    pub email: String,
    /// Interface language, where one was chosen; else the organisation's.
    pub locale: Option<String>,
    /// IANA zone, where one was chosen; else the organisation's.
    pub time_zone: Option<String>,
}

impl From<&Operator> for Recipient {
    fn from(operator: &Operator) -> Recipient {
        Recipient {
            id: operator.id,
            name: operator.name.clone(),
            email: operator.email.clone(),
            locale: operator.locale.clone(),
            time_zone: operator.time_zone.clone(),
        }
    }
}

impl Recipient {
    /// An operator who is told of their work, at the address that they chose for it, if one (OP-2).
    pub fn of_notices(operator: &Operator) -> Recipient {
        let email = operator.notification_email.as_ref().unwrap_or(&operator.email).clone();
        Recipient { email, ..Recipient::from(operator) }
    }

    /// A day of a calendar in the words of the recipient.
    pub fn day(&self, catalogue: &Catalogue, day: NaiveDate, now: DateTime<Utc>) -> String {
        Dates::new(self.locale(catalogue), Tz::UTC, now).calendar_day(&day)
    }

    fn locale(&self, catalogue: &Catalogue) -> Locale {
        let chosen = self.locale.as_deref().and_then(Locale::parse);
        chosen.or_else(|| Locale::parse(&catalogue.organisation.default_language)).unwrap_or_default()
    }

    /// An instant in the words and the zone of the recipient, the zone named.
    pub fn instant(&self, catalogue: &Catalogue, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let zone = self.time_zone.as_deref().unwrap_or(&catalogue.organisation.time_zone);
        let dates = Dates::new(self.locale(catalogue), zone.parse().unwrap_or(Tz::UTC), now);
        format!("{} ({})", dates.full(&at), dates.zone())
    }
}

/// One mail of a kind.
pub struct Message<'a> {
    /// Which kind.
    pub kind: MailKind,
    /// The link in it, where it holds one.
    pub token_id: Option<i64>,
    /// What makes a second mail of the same deed impossible.
    pub dedup_key: String,
    /// Values of the variables beyond `name`, `organisation` and `email`.
    pub values: &'a [(&'a str, &'a str)],
}

/// Queues a mail in the transaction of its deed.
pub async fn queue(ctx: &Ctx, tx: &Tx, catalogue: &Catalogue, to: &Recipient, message: Message<'_>) -> Result<()> {
    let text = text_in_force(tx, message.kind, to.locale(catalogue)).await?;
    outbox::enqueue(tx, compose(ctx, catalogue, &text, to, message)?, ctx.now()).await?;
    // A waiting worker looks once the transaction is through: it needs the writer's turn, or sees nothing yet
    // and finds the mail at its next look.
    ctx.mail_bell.notify_one();
    Ok(())
}

/// As [`queue`] for many mails, in few statements.
pub async fn queue_many(ctx: &Ctx, tx: &Tx, catalogue: &Catalogue, mails: impl Iterator<Item = (&Recipient, Message<'_>)>) -> Result<()> {
    let mut texts = HashMap::new();
    let mut composed = Vec::new();
    for (to, message) in mails {
        let locale = to.locale(catalogue);
        let text = match texts.entry((message.kind.as_str(), locale)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(text_in_force(tx, message.kind, locale).await?),
        };
        composed.push(compose(ctx, catalogue, text, to, message)?);
    }
    outbox::enqueue_many(tx, composed, ctx.now()).await?;
    ctx.mail_bell.notify_one();
    Ok(())
}

/// A mail of this text (subject and body) to somebody.
fn compose(ctx: &Ctx, catalogue: &Catalogue, text: &(String, String), to: &Recipient, message: Message<'_>) -> Result<NewMail> {
    let locale = to.locale(catalogue);
    let own =
        [("name", to.name.as_str()), ("organisation", catalogue.organisation.organisation_name.as_str()), ("email", to.email.as_str())];
    let given = |name: &str| message.values.iter().any(|(given, _)| *given == name);
    let mut values: Vec<(&str, &str)> = own.into_iter().filter(|(name, _)| !given(name)).collect();
    values.extend_from_slice(message.values);
    let parts = lay_out_filled(catalogue, locale.tag(), &text.0, &text.1, &values)?;
    let id = uuid_v7(ctx.now(), &*ctx.random).map_err(AppError::unexpected)?.to_string();
    let host = ctx.base_url.host_str().unwrap_or("localhost");
    Ok(NewMail {
        message_id: format!("{id}@{host}"),
        id,
        kind: message.kind.as_str(),
        dedup_key: message.dedup_key,
        operator_id: Some(to.id),
        token_id: message.token_id,
        to_address: to.email.clone(),
        to_name: to.name.clone(),
        subject: parts.subject,
        text_body: parts.text,
        html_body: parts.html,
        language: locale.tag().to_owned(),
        has_token: message.kind.holds_token(),
        reply: None,
    })
}

/// The subject and body of a kind: the organisation's own, else the shipped ones.
pub async fn text_in_force(db: &impl Db, kind: MailKind, locale: Locale) -> Result<(String, String)> {
    if let Some(own) = templates::find(db, kind.as_str(), locale.tag()).await? {
        return Ok((own.subject, own.body));
    }
    let shipped = defaults::default_text(kind.as_str(), locale.tag());
    let (subject, body) = shipped.ok_or_else(|| AppError::unexpected("a mail text is missing"))?;
    Ok((subject.to_owned(), body.to_owned()))
}

/// A text with sample values, as the editor shows it (MA-1).
pub fn preview(catalogue: &Catalogue, kind: MailKind, locale: Locale, subject: &str, body: &str) -> Result<Parts> {
    lay_out_filled(catalogue, locale.tag(), subject, body, &kind.sample())
}

/// A text with its values, laid out in the organisation's name.
pub(super) fn lay_out_filled(catalogue: &Catalogue, language: &str, subject: &str, body: &str, values: &[(&str, &str)]) -> Result<Parts> {
    let (subject, body) = (mail_text::render(subject, values), mail_text::render(body, values));
    let organisation = &catalogue.organisation.organisation_name;
    lay_out(&Letter { organisation, language, subject: &subject, body: &body }).map_err(AppError::unexpected)
}

/// Tells the old address that the sign-in address has changed (A8).
pub async fn notify_email_changed(ctx: &Ctx, tx: &Tx, catalogue: &Catalogue, to: &Recipient, new_email: &str) -> Result<()> {
    let time = to.instant(catalogue, ctx.now(), ctx.now());
    let message = Message {
        kind: MailKind::EmailChanged,
        token_id: None,
        dedup_key: format!("email_changed:{}:{}", to.id, ctx.now().timestamp_millis()),
        values: &[("new_email", new_email), ("time", &time)],
    };
    queue(ctx, tx, catalogue, to, message).await
}

/// Sends an unsaved text with sample values to the reader themselves (MA-1, M9).
pub async fn send_test(ctx: &Ctx, actor: &Actor, to: &Recipient, kind: MailKind, locale: Locale, subject: &str, body: &str) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    let parts = preview(&catalogue, kind, locale, subject, body)?;
    let id = uuid_v7(ctx.now(), &*ctx.random).map_err(AppError::unexpected)?.to_string();
    let host = ctx.base_url.host_str().unwrap_or("localhost");
    let mail = NewMail {
        message_id: format!("{id}@{host}"),
        dedup_key: format!("test:{id}"),
        id,
        kind: "test",
        operator_id: actor.operator_id(),
        token_id: None,
        to_address: to.email.clone(),
        to_name: to.name.clone(),
        subject: parts.subject,
        text_body: parts.text,
        html_body: parts.html,
        language: locale.tag().to_owned(),
        has_token: false,
        reply: None,
    };
    ctx.store.write(async |tx| Ok::<_, AppError>(outbox::enqueue(tx, mail.clone(), ctx.now()).await?)).await?;
    ctx.mail_bell.notify_one();
    Ok(())
}
