//! Stretches of heartbeats of one client each: who was there, and when (ST-5).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "presence")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub operator_id: i64,
    /// `panel` or `api`.
    pub kind: String,
    /// What the client calls itself.
    pub client: String,
    pub began_at: Millis,
    /// The latest heartbeat.
    pub beat_at: Millis,
    /// When the client said goodbye; changes nothing before the window ends.
    pub ended_at: Option<Millis>,
}

impl ActiveModelBehavior for ActiveModel {}
