//! What operators had last (DE-6).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "work")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub operator_id: i64,
    pub assigned_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    pub touched: i64,
}

impl ActiveModelBehavior for ActiveModel {}
