//! Heartbeats, in stretches: who was there, and when (ST-5); and how far the passing of time was written down.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entities::presence::{Column, Entity};
use super::versions::{self, Counter};
use super::{AT_ONCE, Millis, StoreError, Tx, named, sql};
use crate::domain::status::Watch;

pub use super::entities::presence::Model as Stretch;

/// What a heartbeat comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A panel in a browser.
    Panel,
    /// A program, such as that of a desk phone.
    Api,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Panel => "panel",
            Kind::Api => "api",
        }
    }
}

/// Notes a heartbeat of a client. Where its last one is younger than the window its stretch goes on, else a new one begins; only that
/// changes what is known of the operator.
pub async fn beat(tx: &Tx, operator_id: i64, kind: Kind, client: &str, window: TimeDelta, now: DateTime<Utc>) -> Result<(), StoreError> {
    const EXTEND: &str = "UPDATE presence SET beat_at = $1, ended_at = NULL WHERE id = (SELECT id FROM presence \
        WHERE operator_id = $2 AND beat_at > $3 AND beat_at <= $4 AND kind = $5 AND client = $6 ORDER BY beat_at DESC LIMIT 1)";
    let at = now.timestamp_millis();
    let oldest = (now - window).timestamp_millis();
    let values = [at.into(), operator_id.into(), oldest.into(), at.into(), kind.as_str().into(), client.into()];
    if tx.execute_raw(sql(tx, EXTEND, values)).await?.rows_affected() > 0 {
        return Ok(());
    }
    const BEGIN: &str = "INSERT INTO presence (operator_id, kind, client, began_at, beat_at) VALUES ($1, $2, $3, $4, $5)";
    tx.execute_raw(sql(tx, BEGIN, [operator_id.into(), kind.as_str().into(), client.into(), at.into(), at.into()])).await?;
    versions::touch_operators(tx, &[operator_id]).await
}

/// Notes that a client, or every one of this kind, has said goodbye; that changes nothing before the window ends.
pub async fn goodbye(tx: &Tx, operator_id: i64, kind: Kind, client: Option<&str>, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE presence SET ended_at = $1 WHERE operator_id = $2 AND kind = $3 AND ended_at IS NULL \
        AND ($4 OR client = $5)";
    let values =
        [now.timestamp_millis().into(), operator_id.into(), kind.as_str().into(), client.is_none().into(), client.unwrap_or("").into()];
    tx.execute_raw(sql(tx, TEXT, values)).await?;
    Ok(())
}

/// Notes activity of an operator (ST-7); it is part of nothing that other nodes hold.
pub async fn active(tx: &Tx, operator_id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE operators SET active_at = $1 WHERE id = $2";
    tx.execute_raw(sql(tx, TEXT, [now.timestamp_millis().into(), operator_id.into()])).await?;
    Ok(())
}

/// The last heartbeat of each of these operators; those who never had one are absent.
pub async fn latest_of(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, DateTime<Utc>>, StoreError> {
    let mut found = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        let mut values = Vec::with_capacity(some.len());
        let names = named(&mut values, some.iter().copied());
        let text = format!("SELECT operator_id, MAX(beat_at) FROM presence WHERE operator_id IN ({names}) GROUP BY operator_id");
        for row in db.query_all_raw(sql(db, text, values)).await? {
            found.insert(row.try_get_by_index(0)?, row.try_get_by_index::<Millis>(1)?.0);
        }
    }
    Ok(found)
}

/// The stretches of an operator's clients that had a heartbeat after an instant, the latest first.
pub async fn of_operator(db: &impl ConnectionTrait, operator_id: i64, since: DateTime<Utc>) -> Result<Vec<Stretch>, StoreError> {
    let rows = Entity::find().filter(Column::OperatorId.eq(operator_id)).filter(Column::BeatAt.gt(Millis(since)));
    Ok(rows.order_by_desc(Column::BeatAt).order_by_desc(Column::Id).all(db).await?)
}

/// How far time was written down; as it stands, so that the caller asks for [`Watch::at`].
pub async fn watch(db: &impl ConnectionTrait) -> Result<Watch, StoreError> {
    const TEXT: &str = "SELECT followed_at, resumed_at FROM watch WHERE id = 1";
    let row = db.query_one_raw(sql(db, TEXT, [])).await?;
    let row = row.ok_or_else(|| sea_orm::DbErr::RecordNotFound("watch".into()))?;
    Ok(Watch { followed_at: row.try_get_by_index::<Millis>(0)?.0, resumed_at: row.try_get_by_index::<Millis>(1)?.0 })
}

/// Notes that the server listens from now on; that counts for everybody.
pub async fn resume(tx: &Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.execute_raw(sql(tx, "UPDATE watch SET resumed_at = $1 WHERE id = 1", [now.timestamp_millis().into()])).await?;
    versions::touch(tx, Counter::Operators).await
}

/// Notes that everything up to an instant was written down.
pub async fn followed(tx: &Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.execute_raw(sql(tx, "UPDATE watch SET followed_at = $1 WHERE id = 1", [now.timestamp_millis().into()])).await?;
    Ok(())
}

/// Pulls heartbeats and activity that lie in the time to come back to now: they were dated by a clock that was wrong.
pub async fn pull_back(tx: &Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    let now = now.timestamp_millis();
    const BEATS: &str = "UPDATE presence SET beat_at = $1, began_at = CASE WHEN began_at > $2 THEN $3 ELSE began_at END WHERE beat_at > $4";
    tx.execute_raw(sql(tx, BEATS, [now.into(), now.into(), now.into(), now.into()])).await?;
    const ACTIVITY: &str = "UPDATE operators SET active_at = $1 WHERE active_at > $2";
    tx.execute_raw(sql(tx, ACTIVITY, [now.into(), now.into()])).await?;
    Ok(())
}
