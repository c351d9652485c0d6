//! What an operator's panel sounds like (PA-1).

use super::not_above;
use super::profile::check_section;
use crate::actions::audit::{self, Changes, Object};
use crate::actions::{Actor, Ctx};
use crate::domain::sound::{Event, Sounds};
use crate::error::{AppError, Result};
use crate::store::{operators, sounds};

/// Chooses the sounds of an operator's panel: one's own with the right to, others' with the right to manage operators.
///
/// # Errors
/// A refusal, and [`AppError::NotFound`].
pub async fn set_sounds(ctx: &Ctx, actor: &Actor, id: i64, chosen: Sounds) -> Result<()> {
    check_section(actor, id, "sounds")?;
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            let operator = operators::lock(tx, id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)?;
            not_above(&catalogue, actor, &operator)?;
            let before = sounds::of_operator(tx, id).await?;
            let mut changes = Changes::default();
            for event in Event::ALL {
                let name = |sounds: &Sounds| sounds.of(event).map(|sound| sound.as_str());
                changes.note(&format!("sound_{}", event.as_str()), &name(&before), &name(&chosen));
            }
            if changes.is_empty() {
                return Ok(());
            }
            sounds::save(tx, id, &chosen).await?;
            audit::record(ctx, tx, actor, "operator.changed", Object::new("operator", id, &operator.name), changes).await
        })
        .await
}
