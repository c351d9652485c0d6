//! Who had which query, and when (ST-9).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dialogs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub query_id: i64,
    pub operator_id: i64,
    pub began_at: Millis,
    pub ended_at: Option<Millis>,
}

impl ActiveModelBehavior for ActiveModel {}
