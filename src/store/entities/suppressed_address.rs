//! Addresses that nothing is sent to by itself any more (N16).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suppressed_addresses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub address_key: String,
    pub at: Millis,
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
