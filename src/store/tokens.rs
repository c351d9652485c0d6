//! One-time links: set-up, invitation, password reset. Only hashes are kept (I1).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entities::one_time_token::{ActiveModel, Column, Entity};
use super::{AT_ONCE, Millis, StoreError, sql};
use crate::domain::one_time_token::Purpose;

pub use super::entities::one_time_token::Model as OneTimeToken;

/// A link to be made.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// Hash of the token in the link.
    pub hash: &'a str,
    /// What it is for.
    pub purpose: Purpose,
    /// For whom; nobody yet at set-up.
    pub operator_id: Option<i64>,
    /// The address it is bound to.
    pub email_key: Option<&'a str>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Keeps a new token and voids the earlier ones of the same person and purpose (I2); returns its id.
pub async fn issue(db: &impl ConnectionTrait, new: NewToken<'_>, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let earlier = Entity::update_many().col_expr(Column::VoidedAt, Expr::value(now.timestamp_millis()));
    let earlier = earlier.filter(Column::Purpose.eq(new.purpose.as_str())).filter(Column::UsedAt.is_null());
    let earlier = earlier.filter(Column::VoidedAt.is_null());
    let earlier = match new.operator_id {
        Some(id) => earlier.filter(Column::OperatorId.eq(id)),
        None => earlier.filter(Column::OperatorId.is_null()),
    };
    earlier.exec(db).await?;
    Ok(Entity::insert(model(&new, now)).exec(db).await?.last_insert_id)
}

/// As [`issue`] for many operators, in few statements; returns the ids by hash.
pub async fn issue_many(db: &impl ConnectionTrait, new: &[NewToken<'_>], now: DateTime<Utc>) -> Result<HashMap<String, i64>, StoreError> {
    let mut ids = HashMap::new();
    for some in new.chunks(AT_ONCE) {
        let earlier = Entity::update_many().col_expr(Column::VoidedAt, Expr::value(now.timestamp_millis()));
        let earlier = earlier.filter(Column::UsedAt.is_null()).filter(Column::VoidedAt.is_null());
        let earlier = earlier.filter(Column::OperatorId.is_in(some.iter().filter_map(|new| new.operator_id)));
        earlier.filter(Column::Purpose.is_in(some.iter().map(|new| new.purpose.as_str()).take(1))).exec(db).await?;
        Entity::insert_many(some.iter().map(|new| model(new, now))).exec_without_returning(db).await?;
        let found = Entity::find().select_only().column(Column::Hash).column(Column::Id);
        let found = found.filter(Column::Hash.is_in(some.iter().map(|new| new.hash)));
        ids.extend(found.into_tuple::<(String, i64)>().all(db).await?);
    }
    Ok(ids)
}

fn model(new: &NewToken<'_>, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        hash: Set(new.hash.to_owned()),
        purpose: Set(new.purpose.as_str().to_owned()),
        operator_id: Set(new.operator_id),
        email_key: Set(new.email_key.map(str::to_owned)),
        created_at: Set(Millis(now)),
        expires_at: Set(Millis(new.expires_at)),
        ..Default::default()
    }
}

/// The token with this hash, whatever became of it.
pub async fn find(db: &impl ConnectionTrait, hash: &str) -> Result<Option<OneTimeToken>, StoreError> {
    Ok(Entity::find().filter(Column::Hash.eq(hash)).one(db).await?)
}

/// Uses a token up; tells whether this call was the one that did, so that two posts at once are one (I1).
pub async fn use_up(db: &impl ConnectionTrait, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    const TEXT: &str =
        "UPDATE one_time_tokens SET used_at = $1 WHERE id = $2 AND used_at IS NULL AND voided_at IS NULL AND expires_at > $3";
    let at = now.timestamp_millis();
    Ok(db.execute_raw(sql(db, TEXT, [at.into(), id.into(), at.into()])).await?.rows_affected() == 1)
}

/// Voids every open link of an operator: their address changed, they are suspended or deleted (I2).
pub async fn void_all(db: &impl ConnectionTrait, operator_id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    const TEXT: &str = "UPDATE one_time_tokens SET voided_at = $1 WHERE operator_id = $2 AND used_at IS NULL AND voided_at IS NULL";
    db.execute_raw(sql(db, TEXT, [now.timestamp_millis().into(), operator_id.into()])).await?;
    Ok(())
}

/// Voids every open link of these operators.
pub async fn void_all_of(db: &impl ConnectionTrait, operators: &[i64], now: DateTime<Utc>) -> Result<(), StoreError> {
    let open = Entity::update_many().col_expr(Column::VoidedAt, Expr::value(now.timestamp_millis()));
    let open = open.filter(Column::UsedAt.is_null()).filter(Column::VoidedAt.is_null());
    open.filter(Column::OperatorId.is_in(operators.iter().copied())).exec(db).await?;
    Ok(())
}

/// When links of this purpose were made for these operators since `from`: pairs of operator and instant.
pub async fn times_of(
    db: &impl ConnectionTrait,
    operators: &[i64],
    purpose: Purpose,
    from: DateTime<Utc>,
) -> Result<Vec<(i64, DateTime<Utc>)>, StoreError> {
    let found = Entity::find().filter(Column::OperatorId.is_in(operators.iter().copied()));
    let found = found.filter(Column::Purpose.eq(purpose.as_str())).filter(Column::CreatedAt.gte(Millis(from))).all(db).await?;
    Ok(found.into_iter().filter_map(|token| Some((token.operator_id?, token.created_at.0))).collect())
}

/// When links of this purpose were made for an operator since `from`, for the spacing of I6.
pub async fn times(
    db: &impl ConnectionTrait,
    operator_id: i64,
    purpose: Purpose,
    from: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, StoreError> {
    let found = Entity::find().filter(Column::OperatorId.eq(operator_id)).filter(Column::Purpose.eq(purpose.as_str()));
    let found = found.filter(Column::CreatedAt.gte(Millis(from))).order_by_asc(Column::CreatedAt).all(db).await?;
    Ok(found.into_iter().map(|token| token.created_at.0).collect())
}
