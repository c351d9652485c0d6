//! Departments and what stands in for them (DE-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "departments")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub slug: String,
    /// In the organisation's language.
    pub name: String,
    /// Folded name, unique, for sorting alike on both engines.
    pub name_key: String,
    pub description: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Its own hours; none is always.
    pub schedule_id: Option<i64>,
    /// Absent where the organisation's limit holds.
    pub max_operators: Option<i64>,
    pub minimum_cover: i64,
    pub language_policy: String,
    pub prefer_seconds: i64,
    pub fallback_id: Option<i64>,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
