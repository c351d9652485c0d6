//! Host patterns of sites; no two sites have the same one (LA-3).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "site_hosts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pattern: String,
    pub site_id: i64,
    pub position: i64,
}

impl ActiveModelBehavior for ActiveModel {}
