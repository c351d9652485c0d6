//! Deeds on mail texts (MA-1): an organisation writes its own, tries them and goes back to the shipped ones.

use super::Ctx;
use super::audit::{self, Changes, Object};
use super::rights::ManageTemplates;
use crate::domain::field::FieldErrors;
use crate::domain::mail_text::MailKind;
use crate::domain::{limits, text};
use crate::error::{AppError, Result};
use crate::i18n::Locale;
use crate::mail::defaults;
pub use crate::mail::text_parts::{Block, blocks};
use crate::store::templates;

/// A subject and a body with variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// One line.
    pub subject: String,
    /// Paragraphs.
    pub body: String,
}

/// The text in force of a kind in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The text.
    pub draft: Draft,
    /// Version for stale edits; 0 for the shipped text.
    pub version: i64,
}

/// The text that Onduty ships.
pub fn shipped(kind: MailKind, locale: Locale) -> Draft {
    let text = defaults::default_text(kind.as_str(), locale.tag());
    text.map(|(subject, body)| Draft { subject: subject.to_owned(), body: body.to_owned() }).unwrap_or_default()
}

/// The text in force: the organisation's own, else the shipped one.
pub async fn in_force(ctx: &Ctx, kind: MailKind, locale: Locale) -> Result<InForce> {
    let own = templates::find(ctx.store.read(), kind.as_str(), locale.tag()).await?;
    Ok(match own {
        Some(own) => InForce { draft: Draft { subject: own.subject, body: own.body }, version: own.version },
        None => InForce { draft: shipped(kind, locale), version: 0 },
    })
}

/// Reads a typed text. Fields: `subject`, `body`; faults `unknown_variable`, `missing_variable` and those of lines.
pub fn read(kind: MailKind, raw: &Draft) -> Result<Draft> {
    let mut errors = FieldErrors::default();
    let subject = text::line(&raw.subject, limits::SUBJECT).and_then(|subject| kind.check_subject(&subject).map(|()| subject));
    let subject = errors.take("subject", subject);
    let body = text::multiline(&raw.body, limits::TEMPLATE_BODY).and_then(|body| kind.check_body(&body).map(|()| body));
    let body = errors.take("body", body);
    match (subject, body) {
        (Some(subject), Some(body)) => Ok(Draft { subject, body }),
        _ => Err(errors.into()),
    }
}

/// Keeps an own text; one that equals the shipped text is a reset.
///
/// # Errors
/// [`AppError::Stale`] where the text in force is no longer at `version`, and the fields of [`read`].
pub async fn save(ctx: &Ctx, right: ManageTemplates<'_>, kind: MailKind, locale: Locale, version: i64, raw: &Draft) -> Result<()> {
    let draft = read(kind, raw)?;
    replace(ctx, right, kind, locale, Some(version), draft).await
}

/// Goes back to the shipped text.
pub async fn reset(ctx: &Ctx, right: ManageTemplates<'_>, kind: MailKind, locale: Locale) -> Result<()> {
    replace(ctx, right, kind, locale, None, shipped(kind, locale)).await
}

async fn replace(ctx: &Ctx, right: ManageTemplates<'_>, kind: MailKind, locale: Locale, version: Option<i64>, after: Draft) -> Result<()> {
    let (name, language) = (kind.as_str(), locale.tag());
    ctx.store
        .write(async |tx| {
            let own = templates::find_for_change(tx, name, language).await?;
            if version.is_some_and(|version| version != own.as_ref().map_or(0, |own| own.version)) {
                return Err(AppError::Stale);
            }
            let shipped = shipped(kind, locale);
            let before = own.map_or_else(|| shipped.clone(), |own| Draft { subject: own.subject, body: own.body });
            let mut changes = Changes::default();
            changes.note("subject", &before.subject, &after.subject);
            changes.note("body", &before.body, &after.body);
            if changes.is_empty() {
                return Ok(());
            }
            let action = if after == shipped {
                templates::reset(tx, name, language).await?;
                "template.reset"
            } else {
                templates::save(tx, name, language, &after.subject, &after.body).await?;
                "template.changed"
            };
            let object = Object::new("template", format!("{name}/{language}"), &after.subject);
            audit::record(ctx, tx, &right, action, object, changes).await
        })
        .await
}
