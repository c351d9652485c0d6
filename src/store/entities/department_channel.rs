//! How a department works each channel (DE-1, DE-6).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "department_channels")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub department_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    pub in_use: bool,
    pub routing: String,
    pub offer_seconds: i64,
}

impl ActiveModelBehavior for ActiveModel {}
