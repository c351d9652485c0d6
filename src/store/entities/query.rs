//! Queries (QU-1).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "queries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub source: String,
    pub channel: String,
    pub department_id: Option<i64>,
    /// The operator it was sent to, if to one.
    pub addressed_id: Option<i64>,
    /// Who has it, or had it when it was closed.
    pub operator_id: Option<i64>,
    pub site_id: Option<i64>,
    pub language: Option<String>,
    /// How the language was found (LA-3).
    pub language_from: Option<String>,
    pub requester_name: Option<String>,
    pub requester_email: Option<String>,
    pub requester_phone: Option<String>,
    /// The sender's address as automatic replies count it.
    pub sender_key: Option<String>,
    pub subject: String,
    pub body: String,
    /// Marked as written by a machine.
    pub automatic: bool,
    /// Whether it came by e-mail.
    pub is_mail: bool,
    pub message_id: Option<String>,
    /// A JSON list of name and value; absent where a mail came without.
    pub mail_headers: Option<String>,
    pub external_id: Option<String>,
    pub conversation: Option<String>,
    pub state: String,
    /// What the requester met.
    pub mode: String,
    /// When it was received, as far as its own facts tell.
    pub received_at: Millis,
    pub created_at: Millis,
    /// The last activity of either side.
    pub active_at: Millis,
    /// Since when the requester waits for a word of the operator.
    pub unanswered_since: Option<Millis>,
    pub assigned_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    /// Since when somebody is looked for: since it came, was sent on or lost its operator.
    pub waiting_since: Millis,
    /// When it is to be looked at again, while nobody has it.
    pub route_at: Option<Millis>,
    /// Whether its operator is asked what it was about.
    pub classify: bool,
    pub category_id: Option<i64>,
    pub classification_note: Option<String>,
    pub classified_at: Option<Millis>,
    /// A JSON list of the absences it went past.
    pub transferred_from: String,
    /// JSON: why it went where it did.
    pub trace: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
