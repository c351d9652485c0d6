//! Who changed what, with before and after (AU-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: Millis,
    pub actor_kind: String,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: String,
    pub object_name: String,
    /// JSON of the changed fields only.
    pub before: Option<String>,
    pub after: Option<String>,
    pub address: String,
    pub request_id: String,
}

impl ActiveModelBehavior for ActiveModel {}
