//! Answers given to an `Idempotency-Key`, kept for a day (P3).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub api_key_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub request_hash: String,
    /// Absent while the first call still runs.
    pub status: Option<i64>,
    pub headers: Option<String>,
    pub body: Option<String>,
    pub created_at: Millis,
}

impl ActiveModelBehavior for ActiveModel {}
