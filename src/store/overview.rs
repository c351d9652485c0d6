//! What the start page tells: how many operators in which state, and what needs a hand (QU-9 as far as it exists).

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::{StoreError, sql};

/// Numbers of operators who are not deleted, by state (OP-5), and of mails that failed for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// May sign in.
    pub active: u64,
    /// Have an invitation that waits.
    pub invited: u64,
    /// Their invitation is past its time, or revoked.
    pub expired: u64,
    /// Their invitation could not be delivered.
    pub delivery_failed: u64,
    /// May not sign in.
    pub suspended: u64,
    /// Mails that were given up.
    pub failed_mails: u64,
    /// Queries that nobody has yet.
    pub waiting_queries: u64,
}

/// Counts all of it in one statement.
pub async fn numbers(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Numbers, StoreError> {
    const TEXT: &str = "SELECT \
        COUNT(CASE WHEN suspended_at IS NULL AND activated_at IS NOT NULL THEN 1 END), \
        COUNT(CASE WHEN suspended_at IS NULL AND activated_at IS NULL AND invitation_error IS NULL AND invitation_expires_at > $1 THEN 1 END), \
        COUNT(CASE WHEN suspended_at IS NULL AND activated_at IS NULL AND invitation_error IS NULL \
            AND (invitation_expires_at IS NULL OR invitation_expires_at <= $2) THEN 1 END), \
        COUNT(CASE WHEN suspended_at IS NULL AND activated_at IS NULL AND invitation_error IS NOT NULL THEN 1 END), \
        COUNT(CASE WHEN suspended_at IS NOT NULL THEN 1 END), \
        (SELECT COUNT(*) FROM mail_messages WHERE state = 'failed'), \
        (SELECT COUNT(*) FROM queries WHERE state IN ('waiting', 'offered')) \
        FROM operators WHERE deleted_at IS NULL";
    let now = now.timestamp_millis();
    let Some(row) = db.query_one_raw(sql(db, TEXT, [now.into(), now.into()])).await? else {
        return Ok(Numbers::default());
    };
    let number = |index: usize| -> Result<u64, StoreError> { Ok(u64::try_from(row.try_get_by_index::<i64>(index)?).unwrap_or_default()) };
    Ok(Numbers {
        active: number(0)?,
        invited: number(1)?,
        expired: number(2)?,
        delivery_failed: number(3)?,
        suspended: number(4)?,
        failed_mails: number(5)?,
        waiting_queries: number(6)?,
    })
}

/// An operator whose job position is not told in every language they assist in (OP-4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untranslated {
    /// The operator.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// The languages without a text.
    pub tags: Vec<String>,
}

/// The first such operators by name, at most `limit`. A text in `pt` serves `pt-BR` too, as
/// [`crate::domain::operator::missing_job_positions`] has it.
pub async fn untranslated(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Untranslated>, StoreError> {
    const TEXT: &str = "SELECT o.id, o.name, string_agg(l.tag, ',' ORDER BY l.position) \
        FROM operators o JOIN operator_languages l ON l.operator_id = o.id \
        WHERE o.deleted_at IS NULL AND EXISTS (SELECT 1 FROM job_positions p WHERE p.operator_id = o.id) \
        AND NOT EXISTS (SELECT 1 FROM job_positions p WHERE p.operator_id = o.id \
            AND (p.tag = l.tag OR (p.tag NOT LIKE '%-%' AND l.tag LIKE p.tag || '-%'))) \
        GROUP BY o.id, o.name, o.name_key ORDER BY o.name_key, o.id LIMIT $1";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = db.query_all_raw(sql(db, TEXT, [limit.into()])).await?;
    let read = |row: &sea_orm::QueryResult| -> Result<Untranslated, StoreError> {
        let tags: String = row.try_get_by_index(2)?;
        Ok(Untranslated {
            id: row.try_get_by_index(0)?,
            name: row.try_get_by_index(1)?,
            tags: tags.split(',').map(str::to_owned).collect(),
        })
    };
    rows.iter().map(read).collect()
}
