//! The one row that tells how far the passing of time was written down.

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "watch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Boundaries of hours are written down up to here.
    pub followed_at: Millis,
    /// No heartbeat can be missed that was due before: the server was not there to hear it.
    pub resumed_at: Millis,
}

impl ActiveModelBehavior for ActiveModel {}
