//! What a closed query was about (QU-6).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub name_key: String,
    pub position: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
