//! Deeds on operators: adding, changing, suspending, deleting (OP-2 to OP-7, OP-10).

pub mod bulk;
mod change;
mod create;
mod extra_hours;
pub mod import;
mod notices;
mod photo;
mod presence;
mod priorities;
mod profile;
mod sounds;
mod standing;
mod status;
#[cfg(test)]
pub(crate) mod tests;

use super::{Actor, Ctx};
use crate::domain::permission::{Permission, PermissionSet};
use crate::domain::role::{is_above, is_lowering};
use crate::error::{AppError, Result};
use crate::store::catalogue::Catalogue;
use crate::store::operators::Operator;

pub use change::change;
pub use create::{NewOperator, create};
pub use extra_hours::{MOST_HOURS_DAYS, allow_hours, end_hours, may_allow_hours};
pub(super) use notices::put as put_notices;
pub use notices::set_notices;
pub use photo::set_photo;
pub use presence::{Beat, beat_for, beat_own, leave_for, leave_own};
pub use priorities::{NewPriority, set_priorities};
pub use profile::{PRESETS, Profile, own_permission};
pub use sounds::set_sounds;
pub use standing::{RESTORABLE_DAYS, delete, reactivate, restore, suspend};
pub use status::{follow_all, is_followed, listen, switch_other, switch_own, worn};

/// Whether this change of role would take rights from the actor themselves; asked twice (RO-1).
pub async fn lowers_oneself(ctx: &Ctx, actor: &Actor, id: i64, role_slug: &str) -> Result<bool> {
    let catalogue = ctx.present_catalogue().await?;
    let role = catalogue.role_by_slug(role_slug);
    Ok(actor.operator_id() == Some(id) && role.is_some_and(|role| is_lowering(&actor.permissions, &role.permissions)))
}

/// Refuses where the operator stands above the actor (OP-6, Z5).
pub(super) fn not_above(catalogue: &Catalogue, actor: &Actor, operator: &Operator) -> Result<()> {
    let theirs = rights_of(catalogue, operator.role_id);
    if is_above(&theirs, &actor.permissions) { Err(lacking(actor, theirs)) } else { Ok(()) }
}

/// What a role may do; one that is not known yet may do everything, so that nobody oversteps it.
fn rights_of(catalogue: &Catalogue, role_id: i64) -> PermissionSet {
    catalogue.role(role_id).map_or_else(PermissionSet::all, |role| role.permissions)
}

/// The refusal that names the first permission in which the actor falls short.
fn lacking(actor: &Actor, wanted: PermissionSet) -> AppError {
    let missing = wanted.difference(actor.permissions);
    let first = if missing.contains(Permission::OwnersManage) { Some(Permission::OwnersManage) } else { missing.iter().next() };
    actor.refused(first.unwrap_or(Permission::OperatorsManage))
}
