//! Dates on which other hours hold: of a schedule, of an operator, or of the organisation where neither is named (HR-3).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule_exceptions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub schedule_id: Option<i64>,
    pub operator_id: Option<i64>,
    /// `2026-12-24`, like the last one.
    pub first_day: String,
    pub last_day: String,
    pub name: String,
    /// A JSON list of pairs of times; empty is closed.
    pub intervals: String,
}

impl ActiveModelBehavior for ActiveModel {}
