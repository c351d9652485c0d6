//! The one row of organisation settings.

use super::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub organisation_name: String,
    pub default_language: String,
    pub time_zone: String,
    pub invitation_hours: i64,
    pub session_idle_minutes: i64,
    pub session_hours: i64,
    pub password_min: i64,
    /// Names of the channels the organisation works, separated by commas.
    pub channels: String,
    pub max_operators_per_department: i64,
    /// Filled since there are statuses.
    pub default_online_status_id: Option<i64>,
    pub default_offline_status_id: Option<i64>,
    /// Where operators go who lost their panel; none is the default offline one.
    pub auto_offline_status_id: Option<i64>,
    pub presence_window_minutes: i64,
    /// Queries that waited longer may go to invisible helpers (QU-5).
    pub invisible_help_seconds: i64,
    /// Whether messages are taken while nobody receives (QU-4).
    pub message_mode_enabled: bool,
    /// A chat that was silent for so long frees its slot (QU-3).
    pub chat_inactivity_minutes: i64,
    /// Queries by e-mail are answered at most once per sender in so many days (AB-5).
    pub email_reply_interval_days: i64,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
