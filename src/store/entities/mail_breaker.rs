//! The circuit breaker of the mail route, shared by all nodes.

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_breaker")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub connect_failures: i64,
    pub paused_until: Option<Millis>,
}

impl ActiveModelBehavior for ActiveModel {}
