//! What befell queries, in order.

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "query_events")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub query_id: i64,
    pub at: Millis,
    pub kind: String,
    pub operator_id: Option<i64>,
    pub department_id: Option<i64>,
    pub actor_name: String,
    pub note: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
