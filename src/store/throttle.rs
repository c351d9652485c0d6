//! Failed sign-ins and known browsers, shared by all nodes (A4).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::entities::{device, sign_in_failure};
use super::{Millis, StoreError, sql};
use crate::domain::throttle::{Counts, EVERYWHERE_MINUTES, WINDOW_MINUTES};

/// Counts what the verdict on a sign-in rests on.
pub async fn counts(db: &impl ConnectionTrait, account: &str, network: &str, now: DateTime<Utc>) -> Result<Counts, StoreError> {
    const TEXT: &str = "SELECT \
        (SELECT COUNT(*) FROM sign_in_failures WHERE account = $1 AND at > $2 AND network = $3), \
        (SELECT COUNT(*) FROM sign_in_failures WHERE account = $4 AND at > $5), \
        (SELECT COUNT(*) FROM sign_in_failures WHERE network = $6 AND at > $7), \
        (SELECT COUNT(*) FROM sign_in_failures WHERE at > $8), \
        (SELECT MAX(at) FROM sign_in_failures WHERE account = $9 AND at > $10 AND network = $11)";
    let window = (now - TimeDelta::minutes(WINDOW_MINUTES)).timestamp_millis();
    let lately = (now - TimeDelta::minutes(EVERYWHERE_MINUTES)).timestamp_millis();
    let values = [
        account.into(),
        window.into(),
        network.into(),
        account.into(),
        window.into(),
        network.into(),
        window.into(),
        lately.into(),
        account.into(),
        window.into(),
        network.into(),
    ];
    let Some(row) = db.query_one_raw(sql(db, TEXT, values)).await? else { return Ok(Counts::default()) };
    let count = |index| row.try_get_by_index::<i64>(index).map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    Ok(Counts {
        account_here: count(0)?,
        account: count(1)?,
        network: count(2)?,
        everywhere: count(3)?,
        last_failure_here: row.try_get_by_index::<Option<Millis>>(4)?.map(|at| at.0),
    })
}

/// Counts a failure.
pub async fn failed(db: &impl ConnectionTrait, account: &str, network: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let model = sign_in_failure::ActiveModel {
        account: Set(account.to_owned()),
        network: Set(network.to_owned()),
        at: Set(Millis(now)),
        ..Default::default()
    };
    sign_in_failure::Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}

/// Whether the operator has signed in from this browser before.
pub async fn is_known(db: &impl ConnectionTrait, operator_id: i64, hash: &str) -> Result<bool, StoreError> {
    Ok(device::Entity::find_by_id((operator_id, hash.to_owned())).one(db).await?.is_some())
}

/// Whether the operator has signed in from any browser before.
pub async fn has_devices(db: &impl ConnectionTrait, operator_id: i64) -> Result<bool, StoreError> {
    const TEXT: &str = "SELECT 1 FROM devices WHERE operator_id = $1 LIMIT 1";
    Ok(db.query_one_raw(sql(db, TEXT, [operator_id.into()])).await?.is_some())
}

/// Remembers a browser.
pub async fn remember(db: &impl ConnectionTrait, operator_id: i64, hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "INSERT INTO devices (operator_id, hash, last_seen_at) VALUES ($1, $2, $3) \
        ON CONFLICT (operator_id, hash) DO UPDATE SET last_seen_at = excluded.last_seen_at";
    db.execute_raw(sql(db, TEXT, [operator_id.into(), hash.into(), now.timestamp_millis().into()])).await?;
    Ok(())
}
