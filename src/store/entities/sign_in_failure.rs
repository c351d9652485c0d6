//! Failed sign-ins, counted by account and network on every node (A4).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_failures")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account: String,
    pub network: String,
    pub at: Millis,
}

impl ActiveModelBehavior for ActiveModel {}
