//! Answers kept under an `Idempotency-Key`, so that a repeated call is carried out once (P3).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::entities::idempotency_key::{ActiveModel, Entity};
use super::{Batch, Millis, StoreError, Tx, sql};

pub use super::entities::idempotency_key::Model as KeptAnswer;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// After this time a call that never answered has ended with its process: no call may take that long. What it wrote is undone where
/// its answer is kept in the same transaction.
const LOST: TimeDelta = TimeDelta::minutes(2);

/// Marks a call as running. `Taken` where the key was used before.
pub async fn begin(tx: &Tx, (api_key_id, key): (i64, &str), request_hash: String, now: DateTime<Utc>) -> Result<(), StoreError> {
    const OLD: &str = "DELETE FROM idempotency_keys WHERE api_key_id = $1 AND key = $2 \
        AND (created_at <= $3 OR (status IS NULL AND created_at <= $4))";
    let ends = [(now - KEPT).timestamp_millis(), (now - LOST).timestamp_millis()];
    tx.execute_raw(sql(tx, OLD, [api_key_id.into(), key.into(), ends[0].into(), ends[1].into()])).await?;
    let model = ActiveModel {
        api_key_id: Set(api_key_id),
        key: Set(key.to_owned()),
        request_hash: Set(request_hash),
        status: Set(None),
        headers: Set(None),
        body: Set(None),
        created_at: Set(Millis(now)),
    };
    Entity::insert(model).exec_without_returning(tx).await?;
    Ok(())
}

/// What is kept under a key.
pub async fn find(db: &impl ConnectionTrait, (api_key_id, key): (i64, &str)) -> Result<Option<KeptAnswer>, StoreError> {
    Ok(Entity::find_by_id((api_key_id, key.to_owned())).one(db).await?)
}

/// Keeps the answer of a call that runs.
pub fn finish(batch: &mut Batch, (api_key_id, key): (i64, &str), status: u16, headers: String, body: String) {
    const TEXT: &str = "UPDATE idempotency_keys SET status = $1, headers = $2, body = $3 \
        WHERE api_key_id = $4 AND key = $5 AND status IS NULL";
    batch.add(TEXT, [i64::from(status).into(), headers.into(), body.into(), api_key_id.into(), key.into()]);
}

/// Forgets a call that failed, so that it may be tried again.
pub async fn forget(db: &impl ConnectionTrait, (api_key_id, key): (i64, &str)) -> Result<(), StoreError> {
    const TEXT: &str = "DELETE FROM idempotency_keys WHERE api_key_id = $1 AND key = $2 AND status IS NULL";
    db.execute_raw(sql(db, TEXT, [api_key_id.into(), key.into()])).await?;
    Ok(())
}
