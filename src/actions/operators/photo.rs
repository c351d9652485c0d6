//! The uploaded photo of an operator (OP-3).

use super::not_above;
use crate::actions::audit::{self, Changes, Object};
use crate::actions::{Actor, Ctx};
use crate::domain::permission::Permission;
use crate::error::{AppError, Result};
use crate::security::photo::Photo;
use crate::security::random::uuid_v7;
use crate::store::operators;
use crate::store::photos::{self, NewPhoto};
use crate::store::versions;

/// Puts a photo in place of the former one or of the preset picture, or removes it.
///
/// # Errors
/// [`AppError::Forbidden`] without `self.photo`, or for somebody else without the right to manage them.
pub async fn set_photo(ctx: &Ctx, actor: &Actor, id: i64, photo: Option<Photo>) -> Result<()> {
    let is_own = actor.operator_id() == Some(id);
    let needed = if is_own && !actor.has(Permission::OperatorsManage) { Permission::SelfPhoto } else { Permission::OperatorsManage };
    if !actor.has(needed) {
        return Err(actor.refused(needed));
    }
    let catalogue = ctx.present_catalogue().await?;
    let now = ctx.now();
    let photo_id = uuid_v7(now, &*ctx.random).map_err(AppError::unexpected)?.simple().to_string();
    ctx.store
        .write(async |tx| {
            let before = operators::lock(tx, id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)?;
            not_above(&catalogue, actor, &before)?;
            let mut after = before.clone();
            match &photo {
                Some(photo) => {
                    let Photo { large, small, mime } = photo.clone();
                    photos::replace(tx, NewPhoto { id: photo_id.clone(), operator_id: id, mime, large, small }, now).await?;
                    (after.photo_id, after.preset) = (Some(photo_id.clone()), None);
                }
                None if before.photo_id.is_none() => return Ok(()),
                None => {
                    photos::remove(tx, id).await?;
                    after.photo_id = None;
                }
            }
            if !operators::save(tx, &before, &after, now).await? {
                return Err(AppError::Stale);
            }
            let mut changes = Changes::default();
            changes.note("photo", &before.photo_id, &after.photo_id);
            changes.note("preset", &before.preset, &after.preset);
            audit::record(ctx, tx, actor, "operator.photo_changed", Object::new("operator", id, &after.name), changes).await?;
            Ok(versions::touch_operators(tx, &[id]).await?)
        })
        .await
}
