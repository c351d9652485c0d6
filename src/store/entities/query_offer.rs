//! Offers of queries to operators (QU-2).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "query_offers")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub query_id: i64,
    pub operator_id: i64,
    pub offered_at: Millis,
    pub expires_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub outcome: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
