//! Keys of the JSON API: hashes, scopes, and the calls each key has left (P2, P5).

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::entities::api_key::{ActiveModel, Column, Entity};
use super::{Millis, StoreError, sql};

pub use super::entities::api_key::Model as ApiKey;

/// A key to be kept.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// Its first characters, to recognise it by.
    pub prefix: String,
    /// Hash of the whole key.
    pub hash: String,
    /// Names of its scopes, separated by spaces.
    pub scopes: String,
    /// Name of whoever made it.
    pub created_by: String,
    /// From when on it is refused.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The calls of a key that were left at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Calls left.
    pub left: i64,
    /// Since when others have been coming back.
    pub at: DateTime<Utc>,
}

/// What a call knows of its key after one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// The key.
    pub id: i64,
    /// Its name, for the audit log.
    pub name: String,
    /// Names of its scopes, separated by spaces.
    pub scopes: String,
    /// Last call counted, at most a minute old while in use.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The calls it has left.
    pub calls: Calls,
    /// Version of settings, roles and languages.
    pub catalogue_version: i64,
    /// From when on it is refused.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Finds a key by the hash of what was presented, unless it is revoked or past its end.
pub async fn presented(db: &impl ConnectionTrait, hash: &str, now: DateTime<Utc>) -> Result<Option<Presented>, StoreError> {
    const TEXT: &str = "SELECT k.id, k.name, k.scopes, k.last_used_at, k.calls_left, k.calls_at, c.n, k.expires_at \
        FROM api_keys k JOIN versions c ON c.name = 'catalogue' \
        WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)";
    let Some(row) = db.query_one_raw(sql(db, TEXT, [hash.into(), now.timestamp_millis().into()])).await? else {
        return Ok(None);
    };
    Ok(Some(Presented {
        id: row.try_get_by_index(0)?,
        name: row.try_get_by_index(1)?,
        scopes: row.try_get_by_index(2)?,
        last_used_at: row.try_get_by_index::<Option<Millis>>(3)?.map(|at| at.0),
        calls: Calls { left: row.try_get_by_index(4)?, at: row.try_get_by_index::<Millis>(5)?.0 },
        catalogue_version: row.try_get_by_index(6)?,
        expires_at: row.try_get_by_index::<Option<Millis>>(7)?.map(|at| at.0),
    }))
}

/// Notes that a key is in use; called at most once a minute and key.
pub async fn touch(db: &impl ConnectionTrait, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE api_keys SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $3)";
    let now = now.timestamp_millis();
    db.execute_raw(sql(db, TEXT, [now.into(), id.into(), now.into()])).await?;
    Ok(())
}

/// The calls a key has left.
pub async fn calls(db: &impl ConnectionTrait, id: i64) -> Result<Option<Calls>, StoreError> {
    const TEXT: &str = "SELECT calls_left, calls_at FROM api_keys WHERE id = $1";
    let row = db.query_one_raw(sql(db, TEXT, [id.into()])).await?;
    row.map(|row| Ok(Calls { left: row.try_get_by_index(0)?, at: row.try_get_by_index::<Millis>(1)?.0 })).transpose()
}

/// Takes calls off a key where nobody else has done so since `seen` was read; tells whether it did.
pub async fn take_calls(db: &impl ConnectionTrait, id: i64, seen: Calls, after: Calls) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE api_keys SET calls_left = $1, calls_at = $2 WHERE id = $3 AND calls_left = $4 AND calls_at = $5";
    let values = [after.left.into(), after.at.timestamp_millis().into(), id.into(), seen.left.into(), seen.at.timestamp_millis().into()];
    Ok(db.execute_raw(sql(db, TEXT, values)).await?.rows_affected() == 1)
}

/// Every key there ever was, the newest first.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<ApiKey>, StoreError> {
    Ok(Entity::find().order_by_desc(Column::Id).all(db).await?)
}

/// A key by id.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<ApiKey>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Keeps a key; returns its id.
pub async fn add(db: &impl ConnectionTrait, new: NewApiKey, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let model = ActiveModel {
        name: Set(new.name),
        prefix: Set(new.prefix),
        hash: Set(new.hash),
        scopes: Set(new.scopes),
        created_by: Set(new.created_by),
        created_at: Set(Millis(now)),
        expires_at: Set(new.expires_at.map(Millis)),
        calls_left: Set(0),
        calls_at: Set(Millis(DateTime::UNIX_EPOCH)),
        ..Default::default()
    };
    Ok(Entity::insert(model).exec(db).await?.last_insert_id)
}

/// Revokes a key; tells whether it was in force.
pub async fn revoke(db: &impl ConnectionTrait, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
    Ok(db.execute_raw(sql(db, TEXT, [now.timestamp_millis().into(), id.into()])).await?.rows_affected() == 1)
}
