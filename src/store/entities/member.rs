//! Who works in which department, and what there (DE-3).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub department_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub operator_id: i64,
    pub ticket_allowed: bool,
    pub ticket_active: bool,
    pub chat_allowed: bool,
    pub chat_active: bool,
    pub call_allowed: bool,
    pub call_active: bool,
    /// In plain text, instead of the operator's general one.
    pub signature: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
