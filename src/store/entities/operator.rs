//! Operators: the account, the profile and the standing wishes of one person (OP-2, OP-10).

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operators")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    /// Folded name, for sorting alike on both engines.
    pub name_key: String,
    pub alias: Option<String>,
    pub email: String,
    /// Lower-cased address: unique among operators that are not deleted.
    pub email_key: String,
    pub notification_email: Option<String>,
    pub role_id: i64,
    pub phone: Option<String>,
    /// IANA name; none follows the organisation.
    pub time_zone: Option<String>,
    pub locale: Option<String>,
    pub theme: String,
    pub photo_id: Option<String>,
    pub preset: Option<String>,
    /// Open chats at most; 0 none, absent no limit.
    pub max_chat_load: Option<i64>,
    pub priority: i64,
    /// Office hours; none is always.
    pub schedule_id: Option<i64>,
    pub presence_required: bool,
    pub help_when_invisible: bool,
    pub no_answer_minutes: Option<i64>,
    pub idle_minutes: Option<i64>,
    pub classify_after: bool,
    pub do_not_disturb: bool,
    pub may_change_departments: bool,
    pub to_solve_only: bool,
    /// In plain text, for every department without one of its own.
    pub signature: Option<String>,
    /// Sanitised HTML.
    pub signature_html: Option<String>,
    pub password_hash: Option<String>,
    pub password_changed_at: Option<Millis>,
    pub must_change_password: bool,
    pub activated_at: Option<Millis>,
    pub suspended_at: Option<Millis>,
    /// End of the invitation in force; absent where it was revoked or used.
    pub invitation_expires_at: Option<Millis>,
    /// The mail server's words where the invitation could not be delivered.
    pub invitation_error: Option<String>,
    /// The epoch where there was none, so that it sorts alike on both engines.
    pub last_sign_in_at: Millis,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub deleted_at: Option<Millis>,
    /// The status worn; none is the default offline one.
    pub status_id: Option<i64>,
    pub status_since: Option<Millis>,
    pub status_until: Option<Millis>,
    /// The status that follows at `status_until`.
    pub status_return_id: Option<i64>,
    pub status_cause: Option<String>,
    pub status_set_by: Option<String>,
    /// The operators' version with which this one last changed.
    pub touched: i64,
    /// Last activity in a panel (ST-7).
    pub active_at: Option<Millis>,
    /// Hours that somebody allowed beside those of the schedule (HR-4), from and until.
    pub hours_from: Option<Millis>,
    pub hours_until: Option<Millis>,
    /// Name of who did.
    pub hours_allowed_by: Option<String>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
