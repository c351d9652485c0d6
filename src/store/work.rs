//! What operators have at hand: open chats that take a slot, messages that wait for an answer, and when they last got or closed a
//! query (QU-3, DE-6, ST-6).

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseBackend, Value};

use super::batch::COUNT_WORK;
use super::queries::id_of_next;
use super::roster::these;
use super::versions::{COUNTERS, Versions};
use super::{Batch, Millis, StoreError, Tx, named, rows, sql};
use crate::domain::availability::Load;

/// What these operators, or all, have at hand at an instant. Whoever has and had nothing is absent.
pub async fn loads(
    db: &impl ConnectionTrait,
    ids: Option<&[i64]>,
    inactivity: TimeDelta,
    now: DateTime<Utc>,
) -> Result<HashMap<i64, Load>, StoreError> {
    let (text, values) = asked(ids, inactivity, now);
    Ok(read(db, text, values, inactivity).await?.loads)
}

/// All that a query is sent on its way by, as a transaction finds it.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// What operators have at hand. Whoever has and had nothing is absent.
    pub loads: HashMap<i64, Load>,
    /// The counters by which a held roster is told from an old one.
    pub versions: Versions,
    /// The id of a query that is new; zero where none was asked for.
    pub next_id: i64,
}

/// How things stand for these operators, and the id of a new query where there is one, in one statement.
pub async fn standing(tx: &Tx, ids: &[i64], is_new: bool, inactivity: TimeDelta, now: DateTime<Utc>) -> Result<Standing, StoreError> {
    let (text, values) = asked(Some(ids), inactivity, now);
    let id = if is_new { id_of_next(tx) } else { "0" };
    let text = format!("{text} UNION ALL SELECT NULL, catalogue, operators, everyone, work, {id} FROM ({COUNTERS}) v");
    read(tx, text, values, inactivity).await
}

/// The last changes of operators, and their open chats; rows of the same shape.
fn asked(ids: Option<&[i64]>, inactivity: TimeDelta, now: DateTime<Utc>) -> (String, Vec<Value>) {
    let (condition, mut values) = these("operator_id", ids);
    values.push((now - inactivity).timestamp_millis().into());
    let n = values.len();
    let text = format!(
        "SELECT operator_id, assigned_at AS first, closed_at AS second, CAST(NULL AS BIGINT) AS open, CAST(NULL AS BIGINT) AS oldest, \
        CAST(NULL AS BIGINT) AS unanswered FROM work WHERE {condition} UNION ALL \
        SELECT operator_id, NULL, NULL, CAST(SUM(CASE WHEN active_at > ${n} THEN 1 ELSE 0 END) AS BIGINT), \
        MIN(CASE WHEN active_at > ${n} THEN active_at END), MIN(unanswered_since) \
        FROM queries WHERE state = 'assigned' AND channel = 'chat' AND {condition} GROUP BY operator_id"
    );
    (text, values)
}

/// A row of it: an operator with their last changes, or with their open chats, or nobody with the counters and the id.
type Found = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

async fn read(db: &impl ConnectionTrait, text: String, values: Vec<Value>, inactivity: TimeDelta) -> Result<Standing, StoreError> {
    let mut found = Standing::default();
    let instant = |at: Option<i64>| at.and_then(DateTime::from_timestamp_millis);
    let rest = format!("FROM ({text}) found");
    for row in rows::all::<Found>(db, "operator_id, first, second, open, oldest, unanswered", &rest, values).await? {
        match row {
            (None, catalogue, operators, everyone, work, id) => {
                let n = Option::<i64>::unwrap_or_default;
                found.versions = Versions { catalogue: n(catalogue), operators: n(operators), everyone: n(everyone), work: n(work) };
                found.next_id = n(id);
            }
            (Some(operator), assigned, closed, None, ..) => {
                let load = found.loads.entry(operator).or_default();
                (load.assigned_at, load.closed_at) = (instant(assigned), instant(closed));
            }
            (Some(operator), _, _, Some(open), active, unanswered) => {
                let load = found.loads.entry(operator).or_default();
                load.open = u32::try_from(open).unwrap_or(u32::MAX);
                load.frees_at = instant(active).map(|active| active + inactivity);
                load.unanswered_since = instant(unanswered);
            }
        }
    }
    Ok(found)
}

/// Lets no other transaction change anybody's work until this one ends (QU-3): what is read from here on stands. Whatever locks work
/// does so here or in [`touch`], by its version first, so that no two wait for one another. Tells whether another one may have changed
/// something up to now since this one began; on SQLite none can.
pub async fn lock(tx: &Tx) -> Result<bool, StoreError> {
    if tx.get_database_backend() == DatabaseBackend::Sqlite {
        return Ok(false);
    }
    tx.execute_raw(sql(tx, COUNT_WORK, [])).await?;
    Ok(true)
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
pub fn touch(batch: &mut Batch, ids: &[i64], change: Change, now: DateTime<Utc>) {
    const KEPT: &str = "ON CONFLICT (operator_id) DO UPDATE SET assigned_at = COALESCE(excluded.assigned_at, work.assigned_at), \
        closed_at = COALESCE(excluded.closed_at, work.closed_at), touched = excluded.touched";
    let at: Value = now.timestamp_millis().into();
    let none: Value = None::<i64>.into();
    let (assigned, closed) = match change {
        Change::Assigned => (at, none),
        Change::Closed => (none, at),
        Change::Other => (none.clone(), none),
    };
    // Each once: PostgreSQL writes no row twice by one statement.
    let ids = BTreeSet::from_iter(ids.iter().copied());
    let rows = ids.into_iter().map(|id| [id.into(), assigned.clone(), closed.clone()]);
    batch.add_rows_of_work("INSERT INTO work (operator_id, assigned_at, closed_at, touched) VALUES", KEPT, rows);
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
