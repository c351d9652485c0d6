//! Changing the organisation's settings.

use super::Ctx;
use super::audit::{self, Changes, Object};
use super::rights::ManageSettings;
use crate::domain::field::FieldErrors;
use crate::domain::settings::{RawSettings, check};
use crate::error::{AppError, Result};
use crate::store::{absences, languages, settings, statuses};

/// Changes the settings. Fields are those of [`RawSettings`]; the default language must be one that is switched on, the default
/// online status one that receives, the two offline ones such as do not (`status_must_receive`, `status_must_not_receive`).
///
/// # Errors
/// [`AppError::Stale`] where they are no longer at `version`.
pub async fn change(ctx: &Ctx, right: ManageSettings<'_>, version: Option<i64>, raw: &RawSettings) -> Result<()> {
    let after = check(raw)?;
    ctx.store
        .write(async |tx| {
            let before = settings::find_for_change(tx).await?;
            if version.is_some_and(|version| version != before.version) {
                return Err(AppError::Stale);
            }
            let language = languages::find(tx, after.default_language.as_str()).await?;
            if !language.is_some_and(|language| language.enabled) {
                return Err(AppError::field("default_language", "unknown_choice"));
            }
            let known = statuses::all(tx).await?;
            let named = after.statuses;
            let mut errors = FieldErrors::default();
            for (field, id, receives) in [
                ("default_online_status_id", Some(named.online), true),
                ("default_offline_status_id", Some(named.offline), false),
                ("auto_offline_status_id", named.auto_offline, false),
            ] {
                let Some(id) = id else { continue };
                match known.iter().find(|status| status.id == id) {
                    None => errors.add(field, "unknown_choice"),
                    Some(status) if status.facts.can_receive && !receives => errors.add(field, "status_must_not_receive"),
                    Some(status) if receives && !status.facts.can_receive => errors.add(field, "status_must_receive"),
                    Some(_) => {}
                }
            }
            errors.into_result(())?;
            let mut changes = Changes::default();
            changes.note("organisation_name", &before.organisation_name, &after.organisation_name);
            changes.note("default_language", &before.default_language, &after.default_language.to_string());
            changes.note("time_zone", &before.time_zone.as_str(), &after.time_zone.name());
            changes.note("invitation_hours", &before.invitation_hours, &after.invitation_hours.into());
            changes.note("session_idle_minutes", &before.session_idle_minutes, &after.session_idle_minutes.into());
            changes.note("session_hours", &before.session_hours, &after.session_hours.into());
            changes.note("password_min", &before.password_min, &after.password_min.into());
            changes.note("channels", &before.channels.split(',').collect::<Vec<_>>(), &after.channels.names());
            changes.note("max_operators_per_department", &before.max_operators_per_department, &after.max_operators_per_department.into());
            let told = |id: Option<i64>| known.iter().find(|status| Some(status.id) == id).map(|status| status.facts.name.as_str());
            changes.note("default_online_status_id", &told(before.default_online_status_id), &told(Some(named.online)));
            changes.note("default_offline_status_id", &told(before.default_offline_status_id), &told(Some(named.offline)));
            changes.note("auto_offline_status_id", &told(before.auto_offline_status_id), &told(named.auto_offline));
            changes.note("presence_window_minutes", &before.presence_window_minutes, &after.presence_window_minutes.into());
            changes.note("chat_inactivity_minutes", &before.chat_inactivity_minutes, &after.chat_inactivity_minutes.into());
            changes.note("email_reply_interval_days", &before.email_reply_interval_days, &after.email_reply_interval_days.into());
            changes.note("invisible_help_seconds", &before.invisible_help_seconds, &after.invisible_help_seconds.into());
            changes.note("message_mode_enabled", &before.message_mode_enabled, &after.message_mode_enabled);
            if changes.is_empty() {
                return Ok(());
            }
            settings::change(tx, &after, before.version).await?;
            if changes.has("time_zone") {
                absences::follow_zone(tx, None, after.time_zone, ctx.now()).await?;
            }
            audit::record(ctx, tx, &right, "settings.changed", Object::new("settings", 1, &after.organisation_name), changes).await
        })
        .await
}
