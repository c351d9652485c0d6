//! The profile as typed: read field by field onto an operator, and compared for rights and the audit log (OP-2, OP-7, F-6).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::actions::Actor;
use crate::actions::audit::Changes;
use crate::domain::email::EmailAddress;
use crate::domain::field::{Fault, FieldErrors};
use crate::domain::language::LanguageTag;
use crate::domain::operator::{MAX_CHAT_LOAD, MINUTES, PRIORITY, Theme};
use crate::domain::permission::Permission;
use crate::domain::{limits, text, time_zone};
use crate::error::Result;
use crate::i18n::Locale;
use crate::security::html;
use crate::store::catalogue::Catalogue;
use crate::store::operators::Operator;

/// The preset pictures: `static/presets/<slug>.svg` (OP-3).
pub const PRESETS: [&str; 16] = [
    "bear",
    "bee",
    "bun",
    "cactus",
    "cat",
    "curls",
    "fox",
    "frog",
    "leaf",
    "mushroom",
    "owl",
    "panda",
    "penguin",
    "rabbit",
    "sunflower",
    "whale",
];

/// The profile as typed, fields named as in CONTRACT.md. `None` leaves a field as it is; an empty text clears one that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Full name.
    pub name: Option<String>,
    /// Name shown to customers.
    pub alias: Option<String>,
    /// Sign-in name.
    pub email: Option<String>,
    /// Personal address for notices, other than the sign-in name.
    pub notification_email: Option<String>,
    /// Slug of the role.
    pub role: Option<String>,
    /// Job position by language tag; it takes the place of all that were told before.
    pub job_position: Option<BTreeMap<String, String>>,
    /// Telephone number.
    pub phone: Option<String>,
    /// IANA zone; empty follows the organisation.
    pub time_zone: Option<String>,
    /// Interface language; empty follows the organisation.
    pub locale: Option<String>,
    /// `system`, `bright` or `dark`.
    pub theme: Option<String>,
    /// Tags of the assistance languages, best first.
    pub languages: Option<Vec<String>>,
    /// Chats at once; 0 none, nothing inside no limit.
    pub max_chat_load: Option<Option<i64>>,
    /// Lowest number first.
    pub priority: Option<i64>,
    /// A shared schedule, or the operator's own; nothing inside is always within hours.
    pub schedule_id: Option<Option<i64>>,
    /// Takes no calls.
    pub do_not_disturb: Option<bool>,
    /// Whether a live panel is needed to receive.
    pub presence_required: Option<bool>,
    /// Helps out while invisible.
    pub help_when_invisible: Option<bool>,
    /// Minutes without an answer until offline; nothing inside is never.
    pub no_answer_minutes: Option<Option<i64>>,
    /// Minutes without activity until away; nothing inside is never.
    pub idle_minutes: Option<Option<i64>>,
    /// Asked to classify after each contact.
    pub classify_after: Option<bool>,
    /// May change their own departments.
    pub may_change_departments: Option<bool>,
    /// Replies only through "To solve".
    pub to_solve_only: Option<bool>,
    /// Signature in plain text, for every department without one of its own (DE-7).
    pub signature: Option<String>,
    /// Signature in HTML; what could do harm is taken out.
    pub signature_html: Option<String>,
    /// Preset picture; it takes the place of an uploaded photo. Empty removes the preset.
    pub preset: Option<String>,
}

/// The permission that opens a field of one's own profile (RO-2, OP-7); the other fields are for those who manage operators.
pub fn own_permission(field: &str) -> Option<Permission> {
    Some(match field {
        "name" => Permission::SelfName,
        "alias" => Permission::SelfAlias,
        "email" => Permission::SelfEmail,
        "notification_email" => Permission::SelfNotificationEmail,
        "role" => Permission::SelfRole,
        "job_position" => Permission::SelfJobPosition,
        "phone" => Permission::SelfPhone,
        "time_zone" => Permission::SelfTimeZone,
        "locale" => Permission::SelfLocale,
        "theme" => Permission::SelfTheme,
        "languages" => Permission::SelfLanguages,
        "signature" | "signature_html" => Permission::SelfSignature,
        "photo" | "preset" => Permission::SelfPhoto,
        "max_chat_load" => Permission::SelfCapacity,
        "priority" => Permission::SelfPriority,
        "schedule_id" => Permission::SelfHours,
        "help_when_invisible" | "no_answer_minutes" | "idle_minutes" | "classify_after" => Permission::SelfAdvanced,
        "sounds" => Permission::SelfSounds,
        "notifications" => Permission::SelfNotifications,
        // A switch of the panel (ST-10).
        "do_not_disturb" => Permission::PanelUse,
        _ => return None,
    })
}

/// Refuses to change a section of an operator, named as its field: one's own takes the right to, others' that to manage operators.
pub(super) fn check_section(actor: &Actor, id: i64, field: &str) -> Result<()> {
    let own = own_permission(field).filter(|_| actor.operator_id() == Some(id));
    let needed = own.unwrap_or(Permission::OperatorsManage);
    if actor.has(needed) || actor.has(Permission::OperatorsManage) { Ok(()) } else { Err(actor.refused(needed)) }
}

impl Profile {
    /// Puts what was typed onto an operator, and notes what cannot be taken under the names of the fields.
    pub(super) fn put_on(&self, operator: &mut Operator, catalogue: &Catalogue, errors: &mut FieldErrors) {
        let mut typed = Typed { errors };
        typed.put("name", &self.name, &mut operator.name, |raw| text::line(raw, limits::NAME));
        typed.put("alias", &self.alias, &mut operator.alias, |raw| text::optional_line(raw, limits::ALIAS));
        typed.put("email", &self.email, &mut operator.email, |raw| EmailAddress::parse(raw).map(|email| email.to_string()));
        typed.put("notification_email", &self.notification_email, &mut operator.notification_email, |raw| {
            optional(raw, |raw| EmailAddress::parse(raw).map(|email| email.to_string()))
        });
        typed.put("role", &self.role, &mut operator.role_slug, |raw| match raw.trim() {
            "" => Err(Fault::new("required")),
            slug => catalogue.role_by_slug(slug).map(|role| role.slug.clone()).ok_or_else(|| Fault::new("unknown_choice")),
        });
        operator.role_id = catalogue.role_by_slug(&operator.role_slug).map_or(operator.role_id, |role| role.id);
        typed.put("job_position", &self.job_position, &mut operator.job_positions, |texts| job_positions(texts, catalogue));
        typed.put("phone", &self.phone, &mut operator.phone, |raw| text::phone(raw));
        typed.put("time_zone", &self.time_zone, &mut operator.time_zone, |raw| {
            optional(raw, |raw| time_zone::parse(raw).map(|zone| zone.name().to_owned()))
        });
        typed.put("locale", &self.locale, &mut operator.locale, |raw| {
            optional(raw, |raw| one_of(Locale::ALL.iter().map(|locale| locale.tag()), raw))
        });
        typed.put("theme", &self.theme, &mut operator.theme, |raw| one_of(Theme::ALL.iter().map(|theme| theme.as_str()), raw));
        let had = operator.languages.clone();
        typed.put("languages", &self.languages, &mut operator.languages, |tags| languages(tags, &had, catalogue));
        typed.put("max_chat_load", &self.max_chat_load, &mut operator.max_chat_load, |n| optional_within(*n, &MAX_CHAT_LOAD));
        typed.put("priority", &self.priority, &mut operator.priority, |n| within(*n, &PRIORITY));
        // Whether there is such a schedule is asked where it can be kept from going away.
        typed.put("schedule_id", &self.schedule_id, &mut operator.schedule_id, |id| Ok(*id));
        typed.put("no_answer_minutes", &self.no_answer_minutes, &mut operator.no_answer_minutes, |n| optional_within(*n, &MINUTES));
        typed.put("idle_minutes", &self.idle_minutes, &mut operator.idle_minutes, |n| optional_within(*n, &MINUTES));
        typed.put("signature", &self.signature, &mut operator.signature, |raw| text::optional_multiline(raw, limits::SIGNATURE));
        typed.put("signature_html", &self.signature_html, &mut operator.signature_html, |raw| {
            let clean = text::optional_multiline(raw, limits::SIGNATURE)?.map(|raw| html::sanitised(&raw));
            Ok(clean.filter(|html| !html.trim().is_empty()))
        });
        typed.put("preset", &self.preset, &mut operator.preset, |raw| optional(raw, |raw| one_of(PRESETS.into_iter(), raw)));
        for (switch, at) in [
            (self.do_not_disturb, &mut operator.do_not_disturb),
            (self.presence_required, &mut operator.presence_required),
            (self.help_when_invisible, &mut operator.help_when_invisible),
            (self.classify_after, &mut operator.classify_after),
            (self.may_change_departments, &mut operator.may_change_departments),
            (self.to_solve_only, &mut operator.to_solve_only),
        ] {
            *at = switch.unwrap_or(*at);
        }
        let is_same = |other: &String| other.eq_ignore_ascii_case(&operator.email);
        if operator.notification_email.as_ref().is_some_and(is_same) {
            errors.add("notification_email", "same_email");
        }
    }
}

/// What differs between two operators, by the names of CONTRACT.md.
pub(super) fn changes(before: &Operator, after: &Operator) -> Changes {
    let mut changes = Changes::default();
    changes.note("name", &before.name, &after.name);
    changes.note("alias", &before.alias, &after.alias);
    changes.note("email", &before.email, &after.email);
    changes.note("notification_email", &before.notification_email, &after.notification_email);
    changes.note("role", &before.role_slug, &after.role_slug);
    changes.note("job_position", &by_tag(before), &by_tag(after));
    changes.note("phone", &before.phone, &after.phone);
    changes.note("time_zone", &before.time_zone, &after.time_zone);
    changes.note("locale", &before.locale, &after.locale);
    changes.note("theme", &before.theme, &after.theme);
    changes.note("languages", &before.languages, &after.languages);
    changes.note("max_chat_load", &before.max_chat_load, &after.max_chat_load);
    changes.note("priority", &before.priority, &after.priority);
    changes.note("schedule_id", &before.schedule_id, &after.schedule_id);
    changes.note("do_not_disturb", &before.do_not_disturb, &after.do_not_disturb);
    changes.note("presence_required", &before.presence_required, &after.presence_required);
    changes.note("help_when_invisible", &before.help_when_invisible, &after.help_when_invisible);
    changes.note("no_answer_minutes", &before.no_answer_minutes, &after.no_answer_minutes);
    changes.note("idle_minutes", &before.idle_minutes, &after.idle_minutes);
    changes.note("classify_after", &before.classify_after, &after.classify_after);
    changes.note("may_change_departments", &before.may_change_departments, &after.may_change_departments);
    changes.note("to_solve_only", &before.to_solve_only, &after.to_solve_only);
    changes.note("signature", &before.signature, &after.signature);
    changes.note("signature_html", &before.signature_html, &after.signature_html);
    changes.note("preset", &before.preset, &after.preset);
    changes
}

/// The fields of [`changes`] that a right is needed for.
pub(super) const FIELDS: [&str; 25] = [
    "name",
    "alias",
    "email",
    "notification_email",
    "role",
    "job_position",
    "phone",
    "time_zone",
    "locale",
    "theme",
    "languages",
    "max_chat_load",
    "priority",
    "schedule_id",
    "do_not_disturb",
    "presence_required",
    "help_when_invisible",
    "no_answer_minutes",
    "idle_minutes",
    "classify_after",
    "may_change_departments",
    "to_solve_only",
    "signature",
    "signature_html",
    "preset",
];

struct Typed<'a> {
    errors: &'a mut FieldErrors,
}

impl Typed<'_> {
    fn put<R, T>(&mut self, field: &str, typed: &Option<R>, at: &mut T, parse: impl FnOnce(&R) -> Result<T, Fault>) {
        if let Some(value) = typed.as_ref().and_then(|raw| self.errors.take(field, parse(raw))) {
            *at = value;
        }
    }
}

fn optional(raw: &str, parse: impl FnOnce(&str) -> Result<String, Fault>) -> Result<Option<String>, Fault> {
    if raw.trim().is_empty() { Ok(None) } else { parse(raw).map(Some) }
}

fn one_of<'a>(mut choices: impl Iterator<Item = &'a str>, raw: &str) -> Result<String, Fault> {
    choices.find(|choice| *choice == raw.trim()).map(str::to_owned).ok_or_else(|| Fault::new("unknown_choice"))
}

fn within(number: i64, range: &RangeInclusive<i32>) -> Result<i64, Fault> {
    let (min, max) = (i64::from(*range.start()), i64::from(*range.end()));
    if (min..=max).contains(&number) { Ok(number) } else { Err(Fault::range(min, max)) }
}

fn optional_within(number: Option<i64>, range: &RangeInclusive<i32>) -> Result<Option<i64>, Fault> {
    number.map(|number| within(number, range)).transpose()
}

/// The texts that say something, by tag; each in a language of the organisation.
fn job_positions(texts: &BTreeMap<String, String>, catalogue: &Catalogue) -> Result<Vec<(String, String)>, Fault> {
    let mut told = BTreeMap::new();
    for (tag, raw) in texts {
        let tag = LanguageTag::parse(tag)?.to_string();
        if let Some(text) = text::optional_line(raw, limits::JOB_POSITION)? {
            if !catalogue.languages.iter().any(|language| language.tag == tag) {
                return Err(Fault::new("unknown_choice"));
            }
            told.insert(tag, text);
        }
    }
    Ok(told.into_iter().collect())
}

/// Tags that are switched on, each once; those the operator has already stay even where they were switched off since.
fn languages(tags: &[String], had: &[String], catalogue: &Catalogue) -> Result<Vec<String>, Fault> {
    let mut chosen = Vec::new();
    for raw in tags.iter().filter(|raw| !raw.trim().is_empty()) {
        let tag = LanguageTag::parse(raw)?.to_string();
        if !had.contains(&tag) && !catalogue.enabled_languages().any(|language| language.tag == tag) {
            return Err(Fault::new("unknown_choice"));
        }
        if !chosen.contains(&tag) {
            chosen.push(tag);
        }
    }
    Ok(chosen)
}

fn by_tag(operator: &Operator) -> BTreeMap<&str, &str> {
    operator.job_positions.iter().map(|(tag, text)| (tag.as_str(), text.as_str())).collect()
}
