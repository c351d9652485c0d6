//! The organisation's settings.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use serde::Deserialize;

use super::departments::channel_name;
use super::faults::Faults;
use super::flash::Flash;
use super::form::Form;
use super::see_other_with;
use super::shell::{self, Shell};
use super::stale::{self, StalePage};
use super::visit::Reader;
use crate::actions::Ctx;
use crate::actions::rights::{ManageSettings, ViewSettings};
use crate::actions::settings as deeds;
use crate::domain::channel::Channel;
use crate::domain::settings::RawSettings;
use crate::domain::time_zone;
use crate::error::{AppError, Result};
use crate::i18n::Texts;
use crate::store::settings::{self, Organisation};

/// The addresses of this noun.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/settings").get(show).post(change));
}

#[derive(Template)]
#[template(path = "settings/show.html")]
struct ShowPage<'a> {
    shell: Shell<'a>,
    faults: Faults,
    raw: RawSettings,
    version: i64,
    languages: Vec<(String, String)>,
    /// Every channel with its name and whether it is on.
    channels: Vec<(&'static str, &'static str, bool)>,
    zones: Vec<(String, String)>,
    /// The statuses that receive, and those that do not, by id.
    receiving: Vec<(String, String)>,
    others: Vec<(String, String)>,
    /// The others with nothing first, which stands for the default offline one.
    others_or_none: Vec<(String, String)>,
    may_manage: bool,
}

/// The settings as their form was sent; an absent field stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SettingsForm {
    organisation_name: Option<String>,
    default_language: Option<String>,
    time_zone: Option<String>,
    invitation_hours: Option<String>,
    session_idle_minutes: Option<String>,
    session_hours: Option<String>,
    password_min: Option<String>,
    /// The hidden empty one before the boxes says that the form had them.
    channels: Vec<String>,
    max_operators_per_department: Option<String>,
    default_online_status_id: Option<String>,
    default_offline_status_id: Option<String>,
    auto_offline_status_id: Option<String>,
    presence_window_minutes: Option<String>,
    chat_inactivity_minutes: Option<String>,
    invisible_help_seconds: Option<String>,
    email_reply_interval_days: Option<String>,
    /// An unticked box sends only the hidden `false` before it.
    message_mode_enabled: Vec<String>,
    version: Option<i64>,
}

impl SettingsForm {
    fn over(&self, stored: &Organisation) -> RawSettings {
        let kept = raw(stored);
        let or = |sent: &Option<String>, kept: String| sent.clone().unwrap_or(kept);
        RawSettings {
            organisation_name: or(&self.organisation_name, kept.organisation_name),
            default_language: or(&self.default_language, kept.default_language),
            time_zone: or(&self.time_zone, kept.time_zone),
            invitation_hours: or(&self.invitation_hours, kept.invitation_hours),
            session_idle_minutes: or(&self.session_idle_minutes, kept.session_idle_minutes),
            session_hours: or(&self.session_hours, kept.session_hours),
            password_min: or(&self.password_min, kept.password_min),
            channels: if self.channels.is_empty() { kept.channels } else { self.channels.clone() },
            max_operators_per_department: or(&self.max_operators_per_department, kept.max_operators_per_department),
            default_online_status_id: or(&self.default_online_status_id, kept.default_online_status_id),
            default_offline_status_id: or(&self.default_offline_status_id, kept.default_offline_status_id),
            auto_offline_status_id: or(&self.auto_offline_status_id, kept.auto_offline_status_id),
            presence_window_minutes: or(&self.presence_window_minutes, kept.presence_window_minutes),
            chat_inactivity_minutes: or(&self.chat_inactivity_minutes, kept.chat_inactivity_minutes),
            email_reply_interval_days: or(&self.email_reply_interval_days, kept.email_reply_interval_days),
            invisible_help_seconds: or(&self.invisible_help_seconds, kept.invisible_help_seconds),
            message_mode_enabled: self.message_mode_enabled.last().map_or(kept.message_mode_enabled, |value| value == "true"),
        }
    }
}

fn raw(stored: &Organisation) -> RawSettings {
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    RawSettings {
        organisation_name: stored.organisation_name.clone(),
        default_language: stored.default_language.clone(),
        time_zone: stored.time_zone.clone(),
        invitation_hours: stored.invitation_hours.to_string(),
        session_idle_minutes: stored.session_idle_minutes.to_string(),
        session_hours: stored.session_hours.to_string(),
        password_min: stored.password_min.to_string(),
        channels: stored.channels.split(',').map(str::to_owned).collect(),
        max_operators_per_department: stored.max_operators_per_department.to_string(),
        default_online_status_id: id(stored.default_online_status_id),
        default_offline_status_id: id(stored.default_offline_status_id),
        auto_offline_status_id: id(stored.auto_offline_status_id),
        presence_window_minutes: stored.presence_window_minutes.to_string(),
        chat_inactivity_minutes: stored.chat_inactivity_minutes.to_string(),
        invisible_help_seconds: stored.invisible_help_seconds.to_string(),
        email_reply_interval_days: stored.email_reply_interval_days.to_string(),
        message_mode_enabled: stored.message_mode_enabled,
    }
}

async fn show(ctx: Data<Ctx>, reader: Reader) -> Result<HttpResponse> {
    let actor = reader.actor()?;
    actor.may::<ViewSettings>()?;
    let raw = raw(&reader.catalogue.organisation);
    shell::ok(&ctx, &reader, &page(&reader, Faults::none(reader.t), raw, actor.may::<ManageSettings>().is_ok()))
}

fn page(reader: &Reader, faults: Faults, raw: RawSettings, may_manage: bool) -> ShowPage<'_> {
    let languages = reader.catalogue.enabled_languages();
    let mut zones: Vec<(String, String)> = time_zone::choices().into_iter().map(|zone| (zone.to_owned(), zone.replace('_', " "))).collect();
    if !zones.iter().any(|(zone, _)| *zone == raw.time_zone) {
        zones.insert(0, (raw.time_zone.clone(), raw.time_zone.clone()));
    }
    let tag = reader.t.locale().tag();
    let statuses = |receives: bool| {
        let fitting = reader.catalogue.statuses.iter().filter(move |status| status.facts.can_receive == receives);
        fitting.map(|status| (status.id.to_string(), status.name_in(tag).to_owned())).collect::<Vec<_>>()
    };
    let none = (String::new(), reader.t.get("settings-auto-offline-none").to_owned());
    ShowPage {
        receiving: statuses(true),
        others: statuses(false),
        others_or_none: std::iter::once(none).chain(statuses(false)).collect(),
        shell: Shell::new(reader, reader.t.get("settings-title")),
        faults,
        version: reader.catalogue.organisation.version,
        languages: languages.map(|language| (language.tag.clone(), format!("{} ({})", language.name, language.tag))).collect(),
        channels: Channel::ALL
            .into_iter()
            .map(|channel| (channel.as_str(), channel_name(reader.t, channel), raw.channels.iter().any(|name| name == channel.as_str())))
            .collect(),
        zones,
        raw,
        may_manage,
    }
}

async fn change(ctx: Data<Ctx>, reader: Reader, form: Form<SettingsForm>) -> Result<HttpResponse> {
    let right = reader.actor()?.may::<ManageSettings>()?;
    let sent = form.fields.over(&reader.catalogue.organisation);
    match deeds::change(&ctx, right, Some(form.fields.version.unwrap_or(0)), &sent).await {
        Ok(()) => Ok(see_other_with(&ctx, "/settings", &Flash::success("settings-saved"))),
        Err(AppError::Invalid(errors)) => shell::invalid(&ctx, &reader, &page(&reader, Faults::of(reader.t, errors), sent, true)),
        Err(AppError::Stale) => {
            let theirs = settings::find(ctx.store.read()).await?;
            let (t, stored) = (reader.t, raw(&theirs));
            let named = |id: &str| status_name(&reader, id);
            let on = |on: bool| t.get(if on { "statuses-yes" } else { "statuses-no" }).to_owned();
            let differences = stale::differences([
                (t.get("settings-organisation-name"), stored.organisation_name, sent.organisation_name),
                (t.get("settings-default-language"), stored.default_language, sent.default_language),
                (t.get("settings-time-zone"), stored.time_zone, sent.time_zone),
                (t.get("settings-invitation-hours"), stored.invitation_hours, sent.invitation_hours),
                (t.get("settings-session-idle-minutes"), stored.session_idle_minutes, sent.session_idle_minutes),
                (t.get("settings-session-hours"), stored.session_hours, sent.session_hours),
                (t.get("settings-password-min"), stored.password_min, sent.password_min),
                (t.get("settings-channels"), channels(t, &stored.channels), channels(t, &sent.channels)),
                (t.get("settings-max-operators"), stored.max_operators_per_department, sent.max_operators_per_department),
                (t.get("settings-default-online"), named(&stored.default_online_status_id), named(&sent.default_online_status_id)),
                (t.get("settings-default-offline"), named(&stored.default_offline_status_id), named(&sent.default_offline_status_id)),
                (t.get("settings-auto-offline"), named(&stored.auto_offline_status_id), named(&sent.auto_offline_status_id)),
                (t.get("settings-presence-window"), stored.presence_window_minutes, sent.presence_window_minutes),
                (t.get("settings-invisible-help"), stored.invisible_help_seconds, sent.invisible_help_seconds),
                (t.get("settings-chat-inactivity"), stored.chat_inactivity_minutes, sent.chat_inactivity_minutes),
                (t.get("settings-email-reply-interval"), stored.email_reply_interval_days, sent.email_reply_interval_days),
                (t.get("settings-message-mode"), on(stored.message_mode_enabled), on(sent.message_mode_enabled)),
            ]);
            stale::answer(&ctx, &StalePage::new(&reader, "/settings", form.raw.clone(), theirs.version, differences))
        }
        Err(error) => Err(error),
    }
}

/// The name of a status chosen by its id.
fn status_name(reader: &Reader, id: &str) -> String {
    let found = id.parse().ok().and_then(|id| reader.catalogue.status(id));
    found.map(|status| status.name_in(reader.t.locale().tag()).to_owned()).unwrap_or_default()
}

/// Channels in words.
fn channels(t: Texts, names: &[String]) -> String {
    let named = names.iter().filter_map(|name| Channel::parse(name)).map(|channel| channel_name(t, channel));
    named.collect::<Vec<_>>().join(", ")
}
