//! The ledger of automatic replies, sent and withheld (AB-6).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "auto_replies")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub query_id: Option<i64>,
    pub absence_id: Option<i64>,
    pub operator_id: Option<i64>,
    pub sender_key: Option<String>,
    pub at: Millis,
    pub sent: bool,
    /// Why not, by the name the API uses.
    pub reason: Option<String>,
    /// Which of N1 to N20.
    pub rule: Option<String>,
    pub trigger_message_id: Option<String>,
    pub mail_id: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
