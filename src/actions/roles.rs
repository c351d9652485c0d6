//! Deeds on roles (RO-1, RO-2): custom ones are created, changed and deleted; built-in ones stay as they are.

use super::audit::{self, Changes, Object};
use super::rights::ManageRoles;
use super::{Actor, ActorKind, Ctx};
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::permission::{BuiltIn, Permission, PermissionSet};
use crate::domain::{limits, role, slug, text};
use crate::error::{AppError, Result};
use crate::i18n::{Locale, Texts};
use crate::store::catalogue::Role;
use crate::store::roles::{self, Draft};
use crate::store::{Tx, sessions};

/// A role to be created.
#[derive(Clone, Debug, Default)]
pub struct NewRole {
    /// Its name, of at most [`limits::ROLE_NAME`] characters.
    pub name: String,
    /// Slug of a role that it begins as a copy of.
    pub copy_from: Option<String>,
    /// Stable names of what it may do, beside what is copied.
    pub permissions: Vec<String>,
}

/// What is to change; nothing leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct RoleChange {
    /// The new name.
    pub name: Option<String>,
    /// The stable names of all it may do from now on.
    pub permissions: Option<Vec<String>>,
}

/// Creates a custom role; returns its id. Fields: `name`, `copy_from`, `permissions`.
///
/// # Errors
/// `permission_lacking` where the actor would grant what they may not do themselves.
pub async fn create(ctx: &Ctx, right: ManageRoles<'_>, new: NewRole) -> Result<i64> {
    let catalogue = ctx.present_catalogue().await?;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", role_name(&new.name));
    let typed = errors.take("permissions", permissions(&new.permissions));
    let copied = match new.copy_from.as_deref().filter(|slug| !slug.is_empty()) {
        None => Some(PermissionSet::default()),
        Some(slug) => {
            let found = catalogue.role_by_slug(slug).ok_or(Fault::new("unknown_choice"));
            let granted = found.and_then(|role| grantable(&right, role.permissions));
            errors.take("copy_from", granted)
        }
    };
    let typed = typed.and_then(|set| errors.take("permissions", grantable(&right, set)));
    let (Some(name), Some(typed), Some(copied)) = (name, typed, copied) else { return Err(errors.into()) };
    let permissions: PermissionSet = typed.iter().chain(copied.iter()).collect();
    let slug = slug::of(&name, "role");
    ctx.store
        .write(async |tx| {
            let slug = free_slug(tx, &slug).await?;
            let draft = Draft { name: name.clone(), name_key: text::fold(&name), permissions };
            let id = roles::create(tx, &slug, draft).await?;
            let mut changes = Changes::default();
            changes.set("name", &name);
            changes.set("slug", &slug);
            changes.set("permissions", permissions);
            audit::record(ctx, tx, &right, "role.created", Object::new("role", id, &name), changes).await?;
            Ok(id)
        })
        .await
}

/// Changes a custom role. Where it may do other things than before, the sessions of those who wear it end (A6).
///
/// # Errors
/// `Conflict("role-built-in")`, `Conflict("role-above")` for a role that may do what the actor may not,
/// [`AppError::Stale`] where it is no longer at `version`, and the fields of [`create`].
pub async fn change(ctx: &Ctx, right: ManageRoles<'_>, id: i64, version: Option<i64>, change: RoleChange) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = change.name.as_deref().map(|name| errors.take("name", role_name(name)));
    let wanted = change.permissions.as_deref().map(|names| {
        let set = errors.take("permissions", permissions(names));
        set.and_then(|set| errors.take("permissions", grantable(&right, set)))
    });
    errors.into_result(())?;
    let (name, wanted) = (name.flatten(), wanted.flatten());
    ctx.store
        .write(async |tx| {
            let before = changeable(tx, &right, id).await?;
            if version.is_some_and(|version| version != before.version) {
                return Err(AppError::Stale);
            }
            let name = name.clone().unwrap_or_else(|| before.name.clone());
            let after = wanted.unwrap_or(before.permissions);
            let mut changes = Changes::default();
            changes.note("name", &before.name, &name);
            changes.note("permissions", &before.permissions, &after);
            if changes.is_empty() {
                return Ok(());
            }
            if before.permissions != after {
                sessions::end_of_role(tx, id).await?;
            }
            let draft = Draft { name_key: text::fold(&name), name: name.clone(), permissions: after };
            roles::change(tx, id, draft, before.version).await?;
            audit::record(ctx, tx, &right, "role.changed", Object::new("role", id, name), changes).await
        })
        .await
}

/// Deletes a custom role that nobody wears.
///
/// # Errors
/// As [`change`], and `Conflict("role-in-use")`.
pub async fn delete(ctx: &Ctx, right: ManageRoles<'_>, id: i64, version: Option<i64>) -> Result<()> {
    ctx.store
        .write(async |tx| {
            let role = changeable(tx, &right, id).await?;
            if version.is_some_and(|version| version != role.version) {
                return Err(AppError::Stale);
            }
            if roles::wearers_of(tx, id).await? > 0 {
                return Err(AppError::Conflict("role-in-use"));
            }
            roles::delete(tx, id, BuiltIn::Agent.slug()).await?;
            let mut changes = Changes::default();
            changes.was("name", &role.name);
            changes.was("slug", &role.slug);
            changes.was("permissions", role.permissions);
            audit::record(ctx, tx, &right, "role.deleted", Object::new("role", id, &role.name), changes).await
        })
        .await
}

/// Whether the actor wears this role and would lose rights by these permissions; asked twice (RO-1).
pub async fn lowers_oneself(ctx: &Ctx, actor: &Actor, id: i64, permission_names: &[String]) -> Result<bool> {
    let ActorKind::Operator { id: operator, .. } = actor.kind else { return Ok(false) };
    let wears = roles::is_worn_by(ctx.store.read(), id, operator).await?;
    let Ok(wanted) = permissions(permission_names) else { return Ok(false) };
    Ok(wears && role::is_lowering(&actor.permissions, &wanted))
}

/// The role, where the actor may change it: a custom one that may do nothing the actor may not.
async fn changeable(tx: &Tx, actor: &Actor, id: i64) -> Result<Role> {
    let role = roles::find_for_change(tx, id).await?.ok_or(AppError::NotFound)?;
    if role.built_in {
        Err(AppError::Conflict("role-built-in"))
    } else if role::is_above(&role.permissions, &actor.permissions) {
        Err(AppError::Conflict("role-above"))
    } else {
        Ok(role)
    }
}

fn role_name(raw: &str) -> Result<String, Fault> {
    let name = text::line(raw, limits::ROLE_NAME)?;
    let folded = text::fold(&name);
    let is_built_in = |slug: &str| {
        slug == folded || Locale::ALL.iter().any(|locale| text::fold(Texts::of(*locale).get(&format!("role-{slug}"))) == folded)
    };
    if BuiltIn::ALL.iter().any(|role| is_built_in(role.slug())) { Err(Fault::new("taken")) } else { Ok(name) }
}

fn permissions(names: &[String]) -> Result<PermissionSet, Fault> {
    names.iter().map(|name| Permission::parse(name).ok_or(Fault::new("unknown_choice"))).collect()
}

/// Nobody grants a permission they lack (RO-1).
fn grantable(actor: &Actor, granted: PermissionSet) -> Result<PermissionSet, Fault> {
    if role::may_grant(&actor.permissions, &granted) {
        return Ok(granted);
    }
    let lacking: Vec<&str> = granted.difference(actor.permissions).iter().map(Permission::as_str).collect();
    Err(Fault::with("permission_lacking", "names", lacking.join(", ")))
}

/// The slug, or the first of `slug-2`, `slug-3`, ... that no role has.
async fn free_slug(tx: &Tx, slug: &str) -> Result<String> {
    let mut free = slug.to_owned();
    let mut number = 1;
    while roles::has_slug(tx, &free).await? {
        number += 1;
        free = format!("{slug}-{number}");
    }
    Ok(free)
}
