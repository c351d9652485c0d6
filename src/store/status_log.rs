//! Who wears which status, and the log of every change (ST-8). Both are written together, here and nowhere else.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::status_change::{ActiveModel, Column, Entity, Model};
use super::versions::{self, Counter};
use super::{Millis, StoreError, Tx, sql};
use crate::domain::status::Worn;

pub use super::entities::status_change::Model as StatusChange;

/// Who made a change, as in the audit log.
#[derive(Clone, Debug)]
pub struct Hand {
    /// `operator`, `api_key`, `console` or `system`.
    pub kind: &'static str,
    /// The operator or key.
    pub id: Option<i64>,
    /// Their name.
    pub name: String,
}

/// Puts the default offline status on everybody who wears none yet: those who were just added (ST-8).
pub async fn begin(tx: &Tx) -> Result<(), StoreError> {
    const LOG: &str = "INSERT INTO status_log (operator_id, to_id, to_name, at, cause, actor_kind, actor_name) \
        SELECT o.id, s.id, s.name, o.created_at, 'start', 'system', '' FROM operators o JOIN organisation g ON g.id = 1 \
        JOIN statuses s ON s.id = g.default_offline_status_id WHERE o.status_id IS NULL";
    tx.execute_raw(sql(tx, LOG, [])).await?;
    const WEAR: &str = "UPDATE operators SET status_id = (SELECT default_offline_status_id FROM organisation WHERE id = 1), \
        status_since = created_at, status_cause = 'start', status_set_by = '' WHERE status_id IS NULL";
    tx.execute_raw(sql(tx, WEAR, [])).await?;
    Ok(())
}

/// Writes what an operator wears from now on, and its entry in the log. The caller holds the operator.
pub async fn wear(tx: &Tx, operator_id: i64, from: i64, to: &Worn, name: &str, hand: &Hand) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE operators SET status_id = $1, status_since = $2, status_until = $3, status_return_id = $4, \
        status_cause = $5, status_set_by = $6 WHERE id = $7";
    let millis = |at: DateTime<Utc>| at.timestamp_millis();
    let values = [
        to.status_id.into(),
        millis(to.since).into(),
        to.until.map(millis).into(),
        to.return_id.into(),
        to.cause.as_str().into(),
        to.set_by.clone().into(),
        operator_id.into(),
    ];
    tx.execute_raw(sql(tx, TEXT, values)).await?;
    let row = ActiveModel {
        operator_id: Set(operator_id),
        from_id: Set(Some(from)),
        to_id: Set(to.status_id),
        to_name: Set(name.to_owned()),
        at: Set(Millis(to.since)),
        cause: Set(to.cause.as_str().to_owned()),
        actor_kind: Set(hand.kind.to_owned()),
        actor_id: Set(hand.id),
        actor_name: Set(hand.name.clone()),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    versions::touch_operators(tx, &[operator_id]).await
}

/// How many operators wear each status; those nobody wears are absent.
pub async fn wearers(db: &impl ConnectionTrait) -> Result<HashMap<i64, u64>, StoreError> {
    const TEXT: &str = "SELECT COALESCE(o.status_id, g.default_offline_status_id), COUNT(*) FROM operators o \
        JOIN organisation g ON g.id = 1 WHERE o.deleted_at IS NULL GROUP BY 1";
    super::counts(db, TEXT).await
}

/// Puts another status on everybody who wears this one, deleted operators among them; a timed one keeps its end.
pub async fn replace(tx: &Tx, from: i64, to: i64, name: &str, now: DateTime<Utc>, hand: &Hand) -> Result<(), StoreError> {
    const LOG: &str = "INSERT INTO status_log (operator_id, from_id, to_id, to_name, at, cause, actor_kind, actor_id, actor_name) \
        SELECT id, status_id, CAST($1 AS BIGINT), $2, CAST($3 AS BIGINT), 'replacement', $4, CAST($5 AS BIGINT), $6 \
        FROM operators WHERE status_id = $7";
    let now = now.timestamp_millis();
    let values = [to.into(), name.into(), now.into(), hand.kind.into(), hand.id.into(), hand.name.clone().into(), from.into()];
    tx.execute_raw(sql(tx, LOG, values)).await?;
    const WEAR: &str = "UPDATE operators SET status_id = $1, status_since = $2, status_cause = 'replacement', status_set_by = $3 \
        WHERE status_id = $4";
    tx.execute_raw(sql(tx, WEAR, [to.into(), now.into(), hand.name.clone().into(), from.into()])).await?;
    versions::touch(tx, Counter::Operators).await
}

/// The latest changes of one operator, the newest first.
pub async fn of_operator(db: &impl ConnectionTrait, operator_id: i64, limit: u64) -> Result<Vec<Model>, StoreError> {
    let rows = Entity::find().filter(Column::OperatorId.eq(operator_id)).order_by_desc(Column::At).order_by_desc(Column::Id);
    Ok(rows.limit(limit).all(db).await?)
}
