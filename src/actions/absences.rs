//! Deeds on absences (AB-1 to AB-3): planned, changed, ended early, deleted, and the texts of an operator's replies (AB-4).

mod outlook;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::audit::{self, Changes, Object};
use super::mail::{self, Message, Recipient};
use super::{Actor, Ctx};
use crate::domain::absence::{Absence, RawAbsence, RawText, Span, Text, in_the_way, read_texts};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::mail_text::MailKind;
use crate::domain::operator::OperatorState;
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::store::absences::{self, AbsenceRow};
use crate::store::catalogue::Catalogue;
use crate::store::operators::{self, Operator};
use crate::store::{Tx, versions};

pub use outlook::{AHEAD_DAYS, Duties, Loss, Outlook, outlook};

/// Whether somebody may plan an operator's absences: others' with the right to manage them, one's own with that or `self.absences`.
pub fn may_plan(actor: &Actor, operator_id: i64) -> Result<()> {
    let is_own = actor.operator_id() == Some(operator_id);
    if actor.has(Permission::AbsencesManage) || is_own && actor.has(Permission::SelfAbsences) {
        return Ok(());
    }
    Err(actor.refused(if is_own { Permission::SelfAbsences } else { Permission::AbsencesManage }))
}

/// Whether somebody may see an operator's absences: one's own always.
pub fn may_see(actor: &Actor, operator_id: i64) -> Result<()> {
    let may = actor.operator_id() == Some(operator_id) || actor.has(Permission::AbsencesView);
    if may { Ok(()) } else { Err(actor.refused(Permission::AbsencesView)) }
}

/// The zone in which an operator's days are meant.
pub fn zone_of(catalogue: &Catalogue, operator: &Operator) -> Tz {
    operator.time_zone.as_deref().unwrap_or(&catalogue.organisation.time_zone).parse().unwrap_or_default()
}

/// Plans an absence; returns its id. The deputy is mailed (AB-3).
///
/// # Errors
/// At their fields the faults of [`Absence::read`]; `unknown_choice` at `operator_id`, at `deputy_id` and at `texts.<tag>` for a language
/// that is not there; `absence_deputy_inactive` at `deputy_id`; `absence_overlap` at `starts_on` or `starts_at`, naming the other one.
pub async fn create(ctx: &Ctx, actor: &Actor, operator_id: i64, raw: &RawAbsence) -> Result<i64> {
    may_plan(actor, operator_id)?;
    let catalogue = ctx.present_catalogue().await?;
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let operator = locked(tx, operator_id).await?.ok_or_else(|| AppError::field("operator_id", "unknown_choice"))?;
            let absence = Absence::read(None, raw, operator_id, zone_of(&catalogue, &operator), now)?;
            check(tx, &catalogue, &operator, None, &absence, now).await?;
            let id = absences::insert(tx, operator_id, &absence, now).await?;
            record(ctx, tx, actor, "absence.created", id, &operator, None, Some(&absence)).await?;
            tell_deputies(ctx, tx, &catalogue, &operator, (id, 1), None, Some(&absence)).await?;
            Ok(id)
        })
        .await
}

/// Changes an absence. Where nothing differs, nothing happens.
///
/// # Errors
/// As [`create`]; [`AppError::Stale`] where it is no longer at `version`.
pub async fn change(ctx: &Ctx, actor: &Actor, id: i64, version: Option<i64>, raw: &RawAbsence) -> Result<()> {
    let now = ctx.now();
    rewrite(ctx, actor, id, version, "absence.changed", async |_, catalogue, operator, row| {
        Ok(Absence::read(Some(&row.absence), raw, operator.id, zone_of(catalogue, operator), now)?)
    })
    .await
}

/// Ends a running absence now: somebody is back early.
///
/// # Errors
/// `Conflict("absence-not-running")`.
pub async fn end_now(ctx: &Ctx, actor: &Actor, id: i64) -> Result<()> {
    let now = ctx.now();
    rewrite(ctx, actor, id, None, "absence.ended", async |_, _, _, row| {
        let span = row.absence.span;
        if !span.holds(now) || span.from == now {
            return Err(AppError::Conflict("absence-not-running"));
        }
        Ok(Absence { span: Span { days: None, until: now, ..span }, ..row.absence.clone() })
    })
    .await
}

async fn rewrite(
    ctx: &Ctx,
    actor: &Actor,
    id: i64,
    version: Option<i64>,
    action: &'static str,
    next: impl AsyncFn(&Tx, &Catalogue, &Operator, &AbsenceRow) -> Result<Absence>,
) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let (operator, row) = held(tx, actor, id, version).await?;
            let after = next(tx, &catalogue, &operator, &row).await?;
            check(tx, &catalogue, &operator, Some(&row), &after, now).await?;
            if after == row.absence {
                return Ok(());
            }
            absences::save(tx, &AbsenceRow { absence: after.clone(), ..row.clone() }, now).await?;
            record(ctx, tx, actor, action, id, &operator, Some(&row.absence), Some(&after)).await?;
            tell_deputies(ctx, tx, &catalogue, &operator, (id, row.version + 1), Some(&row.absence), Some(&after)).await
        })
        .await
}

/// Deletes an absence; its deputy is told.
///
/// # Errors
/// [`AppError::Stale`] where it is no longer at `version`.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: i64, version: Option<i64>) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let (operator, row) = held(tx, actor, id, version).await?;
            absences::delete(tx, &row).await?;
            record(ctx, tx, actor, "absence.deleted", id, &operator, Some(&row.absence), None).await?;
            tell_deputies(ctx, tx, &catalogue, &operator, (id, row.version + 1), Some(&row.absence), None).await
        })
        .await
}

/// Writes the texts that an operator's absences answer with where they have none of their own (AB-4).
///
/// # Errors
/// [`AppError::Stale`] where the operator is no longer at `version`; faults as for the texts of [`create`].
pub async fn set_reply_texts(
    ctx: &Ctx,
    actor: &Actor,
    operator_id: i64,
    version: Option<i64>,
    raw: &BTreeMap<String, RawText>,
) -> Result<()> {
    may_plan(actor, operator_id)?;
    let mut errors = FieldErrors::default();
    let after = read_texts(raw, &mut errors);
    let after = errors.into_result(after)?;
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let operator = locked(tx, operator_id).await?.ok_or(AppError::NotFound)?;
            if version.is_some_and(|version| version != operator.version) {
                return Err(AppError::Stale);
            }
            let before = absences::reply_texts(tx, operator_id).await?;
            let mut errors = FieldErrors::default();
            known_languages(&catalogue, &before, &after, &mut errors);
            errors.into_result(())?;
            let mut changes = Changes::default();
            changes.note("texts", &told_texts(&before), &told_texts(&after));
            if changes.is_empty() {
                return Ok(());
            }
            absences::write_reply_texts(tx, operator_id, &after).await?;
            if !operators::save(tx, &operator, &operator, ctx.now()).await? {
                return Err(AppError::Stale);
            }
            audit::record(ctx, tx, actor, "operator.reply_texts_changed", Object::new("operator", operator_id, &operator.name), changes)
                .await?;
            Ok(versions::touch_operators(tx, &[operator_id]).await?)
        })
        .await
}

/// An operator whom no other transaction changes; none where they are deleted.
async fn locked(tx: &Tx, operator_id: i64) -> Result<Option<Operator>> {
    Ok(operators::lock(tx, operator_id).await?.filter(|operator| operator.deleted_at.is_none()))
}

/// An absence with its operator, whom no other transaction changes.
async fn held(tx: &Tx, actor: &Actor, id: i64, version: Option<i64>) -> Result<(Operator, AbsenceRow)> {
    let found = absences::find(tx, id).await?;
    let Some(found) = found else {
        // Whoever may not look is not told whether there is something to look at.
        return Err(if actor.has(Permission::AbsencesManage) { AppError::NotFound } else { actor.refused(Permission::AbsencesManage) });
    };
    may_plan(actor, found.operator_id)?;
    let operator = locked(tx, found.operator_id).await?.ok_or(AppError::NotFound)?;
    let row = absences::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if version.is_some_and(|version| version != row.version) { Err(AppError::Stale) } else { Ok((operator, row)) }
}

/// What an absence must agree with: another of the operator's, a deputy who is there, languages of the organisation.
async fn check(
    tx: &Tx,
    catalogue: &Catalogue,
    operator: &Operator,
    before: Option<&AbsenceRow>,
    after: &Absence,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut errors = FieldErrors::default();
    let was = before.map(|row| &row.absence);
    if let Some(other) = absences::overlapping(tx, operator.id, in_the_way(after.span, now), before.map(|row| row.id)).await? {
        let (from, until) = told_span(&other.absence.span, zone_of(catalogue, operator));
        let field = if after.span.days.is_some() { "starts_on" } else { "starts_at" };
        errors.add_fault(field, Fault { code: "absence_overlap", args: vec![("from", from), ("until", until)] });
    }
    if let Some(id) = after.deputy_id.filter(|id| was.and_then(|was| was.deputy_id) != Some(*id)) {
        match operators::find(tx, id).await? {
            None => errors.add("deputy_id", "unknown_choice"),
            Some(deputy) if deputy.state(now) != OperatorState::Active => errors.add("deputy_id", "absence_deputy_inactive"),
            Some(_) => {}
        }
    }
    known_languages(catalogue, was.map_or(&BTreeMap::new(), |was| &was.texts), &after.texts, &mut errors);
    Ok(errors.into_result(())?)
}

/// Languages that are not the organisation's are refused, but for texts that are there already.
fn known_languages(catalogue: &Catalogue, before: &BTreeMap<String, Text>, after: &BTreeMap<String, Text>, errors: &mut FieldErrors) {
    let is_known = |tag: &str| before.contains_key(tag) || catalogue.languages.iter().any(|language| language.tag == tag);
    for tag in after.keys().filter(|tag| !is_known(tag)) {
        errors.add(&format!("texts.{tag}"), "unknown_choice");
    }
}

/// Both ends as they are typed: days, or times on the operator's wall.
pub fn told_span(span: &Span, zone: Tz) -> (String, String) {
    let wall = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    match span.days {
        Some((first, last)) => (first.to_string(), last.to_string()),
        None => (wall(span.from), wall(span.until)),
    }
}

/// The languages with the subject of each text.
fn told_texts(texts: &BTreeMap<String, Text>) -> Vec<String> {
    texts.iter().map(|(tag, text)| format!("{tag}: {}\n{}", text.subject, text.body)).collect()
}

#[expect(clippy::too_many_arguments, reason = "an entry tells who did what to whom, before and after")]
async fn record(
    ctx: &Ctx,
    tx: &Tx,
    actor: &Actor,
    action: &'static str,
    id: i64,
    operator: &Operator,
    before: Option<&Absence>,
    after: Option<&Absence>,
) -> Result<()> {
    let mut names = BTreeMap::new();
    for deputy in [before, after].into_iter().flatten().filter_map(|absence| absence.deputy_id) {
        let name = operators::find(tx, deputy).await?.map(|deputy| deputy.name);
        names.insert(deputy, name.unwrap_or_else(|| deputy.to_string()));
    }
    let told = |absence: Option<&Absence>| -> BTreeMap<&'static str, serde_json::Value> {
        let Some(absence) = absence else { return BTreeMap::new() };
        let span = absence.span;
        let instant = |at: DateTime<Utc>| span.days.is_none().then(|| at.to_rfc3339());
        BTreeMap::from([
            ("starts_on", span.days.map(|days| days.0.to_string()).into()),
            ("ends_on", span.days.map(|days| days.1.to_string()).into()),
            ("starts_at", instant(span.from).into()),
            ("ends_at", instant(span.until).into()),
            ("kind", absence.kind.as_str().into()),
            ("auto_reply", absence.auto_reply.into()),
            ("reply_frequency", absence.frequency.as_str().into()),
            ("deputy_id", absence.deputy_id.and_then(|id| names.get(&id).cloned()).into()),
            ("texts", told_texts(&absence.texts).into()),
            ("note", absence.note.clone().into()),
        ])
    };
    let (before, after) = (told(before), told(after));
    let mut changes = Changes::default();
    let fields: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    for field in fields {
        match (before.get(field), after.get(field)) {
            (Some(before), Some(after)) => changes.note(field, before, after),
            (Some(before), None) if !before.is_null() => changes.was(field, before),
            (None, Some(after)) if !after.is_null() => changes.set(field, after),
            _ => {}
        }
    }
    audit::record(ctx, tx, actor, action, Object::new("absence", id, &operator.name), changes).await
}

/// Mails the deputies whom a change concerns, as long as the absence is not over (AB-3). `of` are the absence and its new version.
async fn tell_deputies(
    ctx: &Ctx,
    tx: &Tx,
    catalogue: &Catalogue,
    operator: &Operator,
    of: (i64, i64),
    before: Option<&Absence>,
    after: Option<&Absence>,
) -> Result<()> {
    let now = ctx.now();
    let named = |absence: Option<&Absence>| absence.filter(|absence| absence.span.until > now).and_then(|absence| absence.deputy_id);
    let mut mails = Vec::new();
    match (named(before), named(after)) {
        (Some(old), Some(new)) if old == new => {
            if before.map(|before| before.span) != after.map(|after| after.span) {
                mails.push((MailKind::DeputyChanged, new, after));
            }
        }
        (old, new) => {
            mails.extend(old.map(|old| (MailKind::DeputyReleased, old, before)));
            mails.extend(new.map(|new| (MailKind::DeputyNamed, new, after)));
        }
    }
    for (kind, deputy_id, absence) in mails {
        let (Some(deputy), Some(absence)) = (operators::find(tx, deputy_id).await?, absence) else { continue };
        let to = Recipient::of_notices(&deputy);
        let span = absence.span;
        let (from, until) = match span.days {
            Some((first, last)) => (to.day(catalogue, first, now), to.day(catalogue, last, now)),
            None => (to.instant(catalogue, span.from, now), to.instant(catalogue, span.until, now)),
        };
        let message = Message {
            kind,
            token_id: None,
            dedup_key: format!("{}:{}:{}:{deputy_id}", kind.as_str(), of.0, of.1),
            values: &[("absent", &operator.name), ("from", &from), ("until", &until)],
        };
        mail::queue(ctx, tx, catalogue, &to, message).await?;
    }
    Ok(())
}
