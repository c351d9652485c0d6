//! Forms already carried out, so that sending one twice does it once (F-4).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub location: String,
    pub created_at: Millis,
}

impl ActiveModelBehavior for ActiveModel {}
