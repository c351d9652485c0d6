//! The organisation's settings. Pages read them from the catalogue; this is for changes.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, QuerySelect};

use super::entities::organisation::{ActiveModel, Entity};
use super::versions::{self, Counter};
use super::{StoreError, Tx};
use crate::domain::settings::OrganisationSettings;
use crate::domain::status::Named;

pub use super::entities::organisation::Model as Organisation;

impl Organisation {
    /// The statuses that the settings name; the migration that brings statuses has filled them.
    pub fn named_statuses(&self) -> Named {
        Named {
            online: self.default_online_status_id.unwrap_or_default(),
            offline: self.default_offline_status_id.unwrap_or_default(),
            auto_offline: self.auto_offline_status_id,
        }
    }
}

/// The settings as they stand.
pub async fn find(db: &impl ConnectionTrait) -> Result<Organisation, StoreError> {
    let found = Entity::find_by_id(1).one(db).await?;
    Ok(found.ok_or_else(|| DbErr::RecordNotFound("organisation".into()))?)
}

/// The settings, which no other transaction changes until this one ends; the lock of all that must agree with them.
pub async fn find_for_change(tx: &Tx) -> Result<Organisation, StoreError> {
    Entity::find_by_id(1).lock_exclusive().one(tx).await?;
    find(tx).await
}

/// Writes the settings, whose version was checked.
pub async fn change(tx: &Tx, settings: &OrganisationSettings, version: i64) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(1),
        organisation_name: Set(settings.organisation_name.clone()),
        default_language: Set(settings.default_language.to_string()),
        time_zone: Set(settings.time_zone.name().to_owned()),
        invitation_hours: Set(settings.invitation_hours.into()),
        session_idle_minutes: Set(settings.session_idle_minutes.into()),
        session_hours: Set(settings.session_hours.into()),
        password_min: Set(settings.password_min.into()),
        channels: Set(settings.channels.names().join(",")),
        max_operators_per_department: Set(settings.max_operators_per_department.into()),
        default_online_status_id: Set(Some(settings.statuses.online)),
        default_offline_status_id: Set(Some(settings.statuses.offline)),
        auto_offline_status_id: Set(settings.statuses.auto_offline),
        presence_window_minutes: Set(settings.presence_window_minutes.into()),
        chat_inactivity_minutes: Set(settings.chat_inactivity_minutes.into()),
        invisible_help_seconds: Set(settings.invisible_help_seconds.into()),
        email_reply_interval_days: Set(settings.email_reply_interval_days.into()),
        message_mode_enabled: Set(settings.message_mode_enabled),
        version: Set(version + 1),
    };
    row.update(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Counts a change to what belongs to the settings but stands elsewhere.
pub async fn move_on(tx: &Tx, version: i64) -> Result<(), StoreError> {
    ActiveModel { id: Set(1), version: Set(version + 1), ..Default::default() }.update(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}

/// Makes a language the default one.
pub async fn set_default_language(tx: &Tx, tag: &str, version: i64) -> Result<(), StoreError> {
    let row = ActiveModel { id: Set(1), default_language: Set(tag.to_owned()), version: Set(version + 1), ..Default::default() };
    row.update(tx).await?;
    versions::touch(tx, Counter::Catalogue).await
}
