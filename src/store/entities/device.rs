//! Browsers an operator has signed in with before, by the hash of their cookie.

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "devices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub operator_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub last_seen_at: Millis,
}

impl ActiveModelBehavior for ActiveModel {}
