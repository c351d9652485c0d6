//! The account behind an operator: what sign-in, invitations and passwords read and write.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entities::operator::{ActiveModel, Column, Entity, Model};
use super::entities::operator_word;
use super::{Millis, StoreError, Tx};
use crate::domain::email::EmailAddress;
use crate::domain::operator::{DEFAULT_PRIORITY, Theme};
use crate::domain::text;

/// An operator with everything about the account; deleted ones are never found.
pub type Account = Model;

/// The account with this id.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<Account>, StoreError> {
    Ok(Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(db).await?)
}

/// The account with this address, as [`crate::domain::email::EmailAddress::key`] writes it.
pub async fn by_email(db: &impl ConnectionTrait, key: &str) -> Result<Option<Account>, StoreError> {
    Ok(Entity::find().filter(Column::EmailKey.eq(key)).filter(Column::DeletedAt.is_null()).one(db).await?)
}

/// The general signature of an operator in plain text (DE-7).
pub async fn signature(db: &impl ConnectionTrait, id: i64) -> Result<Option<String>, StoreError> {
    let found = Entity::find_by_id(id).select_only().column(Column::Signature).into_tuple::<Option<String>>();
    Ok(found.one(db).await?.flatten())
}

/// Whether there is any operator at all; without one, the set-up link opens (A10).
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, StoreError> {
    Ok(Entity::find().one(db).await?.is_none())
}

/// Adds an account that nobody can enter yet; the rest of the profile has its defaults. Returns its id.
pub async fn insert(tx: &Tx, name: &str, email: &EmailAddress, role_id: i64, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let model = ActiveModel {
        name: Set(name.to_owned()),
        name_key: Set(text::fold(name)),
        email: Set(email.as_str().to_owned()),
        email_key: Set(email.key()),
        role_id: Set(role_id),
        theme: Set(Theme::default().as_str().to_owned()),
        priority: Set(i64::from(DEFAULT_PRIORITY)),
        presence_required: Set(true),
        last_sign_in_at: Set(Millis(DateTime::UNIX_EPOCH)),
        created_at: Set(Millis(now)),
        updated_at: Set(Millis(now)),
        version: Set(1),
        help_when_invisible: Set(false),
        classify_after: Set(false),
        do_not_disturb: Set(false),
        may_change_departments: Set(false),
        to_solve_only: Set(false),
        must_change_password: Set(false),
        ..Default::default()
    };
    let id = Entity::insert(model).exec(tx).await?.last_insert_id;
    index_words(tx, id, &[name, email.as_str()]).await?;
    Ok(id)
}

/// Writes anew the words by which an operator is found.
pub async fn index_words(tx: &Tx, id: i64, texts: &[&str]) -> Result<(), StoreError> {
    operator_word::Entity::delete_many().filter(operator_word::Column::OperatorId.eq(id)).exec(tx).await?;
    let words = text::words(texts).into_iter().map(|word| operator_word::ActiveModel { word: Set(word), operator_id: Set(id) });
    operator_word::Entity::insert_many(words).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes until when the invitation in force stands; none where it was revoked. An earlier delivery error is forgotten.
pub async fn set_invitation(db: &impl ConnectionTrait, id: i64, expires_at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::InvitationExpiresAt, Expr::value(expires_at.map(|at| at.timestamp_millis())))
        .col_expr(Column::InvitationError, Expr::value(Option::<String>::None));
    change.filter(Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// As [`set_invitation`] for many operators at once.
pub async fn set_invitation_of(db: &impl ConnectionTrait, operators: &[i64], expires_at: DateTime<Utc>) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::InvitationExpiresAt, Expr::value(expires_at.timestamp_millis()))
        .col_expr(Column::InvitationError, Expr::value(Option::<String>::None));
    change.filter(Column::Id.is_in(operators.iter().copied())).exec(db).await?;
    Ok(())
}

/// The invitation was accepted: the account is active, with this password.
pub async fn activate(db: &impl ConnectionTrait, id: i64, password_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::ActivatedAt, Expr::value(now.timestamp_millis()))
        .col_expr(Column::InvitationExpiresAt, Expr::value(Option::<i64>::None))
        .col_expr(Column::InvitationError, Expr::value(Option::<String>::None));
    change.filter(Column::Id.eq(id)).exec(db).await?;
    set_password(db, id, password_hash, now).await
}

/// A new password, chosen by the person.
pub async fn set_password(db: &impl ConnectionTrait, id: i64, password_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(password_hash))
        .col_expr(Column::PasswordChangedAt, Expr::value(now.timestamp_millis()))
        .col_expr(Column::MustChangePassword, Expr::value(false));
    change.filter(Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// The same password under stronger parameters (A1).
pub async fn rehash(db: &impl ConnectionTrait, id: i64, password_hash: &str) -> Result<(), StoreError> {
    let change = Entity::update_many().col_expr(Column::PasswordHash, Expr::value(password_hash));
    change.filter(Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// Counts a sign-in.
pub async fn signed_in(db: &impl ConnectionTrait, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    let change = Entity::update_many().col_expr(Column::LastSignInAt, Expr::value(Millis(now)));
    change.filter(Column::Id.eq(id)).exec(db).await?;
    Ok(())
}
