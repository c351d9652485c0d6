//! Counters that tell a cache it is old: `catalogue` (settings, roles, languages, mail texts) and `operators`.

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub n: i64,
}

impl ActiveModelBehavior for ActiveModel {}
