//! Keys of the JSON API: hash, scopes and the bucket of calls they have left.

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub prefix: String,
    pub hash: String,
    /// Separated by spaces.
    pub scopes: String,
    pub created_by: String,
    pub created_at: Millis,
    pub expires_at: Option<Millis>,
    pub last_used_at: Option<Millis>,
    pub revoked_at: Option<Millis>,
    pub calls_left: i64,
    pub calls_at: Millis,
}

impl ActiveModelBehavior for ActiveModel {}
