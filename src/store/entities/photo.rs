//! Uploaded photos, re-encoded in two sizes (OP-3).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photos")]
pub struct Model {
    /// Random; never the name of the uploaded file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub operator_id: i64,
    pub mime: String,
    pub large: Vec<u8>,
    pub small: Vec<u8>,
    pub created_at: Millis,
}

impl ActiveModelBehavior for ActiveModel {}
