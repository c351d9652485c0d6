//! Suspending, reactivating, deleting and restoring operators (OP-6, D-8).

use chrono::TimeDelta;

use super::not_above;
use crate::actions::audit::{self, Changes, Object};
use crate::actions::members;
use crate::actions::queries;
use crate::actions::rights::ManageOperators;
use crate::actions::{Actor, Ctx};
use crate::domain::role::may_lose_owner;
use crate::error::{AppError, Result};
use crate::store::operators::{self, Operator};
use crate::store::versions;
use crate::store::{StoreError, Tx, sessions, tokens};

/// For so many days a deleted operator may be restored; then the sweep forgets them (D-8).
pub const RESTORABLE_DAYS: i64 = 30;

/// Keeps an operator out: their sessions and one-time links end at once (A6, I2), and what they had open waits anew.
///
/// # Errors
/// `Conflict("oneself")`, `Conflict("last-owner")`, [`AppError::Forbidden`] for somebody above the actor (OP-6, Z4, Z5).
pub async fn suspend(ctx: &Ctx, right: ManageOperators<'_>, id: i64) -> Result<()> {
    remove(ctx, right, id, None, "operator.suspended", |operator| {
        Ok(operator.suspended_at.is_none().then(|| Operator { suspended_at: Some(ctx.now()), ..operator.clone() }))
    })
    .await
}

/// Lets a suspended operator in again. One who never accepted needs a new invitation.
///
/// # Errors
/// [`AppError::Forbidden`] for somebody above the actor.
pub async fn reactivate(ctx: &Ctx, right: ManageOperators<'_>, id: i64) -> Result<()> {
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let before = operators::lock(tx, id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)?;
            not_above(&catalogue, &right, &before)?;
            if before.suspended_at.is_none() {
                return Ok(());
            }
            let after = Operator { suspended_at: None, ..before.clone() };
            write(ctx, tx, &right, "operator.reactivated", &before, &after).await
        })
        .await
}

/// Deletes an operator; for [`RESTORABLE_DAYS`] days they may be restored. Their e-mail is free at once. What they had open is sent to
/// the heir, or to its department.
///
/// # Errors
/// As [`suspend`], and [`AppError::Stale`] where `version` is given and another one stands by now; `unknown_choice` at `heir_id`.
pub async fn delete(ctx: &Ctx, right: ManageOperators<'_>, id: i64, version: Option<i64>, heir: Option<i64>) -> Result<()> {
    remove(ctx, right, id, heir, "operator.deleted", |operator| match version {
        Some(version) if version != operator.version => Err(AppError::Stale),
        _ => Ok(Some(Operator { deleted_at: Some(ctx.now()), ..operator.clone() })),
    })
    .await
}

/// Takes a deletion back. One who never accepted needs a new invitation. Returns the names of the departments that were filled
/// meanwhile and take the operator no more (DE-2).
///
/// # Errors
/// [`AppError::NotFound`] after [`RESTORABLE_DAYS`] days, `Conflict("email-taken")` where somebody else has the e-mail now,
/// [`AppError::Forbidden`] for somebody above the actor.
pub async fn restore(ctx: &Ctx, right: ManageOperators<'_>, id: i64) -> Result<Vec<String>> {
    let catalogue = ctx.present_catalogue().await?;
    let since = ctx.now() - TimeDelta::days(RESTORABLE_DAYS);
    ctx.store
        .write(async |tx| {
            let before = operators::lock(tx, id).await?;
            let before = before.filter(|operator| operator.deleted_at.is_some_and(|at| at > since)).ok_or(AppError::NotFound)?;
            not_above(&catalogue, &right, &before)?;
            let after = Operator { deleted_at: None, ..before.clone() };
            write(ctx, tx, &right, "operator.restored", &before, &after).await?;
            members::readmit(tx, id).await
        })
        .await
}

/// Suspends or deletes: `deed` tells what becomes of the operator, or that it has been done already.
async fn remove(
    ctx: &Ctx,
    right: ManageOperators<'_>,
    id: i64,
    heir: Option<i64>,
    action: &'static str,
    deed: impl Fn(&Operator) -> Result<Option<Operator>>,
) -> Result<()> {
    not_oneself(&right, id)?;
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            // Always before the operator: two deeds that lock the same owners must do it in the same order.
            let owners = operators::active_owners(tx).await?;
            let before = operators::lock(tx, id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)?;
            not_above(&catalogue, &right, &before)?;
            let Some(after) = deed(&before)? else { return Ok(()) };
            not_last_owner(&owners, id)?;
            sessions::end_all(tx, id, None).await?;
            tokens::void_all(tx, id, ctx.now()).await?;
            let after = Operator { invitation_expires_at: None, invitation_error: None, ..after };
            if let Some(heir) = heir {
                let found = operators::find(tx, heir).await?.filter(|heir| heir.id != id && heir.suspended_at.is_none());
                found.ok_or_else(|| AppError::field("heir_id", "unknown_choice"))?;
            }
            queries::release(tx, id, heir, &right.name, ctx.now()).await?;
            write(ctx, tx, &right, action, &before, &after).await
        })
        .await
}

/// Nobody suspends or deletes their own account (OP-6).
pub(super) fn not_oneself(actor: &Actor, id: i64) -> Result<()> {
    if actor.operator_id() == Some(id) { Err(AppError::Conflict("oneself")) } else { Ok(()) }
}

/// The last active owner stays (Z4); `owners` are those who may sign in.
pub(super) fn not_last_owner(owners: &[i64], id: i64) -> Result<()> {
    let is_free = may_lose_owner(u64::try_from(owners.len()).unwrap_or(u64::MAX), owners.contains(&id));
    if is_free { Ok(()) } else { Err(AppError::Conflict("last-owner")) }
}

async fn write(ctx: &Ctx, tx: &Tx, right: &ManageOperators<'_>, action: &'static str, before: &Operator, after: &Operator) -> Result<()> {
    match operators::save(tx, before, after, ctx.now()).await {
        Ok(true) => {}
        Ok(false) => return Err(AppError::Stale),
        Err(StoreError::Taken("email")) => return Err(AppError::Conflict("email-taken")),
        Err(error) => return Err(error.into()),
    }
    let mut changes = Changes::default();
    if after.deleted_at.is_some() {
        changes.was("name", &before.name);
        changes.was("email", &before.email);
        changes.was("role", &before.role_slug);
    }
    changes.note("suspended", &before.suspended_at.is_some(), &after.suspended_at.is_some());
    audit::record(ctx, tx, right, action, Object::new("operator", after.id, &after.name), changes).await?;
    Ok(versions::touch_operators(tx, &[after.id]).await?)
}
