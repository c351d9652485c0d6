//! Sessions of signed-in operators, and the one statement with which every page begins.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::entities::session::{ActiveModel, Column, Entity, Model};
use super::{Millis, StoreError, sql};
use crate::domain::auto_reply::MOST_HOURLY;

/// What a request knows of its reader after one statement: the session, the operator, and how new the
/// small tables and the operators are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Public name of the session.
    pub session_id: String,
    /// Last request counted, at most a minute old while in use.
    pub last_seen_at: DateTime<Utc>,
    /// When the password was last typed (A8).
    pub confirmed_at: DateTime<Utc>,
    /// The operator.
    pub operator_id: i64,
    /// Full name.
    pub name: String,
    /// Their role.
    pub role_id: i64,
    /// Interface language, where one was chosen.
    pub locale: Option<String>,
    /// `system`, `bright` or `dark`.
    pub theme: String,
    /// IANA zone, where one was chosen.
    pub time_zone: Option<String>,
    /// Uploaded photo, if any.
    pub photo_id: Option<String>,
    /// Preset picture, if any.
    pub preset: Option<String>,
    /// Whether the password must be changed before anything else (OP-5).
    pub must_change_password: bool,
    /// The status worn, as it was written down; absent before the first one.
    pub status_id: Option<i64>,
    /// Version of settings, roles, languages and mail texts.
    pub catalogue_version: i64,
    /// Version of the operators.
    pub operators_version: i64,
    /// Whether automatic replies rest, since so many went out within the hour (N15, R3).
    pub replies_paused: bool,
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Hash of the key in the cookie.
    pub key_hash: String,
    /// Public name.
    pub id: String,
    /// Whose it is.
    pub operator_id: i64,
    /// When it ends at the latest.
    pub ends_at: DateTime<Utc>,
    /// Where it was opened from.
    pub address: String,
    /// The browser, as it names itself.
    pub agent: String,
}

/// Reads a live session: neither idle too long nor over, of an operator who may still come in (A5, A6).
pub async fn seen(db: &impl ConnectionTrait, key_hash: &str, now: DateTime<Utc>) -> Result<Option<Seen>, StoreError> {
    const TEXT: &str = "SELECT s.id, s.last_seen_at, s.confirmed_at, o.id, o.name, o.role_id, o.locale, o.theme, o.time_zone, \
        o.photo_id, o.preset, o.must_change_password, c.n, v.n, o.status_id, \
        (SELECT COUNT(*) FROM (SELECT 1 AS one FROM auto_replies WHERE sent AND at > $4 LIMIT $5) lately) \
        FROM sessions s JOIN operators o ON o.id = s.operator_id JOIN organisation g ON g.id = 1 \
        JOIN versions c ON c.name = 'catalogue' JOIN versions v ON v.name = 'operators' \
        WHERE s.key_hash = $1 AND s.ends_at > $2 AND s.last_seen_at + g.session_idle_minutes * 60000 > $3 \
        AND o.suspended_at IS NULL AND o.deleted_at IS NULL";
    let (hour, most) = ((now - TimeDelta::hours(1)).timestamp_millis(), i64::from(MOST_HOURLY));
    let now = now.timestamp_millis();
    let Some(row) = db.query_one_raw(sql(db, TEXT, [key_hash.into(), now.into(), now.into(), hour.into(), most.into()])).await? else {
        return Ok(None);
    };
    Ok(Some(Seen {
        session_id: row.try_get_by_index(0)?,
        last_seen_at: row.try_get_by_index::<Millis>(1)?.0,
        confirmed_at: row.try_get_by_index::<Millis>(2)?.0,
        operator_id: row.try_get_by_index(3)?,
        name: row.try_get_by_index(4)?,
        role_id: row.try_get_by_index(5)?,
        locale: row.try_get_by_index(6)?,
        theme: row.try_get_by_index(7)?,
        time_zone: row.try_get_by_index(8)?,
        photo_id: row.try_get_by_index(9)?,
        preset: row.try_get_by_index(10)?,
        must_change_password: row.try_get_by_index(11)?,
        catalogue_version: row.try_get_by_index(12)?,
        operators_version: row.try_get_by_index(13)?,
        status_id: row.try_get_by_index(14)?,
        replies_paused: row.try_get_by_index::<i64>(15)? >= most,
    }))
}

/// Counts a request; called at most once a minute and session.
pub async fn touch(db: &impl ConnectionTrait, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $3";
    let now = now.timestamp_millis();
    db.execute_raw(sql(db, TEXT, [now.into(), id.into(), now.into()])).await?;
    Ok(())
}

/// Opens a session.
pub async fn open(db: &impl ConnectionTrait, new: NewSession, now: DateTime<Utc>) -> Result<(), StoreError> {
    let model = ActiveModel {
        key_hash: Set(new.key_hash),
        id: Set(new.id),
        operator_id: Set(new.operator_id),
        created_at: Set(Millis(now)),
        last_seen_at: Set(Millis(now)),
        ends_at: Set(Millis(new.ends_at)),
        confirmed_at: Set(Millis(now)),
        address: Set(new.address),
        agent: Set(new.agent),
    };
    Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}

/// Whether a session is still there.
pub async fn exists(db: &impl ConnectionTrait, key_hash: &str) -> Result<bool, StoreError> {
    Ok(Entity::find_by_id(key_hash).one(db).await?.is_some())
}

/// Notes that the password has just been typed in this session (A8).
pub async fn confirm(db: &impl ConnectionTrait, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE sessions SET confirmed_at = $1 WHERE id = $2";
    db.execute_raw(sql(db, TEXT, [now.timestamp_millis().into(), id.into()])).await?;
    Ok(())
}

/// The live sessions of an operator, the latest used first (A7).
pub async fn of_operator(db: &impl ConnectionTrait, operator_id: i64, now: DateTime<Utc>) -> Result<Vec<Model>, StoreError> {
    let live = Entity::find().filter(Column::OperatorId.eq(operator_id)).filter(Column::EndsAt.gt(Millis(now)));
    Ok(live.order_by_desc(Column::LastSeenAt).all(db).await?)
}

/// Ends the session with this hash.
pub async fn end(db: &impl ConnectionTrait, key_hash: &str) -> Result<(), StoreError> {
    Entity::delete_by_id(key_hash).exec(db).await?;
    Ok(())
}

/// Ends one session of an operator by its public name; tells whether there was one.
pub async fn end_of_operator(db: &impl ConnectionTrait, operator_id: i64, id: &str) -> Result<bool, StoreError> {
    let gone = Entity::delete_many().filter(Column::OperatorId.eq(operator_id)).filter(Column::Id.eq(id)).exec(db).await?;
    Ok(gone.rows_affected > 0)
}

/// Ends all sessions of an operator but the one named; returns how many there were (A6).
pub async fn end_all(db: &impl ConnectionTrait, operator_id: i64, but: Option<&str>) -> Result<u64, StoreError> {
    let mut doomed = Entity::delete_many().filter(Column::OperatorId.eq(operator_id));
    if let Some(id) = but {
        doomed = doomed.filter(Column::Id.ne(id));
    }
    Ok(doomed.exec(db).await?.rows_affected)
}

/// Ends all sessions of these operators.
pub async fn end_all_of(db: &impl ConnectionTrait, operators: &[i64]) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::OperatorId.is_in(operators.iter().copied())).exec(db).await?;
    Ok(())
}

/// Everybody with a session, by id: id and name.
pub async fn holders(db: &impl ConnectionTrait) -> Result<Vec<(i64, String)>, StoreError> {
    const TEXT: &str = "SELECT id, name FROM operators WHERE id IN (SELECT operator_id FROM sessions) ORDER BY id";
    let rows = db.query_all_raw(sql(db, TEXT, [])).await?;
    Ok(rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect::<Result<_, sea_orm::DbErr>>()?)
}

/// Ends the sessions of everybody with this role: their rights have changed (A6).
pub async fn end_of_role(db: &impl ConnectionTrait, role_id: i64) -> Result<(), StoreError> {
    const TEXT: &str = "DELETE FROM sessions WHERE operator_id IN (SELECT id FROM operators WHERE role_id = $1)";
    db.execute_raw(sql(db, TEXT, [role_id.into()])).await?;
    Ok(())
}

/// Deletes sessions that are over or idle too long; returns how many.
pub async fn sweep(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, StoreError> {
    const TEXT: &str = "DELETE FROM sessions WHERE ends_at <= $1 OR last_seen_at <= $2 - \
        (SELECT session_idle_minutes FROM organisation WHERE id = 1) * 60000";
    let now = now.timestamp_millis();
    Ok(db.execute_raw(sql(db, TEXT, [now.into(), now.into()])).await?.rows_affected())
}
