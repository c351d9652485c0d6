//! Of what an operator is told by mail (NO-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operator_notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub operator_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event: String,
    /// `away` or `always`.
    pub chosen: String,
}

impl ActiveModelBehavior for ActiveModel {}
