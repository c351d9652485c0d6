//! Deeds on statuses (ST-1 to ST-3): created, changed, put in order, deleted. They all hold the settings, which name some of them.

use std::collections::BTreeMap;

use super::audit::{self, Changes, Object};
use super::order::{moved, reordered};
use super::rights::ManageStatuses;
use super::{Actor, ActorKind, Ctx, languages};
use crate::domain::field::FieldErrors;
use crate::domain::status::{RawStatus, Status as Facts, fits, guards};
use crate::error::{AppError, Result};
use crate::store::status_log::{self, Hand};
use crate::store::statuses::{self, Status};
use crate::store::{Tx, settings};

/// Creates a status, which stands last where no `position` is given; returns its id.
///
/// # Errors
/// `taken` for a name that another status has, `unknown_choice` for a status to return to that is not there, and the faults of
/// [`Facts::with`].
pub async fn create(ctx: &Ctx, right: ManageStatuses<'_>, raw: &RawStatus, position: Option<i64>) -> Result<i64> {
    let raw = RawStatus { name: Some(raw.name.clone().unwrap_or_default()), ..raw.clone() };
    ctx.store
        .write(async |tx| {
            let organisation = settings::find_for_change(tx).await?;
            let all = statuses::all(tx).await?;
            let (facts, errors) = read(&Facts::default(), &raw, &organisation.default_language);
            check(tx, 0, &facts, &all, errors).await?;
            let last = all.last().map_or(1, |last| last.position + 1);
            let id = statuses::insert(tx, &Status { id: 0, facts: facts.clone(), position: last, version: 0 }).await?;
            if let Some(position) = position {
                let order: Vec<i64> = all.iter().map(|status| status.id).chain([id]).collect();
                statuses::place(tx, &moved(order, id, position)).await?;
            }
            let mut changes = Changes::default();
            note(&mut changes, &all, None, Some(&facts));
            audit::record(ctx, tx, &right, "status.created", Object::new("status", id, facts.name), changes).await?;
            Ok(id)
        })
        .await
}

/// Changes a status, and its place where `position` is given, the first one being 1. Where nothing differs, nothing happens.
///
/// # Errors
/// As [`create`]; `status_must_receive` and `status_must_not_receive` at `can_receive` for one that the settings name;
/// [`AppError::Stale`] where it is no longer at `version`.
pub async fn change(
    ctx: &Ctx,
    right: ManageStatuses<'_>,
    id: i64,
    version: Option<i64>,
    raw: &RawStatus,
    position: Option<i64>,
) -> Result<()> {
    ctx.store
        .write(async |tx| {
            let organisation = settings::find_for_change(tx).await?;
            let all = statuses::all(tx).await?;
            let before = found(&all, id, version)?;
            let (facts, mut errors) = read(&before.facts, raw, &organisation.default_language);
            if let Err(fault) = fits(id, facts.can_receive, organisation.named_statuses()) {
                errors.add_fault("can_receive", fault);
            }
            check(tx, id, &facts, &all, errors).await?;
            let mut changes = Changes::default();
            note(&mut changes, &all, Some(&before.facts), Some(&facts));
            if !changes.is_empty() {
                statuses::save(tx, &Status { facts: facts.clone(), ..before.clone() }).await?;
            }
            if let Some(order) = reordered(&mut changes, all.iter().map(|status| status.id).collect(), id, position) {
                statuses::place(tx, &order).await?;
            }
            if changes.is_empty() {
                return Ok(());
            }
            audit::record(ctx, tx, &right, "status.changed", Object::new("status", id, facts.name), changes).await
        })
        .await
}

/// Deletes a status. Who wears it wears the replacement from now on, which takes its place in other statuses too (ST-3).
///
/// # Errors
/// `Conflict("status-…")` with the code of the first [`Guard`](crate::domain::status::Guard) that holds; `required` at
/// `replacement_id` where operators wear it, `unknown_choice` there for one that is not there.
pub async fn delete(ctx: &Ctx, right: ManageStatuses<'_>, id: i64, version: Option<i64>, replacement: Option<i64>) -> Result<()> {
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            let named = settings::find_for_change(tx).await?.named_statuses();
            let all = statuses::all(tx).await?;
            let doomed = found(&all, id, version)?;
            if let Some(guard) = guards(id, named, &receiving(&all)).first() {
                return Err(AppError::Conflict(guard.code()));
            }
            let instead = replacement.map(|other| all.iter().find(|status| status.id == other && other != id));
            if instead.is_some_and(|found| found.is_none()) {
                return Err(AppError::field("replacement_id", "unknown_choice"));
            }
            let wearers = status_log::wearers(tx).await?.get(&id).copied().unwrap_or(0);
            if wearers > 0 && replacement.is_none() {
                return Err(AppError::field("replacement_id", "required"));
            }
            // Deleted operators who wear it go offline where nobody else asked for a replacement.
            let offline = || all.iter().find(|status| status.id == named.offline);
            let next = instead.flatten().or_else(offline).ok_or_else(|| AppError::unexpected("no offline status"))?;
            status_log::replace(tx, id, next.id, &next.facts.name, now, &hand(&right)).await?;
            statuses::delete(tx, id, replacement).await?;
            let mut changes = Changes::default();
            note(&mut changes, &all, Some(&doomed.facts), None);
            if wearers > 0 {
                changes.was("operators", wearers);
                changes.set("replacement_id", &next.facts.name);
            }
            audit::record(ctx, tx, &right, "status.deleted", Object::new("status", id, &doomed.facts.name), changes).await
        })
        .await
}

/// Ids of the statuses that receive.
pub fn receiving(all: &[Status]) -> Vec<i64> {
    all.iter().filter(|status| status.facts.can_receive).map(|status| status.id).collect()
}

/// Who acts, for the log of statuses.
pub fn hand(actor: &Actor) -> Hand {
    let (kind, id) = match actor.kind {
        ActorKind::Operator { id, .. } => ("operator", Some(id)),
        ActorKind::ApiKey(id) => ("api_key", Some(id)),
        ActorKind::Console => ("console", None),
        ActorKind::System => ("system", None),
    };
    Hand { kind, id, name: actor.name.clone() }
}

fn found(all: &[Status], id: i64, version: Option<i64>) -> Result<&Status> {
    let status = all.iter().find(|status| status.id == id).ok_or(AppError::NotFound)?;
    if version.is_some_and(|version| version != status.version) { Err(AppError::Stale) } else { Ok(status) }
}

fn read(before: &Facts, raw: &RawStatus, default_language: &str) -> (Facts, FieldErrors) {
    match before.with(raw, default_language) {
        Ok(facts) => (facts, FieldErrors::default()),
        Err(errors) => (before.clone(), errors),
    }
}

/// What a status must agree with: names in languages that are there, and another status to return to.
async fn check(tx: &Tx, id: i64, facts: &Facts, all: &[Status], mut errors: FieldErrors) -> Result<()> {
    if let Some(other) = facts.return_status_id
        && (other == id || !all.iter().any(|status| status.id == other))
    {
        errors.add("return_status_id", if other == id { "status_returns_to_itself" } else { "unknown_choice" });
    }
    languages::check_texts(tx, &facts.name_texts, &mut errors).await?;
    Ok(errors.into_result(())?)
}

/// Notes what differs between two statuses, one of which may not be there.
fn note(changes: &mut Changes, all: &[Status], before: Option<&Facts>, after: Option<&Facts>) {
    let told = |facts: &Facts| -> BTreeMap<&'static str, serde_json::Value> {
        let returns = all.iter().find(|status| Some(status.id) == facts.return_status_id);
        let texts = facts.name_texts.iter().map(|(tag, text)| (tag.clone(), text.clone().into()));
        BTreeMap::from([
            ("name", facts.name.clone().into()),
            ("name_texts", texts.collect::<serde_json::Map<_, _>>().into()),
            ("color", facts.color.to_string().into()),
            ("can_receive", facts.can_receive.into()),
            ("count_after_close", facts.count_after_close.into()),
            ("invisible", facts.invisible.into()),
            ("max_minutes", facts.max_minutes.into()),
            ("return_status_id", returns.map(|status| status.facts.name.clone()).into()),
        ])
    };
    match (before.map(told), after.map(told)) {
        (Some(before), Some(after)) => {
            before.iter().for_each(|(field, value)| changes.note(field, value, after.get(field).unwrap_or(value)));
        }
        (before, after) => {
            let is_told = |value: &serde_json::Value| !value.is_null() && value.as_object().is_none_or(|texts| !texts.is_empty());
            before.into_iter().flatten().filter(|(_, value)| is_told(value)).for_each(|(field, value)| changes.was(field, value));
            after.into_iter().flatten().filter(|(_, value)| is_told(value)).for_each(|(field, value)| changes.set(field, value));
        }
    }
}
