//! The timetable as it stands: when each job is due, who runs it, how it went (J1, J2, J5).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub next_at: Millis,
    pub lease_holder: Option<String>,
    pub lease_fence: i64,
    pub lease_until: Option<Millis>,
    pub last_at: Option<Millis>,
    pub last_ms: Option<i64>,
    pub last_result: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
