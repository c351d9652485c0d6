//! The outbox: every mail with its state (MA-2, M1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub dedup_key: String,
    pub operator_id: Option<i64>,
    pub token_id: Option<i64>,
    pub to_address: String,
    pub to_name: String,
    pub subject: String,
    pub text_body: String,
    pub html_body: String,
    pub language: String,
    pub has_token: bool,
    pub state: String,
    pub attempts: i64,
    pub available_at: Millis,
    pub lease_token: Option<String>,
    pub lease_until: Option<Millis>,
    pub last_error: Option<String>,
    /// What the mail server said when it took the message.
    pub answer: Option<String>,
    pub message_id: String,
    pub created_at: Millis,
    pub sent_at: Option<Millis>,
    /// JSON: what an automatic reply carries beside the rest (AB-7).
    pub reply: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
