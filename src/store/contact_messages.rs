//! Messages by contact pages: how many came from a network, on all nodes, and what became of one that comes again.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::entities::contact_message::{ActiveModel, Entity};
use super::{Millis, StoreError, sql};
use crate::domain::throttle::MESSAGES_MINUTES;

/// Messages of a network lately ([`MESSAGES_MINUTES`]) and in a day.
pub async fn counts(db: &impl ConnectionTrait, network: &str, now: DateTime<Utc>) -> Result<(u64, u64), StoreError> {
    const TEXT: &str = "SELECT (SELECT COUNT(*) FROM contact_messages WHERE network = $1 AND at > $2), \
        (SELECT COUNT(*) FROM contact_messages WHERE network = $3 AND at > $4)";
    let since = |time: TimeDelta| (now - time).timestamp_millis().into();
    let values = [network.into(), since(TimeDelta::minutes(MESSAGES_MINUTES)), network.into(), since(TimeDelta::days(1))];
    let Some(row) = db.query_one_raw(sql(db, TEXT, values)).await? else { return Ok((0, 0)) };
    let count = |index| Ok::<_, StoreError>(row.try_get_by_index::<i64>(index)?.unsigned_abs());
    Ok((count(0)?, count(1)?))
}

/// Counts a message.
pub async fn note(db: &impl ConnectionTrait, network: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let model = ActiveModel { network: Set(network.to_owned()), at: Set(Millis(now)), ..Default::default() };
    Entity::insert(model).exec_without_returning(db).await?;
    Ok(())
}

/// The query that a message has become, if it came before.
pub async fn query_of(db: &impl ConnectionTrait, external_id: &str) -> Result<Option<i64>, StoreError> {
    const TEXT: &str = "SELECT id FROM queries WHERE external_id = $1 AND source = 'contact'";
    let row = db.query_one_raw(sql(db, TEXT, [external_id.into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}
