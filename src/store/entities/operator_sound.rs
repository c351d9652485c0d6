//! The sounds of an operator's panel where they are not the usual ones (PA-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operator_sounds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub operator_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event: String,
    /// The name of a sound, or `none`.
    pub sound: String,
}

impl ActiveModelBehavior for ActiveModel {}
