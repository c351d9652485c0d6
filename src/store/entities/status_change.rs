//! Every change of an operator's status (ST-8).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status_log")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub operator_id: i64,
    /// Absent for the first one.
    pub from_id: Option<i64>,
    pub to_id: i64,
    /// Its name at that time; it tells the status when that is deleted.
    pub to_name: String,
    pub at: Millis,
    pub cause: String,
    pub actor_kind: String,
    pub actor_id: Option<i64>,
    pub actor_name: String,
}

impl ActiveModelBehavior for ActiveModel {}
