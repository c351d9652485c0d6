//! Holiday calendars that were read from files: of a schedule, or of the organisation where none is named (HR-3).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendars")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub schedule_id: Option<i64>,
    pub name: String,
    /// When its file was last read.
    pub imported_at: Millis,
    /// By whom, as they were called then.
    pub imported_by: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
