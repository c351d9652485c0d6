//! The only room that knows the database: connections, migrations, entities and queries by noun.
//! It never decides, renders, mails or hashes; rules are asked of the domain by the actions above.
//! It may call the domain (for types) and the migrations, nothing else of ours.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod catalogue;
pub mod connect;
pub mod copies;
pub mod deliveries;
pub mod departments;
pub mod entities;
pub mod idempotency;
pub mod jobs;
pub mod languages;
pub mod members;
pub mod migrate;
pub mod operators;
pub mod outbox;
pub mod overview;
pub mod photos;
#[cfg(test)]
pub(crate) mod probe;
pub mod roles;
pub mod runs;
pub mod sessions;
pub mod settings;
pub mod sites;
pub mod submissions;
pub mod sweep;
pub mod templates;
pub mod throttle;
pub mod tokens;
pub mod versions;

use std::time::Duration;

pub use connect::{Engine, Store};
pub use sea_orm::ConnectionTrait as Db;
pub use sea_orm::prelude::ChronoUnixTimestampMillis as Millis;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

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
    /// Somebody else was in the way for too long; trying again may work.
    #[error("the database is busy: {0}")]
    Busy(String),
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
    ("languages.tag", "languages_pkey", "tag"),
    ("sites.slug", "sites_slug_key", "slug"),
    ("sites.name_key", "sites_name_key_key", "name"),
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
        let in_the_way = ["database is locked", "deadlock detected", "could not serialize", "lock timeout", "pool timed out"];
        if in_the_way.iter().any(|words| text.contains(words)) || matches!(error, DbErr::ConnectionAcquire(_)) {
            return StoreError::Busy(text);
        }
        StoreError::Database(error)
    }
}

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

/// How long a request waits for a connection before it is told to come back (1.8).
pub(crate) const ACQUIRE: Duration = Duration::from_secs(3);
