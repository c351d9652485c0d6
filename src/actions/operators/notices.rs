//! What an operator is told of by mail (NO-1).

use super::not_above;
use super::profile::check_section;
use crate::actions::audit::{self, Changes, Object};
use crate::actions::{Actor, Ctx};
use crate::domain::notice::{Event, Notices, When};
use crate::error::{AppError, Result};
use crate::store::{Tx, notices, operators};

/// Chooses what an operator is told of: one's own with the right to, others' with the right to manage operators.
///
/// # Errors
/// A refusal, and [`AppError::NotFound`].
pub async fn set_notices(ctx: &Ctx, actor: &Actor, id: i64, chosen: Notices) -> Result<()> {
    check_section(actor, id, "notifications")?;
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let operator = operators::lock(tx, id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)?;
            not_above(&catalogue, actor, &operator)?;
            put(ctx, tx, actor, (id, &operator.name), |_| chosen).await
        })
        .await
}

/// Writes and notes what differs. Part of a transaction that has locked the operator.
pub async fn put(ctx: &Ctx, tx: &Tx, actor: &Actor, (id, name): (i64, &str), chosen: impl Fn(Notices) -> Notices) -> Result<()> {
    let before = notices::of_operator(tx, id).await?;
    let after = chosen(before);
    let mut changes = Changes::default();
    for event in Event::ALL {
        let name = |notices: &Notices| notices.of(event).map(When::as_str);
        changes.note(&format!("notice_{}", event.as_str()), &name(&before), &name(&after));
    }
    if changes.is_empty() {
        return Ok(());
    }
    notices::save(tx, id, &after).await?;
    audit::record(ctx, tx, actor, "operator.changed", Object::new("operator", id, name), changes).await
}
