//! One-time links: set-up, invitation, password reset; only hashes are kept (I1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_tokens")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub hash: String,
    pub purpose: String,
    pub operator_id: Option<i64>,
    pub email_key: Option<String>,
    pub created_at: Millis,
    pub expires_at: Millis,
    pub used_at: Option<Millis>,
    pub voided_at: Option<Millis>,
}

impl ActiveModelBehavior for ActiveModel {}
