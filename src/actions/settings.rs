//! Changing the organisation's settings.

use super::Ctx;
use super::audit::{self, Changes, Object};
use super::rights::ManageSettings;
use crate::domain::settings::{RawSettings, check};
use crate::error::{AppError, Result};
use crate::store::{languages, settings};

/// Changes the settings. Fields are those of [`RawSettings`]; the default language must be one that is switched on.
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
            if changes.is_empty() {
                return Ok(());
            }
            settings::change(tx, &after, before.version).await?;
            audit::record(ctx, tx, &right, "settings.changed", Object::new("settings", 1, &after.organisation_name), changes).await
        })
        .await
}
