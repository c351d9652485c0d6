//! Leases on the jobs of the timetable: one node at a time, whichever comes first (J1, J2).
//!
//! Every effect of a job is conditional by itself; a lease only spares the work of doing it twice. That is why clocks of
//! nodes that differ by some seconds do no harm here.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use super::entities::job::{Column, Entity};
use super::{StoreError, Tx, sql};

pub use super::entities::job::Model as JobRow;

/// How long a lease holds without being renewed (J2).
pub const LEASE: TimeDelta = TimeDelta::seconds(15);
/// A lease that ends later than this was given before the machine's clock was set back (J7).
const IMPOSSIBLE: TimeDelta = TimeDelta::minutes(5);

/// A job that this holder, and no other, may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: &'static str,
    /// Number of the lease; no other one of this job ever had it.
    pub fence: i64,
    /// The instant it was due.
    pub slot: DateTime<Utc>,
}

/// How a run went.
#[derive(Clone, Debug)]
pub struct Run {
    /// When it began.
    pub at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub ms: i64,
    /// `ok: ...` or `error: ...`.
    pub result: String,
    /// When the next one is due.
    pub next_at: DateTime<Utc>,
}

/// Enters a job into the table, due at once, unless it is there.
pub async fn register(tx: &Tx, job: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "INSERT INTO jobs (name, next_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    tx.execute_raw(sql(tx, TEXT, [job.into(), now.timestamp_millis().into()])).await?;
    Ok(())
}

/// When a job is due next; none where it was never entered.
pub async fn next_at(db: &impl ConnectionTrait, job: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(Entity::find_by_id(job).one(db).await?.map(|row| row.next_at.0))
}

/// Takes a job that is due before `by` or, as the clock was set back, could not be due as late as `latest`, where nobody holds it.
pub async fn take(
    tx: &Tx,
    job: &'static str,
    holder: &str,
    by: DateTime<Utc>,
    latest: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<Lease>, StoreError> {
    const TEXT: &str = "UPDATE jobs SET lease_holder = $1, lease_fence = lease_fence + 1, lease_until = $2 WHERE name = $3 \
        AND (next_at <= $4 OR next_at > $5) AND (lease_until IS NULL OR lease_until <= $6 OR lease_until > $7) \
        RETURNING lease_fence, next_at";
    let values = [
        holder.into(),
        (now + LEASE).timestamp_millis().into(),
        job.into(),
        by.timestamp_millis().into(),
        latest.timestamp_millis().into(),
        now.timestamp_millis().into(),
        (now + IMPOSSIBLE).timestamp_millis().into(),
    ];
    let Some(row) = tx.query_one_raw(sql(tx, TEXT, values)).await? else {
        return Ok(None);
    };
    let slot = row.try_get_by_index::<super::Millis>(1)?.0;
    Ok(Some(Lease { job, fence: row.try_get_by_index(0)?, slot }))
}

/// Holds a lease for longer; false where somebody else has it by now.
pub async fn renew(tx: &Tx, lease: &Lease, now: DateTime<Utc>) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE jobs SET lease_until = $1 WHERE name = $2 AND lease_fence = $3 AND lease_until IS NOT NULL";
    let values = [(now + LEASE).timestamp_millis().into(), lease.job.into(), lease.fence.into()];
    Ok(tx.execute_raw(sql(tx, TEXT, values)).await?.rows_affected() > 0)
}

/// Writes down how it went and gives the lease back; false where somebody else has it by now, and nothing is written then.
pub async fn finish(tx: &Tx, lease: &Lease, run: &Run) -> Result<bool, StoreError> {
    const TEXT: &str = "UPDATE jobs SET next_at = $1, lease_holder = NULL, lease_until = NULL, last_at = $2, last_ms = $3, last_result = $4 \
        WHERE name = $5 AND lease_fence = $6 AND next_at = $7";
    let values = [
        run.next_at.timestamp_millis().into(),
        run.at.timestamp_millis().into(),
        run.ms.into(),
        run.result.as_str().into(),
        lease.job.into(),
        lease.fence.into(),
        lease.slot.timestamp_millis().into(),
    ];
    Ok(tx.execute_raw(sql(tx, TEXT, values)).await?.rows_affected() > 0)
}

/// All jobs with their last and next run (J5).
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<JobRow>, StoreError> {
    Ok(Entity::find().order_by_asc(Column::Name).all(db).await?)
}
