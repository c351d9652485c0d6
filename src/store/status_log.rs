//! Who wears which status, and the log of every change (ST-8). Both are written together, here and nowhere else.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::status_change::{ActiveModel, Column, Entity, Model};
use super::versions::{self, Counter};
use super::{AT_ONCE, Millis, StoreError, Tx, named, sql};
use crate::domain::period::Period;
use crate::domain::status::Worn;
use crate::domain::status_time::Change;

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

/// What is needed of the log for the times of a period.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// By operator: the changes during the period and the last one before it.
    pub changes: HashMap<i64, Vec<Change>>,
    /// The last names of statuses that were deleted since, by their ids.
    pub gone: BTreeMap<i64, String>,
}

/// The log of some operators, in one statement for every few hundred of them.
pub async fn during(db: &impl ConnectionTrait, operators: &[i64], period: Period) -> Result<Log, StoreError> {
    let mut log = Log::default();
    let (from, to) = (period.from.timestamp_millis(), period.to.timestamp_millis());
    for operators in operators.chunks(AT_ONCE) {
        let mut values = vec![from.into(), to.into(), from.into()];
        let ids = named(&mut values, operators.iter().copied());
        let text = format!(
            "SELECT l.operator_id, l.id, l.from_id, l.to_id, l.at, CASE WHEN s.id IS NULL THEN l.to_name END FROM ( \
             SELECT operator_id, id, from_id, to_id, at, to_name FROM status_log WHERE at >= $1 AND at < $2 AND operator_id IN ({ids}) \
             UNION ALL SELECT b.operator_id, b.id, b.from_id, b.to_id, b.at, b.to_name FROM operators o JOIN status_log b ON b.id = \
             (SELECT e.id FROM status_log e WHERE e.operator_id = o.id AND e.at < $3 ORDER BY e.at DESC, e.id DESC LIMIT 1) \
             WHERE o.id IN ({ids})) l LEFT JOIN statuses s ON s.id = l.to_id"
        );
        for row in db.query_all_raw(sql(db, text, values)).await? {
            let (id, from, to) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            let change = Change { at: row.try_get_by_index::<Millis>(4)?.0, id, from, to };
            log.changes.entry(row.try_get_by_index(0)?).or_default().push(change);
            if let Some(name) = row.try_get_by_index(5)? {
                log.gone.insert(to, name);
            }
        }
    }
    Ok(log)
}

/// Ids of operators from this one on who have worn a status before an instant, in order.
pub async fn wearers_from(db: &impl ConnectionTrait, id: i64, before: DateTime<Utc>, limit: usize) -> Result<Vec<i64>, StoreError> {
    const TEXT: &str = "SELECT o.id FROM operators o WHERE o.id >= $1 AND o.deleted_at IS NULL AND EXISTS \
        (SELECT 1 FROM status_log l WHERE l.operator_id = o.id AND l.at < $2) ORDER BY o.id LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = db.query_all_raw(sql(db, TEXT, [id.into(), before.timestamp_millis().into(), limit.into()])).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// How many changes of one operator lie in a period.
pub async fn count_during(db: &impl ConnectionTrait, operator_id: i64, period: Period) -> Result<u64, StoreError> {
    const TEXT: &str = "SELECT COUNT(*) FROM status_log WHERE operator_id = $1 AND at >= $2 AND at < $3";
    let values = [operator_id.into(), period.from.timestamp_millis().into(), period.to.timestamp_millis().into()];
    super::count(db, TEXT, values).await
}

/// A page of the changes of one operator in a period, the newest first.
pub async fn page_during(
    db: &impl ConnectionTrait,
    operator_id: i64,
    period: Period,
    offset: u64,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let rows = Entity::find().filter(Column::OperatorId.eq(operator_id));
    let rows = rows.filter(Column::At.gte(Millis(period.from))).filter(Column::At.lt(Millis(period.to)));
    let rows = rows.order_by_desc(Column::At).order_by_desc(Column::Id);
    Ok(rows.offset(offset).limit(limit).all(db).await?)
}
