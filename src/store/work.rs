//! What operators have at hand: open chats that take a slot, messages that wait for an answer, and when they last got or closed a
//! query (QU-3, DE-6, ST-6).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Value};

use super::roster::these;
use super::{Millis, StoreError, Tx, named, sql};
use crate::domain::availability::Load;

/// What these operators, or all, have at hand at an instant. Whoever has and had nothing is absent.
pub async fn loads(
    db: &impl ConnectionTrait,
    ids: Option<&[i64]>,
    inactivity: TimeDelta,
    now: DateTime<Utc>,
) -> Result<HashMap<i64, Load>, StoreError> {
    let (condition, values) = these("operator_id", ids);
    let text = format!("SELECT operator_id, assigned_at, closed_at FROM work WHERE {condition}");
    let mut found: HashMap<i64, Load> = HashMap::new();
    for row in db.query_all_raw(sql(db, text, values)).await? {
        let instant = |index| Ok::<_, StoreError>(row.try_get_by_index::<Option<Millis>>(index)?.map(|at| at.0));
        let load = Load { assigned_at: instant(1)?, closed_at: instant(2)?, ..Load::default() };
        found.insert(row.try_get_by_index(0)?, load);
    }
    let (condition, mut values) = these("operator_id", ids);
    values.push((now - inactivity).timestamp_millis().into());
    let n = values.len();
    let text = format!(
        "SELECT operator_id, CAST(SUM(CASE WHEN active_at > ${n} THEN 1 ELSE 0 END) AS BIGINT), \
        MIN(CASE WHEN active_at > ${n} THEN active_at END), MIN(unanswered_since) \
        FROM queries WHERE state = 'assigned' AND channel = 'chat' AND {condition} GROUP BY operator_id"
    );
    for row in db.query_all_raw(sql(db, text, values)).await? {
        let instant = |index| Ok::<_, StoreError>(row.try_get_by_index::<Option<Millis>>(index)?.map(|at| at.0));
        let load = found.entry(row.try_get_by_index(0)?).or_default();
        load.open = u32::try_from(row.try_get_by_index::<i64>(1)?).unwrap_or(u32::MAX);
        load.frees_at = instant(2)?.map(|active| active + inactivity);
        load.unanswered_since = instant(3)?;
    }
    Ok(found)
}

/// What one operator has at hand, once no other transaction can change anybody's work any more until this one ends (QU-3). Whatever
/// locks work does so here or in [`touch`], by its version first, so that no two wait for one another.
pub async fn held(tx: &Tx, id: i64, inactivity: TimeDelta, now: DateTime<Utc>) -> Result<Load, StoreError> {
    tx.execute_raw(sql(tx, "UPDATE versions SET n = n + 1 WHERE name = 'work'", [])).await?;
    Ok(loads(tx, Some(&[id]), inactivity, now).await?.remove(&id).unwrap_or_default())
}

/// What changed about an operator's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A query was assigned to them.
    Assigned,
    /// One of theirs was closed.
    Closed,
    /// Something else: said in a dialog, taken from them.
    Other,
}

/// Notes that the work of these operators changed, so that every node learns of it. It comes last in a transaction: others that change
/// anybody's work wait for it on PostgreSQL.
pub async fn touch(tx: &Tx, ids: &[i64], change: Change, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.execute_raw(sql(tx, "UPDATE versions SET n = n + 1 WHERE name = 'work'", [])).await?;
    let at: Value = now.timestamp_millis().into();
    let none: Value = None::<i64>.into();
    let (assigned, closed) = match change {
        Change::Assigned => (at, none),
        Change::Closed => (none, at),
        Change::Other => (none.clone(), none),
    };
    for id in ids {
        const TEXT: &str = "INSERT INTO work (operator_id, assigned_at, closed_at, touched) \
            VALUES ($1, $2, $3, (SELECT n FROM versions WHERE name = 'work')) ON CONFLICT (operator_id) DO UPDATE SET \
            assigned_at = COALESCE(excluded.assigned_at, work.assigned_at), closed_at = COALESCE(excluded.closed_at, work.closed_at), \
            touched = excluded.touched";
        tx.execute_raw(sql(tx, TEXT, [(*id).into(), assigned.clone(), closed.clone()])).await?;
    }
    Ok(())
}

/// Ids of the operators whose work changed after a version of it; at most so many.
pub async fn touched(db: &impl ConnectionTrait, after: i64, limit: usize) -> Result<Vec<i64>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let text = "SELECT operator_id FROM work WHERE touched > $1 ORDER BY touched LIMIT $2";
    let rows = db.query_all_raw(sql(db, text, [after.into(), limit.into()])).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Ids of the operators for whose word a requester of a chat has waited since before their own time for it (ST-6).
pub async fn speechless(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, DateTime<Utc>>, StoreError> {
    let mut values = Vec::new();
    let list = named(&mut values, ids.iter().copied());
    if values.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT operator_id, MIN(unanswered_since) FROM queries WHERE state = 'assigned' AND channel = 'chat' \
        AND unanswered_since IS NOT NULL AND operator_id IN ({list}) GROUP BY operator_id"
    );
    let rows = db.query_all_raw(sql(db, text, values)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<Millis>(1)?.0))).collect()
}
