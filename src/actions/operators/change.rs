//! Changing an operator: one's own fields one by one, others' with the right to manage them (OP-7, Z1, Z4, Z5).

use super::profile::{FIELDS, Profile, changes, own_permission};
use super::standing::not_last_owner;
use super::{lacking, not_above, rights_of};
use crate::actions::absences::zone_of;
use crate::actions::audit::{self, Changes, Object};
use crate::actions::mail::{Recipient, notify_email_changed};
use crate::actions::{Actor, Ctx, schedules};
use crate::domain::field::FieldErrors;
use crate::domain::permission::{BuiltIn, Permission};
use crate::domain::role::may_grant;
use crate::error::{AppError, Result};
use crate::store::operators::{self, Operator};
use crate::store::versions;
use crate::store::{self, photos, sessions, tokens};

/// Changes an operator. Only what differs is written; where nothing does, nothing happens.
///
/// `version` is the one that the form was made from; another one in the database is [`AppError::Stale`] (F-3).
///
/// # Errors
/// [`AppError::Invalid`] with the fields of CONTRACT.md, [`AppError::Forbidden`] for a field the actor may not change,
/// [`AppError::Unconfirmed`] where one's own e-mail changes long after the password was typed (A8), `Conflict("last-owner")`.
pub async fn change(ctx: &Ctx, actor: &Actor, id: i64, version: Option<i64>, profile: Profile) -> Result<()> {
    let is_own = actor.operator_id() == Some(id);
    if !is_own && !actor.has(Permission::OperatorsManage) {
        return Err(actor.refused(Permission::OperatorsManage));
    }
    let catalogue = ctx.present_catalogue().await?;
    // What is wrong whoever is meant is found before the writer is kept busy.
    let mut errors = FieldErrors::default();
    profile.put_on(&mut Operator::default(), &catalogue, &mut errors);
    errors.into_result(())?;
    let now = ctx.now();
    ctx.store
        .write(async |tx| {
            // Always before the operator: two deeds that lock the same owners must do it in the same order.
            let owners = if profile.role.is_some() { operators::active_owners(tx).await? } else { Vec::new() };
            let before = operators::lock(tx, id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)?;
            not_above(&catalogue, actor, &before)?;
            if version.is_some_and(|version| version != before.version) {
                return Err(AppError::Stale);
            }
            let mut after = before.clone();
            let mut errors = FieldErrors::default();
            profile.put_on(&mut after, &catalogue, &mut errors);
            errors.into_result(())?;
            let changes = changes(&before, &after);
            if changes.is_empty() {
                return Ok(());
            }
            may_change(actor, is_own, &changes)?;
            if let Some(schedule) = after.schedule_id.filter(|_| changes.has("schedule_id")) {
                schedules::usable(tx, schedule, id).await?;
            }
            if changes.has("role") {
                let granted = rights_of(&catalogue, after.role_id);
                if !may_grant(&actor.permissions, &granted) {
                    return Err(lacking(actor, granted));
                }
                if after.role_slug != BuiltIn::Owner.slug() {
                    not_last_owner(&owners, id)?;
                }
                sessions::end_all(tx, id, None).await?;
            }
            if changes.has("email") {
                if is_own {
                    actor.confirmed(now)?;
                }
                tokens::void_all(tx, id, now).await?;
                (after.invitation_expires_at, after.invitation_error) = (None, None);
                // Before the first sign-in the old address may be a stranger's: it is told nothing.
                if before.activated_at.is_some() {
                    notify_email_changed(ctx, tx, &catalogue, &Recipient::from(&before), &after.email).await?;
                }
            }
            if changes.has("preset") && after.preset.is_some() && before.photo_id.is_some() {
                photos::remove(tx, id).await?;
                after.photo_id = None;
            }
            if !operators::save(tx, &before, &after, now).await? {
                return Err(AppError::Stale);
            }
            if changes.has("time_zone") {
                store::absences::follow_zone(tx, Some(id), zone_of(&catalogue, &after), now).await?;
            }
            audit::record(ctx, tx, actor, "operator.changed", Object::new("operator", id, &after.name), changes).await?;
            Ok(versions::touch_operators(tx, &[id]).await?)
        })
        .await
}

/// Field by field: the right to manage operators opens all, one's own permissions open one's own (OP-7).
fn may_change(actor: &Actor, is_own: bool, changes: &Changes) -> Result<()> {
    if actor.has(Permission::OperatorsManage) {
        return Ok(());
    }
    for field in FIELDS.into_iter().filter(|field| changes.has(field)) {
        let needed = own_permission(field).filter(|_| is_own).unwrap_or(Permission::OperatorsManage);
        if !actor.has(needed) {
            return Err(actor.refused(needed));
        }
    }
    Ok(())
}
