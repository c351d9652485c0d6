//! Assistance languages the organisation knows (LA-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "languages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: String,
    /// In the organisation's language.
    pub name: String,
    pub native_name: String,
    pub enabled: bool,
    pub position: i64,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
