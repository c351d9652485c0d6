//! Built-in and custom roles (RO-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub name_key: String,
    pub built_in: bool,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
