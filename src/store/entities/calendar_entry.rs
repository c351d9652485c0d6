//! Days that an event of a holiday calendar closes, unless it is switched off (HR-3).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_entries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub calendar_id: i64,
    /// The event as its file names it; with the planned day it names the entry.
    pub uid: String,
    /// `2026-12-24`, like the other days.
    pub planned_day: String,
    pub name: String,
    pub first_day: String,
    pub last_day: String,
    pub enabled: bool,
}

impl ActiveModelBehavior for ActiveModel {}
