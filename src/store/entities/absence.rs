//! Absences (AB-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absences")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub operator_id: i64,
    /// First day in the operator's zone; absent for part of a day.
    pub starts_on: Option<String>,
    /// Last day, included.
    pub ends_on: Option<String>,
    pub starts_at: Millis,
    /// First instant after it.
    pub ends_at: Millis,
    pub kind: String,
    pub auto_reply: bool,
    pub reply_frequency: String,
    pub deputy_id: Option<i64>,
    pub note: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
