//! The only room that knows the database: connections, migrations, entities and queries by noun.
//! It never decides, renders, mails or hashes; rules are asked of the domain by the actions above.
//! It may call the domain (for types) and the migrations, nothing else of ours.

pub mod absences;
pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod auto_replies;
pub mod batch;
pub mod calendars;
pub mod catalogue;
pub mod categories;
pub mod connect;
pub mod contact_messages;
pub mod copies;
pub mod courses;
pub mod deliveries;
pub mod departments;
pub mod entities;
pub mod idempotency;
pub mod jobs;
pub mod languages;
pub mod members;
pub mod migrate;
pub mod notices;
pub mod operators;
pub mod outbox;
pub mod overview;
pub mod photos;
pub mod presence;
#[cfg(test)]
pub(crate) mod probe;
pub mod queries;
pub mod roles;
pub mod roster;
pub(crate) mod rows;
pub mod runs;
pub mod schedules;
pub mod sessions;
pub mod settings;
pub mod sites;
pub mod sounds;
pub mod status_log;
pub mod statuses;
pub mod submissions;
pub mod sweep;
pub mod templates;
pub mod throttle;
pub mod tokens;
pub mod versions;
pub mod work;
mod write;

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

pub use batch::Batch;
pub use connect::{Engine, Store};
pub use sea_orm::ConnectionTrait as Db;
pub use sea_orm::prelude::ChronoUnixTimestampMillis as Millis;
use sea_orm::{ConnectionTrait, DbErr, Statement, TryGetable, Value};

/// A write transaction, opened by [`Store::write`] and nowhere else.
pub type Tx = sea_orm::DatabaseTransaction;
/// The pool of readers.
pub type Reader = sea_orm::DatabaseConnection;

/// Why the store could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique rule refused the value of this field.
    #[error("{0} is taken")]
    Taken(&'static str),
    /// Another transaction was in the way; trying again at once may work.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// It does not answer, has no connection free or no room left: to be told at once, since trying again makes it worse (D-5).
    #[error("the database is out of reach: {0}")]
    OutOfReach(String),
    /// The file of an SQLite database is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Anything else the database said.
    #[error(transparent)]
    Database(DbErr),
}

/// Errors that tell whether the same transaction may be tried once more.
pub trait Retryable {
    /// Whether nothing but another transaction in the way caused this.
    fn is_retryable(&self) -> bool;
}

impl Retryable for StoreError {
    fn is_retryable(&self) -> bool {
        matches!(self, StoreError::Busy(_))
    }
}

/// Unique indexes by the words with which either engine reports them, and the field they guard.
const UNIQUE: &[(&str, &str, &str)] = &[
    ("operators.email_key", "operators_email", "email"),
    ("roles.slug", "roles_slug_key", "slug"),
    ("roles.name_key", "roles_name_key_key", "name"),
    ("departments.slug", "departments_slug_key", "slug"),
    ("departments.name_key", "departments_name_key_key", "name"),
    ("statuses.name_key", "statuses_name_key_key", "name"),
    ("languages.tag", "languages_pkey", "tag"),
    ("sites.slug", "sites_slug_key", "slug"),
    ("sites.name_key", "sites_name_key_key", "name"),
    ("categories.name_key", "categories_name_key_key", "name"),
    ("queries.external_id", "queries_taken", "external_id"),
    ("auto_replies_sent", "auto_replies_sent", "auto_reply"),
    ("auto_replies.", "auto_replies_message", "auto_reply"),
    ("schedules.name_key", "schedules_name_key_key", "name"),
    ("site_hosts.pattern", "site_hosts_pkey", "hosts"),
    ("mail_messages.dedup_key", "mail_messages_dedup_key_key", "dedup_key"),
    ("submissions.id", "submissions_pkey", "submission_id"),
    ("idempotency_keys.", "idempotency_keys_pkey", "idempotency_key"),
];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let text = error.to_string();
        if let Some(sea_orm::SqlErr::UniqueConstraintViolation(said)) = error.sql_err() {
            for (sqlite, postgres, field) in UNIQUE {
                if said.contains(sqlite) || said.contains(postgres) {
                    return StoreError::Taken(field);
                }
            }
        }
        let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
        if says(IN_THE_WAY) {
            StoreError::Busy(text)
        } else if says(DAMAGED) {
            StoreError::Damaged(text)
        } else if says(OUT_OF_REACH) || matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
            StoreError::OutOfReach(text)
        } else {
            StoreError::Database(error)
        }
    }
}

/// How either engine says that another transaction is in the way.
const IN_THE_WAY: &[&str] = &["database is locked", "deadlock detected", "could not serialize", "lock timeout"];
/// How SQLite says that its file is not what it was.
const DAMAGED: &[&str] = &["database disk image is malformed", "file is not a database"];
/// How either engine, or the road to it, says that nothing can be done now.
const OUT_OF_REACH: &[&str] = &[
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "No space left on device",
    "error communicating with database",
    "closed pool",
    "pool timed out",
    "statement timeout",
    "terminating connection",
    "the database system is",
    "too many clients",
];

/// One statement with its values; the text is the same on both engines (`$1`, `$2`, ...).
pub(crate) fn sql(db: &impl ConnectionTrait, text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), text, values)
}

/// Takes values and returns their names, `$3, $4`, for a list of a statement.
pub(crate) fn named(values: &mut Vec<Value>, more: impl IntoIterator<Item = impl Into<Value>>) -> String {
    let first = values.len() + 1;
    values.extend(more.into_iter().map(Into::into));
    (first..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// Rows of one statement, so that neither engine's bound on values is met.
pub(crate) const AT_ONCE: usize = 500;

/// The number that a statement counts.
pub(crate) async fn count(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<u64, StoreError> {
    let row = db.query_one_raw(sql(db, text, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(count.unsigned_abs())
}

/// The numbers that a statement counts by a first column; what counts nothing is absent.
pub(crate) async fn counts<K: TryGetable + Eq + Hash>(db: &impl ConnectionTrait, text: &str) -> Result<HashMap<K, u64>, StoreError> {
    let rows = db.query_all_raw(sql(db, text, [])).await?;
    let counted = rows.iter().map(|row| {
        let count: i64 = row.try_get_by_index(1)?;
        Ok((row.try_get_by_index(0)?, count.unsigned_abs()))
    });
    counted.collect()
}

/// How long a request waits for a connection before it is told to come back (1.8).
pub(crate) const ACQUIRE: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use sea_orm::{ConnAcquireErr, RuntimeErr};

    use super::*;

    #[test]
    fn only_what_another_transaction_caused_is_tried_again() {
        let said = |words: &str| StoreError::from(DbErr::Exec(RuntimeErr::Internal(words.to_owned())));
        for words in
            ["(code: 5) database is locked", "deadlock detected", "could not serialize access", "canceling statement due to lock timeout"]
        {
            assert!(matches!(said(words), StoreError::Busy(_)) && said(words).is_retryable(), "{words}");
        }
        for words in ["(code: 13) database or disk is full", "(code: 778) disk I/O error", "could not extend file: No space left on device"]
        {
            assert!(matches!(said(words), StoreError::OutOfReach(_)) && !said(words).is_retryable(), "{words}");
        }
        for error in [ConnAcquireErr::Timeout, ConnAcquireErr::ConnectionClosed] {
            let error = StoreError::from(DbErr::ConnectionAcquire(error));
            assert!(matches!(error, StoreError::OutOfReach(_)) && !error.is_retryable(), "{error}: a full pool is not helped by more");
        }
        assert!(matches!(said("(code: 11) database disk image is malformed"), StoreError::Damaged(_)));
        assert!(matches!(said("no such column: x"), StoreError::Database(_)));
    }
}
