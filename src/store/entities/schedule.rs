//! Schedules: a week of hours in a zone, shared by name or of one operator (HR-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedules")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Empty for an operator's own one.
    pub name: String,
    /// Folded name; none for an operator's own one.
    pub name_key: Option<String>,
    /// Whose own one it is.
    pub operator_id: Option<i64>,
    /// IANA name.
    pub time_zone: String,
    /// A JSON object of lists of pairs of times, by day.
    pub weekly: String,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
