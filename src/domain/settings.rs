//! What an organisation decides for itself, and within which bounds.

use std::ops::RangeInclusive;

use chrono_tz::Tz;

use super::channel::Channels;
use super::field::{Fault, FieldErrors};
use super::language::LanguageTag;
use super::number::number;
use super::status::{Named, chosen};
use super::{limits, text, time_zone};

/// Life of an invitation, in hours: from one hour to thirty days (I2).
pub const INVITATION_HOURS: RangeInclusive<u32> = 1..=720;
/// Idle limit of a session, in minutes (A5).
pub const SESSION_IDLE_MINUTES: RangeInclusive<u32> = 5..=1440;
/// Absolute limit of a session, in hours (A5).
pub const SESSION_HOURS: RangeInclusive<u32> = 1..=72;
/// Operators of a department at most, where it has no limit of its own (DE-2).
pub const MAX_OPERATORS_PER_DEPARTMENT: RangeInclusive<u32> = 1..=1000;
/// Minutes without a live panel until offline (ST-5).
pub const PRESENCE_WINDOW_MINUTES: RangeInclusive<u32> = 1..=1440;
/// Seconds that a query waits before invisible helpers are asked (QU-5).
pub const INVISIBLE_HELP_SECONDS: RangeInclusive<u32> = 0..=86_400;
/// Minutes without a word after which a chat no longer takes a slot (QU-3).
pub const CHAT_INACTIVITY_MINUTES: RangeInclusive<u32> = 1..=1440;
/// Days in which a sender of e-mails is answered by itself once; 0 for no such bound (AB-5).
pub const EMAIL_REPLY_INTERVAL_DAYS: RangeInclusive<u32> = 0..=30;
/// Shortest password, in bytes: the bounds of what may be demanded (A2).
pub const PASSWORD_MIN: RangeInclusive<u32> = 8..=64;

/// The settings in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationSettings {
    /// What the organisation calls itself in pages and mails.
    pub organisation_name: String,
    /// The language of those who chose none (LA-1).
    pub default_language: LanguageTag,
    /// The zone of those who chose none (OP-2).
    pub time_zone: Tz,
    /// How long an invitation is valid, in hours (OP-5, I2).
    pub invitation_hours: u32,
    /// After how many minutes without activity a session ends (A5).
    pub session_idle_minutes: u32,
    /// After how many hours a session ends whatever happens (A5).
    pub session_hours: u32,
    /// The shortest password, in bytes (A2).
    pub password_min: u32,
    /// The channels the organisation works; others appear nowhere (DE-4).
    pub channels: Channels,
    /// Operators of a department at most, where it has no limit of its own (DE-2).
    pub max_operators_per_department: u32,
    /// The statuses worn by default and after a lost panel (ST-2, ST-5).
    pub statuses: Named,
    /// Minutes without a live panel until the automatic-offline status (ST-5).
    pub presence_window_minutes: u32,
    /// Minutes without a word after which a chat no longer takes a slot (QU-3).
    pub chat_inactivity_minutes: u32,
    /// Seconds that a query waits before invisible helpers are asked (QU-5).
    pub invisible_help_seconds: u32,
    /// Days in which a sender of e-mails is answered by itself once; 0 for no such bound (AB-5).
    pub email_reply_interval_days: u32,
    /// Whether messages are taken while nobody receives (QU-4).
    pub message_mode_enabled: bool,
}

impl Default for OrganisationSettings {
    fn default() -> OrganisationSettings {
        OrganisationSettings {
            organisation_name: "Onduty".to_owned(),
            default_language: LanguageTag::default(),
            time_zone: Tz::UTC,
            invitation_hours: 168,
            session_idle_minutes: 120,
            session_hours: 12,
            password_min: 12,
            channels: Channels::all(),
            max_operators_per_department: 25,
            statuses: Named { online: 1, offline: 5, auto_offline: Some(5) },
            presence_window_minutes: 10,
            chat_inactivity_minutes: 15,
            invisible_help_seconds: 60,
            email_reply_interval_days: 1,
            message_mode_enabled: true,
        }
    }
}

/// The settings as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawSettings {
    /// A line of at most [`limits::ORGANISATION_NAME`] characters.
    pub organisation_name: String,
    /// A language tag.
    pub default_language: String,
    /// An IANA name.
    pub time_zone: String,
    /// Hours.
    pub invitation_hours: String,
    /// Minutes.
    pub session_idle_minutes: String,
    /// Hours.
    pub session_hours: String,
    /// Bytes.
    pub password_min: String,
    /// Names of channels; empty ones are left out, as a form sends one that nothing is ticked in.
    pub channels: Vec<String>,
    /// A number.
    pub max_operators_per_department: String,
    /// Id of a status that receives.
    pub default_online_status_id: String,
    /// Id of a status that does not receive.
    pub default_offline_status_id: String,
    /// Id of a status that does not receive; empty for the default offline one.
    pub auto_offline_status_id: String,
    /// Minutes.
    pub presence_window_minutes: String,
    /// Minutes.
    pub chat_inactivity_minutes: String,
    /// Seconds.
    pub invisible_help_seconds: String,
    /// Days.
    pub email_reply_interval_days: String,
    /// On or off.
    pub message_mode_enabled: bool,
}

impl From<&OrganisationSettings> for RawSettings {
    fn from(settings: &OrganisationSettings) -> RawSettings {
        RawSettings {
            organisation_name: settings.organisation_name.clone(),
            default_language: settings.default_language.to_string(),
            time_zone: settings.time_zone.name().to_owned(),
            invitation_hours: settings.invitation_hours.to_string(),
            session_idle_minutes: settings.session_idle_minutes.to_string(),
            session_hours: settings.session_hours.to_string(),
            password_min: settings.password_min.to_string(),
            channels: settings.channels.names().into_iter().map(str::to_owned).collect(),
            max_operators_per_department: settings.max_operators_per_department.to_string(),
            default_online_status_id: settings.statuses.online.to_string(),
            default_offline_status_id: settings.statuses.offline.to_string(),
            auto_offline_status_id: settings.statuses.auto_offline.map(|id| id.to_string()).unwrap_or_default(),
            presence_window_minutes: settings.presence_window_minutes.to_string(),
            chat_inactivity_minutes: settings.chat_inactivity_minutes.to_string(),
            invisible_help_seconds: settings.invisible_help_seconds.to_string(),
            email_reply_interval_days: settings.email_reply_interval_days.to_string(),
            message_mode_enabled: settings.message_mode_enabled,
        }
    }
}

/// The settings, or all that is wrong with them under the names of the fields (F-6).
pub fn check(raw: &RawSettings) -> Result<OrganisationSettings, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = errors.take("organisation_name", text::line(&raw.organisation_name, limits::ORGANISATION_NAME));
    let language = errors.take("default_language", LanguageTag::parse(&raw.default_language));
    let zone = errors.take("time_zone", time_zone::parse(&raw.time_zone));
    let invitation = errors.take("invitation_hours", within(&raw.invitation_hours, &INVITATION_HOURS));
    let idle = errors.take("session_idle_minutes", within(&raw.session_idle_minutes, &SESSION_IDLE_MINUTES));
    let session = errors.take("session_hours", within(&raw.session_hours, &SESSION_HOURS));
    let password = errors.take("password_min", within(&raw.password_min, &PASSWORD_MIN));
    let channels = errors.take("channels", channels(&raw.channels));
    let limit = errors.take("max_operators_per_department", within(&raw.max_operators_per_department, &MAX_OPERATORS_PER_DEPARTMENT));
    let online = errors.take("default_online_status_id", required(&raw.default_online_status_id));
    let offline = errors.take("default_offline_status_id", required(&raw.default_offline_status_id));
    let auto_offline = errors.take("auto_offline_status_id", chosen(&raw.auto_offline_status_id));
    let window = errors.take("presence_window_minutes", within(&raw.presence_window_minutes, &PRESENCE_WINDOW_MINUTES));
    let inactivity = errors.take("chat_inactivity_minutes", within(&raw.chat_inactivity_minutes, &CHAT_INACTIVITY_MINUTES));
    let help = errors.take("invisible_help_seconds", within(&raw.invisible_help_seconds, &INVISIBLE_HELP_SECONDS));
    let interval = errors.take("email_reply_interval_days", within(&raw.email_reply_interval_days, &EMAIL_REPLY_INTERVAL_DAYS));
    let queries = inactivity.zip(help).zip(interval);
    let statuses = online.zip(offline).zip(auto_offline);
    let statuses = statuses.map(|((online, offline), auto_offline)| Named { online, offline, auto_offline });
    match (name, language, zone, invitation, idle, session, password, channels, limit, statuses, window, queries) {
        (
            Some(organisation_name),
            Some(default_language),
            Some(time_zone),
            Some(invitation_hours),
            Some(session_idle_minutes),
            Some(session_hours),
            Some(password_min),
            Some(channels),
            Some(max_operators_per_department),
            Some(statuses),
            Some(presence_window_minutes),
            Some(((chat_inactivity_minutes, invisible_help_seconds), email_reply_interval_days)),
        ) => Ok(OrganisationSettings {
            organisation_name,
            default_language,
            time_zone,
            invitation_hours,
            session_idle_minutes,
            session_hours,
            password_min,
            channels,
            max_operators_per_department,
            statuses,
            presence_window_minutes,
            chat_inactivity_minutes,
            invisible_help_seconds,
            email_reply_interval_days,
            message_mode_enabled: raw.message_mode_enabled,
        }),
        _ => Err(errors),
    }
}

/// The id of a status that must be named.
fn required(raw: &str) -> Result<i64, Fault> {
    chosen(raw)?.ok_or_else(|| Fault::new("required"))
}

/// At least one channel, or there would be nothing to do.
fn channels(raw: &[String]) -> Result<Channels, Fault> {
    let channels = Channels::parse(raw.iter().map(String::as_str).filter(|name| !name.is_empty()))?;
    if channels.is_empty() { Err(Fault::new("required")) } else { Ok(channels) }
}

fn within(raw: &str, range: &RangeInclusive<u32>) -> Result<u32, Fault> {
    let (min, max) = (*range.start(), *range.end());
    u32::try_from(number(raw, min.into(), max.into())?).map_err(|_| Fault::range(min, max))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> RawSettings {
        RawSettings::from(&OrganisationSettings::default())
    }

    #[test]
    fn the_defaults_are_within_their_own_bounds() {
        assert_eq!(check(&typed()), Ok(OrganisationSettings::default()));
    }

    #[test]
    fn typed_settings_are_read() {
        let raw = RawSettings {
            organisation_name: " Bright Lamps ".to_owned(),
            default_language: "es-mx".to_owned(),
            time_zone: "America/Mexico_City".to_owned(),
            invitation_hours: "720".to_owned(),
            session_idle_minutes: "5".to_owned(),
            session_hours: "72".to_owned(),
            password_min: "8".to_owned(),
            channels: vec![String::new(), "chat".to_owned()],
            max_operators_per_department: "40".to_owned(),
            default_online_status_id: "7".to_owned(),
            default_offline_status_id: " 8 ".to_owned(),
            auto_offline_status_id: String::new(),
            presence_window_minutes: "1440".to_owned(),
            chat_inactivity_minutes: "1".to_owned(),
            invisible_help_seconds: "0".to_owned(),
            email_reply_interval_days: "0".to_owned(),
            message_mode_enabled: false,
        };
        let expected = OrganisationSettings {
            organisation_name: "Bright Lamps".to_owned(),
            default_language: LanguageTag::parse("es-MX").unwrap(),
            time_zone: Tz::America__Mexico_City,
            invitation_hours: 720,
            session_idle_minutes: 5,
            session_hours: 72,
            password_min: 8,
            channels: Channels::parse(["chat"]).unwrap(),
            max_operators_per_department: 40,
            statuses: Named { online: 7, offline: 8, auto_offline: None },
            presence_window_minutes: 1440,
            chat_inactivity_minutes: 1,
            invisible_help_seconds: 0,
            email_reply_interval_days: 0,
            message_mode_enabled: false,
        };
        assert_eq!(check(&raw), Ok(expected));
    }

    #[test]
    fn every_bound_is_kept() {
        type Field = fn(&mut RawSettings) -> &mut String;
        let fields: [(&str, Field, u32, u32); 9] = [
            ("invitation_hours", |raw| &mut raw.invitation_hours, 1, 720),
            ("session_idle_minutes", |raw| &mut raw.session_idle_minutes, 5, 1440),
            ("session_hours", |raw| &mut raw.session_hours, 1, 72),
            ("password_min", |raw| &mut raw.password_min, 8, 64),
            ("max_operators_per_department", |raw| &mut raw.max_operators_per_department, 1, 1000),
            ("presence_window_minutes", |raw| &mut raw.presence_window_minutes, 1, 1440),
            ("chat_inactivity_minutes", |raw| &mut raw.chat_inactivity_minutes, 1, 1440),
            ("invisible_help_seconds", |raw| &mut raw.invisible_help_seconds, 0, 86_400),
            ("email_reply_interval_days", |raw| &mut raw.email_reply_interval_days, 0, 30),
        ];
        for (name, field, min, max) in fields {
            for (value, fits) in [(min.checked_sub(1), false), (Some(min), true), (Some(max), true), (Some(max + 1), false)] {
                let Some(value) = value else { continue };
                let mut raw = typed();
                *field(&mut raw) = value.to_string();
                let error = check(&raw).err().and_then(|errors| errors.of(name).cloned());
                let expected = Fault::range(min, max);
                assert_eq!(
                    error.map(|error| (error.code, error.args)),
                    (!fits).then_some((expected.code, expected.args)),
                    "{name} {value}"
                );
            }
        }
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let errors = check(&RawSettings { password_min: "many".to_owned(), ..RawSettings::default() }).unwrap_err();
        let found: Vec<(&str, &str)> = errors.0.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(
            found,
            [
                ("organisation_name", "required"),
                ("default_language", "language_tag"),
                ("time_zone", "time_zone"),
                ("invitation_hours", "required"),
                ("session_idle_minutes", "required"),
                ("session_hours", "required"),
                ("password_min", "not_a_number"),
                ("channels", "required"),
                ("max_operators_per_department", "required"),
                ("default_online_status_id", "required"),
                ("default_offline_status_id", "required"),
                ("presence_window_minutes", "required"),
                ("chat_inactivity_minutes", "required"),
                ("invisible_help_seconds", "required"),
                ("email_reply_interval_days", "required"),
            ]
        );
    }
}
