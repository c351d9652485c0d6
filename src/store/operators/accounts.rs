//! What a sign-in, an invitation and a mail need of an operator.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Value};

use super::Columns;
use crate::store::{StoreError, sql};

/// The account of an operator who is not deleted.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The operator.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// Name shown to customers.
    pub alias: Option<String>,
    /// Sign-in name.
    pub email: String,
    /// Personal address for notices.
    pub notification_email: Option<String>,
    /// The role.
    pub role_id: i64,
    /// Interface language, where one was chosen.
    pub locale: Option<String>,
    /// IANA zone, where one was chosen.
    pub time_zone: Option<String>,
    /// Hash of the password; none before the first one is set.
    pub password_hash: Option<String>,
    /// Must change the password before anything else (OP-5).
    pub must_change_password: bool,
    /// When the account got its first password.
    pub activated_at: Option<DateTime<Utc>>,
    /// Since when suspended.
    pub suspended_at: Option<DateTime<Utc>>,
    /// End of the invitation in force.
    pub invitation_expires_at: Option<DateTime<Utc>>,
    /// Last sign-in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
}

/// The account with this address, which is given in small letters.
pub async fn account_by_email(db: &impl ConnectionTrait, email_key: &str) -> Result<Option<Account>, StoreError> {
    one(db, "email_key", email_key.into()).await
}

/// The account of an operator.
pub async fn account(db: &impl ConnectionTrait, id: i64) -> Result<Option<Account>, StoreError> {
    one(db, "id", id.into()).await
}

async fn one(db: &impl ConnectionTrait, column: &str, value: Value) -> Result<Option<Account>, StoreError> {
    let text = format!(
        "SELECT id, name, alias, email, notification_email, role_id, locale, time_zone, password_hash, must_change_password, \
         activated_at, suspended_at, invitation_expires_at, last_sign_in_at \
         FROM operators WHERE {column} = $1 AND deleted_at IS NULL"
    );
    let Some(row) = db.query_one_raw(sql(db, text, [value])).await? else {
        return Ok(None);
    };
    let mut columns = Columns::of(&row);
    Ok(Some(Account {
        id: columns.next()?,
        name: columns.next()?,
        alias: columns.next()?,
        email: columns.next()?,
        notification_email: columns.next()?,
        role_id: columns.next()?,
        locale: columns.next()?,
        time_zone: columns.next()?,
        password_hash: columns.next()?,
        must_change_password: columns.next()?,
        activated_at: columns.instant()?,
        suspended_at: columns.instant()?,
        invitation_expires_at: columns.instant()?,
        last_sign_in_at: columns.instant_but_epoch()?,
    }))
}
