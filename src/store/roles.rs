//! Roles and what they may do (RO-1, RO-2). Pages read them from the catalogue; this is for changes.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::catalogue::{Role, with_permissions};
use super::entities::{role, role_permission};
use super::versions::{self, Counter};
use super::{StoreError, Tx, sql};
use crate::domain::permission::PermissionSet;

/// A custom role as it is to stand.
#[derive(Clone, Debug)]
pub struct Draft {
    /// As typed.
    pub name: String,
    /// The folded name, which is unique.
    pub name_key: String,
    /// What it may do.
    pub permissions: PermissionSet,
}

/// A role by id.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<Role>, StoreError> {
    let Some(row) = role::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let granted = role_permission::Entity::find().filter(role_permission::Column::RoleId.eq(id)).all(db).await?;
    Ok(Some(with_permissions(row, &granted)))
}

/// A role by id, which no other transaction changes or gives to anybody until this one ends.
pub async fn find_for_change(tx: &Tx, id: i64) -> Result<Option<Role>, StoreError> {
    role::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    find(tx, id).await
}

/// Whether this operator wears this role.
pub async fn is_worn_by(db: &impl ConnectionTrait, id: i64, operator_id: i64) -> Result<bool, StoreError> {
    const TEXT: &str = "SELECT 1 FROM operators WHERE id = $1 AND role_id = $2";
    Ok(db.query_one_raw(sql(db, TEXT, [operator_id.into(), id.into()])).await?.is_some())
}

/// Whether a role has this slug.
pub async fn has_slug(db: &impl ConnectionTrait, slug: &str) -> Result<bool, StoreError> {
    Ok(role::Entity::find().filter(role::Column::Slug.eq(slug)).one(db).await?.is_some())
}

/// How many operators wear each role; roles that nobody wears are absent.
pub async fn wearers(db: &impl ConnectionTrait) -> Result<HashMap<i64, u64>, StoreError> {
    const TEXT: &str = "SELECT role_id, COUNT(*) FROM operators WHERE deleted_at IS NULL GROUP BY role_id";
    super::counts(db, TEXT).await
}

/// How many operators wear this role.
pub async fn wearers_of(db: &impl ConnectionTrait, id: i64) -> Result<u64, StoreError> {
    const TEXT: &str = "SELECT COUNT(*) FROM operators WHERE role_id = $1 AND deleted_at IS NULL";
    super::count(db, TEXT, [id.into()]).await
}

/// Adds a custom role; returns its id.
pub async fn create(tx: &Tx, slug: &str, draft: Draft) -> Result<i64, StoreError> {
    let row = role::ActiveModel {
        slug: Set(slug.to_owned()),
        name: Set(draft.name),
        name_key: Set(draft.name_key),
        built_in: Set(false),
        version: Set(1),
        ..Default::default()
    };
    let id = row.insert(tx).await?.id;
    grant(tx, id, draft.permissions).await?;
    versions::touch(tx, Counter::Catalogue).await?;
    Ok(id)
}

/// Changes a custom role, whose version was checked.
pub async fn change(tx: &Tx, id: i64, draft: Draft, version: i64) -> Result<(), StoreError> {
    let row = role::ActiveModel {
        id: Set(id),
        name: Set(draft.name),
        name_key: Set(draft.name_key),
        version: Set(version + 1),
        ..Default::default()
    };
    row.update(tx).await?;
    role_permission::Entity::delete_many().filter(role_permission::Column::RoleId.eq(id)).exec(tx).await?;
    grant(tx, id, draft.permissions).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Deletes a custom role that nobody wears. Deleted operators who wore it would come back with the role `instead`.
pub async fn delete(tx: &Tx, id: i64, instead: &str) -> Result<(), StoreError> {
    const TEXT: &str =
        "UPDATE operators SET role_id = (SELECT id FROM roles WHERE slug = $1) WHERE role_id = $2 AND deleted_at IS NOT NULL";
    tx.execute_raw(sql(tx, TEXT, [instead.into(), id.into()])).await?;
    role::Entity::delete_by_id(id).exec(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}

async fn grant(tx: &Tx, id: i64, permissions: PermissionSet) -> Result<(), StoreError> {
    let rows = permissions
        .iter()
        .map(|permission| role_permission::ActiveModel { role_id: Set(id), permission: Set(permission.as_str().to_owned()) });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        role_permission::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
