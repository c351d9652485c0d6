//! The priorities of several operators at once (DE-5).

use super::not_above;
use crate::actions::Ctx;
use crate::actions::audit::{self, Changes, Object};
use crate::actions::rights::ManageOperators;
use crate::domain::field::FieldErrors;
use crate::domain::number::number;
use crate::domain::operator::PRIORITY;
use crate::error::{AppError, Result};
use crate::store::operators::{self, Operator};
use crate::store::versions;

/// A priority as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPriority {
    /// Whose.
    pub operator_id: i64,
    /// A number within [`PRIORITY`].
    pub raw: String,
    /// The field at which a fault is told.
    pub field: String,
}

/// Writes the priorities that differ, all or none.
///
/// # Errors
/// The faults of a number at their fields, [`AppError::NotFound`], [`AppError::Forbidden`] for somebody above the actor (Z5).
pub async fn set_priorities(ctx: &Ctx, right: ManageOperators<'_>, wanted: &[NewPriority]) -> Result<()> {
    let mut errors = FieldErrors::default();
    let (first, last) = (i64::from(*PRIORITY.start()), i64::from(*PRIORITY.end()));
    let read = wanted.iter().filter_map(|new| Some((new.operator_id, errors.take(&new.field, number(&new.raw, first, last))?)));
    let mut read: Vec<(i64, i64)> = read.collect();
    errors.into_result(())?;
    // In one order, so that two such deeds never wait for each other crosswise.
    read.sort_unstable();
    let catalogue = ctx.present_catalogue().await?;
    ctx.store
        .write(async |tx| {
            for (id, priority) in &read {
                let before = operators::lock(tx, *id).await?.filter(|operator| operator.deleted_at.is_none()).ok_or(AppError::NotFound)?;
                if before.priority == *priority {
                    continue;
                }
                not_above(&catalogue, &right, &before)?;
                let after = Operator { priority: *priority, ..before.clone() };
                if !operators::save(tx, &before, &after, ctx.now()).await? {
                    return Err(AppError::Stale);
                }
                let mut changes = Changes::default();
                changes.note("priority", &before.priority, &after.priority);
                audit::record(ctx, tx, &right, "operator.changed", Object::new("operator", id, &after.name), changes).await?;
            }
            let ids: Vec<i64> = read.iter().map(|(id, _)| *id).collect();
            Ok(versions::touch_operators(tx, &ids).await?)
        })
        .await
}
