//! Signed-in sessions by the hash of their key (A5).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_hash: String,
    /// Public name of the session, for the list of sessions.
    pub id: String,
    pub operator_id: i64,
    pub created_at: Millis,
    pub last_seen_at: Millis,
    pub ends_at: Millis,
    /// When the password was last typed in this session (A8).
    pub confirmed_at: Millis,
    pub address: String,
    pub agent: String,
}

impl ActiveModelBehavior for ActiveModel {}
