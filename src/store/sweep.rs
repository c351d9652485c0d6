//! What is thrown away once nobody needs it any more; the timetable says how often.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Value};

use super::{Store, StoreError, operators, sessions, sql};
use crate::domain::auto_reply::SUPPRESSED_FOR;

/// How long one-time links are remembered after their end, so that an old one still says what became of it.
const TOKENS: TimeDelta = TimeDelta::days(30);
/// Longer than any window in which failures are counted (A4).
const SIGN_IN_FAILURES: TimeDelta = TimeDelta::hours(1);
/// How long a form or an API call may be repeated without effect (F-4, P3).
const REPEATS: TimeDelta = TimeDelta::hours(24);
/// How long the Mail page remembers a mail that has ended (QUALITY 1.6, 9).
const MAILS: TimeDelta = TimeDelta::days(90);
/// How long a deleted operator can be restored (D-8).
const DELETED_OPERATORS: TimeDelta = TimeDelta::days(30);
/// How long the report of a bulk deed or an import can be read, and a file of operators is kept (OP-8).
const RUNS: TimeDelta = TimeDelta::hours(24);
/// How far back one may ask who was there.
const PRESENCE: TimeDelta = TimeDelta::days(100);
/// An upload is saved a moment before its operator points at it.
const PHOTOS: TimeDelta = TimeDelta::hours(1);

/// Sweeps everything, one short transaction a table, so that nobody waits long; returns how many rows were deleted or wiped.
pub async fn sweep(store: &Store, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let before = |age: TimeDelta| vec![Value::from((now - age).timestamp_millis())];
    let steps: [(&str, Vec<Value>); 11] = [
        ("DELETE FROM one_time_tokens WHERE expires_at < $1", before(TOKENS)),
        ("DELETE FROM sign_in_failures WHERE at < $1", before(SIGN_IN_FAILURES)),
        ("DELETE FROM contact_messages WHERE at < $1", before(REPEATS)),
        ("DELETE FROM suppressed_addresses WHERE at < $1", before(SUPPRESSED_FOR)),
        ("DELETE FROM submissions WHERE created_at < $1", before(REPEATS)),
        ("DELETE FROM idempotency_keys WHERE created_at < $1", before(REPEATS)),
        (
            "UPDATE mail_messages SET text_body = '', html_body = '' \
             WHERE has_token AND text_body <> '' AND state IN ('sent', 'failed', 'cancelled') AND NOT EXISTS (SELECT 1 \
             FROM one_time_tokens t WHERE t.id = token_id AND t.used_at IS NULL AND t.voided_at IS NULL AND t.expires_at > $1)",
            before(TimeDelta::zero()),
        ),
        ("DELETE FROM mail_messages WHERE created_at < $1 AND state IN ('sent', 'failed', 'cancelled')", before(MAILS)),
        ("DELETE FROM presence WHERE beat_at < $1", before(PRESENCE)),
        ("DELETE FROM runs WHERE created_at < $1", before(RUNS)),
        (
            "DELETE FROM photos WHERE created_at < $1 AND NOT EXISTS (SELECT 1 FROM operators o WHERE o.photo_id = photos.id)",
            before(PHOTOS),
        ),
    ];
    let mut swept = store.write(async |tx| sessions::sweep(tx, now).await).await?;
    swept += store.write(async |tx| operators::purge(tx, now - DELETED_OPERATORS).await).await?;
    for (text, values) in &steps {
        swept += store.write(async |tx| Ok::<_, StoreError>(tx.execute_raw(sql(tx, *text, values.clone())).await?.rows_affected())).await?;
    }
    Ok(swept)
}
