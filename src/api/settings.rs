//! The settings of the organisation.

use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer;
use super::departments::ChannelName;
use super::endpoint::Endpoint;
use super::request::{Caller, Json, given};
use crate::actions::settings;
use crate::actions::{Ctx, rights};
use crate::domain::api_key::Scope;
use crate::domain::settings::RawSettings;
use crate::error::{AppError, Result};
use crate::store::catalogue::Organisation;

/// The settings.
#[derive(Serialize, ToSchema)]
struct Settings {
    /// What the organisation calls itself in pages and mails.
    organisation_name: String,
    /// Tag of the language of those who chose none.
    default_language: String,
    /// IANA zone of those who chose none.
    time_zone: String,
    /// How long an invitation is valid, in hours.
    invitation_hours: i64,
    /// After how many minutes without activity a session ends.
    session_idle_minutes: i64,
    /// After how many hours a session ends whatever happens.
    session_hours: i64,
    /// The shortest password, in bytes.
    password_min: i64,
    /// The channels the organisation works: `ticket`, `chat`, `call`. Others appear nowhere.
    #[schema(value_type = Vec<ChannelName>)]
    channels: Vec<String>,
    /// Operators of a department at most, where it has no limit of its own.
    max_operators_per_department: i64,
    /// Id of the status worn inside the hours; it receives.
    default_online_status_id: i64,
    /// Id of the status worn outside the hours; it does not receive.
    default_offline_status_id: i64,
    /// Id of the status after a lost panel; `null` is the default offline one.
    auto_offline_status_id: Option<i64>,
    /// Minutes without a live panel until then.
    presence_window_minutes: i64,
    /// Minutes without a word after which a chat no longer takes one of its operator's slots.
    chat_inactivity_minutes: i64,
    /// Seconds that a query waits before operators with an invisible status who help out are asked.
    invisible_help_seconds: i64,
    /// Days in which a sender of e-mails is answered by itself once, however often absences answer; 0 for no such bound.
    email_reply_interval_days: i64,
    /// Whether messages are taken while nobody receives.
    message_mode_enabled: bool,
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingsPatch {
    /// What the organisation calls itself in pages and mails.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    organisation_name: Option<String>,
    /// Tag of the language of those who chose none; one that is switched on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 2, max_length = 35)]
    default_language: Option<String>,
    /// IANA zone of those who chose none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, example = "Europe/Madrid")]
    time_zone: Option<String>,
    /// How long an invitation is valid, in hours.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 720)]
    invitation_hours: Option<i64>,
    /// After how many minutes without activity a session ends.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 5, maximum = 1440)]
    session_idle_minutes: Option<i64>,
    /// After how many hours a session ends whatever happens.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 72)]
    session_hours: Option<i64>,
    /// The shortest password, in bytes.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 8, maximum = 64)]
    password_min: Option<i64>,
    /// The channels the organisation works; at least one.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<ChannelName>, required = false, min_items = 1)]
    channels: Option<Vec<String>>,
    /// Operators of a department at most, where it has no limit of its own.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 1000)]
    max_operators_per_department: Option<i64>,
    /// Id of the status worn inside the hours; it receives.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1)]
    default_online_status_id: Option<i64>,
    /// Id of the status worn outside the hours; it does not receive.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1)]
    default_offline_status_id: Option<i64>,
    /// Id of the status after a lost panel; `null` is the default offline one.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    auto_offline_status_id: Option<Option<i64>>,
    /// Minutes without a live panel until then.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 1440)]
    presence_window_minutes: Option<i64>,
    /// Minutes without a word after which a chat no longer takes one of its operator's slots.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 1440)]
    chat_inactivity_minutes: Option<i64>,
    /// Days in which a sender of e-mails is answered by itself once, however often absences answer; 0 for no such bound.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 30)]
    email_reply_interval_days: Option<i64>,
    /// Seconds that a query waits before operators with an invisible status who help out are asked.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 86400)]
    invisible_help_seconds: Option<i64>,
    /// Whether messages are taken while nobody receives.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    message_mode_enabled: Option<bool>,
}

/// How often a change is tried again when others change other settings at the same moment.
const TRIES: u32 = 3;

/// The calls on the settings.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/settings", Scope::SettingsRead, |route| route.to(show))
            .says("Get the settings", "")
            .gives::<Settings>(),
        Endpoint::new(Method::PATCH, "/settings", Scope::SettingsWrite, |route| route.to(change))
            .says("Change settings", "")
            .takes::<SettingsPatch>()
            .gives::<Settings>(),
    ]
}

fn view(row: &Organisation) -> Settings {
    Settings {
        organisation_name: row.organisation_name.clone(),
        default_language: row.default_language.clone(),
        time_zone: row.time_zone.clone(),
        invitation_hours: row.invitation_hours,
        session_idle_minutes: row.session_idle_minutes,
        session_hours: row.session_hours,
        password_min: row.password_min,
        channels: row.channels.split(',').map(str::to_owned).collect(),
        max_operators_per_department: row.max_operators_per_department,
        default_online_status_id: row.named_statuses().online,
        default_offline_status_id: row.named_statuses().offline,
        auto_offline_status_id: row.auto_offline_status_id,
        presence_window_minutes: row.presence_window_minutes,
        chat_inactivity_minutes: row.chat_inactivity_minutes,
        invisible_help_seconds: row.invisible_help_seconds,
        email_reply_interval_days: row.email_reply_interval_days,
        message_mode_enabled: row.message_mode_enabled,
    }
}

async fn show(request: HttpRequest, caller: Caller) -> Result<HttpResponse> {
    caller.actor.may::<rights::ViewSettings>()?;
    answer::one(&request, &view(&caller.catalogue.organisation))
}

async fn change(
    request: HttpRequest,
    ctx: Data<Ctx>,
    caller: Caller,
    Json(patch): Json<SettingsPatch>,
) -> Result<HttpResponse, actix_web::Error> {
    let right = caller.actor.may::<rights::ManageSettings>()?;
    let mut before = caller.catalogue.clone();
    let is_conditional = answer::if_match(&request, &view(&before.organisation))?;
    for attempt in 1.. {
        let organisation = &before.organisation;
        match settings::change(&ctx, right, Some(organisation.version), &merged(organisation, &patch)).await {
            Err(AppError::Stale) if !is_conditional && attempt < TRIES => before = ctx.present_catalogue().await?,
            changed => {
                changed?;
                break;
            }
        }
    }
    let after = ctx.present_catalogue().await?;
    Ok(answer::one(&request, &view(&after.organisation))?)
}

fn merged(before: &Organisation, patch: &SettingsPatch) -> RawSettings {
    let named = before.named_statuses();
    let auto_offline = patch.auto_offline_status_id.unwrap_or(named.auto_offline);
    let number = |new: Option<i64>, old: i64| new.unwrap_or(old).to_string();
    let text = |new: &Option<String>, old: &String| new.as_ref().unwrap_or(old).clone();
    RawSettings {
        organisation_name: text(&patch.organisation_name, &before.organisation_name),
        default_language: text(&patch.default_language, &before.default_language),
        time_zone: text(&patch.time_zone, &before.time_zone),
        invitation_hours: number(patch.invitation_hours, before.invitation_hours),
        session_idle_minutes: number(patch.session_idle_minutes, before.session_idle_minutes),
        session_hours: number(patch.session_hours, before.session_hours),
        password_min: number(patch.password_min, before.password_min),
        channels: patch.channels.clone().unwrap_or_else(|| before.channels.split(',').map(str::to_owned).collect()),
        max_operators_per_department: number(patch.max_operators_per_department, before.max_operators_per_department),
        default_online_status_id: number(patch.default_online_status_id, named.online),
        default_offline_status_id: number(patch.default_offline_status_id, named.offline),
        auto_offline_status_id: auto_offline.map(|id| id.to_string()).unwrap_or_default(),
        presence_window_minutes: number(patch.presence_window_minutes, before.presence_window_minutes),
        chat_inactivity_minutes: number(patch.chat_inactivity_minutes, before.chat_inactivity_minutes),
        email_reply_interval_days: number(patch.email_reply_interval_days, before.email_reply_interval_days),
        invisible_help_seconds: number(patch.invisible_help_seconds, before.invisible_help_seconds),
        message_mode_enabled: patch.message_mode_enabled.unwrap_or(before.message_mode_enabled),
    }
}
