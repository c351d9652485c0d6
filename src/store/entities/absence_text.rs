//! Texts of the automatic reply of an absence (AB-4).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absence_texts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub absence_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: String,
    pub subject: String,
    pub body: String,
}

impl ActiveModelBehavior for ActiveModel {}
